import * as z from 'zod';
import { type CallPort, openPort } from '../calls/call-port.ts';

/** What a log tells at its points: a record, and the file whose line it becomes. */
export const appendPointSchema = z.object({ file: z.string(), record: z.unknown() });
type AppendPoint = z.infer<typeof appendPointSchema>;

/**
 * The two points of a log that is written in batches: `<log>.before-append`, when nothing of the batch is in the file,
 * and `<log>.after-append`, when all of it is and nothing that waits for it has gone on.
 */
export const appendPoints = (log: string, reach: CallPort['reach'] = openPort.reach) => {
  const tell = (point: string) => (file: string, batch: readonly { record: unknown }[]) => {
    for (const { record } of batch) reach(point, { file, record } satisfies AppendPoint);
  };
  return { before: tell(`${log}.before-append`), after: tell(`${log}.after-append`) };
};
