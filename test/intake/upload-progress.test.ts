import { describe, expect, test } from 'vitest';
import { readOrderFile } from '../../functions/intake/read-order-file.ts';
import { Retryable } from '../../functions/shared/classify-error.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { aPartner } from '../builders/a-partner.ts';
import { accountedFor, anUploadDesk, type UploadStatus } from './an-upload-desk.ts';
import { aLine, csvOf, type Line, now, table, timeZone } from './sample-orders.ts';

const local = useLocalTarget();
const fileOf = (lines: readonly Line[]): Buffer => Buffer.from(csvOf(table(lines)));

/** 52 orders and 2 examples in 55 rows: three batches, each with orders that are created, held and refused. */
const mixedLines = Array.from({ length: 52 }, (_, index) => {
  const changes: Line[] = [{}, {}, { unitPrice: '1' }, { quantity: 'x' }];
  return aLine({ orderReference: `PO-${index}`, quantity: '1', ...changes[index % 4] });
}).concat([
  aLine({ orderReference: 'PO-3', quantity: '2' }),
  aLine({ orderReference: 'EXAMPLE-1' }),
  aLine({ orderReference: 'EXAMPLE-2' }),
]);
const goodLines = mixedLines.map((line) => ({ ...line, quantity: '1', unitPrice: '39.90' }));

const growing = ['rows', 'orders', 'created', 'onHold', 'rejected', 'duplicate', 'example'] as const;

const expectNothingTakenBack = (seen: readonly UploadStatus[]): void => {
  seen.slice(1).forEach((status, index) => {
    const before = seen[index];
    for (const name of growing)
      expect(status.counts?.[name] ?? 0).toBeGreaterThanOrEqual(before?.counts?.[name] ?? 0);
    if (status.progress)
      expect(status.progress.ordersDone).toBeGreaterThanOrEqual(before?.progress?.ordersDone ?? 0);
  });
};

describe('GET /v1/uploads/{id}, asked before and after every step', () => {
  test.for([
    { mode: 'REJECT_FAILED_ORDERS', lines: mixedLines, batches: 3, place: 'after' },
    { mode: 'REJECT_FILE', lines: goodLines, batches: 6, place: 'after' },
    { mode: 'REJECT_FILE', lines: mixedLines, batches: 3, place: 'before' },
    { mode: 'DRY_RUN', lines: mixedLines, batches: 3, place: 'after' },
  ])(
    'in $mode, every second call of a batch failing $place its work, takes nothing back and ends with the counts of the result',
    async ({ mode, lines, batches, place }) => {
      const desk = await anUploadDesk(local.target);
      const seen: UploadStatus[] = [];
      let uploadId: string | undefined;
      const look = async () => {
        uploadId ??= (await desk.uploadRows())[0]?.uploadId;
        if (uploadId) seen.push(await desk.status(uploadId));
      };
      let failures = 0;
      const run = await desk.run(desk.drop(fileOf(lines), { mode }), async (step, when, call) => {
        await look();
        if (step !== 'SubmitBatch' || when !== place || call % 2 === 0) return;
        failures += 1;
        throw new Retryable('throttled');
      });
      expect(run.status).toBe('SUCCEEDED');
      expect(failures).toBeGreaterThanOrEqual(batches / 2);
      await look();
      expectNothingTakenBack(seen);
      const { counts } = desk.result(uploadId ?? '');
      const working = seen.filter(({ status }) => status === 'PROCESSING');
      expect(seen.at(-1)).toMatchObject({ counts });
      expect(seen.at(-1)?.progress).toBeUndefined();
      if (mode === 'REJECT_FILE' && counts.rejected > 0) {
        expect(working.at(-1)?.progress).toMatchObject({ phase: 'WRITING_RESULT', ordersChecked: 54 });
      } else {
        expect(working.at(-1)).toMatchObject({
          counts,
          progress: { phase: 'WRITING_RESULT', ordersDone: 54, ordersTotal: 54 },
        });
      }
      const partly = working.filter(({ progress }) => (progress?.ordersDone ?? 0) > 2);
      for (const { counts: soFar, progress } of partly)
        if (mode === 'REJECT_FAILED_ORDERS' && soFar) expect(accountedFor(soFar)).toBe(progress?.ordersDone);
    },
  );

  test('of a file that a fault of ours stopped tells of the orders made until then', async () => {
    const desk = await anUploadDesk(local.target);
    const first = Promise.withResolvers<void>();
    await desk.run(desk.drop(fileOf(goodLines)), async (step, when, call) => {
      if (step !== 'SubmitBatch') return;
      if (when === 'after') first.resolve();
      if (call === 1) return;
      await first.promise;
      throw new Error('broken');
    });
    const [upload] = await desk.uploadRows();
    const { status, counts, progress } = await desk.status(upload?.uploadId ?? '');
    expect(status).toBe('FAILED');
    expect(progress).toBeUndefined();
    expect(counts).toMatchObject({ rows: 55, orders: 54, created: 25 });
    expect(await desk.orderNumbers()).toHaveLength(25);
  });
});

test('a batch that is run again has the results of its first run, whatever has changed meanwhile', async () => {
  const desk = await anUploadDesk(local.target);
  const read = await desk.steps.ReadUpload({ ...desk.drop(fileOf(goodLines)), executionId: 'e1' });
  if (read.outcome !== 'read') throw new Error(read.outcome);
  const [batch = ''] = read.batches;
  const check = { uploadId: read.uploadId, batch, purpose: 'check' as const };
  const { result } = await desk.steps.SubmitBatch(check);
  const first = desk.objects.get(result)?.toString();
  const told = await desk.status(read.uploadId);
  await desk.sellAt('12.00');
  await desk.steps.SubmitBatch(check);
  expect(desk.objects.get(result)?.toString()).toBe(first);
  expect(await desk.status(read.uploadId)).toEqual(told);
});

describe('while a file is read', () => {
  const rowsOf = async (desk: Awaited<ReturnType<typeof anUploadDesk>>, uploadId: string) =>
    (await desk.status(uploadId)).counts?.rows;

  test('its rows are told in thousands', async () => {
    const told: number[] = [];
    const lines = Array.from({ length: 4100 }, (_, index) => aLine({ orderReference: `PO-${index % 50}` }));
    const totals: Line = { itemName: '合计', quantity: String(24 * 4100) };
    await readOrderFile(fileOf([...lines, totals]), {
      partner: aPartner(),
      now,
      timeZone,
      whenRows: async (rows) => {
        told.push(rows);
      },
    });
    expect(told).toEqual([2000, 4000]);
  });

  test('a second reading takes nothing back of the first', async () => {
    const desk = await anUploadDesk(local.target);
    const read = await desk.steps.ReadUpload({
      ...desk.drop(fileOf([aLine({ orderReference: 'EXAMPLE' })])),
      executionId: 'e1',
    });
    if (read.outcome !== 'read') throw new Error(read.outcome);
    const tell = (rows: number, isWhole = false) =>
      desk.uploads.recordReading('u2', { rows, orders: 0, example: 0, isWhole }, now);
    for (const rows of [2000, 4000, 2000]) await tell(rows);
    expect((await desk.uploads.readProgress('u2')).reading).toMatchObject({ rows: 4000, isWhole: false });
    for (const rows of [4100, 2000]) await tell(rows, rows === 4100);
    expect((await desk.uploads.readProgress('u2')).reading).toMatchObject({ rows: 4100, isWhole: true });
    expect(await rowsOf(desk, read.uploadId)).toBe(1);
  });
});
