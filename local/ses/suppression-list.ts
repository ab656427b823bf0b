import * as z from 'zod';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import type { SuppressionReason } from './configuration-set.ts';

const suppressionSchema = z.object({
  address: z.string(),
  reason: z.enum(['BOUNCE', 'COMPLAINT']),
  /** ISO 8601. */
  since: z.string(),
});
export type Suppression = z.infer<typeof suppressionSchema>;
const recordSchema = z.union([suppressionSchema, z.object({ removed: z.string() })]);
type SuppressionRecord = z.infer<typeof recordSchema>;

export type SuppressionList = {
  /** Why mail to the address is not sent; addresses are compared in lower case. */
  reasonFor(address: string): SuppressionReason | undefined;
  list(): Suppression[];
  add(address: string, reason: SuppressionReason): Promise<void>;
  remove(address: string): Promise<void>;
  close(): Promise<void>;
};

/** The account's suppression list: addresses that bounced for good or whose owners complained. */
export const openSuppressionList = async (options: {
  file: string;
  clock: Clock;
  reach?: CallPort['reach'] | undefined;
}): Promise<SuppressionList> => {
  const { file, clock, reach } = options;
  const all = new Map<string, Suppression>();
  const log = await openRecordLog<SuppressionRecord>({
    file,
    name: 'suppression',
    reach,
    parse: (line) => recordSchema.parse(line),
    apply: (record) => {
      if ('removed' in record) all.delete(record.removed);
      else all.set(record.address, record);
    },
    snapshot: () => [...all.values()],
  });
  return {
    reasonFor: (address) => all.get(address.toLowerCase())?.reason,
    list: () => [...all.values()],
    add: async (address, reason) => {
      const since = new Date(clock.now()).toISOString();
      await log.append({ address: address.toLowerCase(), reason, since });
    },
    remove: async (address) => {
      await log.append({ removed: address.toLowerCase() });
    },
    close: log.close,
  };
};
