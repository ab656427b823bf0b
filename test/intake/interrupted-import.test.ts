import { describe, expect, test } from 'vitest';
import { Retryable } from '../../functions/shared/classify-error.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { anUploadDesk } from './an-upload-desk.ts';
import { anXlsx, textRows } from './an-xlsx.ts';
import { aLine, csvOf, type Line, table } from './sample-orders.ts';

const local = useLocalTarget();
const fileOf = (lines: readonly Line[]): Buffer => Buffer.from(csvOf(table(lines)));

/** Three batches. */
const count = 52;
const references = Array.from({ length: count }, (_, index) => `PO-${String(index).padStart(2, '0')}`);
const lines = references.map((orderReference) => aLine({ orderReference, quantity: '1' }));

type Desk = Awaited<ReturnType<typeof anUploadDesk>>;

/** Every order of the file is on file once, archived, and told of as created under its own number; one mail says so. */
const expectNoneTwiceAndNoneMissing = async (desk: Desk): Promise<void> => {
  const [upload] = await desk.uploadRows();
  expect(upload).toMatchObject({ status: 'COMPLETED', counts: { orders: count, created: count } });
  const { rows } = desk.result(upload?.uploadId ?? '');
  expect(rows.map(({ orderReference, result }) => [orderReference, result])).toEqual(
    references.map((reference) => [reference, 'CREATED']),
  );
  const told = rows.map(({ orderNumber = '' }) => orderNumber).toSorted();
  expect(told).toEqual((await desk.orderNumbers()).toSorted());
  expect(new Set(told).size).toBe(count);
  const archived = new Set([...desk.objects.keys()].map((key) => /^orders\/([^/]+)/.exec(key)?.[1]));
  expect(told.filter((orderNumber) => !archived.has(orderNumber))).toEqual([]);
  expect(await desk.mails()).toHaveLength(1);
};

describe('an import that is interrupted', () => {
  test.for([1, 2, 3])(
    'before batch %i, and after it when it is tried again, goes on where it was',
    async (batch) => {
      const desk = await anUploadDesk(local.target);
      const deaths: string[] = [];
      const run = await desk.run(desk.drop(fileOf(lines)), (name, when, call) => {
        const isIts = call === batch || call > 3;
        if (name !== 'SubmitBatch' || !isIts || deaths.includes(when)) return;
        if (when === 'after' && deaths.length === 0) return;
        deaths.push(when);
        throw new Retryable('crashed');
      });
      expect(deaths).toEqual(['before', 'after']);
      expect(run).toMatchObject({ status: 'SUCCEEDED', calls: { SubmitBatch: 5 } });
      await expectNoneTwiceAndNoneMissing(desk);
    },
  );

  test('within its batches, before or after an order is written, goes on at the next', async () => {
    const desk = await anUploadDesk(local.target);
    const deaths = { before: new Set([1, 2, 20, 41]), after: new Set([3, 14, 27, 40, 52]) };
    const run = await desk.run(desk.drop(fileOf(lines)), (name, when, call) => {
      if (name === 'PlaceOrder' && deaths[when].delete(call)) throw new Retryable('crashed');
    });
    expect(run.status).toBe('SUCCEEDED');
    expect([...deaths.before, ...deaths.after]).toEqual([]);
    await expectNoneTwiceAndNoneMissing(desk);
  });

  test('at every step, before and after, though it must be taken whole', async () => {
    const desk = await anUploadDesk(local.target);
    const survived = new Map<string, number>();
    const run = await desk.run(desk.drop(fileOf(lines), { mode: 'REJECT_FILE' }), (name, when) => {
      const place = `${name} ${when}`;
      const deaths = survived.get(place) ?? 0;
      if (name === 'PlaceOrder' || deaths === (name === 'SubmitBatch' ? 5 : 1)) return;
      survived.set(place, deaths + 1);
      throw new Retryable('crashed');
    });
    expect(run.status).toBe('SUCCEEDED');
    expect(Object.fromEntries(survived)).toEqual({
      'ReadUpload before': 1,
      'ReadUpload after': 1,
      'SubmitBatch before': 5,
      'SubmitBatch after': 5,
      'WriteUploadResult before': 1,
      'WriteUploadResult after': 1,
    });
    await expectNoneTwiceAndNoneMissing(desk);
  });
});

describe('two files with the same references at the same time', () => {
  const few = lines.slice(0, 30);
  const runBoth = async (first: Buffer, second: Buffer) => {
    const desk = await anUploadDesk(local.target);
    const runs = await Promise.all(
      [first, second].map((bytes, index) =>
        desk.run(desk.drop(bytes, { key: `inbox/${desk.partnerId}/${index}`, versionId: `v${index}` })),
      ),
    );
    expect(runs.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const uploads = await desk.uploadRows();
    const sum = (name: 'created' | 'duplicate' | 'rejected') =>
      uploads.reduce((all, { counts }) => all + (counts?.[name] ?? 0), 0);
    const told = uploads.flatMap(({ uploadId }) =>
      desk.result(uploadId).rows.map(({ orderReference, orderNumber }) => `${orderReference} ${orderNumber}`),
    );
    return {
      orders: (await desk.orderNumbers()).length,
      created: sum('created'),
      duplicate: sum('duplicate'),
      rejected: sum('rejected'),
      told,
    };
  };

  test('make each order once, and both are told its number', async () => {
    const { told, ...counts } = await runBoth(fileOf(few), await anXlsx(textRows(table(few))));
    expect(counts).toEqual({ orders: 30, created: 30, duplicate: 30, rejected: 0 });
    expect(new Set(told).size).toBe(30);
  });

  test('and other content make each order once, and refuse the other by its reference', async () => {
    const others = few.map((line) => ({ ...line, quantity: '2' }));
    const { told: _told, ...counts } = await runBoth(fileOf(few), fileOf(others));
    expect(counts).toEqual({ orders: 30, created: 30, duplicate: 0, rejected: 30 });
  });
});
