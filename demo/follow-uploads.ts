import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { rowResultSchema, uploadCountsSchema } from '../domain/uploads/upload.ts';
import type { Endpoints } from './desk.ts';
import type { UploadOutcome } from './outcome-table.ts';
import type { Followed } from './submit-samples.ts';

const resultSchema = z.object({
  uploadId: z.string(),
  fileSha256: z.string(),
  status: z.string(),
  counts: uploadCountsSchema,
  rows: z.array(rowResultSchema.pick({ result: true, orderNumber: true })),
});
type Result = z.infer<typeof resultSchema>;

export type Dropped = {
  name: string;
  partnerId: string;
  bytes: Uint8Array;
  expected: { orders: number; created: number; onHold: number; rejected: number };
};

const findResult = async (
  documentsDir: string,
  { partnerId, bytes }: Dropped,
): Promise<Result | undefined> => {
  const folder = join(documentsDir, 'results', partnerId);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.endsWith('.json')) continue;
    const result = resultSchema.parse(JSON.parse(await readFile(join(folder, name), 'utf8')));
    if (result.fileSha256 === sha256) return result;
  }
  return undefined;
};

const describeGap = ({ counts }: Result, { expected }: Dropped): string | undefined => {
  const names = ['orders', 'created', 'onHold', 'rejected'] as const;
  const gaps = names.filter((name) => counts[name] !== expected[name]);
  return gaps.length > 0
    ? gaps.map((name) => `${name} ${counts[name]}, expected ${expected[name]}`).join('; ')
    : undefined;
};

const toFollow = ({ rows }: Result, { name, partnerId }: Dropped): Followed[] => {
  const numbers = rows
    .filter(({ result }) => result === 'CREATED' || result === 'CREATED_ON_HOLD')
    .flatMap(({ orderNumber, result }) => (orderNumber === undefined ? [] : [{ orderNumber, result }]));
  const byNumber = new Map(numbers.map((row) => [row.orderNumber, row]));
  return [...byNumber.values()].map(({ orderNumber, result }) => ({
    orderNumber,
    partnerId,
    from: name,
    play: result === 'CREATED' ? 'deliver' : 'wait',
  }));
};

/** Waits for a dropped file's result; the orders it made are to be followed like posted ones. */
export const followUpload = async (
  { documentsDir }: Endpoints,
  dropped: Dropped,
  timeoutMs: number,
): Promise<{ upload: UploadOutcome; orders: Followed[] }> => {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    const result = await findResult(documentsDir, dropped);
    if (result) {
      const problem = describeGap(result, dropped);
      const { uploadId, status, counts } = result;
      return {
        upload: { name: dropped.name, uploadId, status, counts, ...(problem !== undefined && { problem }) },
        orders: toFollow(result, dropped),
      };
    }
    await sleep(500);
  }
  return {
    upload: { name: dropped.name, uploadId: '', status: 'NO RESULT', counts: {}, problem: 'no result file' },
    orders: [],
  };
};
