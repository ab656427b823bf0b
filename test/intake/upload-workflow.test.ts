import { describe, expect, test } from 'vitest';
import { findingMessage } from '../../domain/findings/finding-messages.ts';
import { Retryable } from '../../functions/shared/classify-error.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { accountedFor, anUploadDesk, type StepName } from './an-upload-desk.ts';
import { rowsOf } from './rows-of.ts';
import { aLine, csvOf, type Line, now, table } from './sample-orders.ts';

const local = useLocalTarget();
const fileOf = (...lines: Line[]): Buffer => Buffer.from(csvOf(table(lines)));
/** Each order goes to a house of its own, so that none is taken for another's duplicate. */
const order = (orderReference: string, changes: Line = {}): Line =>
  aLine({ orderReference, address: `张江路 ${orderReference} 号`, ...changes });

describe('a file', () => {
  test('becomes orders, a result for every row and one mail', async () => {
    const desk = await anUploadDesk(local.target);
    const lines = [
      order('A'),
      order('B', { quantity: 'x' }),
      order('B', { sku: 'OTHER' }),
      order('C', { unitPrice: '1' }),
      order('EXAMPLE'),
    ];
    const run = await desk.run(desk.drop(fileOf(...lines)));
    expect(run).toMatchObject({
      status: 'SUCCEEDED',
      calls: { ReadUpload: 1, SubmitBatch: 1, WriteUploadResult: 1 },
    });
    const [upload] = await desk.uploadRows();
    expect(upload).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      fileName: 'orders.csv',
      versionId: 'v1',
      counts: { rows: 5, orders: 4, created: 1, onHold: 1, rejected: 1, duplicate: 0, example: 1, valid: 0 },
    });
    const { rows, counts } = desk.result(upload?.uploadId ?? '');
    expect(accountedFor(counts)).toBe(counts.orders);
    expect(
      rows.map(({ row, orderReference, lineId, result, orderNumber }) => [
        row,
        orderReference,
        lineId,
        result,
        orderNumber !== undefined,
      ]),
    ).toEqual([
      [2, 'A', '1', 'CREATED', true],
      [3, 'B', '1', 'REJECTED', false],
      [4, 'B', '2', 'REJECTED_WITH_ORDER', false],
      [5, 'C', '1', 'CREATED_ON_HOLD', true],
      [6, 'EXAMPLE', undefined, 'SKIPPED_EXAMPLE', false],
    ]);
    expect(
      rows.flatMap(({ findings }) =>
        findings.map(({ severity, code, cell, column, message }) => [
          severity,
          code,
          cell,
          column,
          Object.keys(message),
        ]),
      ),
    ).toEqual([
      ['ERROR', 'TYPE_INVALID', 'N3', '数量', ['zh-CN', 'en']],
      ['HOLD', 'PRICE_MISMATCH', 'P5', '单价', ['zh-CN', 'en']],
    ]);
    expect(desk.started.toSorted()).toEqual((await desk.orderNumbers()).toSorted());
    expect(await desk.mails()).toMatchObject([
      {
        template: 'upload-result',
        subject: upload?.uploadId,
        recipient: 'orders@mall.example.com',
        language: 'zh-CN',
        state: 'PENDING',
      },
    ]);
    const [mail] = await desk.mails();
    expect(JSON.parse(mail?.data.findings ?? '')).toMatchObject([
      { code: 'TYPE_INVALID', row: 3, orderReference: 'B' },
      { code: 'PRICE_MISMATCH', row: 5 },
    ]);
  });

  test('has its result as a workbook that holds the rows as they were sent', async () => {
    const desk = await anUploadDesk(local.target);
    const sent = table([
      order('A', { remarks: '=HYPERLINK("https://example.com")' }),
      order('B', { quantity: '0' }),
    ]);
    await desk.run(desk.drop(Buffer.from(csvOf(sent))));
    const [upload] = await desk.uploadRows();
    const rows = await rowsOf(desk.workbook(upload?.uploadId ?? ''));
    const width = sent[0]?.length ?? 0;
    expect(
      rows.map(({ cells }) =>
        cells
          .slice(0, width)
          .map(({ text }) => text)
          .slice(0, 14),
      ),
    ).toEqual(sent.map((row) => row.slice(0, 14)));
    const remark = rows[1]?.cells.find(({ text }) => text.startsWith('=HYPERLINK'));
    expect(remark).toEqual({ column: width - 1, kind: 'text', text: '=HYPERLINK("https://example.com")' });
    expect(rows[2]?.cells.map(({ text }) => text)).toContain('QUANTITY_NOT_POSITIVE');
  });

  test.for<[string, Buffer, string, string | undefined]>([
    ['that is no spreadsheet', Buffer.from('%PDF-1.7'), 'FILE_TYPE_UNSUPPORTED', 'PDF'],
    ['without a header', Buffer.from('a,b\n1,2\n'), 'HEADER_MISSING', undefined],
    ['that a parser gives up on', Buffer.from('504b03040000', 'hex'), 'FILE_DAMAGED', undefined],
    ['with a mode that does not exist', fileOf(order('A')), 'MODE_UNKNOWN', 'DRYRUN'],
  ])('%s is refused with a result and one mail that says why', async ([, bytes, code, value]) => {
    const desk = await anUploadDesk(local.target);
    const run = await desk.run(desk.drop(bytes, code === 'MODE_UNKNOWN' ? { mode: 'DRYRUN' } : {}));
    expect(run.status).toBe('SUCCEEDED');
    const [upload] = await desk.uploadRows();
    expect(upload).toMatchObject({
      status: 'FAILED',
      counts: { rows: 0, orders: 0 },
      fileFindings: [{ code, severity: 'ERROR' }],
    });
    expect(upload?.fileFindings[0]?.value).toBe(value);
    const [finding] = upload?.fileFindings ?? [];
    expect(desk.result(upload?.uploadId ?? '')).toMatchObject({
      status: 'FAILED',
      rows: [],
      fileFindings: [{ code, message: finding && findingMessage(finding) }],
    });
    expect(await rowsOf(desk.workbook(upload?.uploadId ?? ''))).toHaveLength(1);
    expect(await desk.mails()).toHaveLength(1);
    expect(await desk.orderNumbers()).toEqual([]);
  });

  test('of more than 25 orders is submitted in batches', async () => {
    const desk = await anUploadDesk(local.target);
    const lines = Array.from({ length: 60 }, (_, index) => order(`PO-${index}`, { quantity: '1' }));
    const { calls } = await desk.run(desk.drop(fileOf(...lines)));
    expect(calls).toMatchObject({ SubmitBatch: 3 });
    const [upload] = await desk.uploadRows();
    expect(upload?.counts).toMatchObject({ orders: 60, created: 60 });
    expect(new Set(await desk.orderNumbers()).size).toBe(60);
  });

  test('is as long as its desk is configured for, and refused by that figure beyond it', async () => {
    const desk = await anUploadDesk(local.target, {}, 3);
    const lines = (count: number) => Array.from({ length: count }, (_, index) => order(`PO-${index}`));
    await desk.run(desk.drop(fileOf(...lines(3)), { versionId: 'v1' }));
    await desk.run(desk.drop(fileOf(...lines(4)), { versionId: 'v2' }));
    const [taken, refused] = (await desk.uploadRows()).sort((a, b) =>
      (a.versionId ?? '').localeCompare(b.versionId ?? ''),
    );
    expect(taken).toMatchObject({ status: 'COMPLETED', counts: { rows: 3 } });
    expect(refused).toMatchObject({
      status: 'FAILED',
      fileFindings: [{ code: 'FILE_TOO_MANY_ROWS', expected: '<= 3' }],
    });
  });

  test('of examples only is done', async () => {
    const desk = await anUploadDesk(local.target);
    expect((await desk.run(desk.drop(fileOf(order('示例'))))).status).toBe('SUCCEEDED');
    expect((await desk.uploadRows())[0]).toMatchObject({
      status: 'COMPLETED',
      counts: { rows: 1, orders: 1, example: 1 },
    });
  });
});

describe('the mode', () => {
  const lines = [order('A'), order('B', { quantity: 'x' }), order('C', { orderTotal: '1' })];

  test('DRY_RUN finds everything and writes no order', async () => {
    const desk = await anUploadDesk(local.target);
    await desk.run(desk.drop(fileOf(...lines, order('D', { unitPrice: '1' })), { mode: 'dry-run' }));
    const [upload] = await desk.uploadRows();
    expect(upload).toMatchObject({
      mode: 'DRY_RUN',
      status: 'COMPLETED_WITH_ERRORS',
      counts: { orders: 4, valid: 2, rejected: 2 },
    });
    expect(
      desk
        .result(upload?.uploadId ?? '')
        .rows.map(({ result, findings }) => [result, ...findings.map(({ code }) => code)]),
    ).toEqual([
      ['VALID'],
      ['REJECTED', 'TYPE_INVALID'],
      ['REJECTED', 'TOTAL_MISMATCH'],
      ['VALID', 'PRICE_MISMATCH'],
    ]);
    expect(await desk.orderNumbers()).toEqual([]);
  });

  test('REJECT_FILE submits nothing when one order has an error, even one that only the catalogue shows', async () => {
    const desk = await anUploadDesk(local.target);
    await desk.run(desk.drop(fileOf(order('A'), order('C', { orderTotal: '1' })), { mode: 'REJECT_FILE' }));
    const [upload] = await desk.uploadRows();
    expect(upload?.counts).toMatchObject({ orders: 2, rejected: 2, valid: 0 });
    expect(desk.result(upload?.uploadId ?? '').rows.map(({ result }) => result)).toEqual([
      'REJECTED_WITH_ORDER',
      'REJECTED',
    ]);
    expect(await desk.orderNumbers()).toEqual([]);
  });

  test('REJECT_FILE submits all when all are in order', async () => {
    const desk = await anUploadDesk(local.target);
    const { calls } = await desk.run(desk.drop(fileOf(order('A'), order('B')), { mode: 'REJECT_FILE' }));
    expect(calls).toMatchObject({ SubmitBatch: 2 });
    expect((await desk.uploadRows())[0]?.counts).toMatchObject({ created: 2, rejected: 0 });
  });

  test('of an upload asked for over the API is the one it was asked with', async () => {
    const desk = await anUploadDesk(local.target);
    const key = `inbox/${desk.partnerId}/uploads/01-upload/orders.csv`;
    const at = now.toISOString();
    await desk.uploads.announce(
      {
        uploadId: '01-upload',
        partnerId: desk.partnerId,
        objectKey: key,
        fileName: 'orders.csv',
        mode: 'DRY_RUN',
        language: 'en',
        status: 'AWAITING_FILE',
        fileFindings: [],
        createdAt: at,
        updatedAt: at,
      },
      now,
    );
    await desk.run(desk.drop(fileOf(order('A')), { key }));
    expect(await desk.uploadRows()).toMatchObject([
      { uploadId: '01-upload', mode: 'DRY_RUN', status: 'COMPLETED', versionId: 'v1' },
    ]);
    await desk.run(desk.drop(fileOf(order('B')), { key, versionId: 'v2' }));
    expect((await desk.uploadRows()).map(({ uploadId }) => uploadId === '01-upload')).toEqual(
      expect.arrayContaining([true, false]),
    );
  });
});

describe('what comes twice has one effect', () => {
  test('the same event', async () => {
    const desk = await anUploadDesk(local.target);
    const event = desk.drop(fileOf(order('A')));
    await desk.run(event);
    expect((await desk.run(event)).calls).toEqual({ ReadUpload: 1 });
    expect(await desk.uploadRows()).toHaveLength(1);
    expect(await desk.mails()).toHaveLength(1);
  });

  test('the same bytes: the earlier result is mailed again, with what it found', async () => {
    const desk = await anUploadDesk(local.target);
    const bytes = fileOf(order('A'), order('B', { quantity: 'x' }));
    await desk.run(desk.drop(bytes));
    const [first] = await desk.uploadRows();
    const run = await desk.run(desk.drop(bytes, { key: `inbox/${desk.partnerId}/again.csv` }));
    expect(run.calls).toEqual({ ReadUpload: 1 });
    const second = (await desk.uploadRows()).find(({ uploadId }) => uploadId !== first?.uploadId);
    expect(second).toMatchObject({
      duplicateOf: first?.uploadId,
      status: 'COMPLETED_WITH_ERRORS',
      counts: first?.counts,
      resultKeys: first?.resultKeys,
    });
    const [told, toldAgain] = (await desk.mails()).map(({ data }) => data);
    expect(told?.findings).toContain('"cell":"N3"');
    expect(toldAgain).toEqual(told);
    expect(await desk.orderNumbers()).toHaveLength(1);
  });

  test('the same bytes in another mode are another matter', async () => {
    const desk = await anUploadDesk(local.target);
    await desk.run(desk.drop(fileOf(order('A')), { mode: 'DRY_RUN' }));
    await desk.run(desk.drop(fileOf(order('A')), { versionId: 'v2' }));
    expect(await desk.orderNumbers()).toHaveLength(1);
  });

  test.for([
    { what: 'a dry run', lines: [order('A')], mode: 'DRY_RUN', counts: { orders: 1, valid: 1 } },
    { what: 'a file that made no order', lines: [order('A', { quantity: 'x' })], counts: { rejected: 1 } },
  ])('but $what is worked on again, for the catalogue may have changed', async ({ lines, mode, counts }) => {
    const desk = await anUploadDesk(local.target);
    for (const versionId of ['v1', 'v2']) await desk.run(desk.drop(fileOf(...lines), { mode, versionId }));
    const uploads = await desk.uploadRows();
    expect(uploads).toMatchObject([{ counts }, { counts }]);
    expect(uploads.map(({ duplicateOf }) => duplicateOf)).toEqual([undefined, undefined]);
    expect(new Set(uploads.map(({ resultKeys }) => resultKeys?.json)).size).toBe(2);
  });

  test('a dry run after a correction of the catalogue tells of the new one', async () => {
    const desk = await anUploadDesk(local.target);
    const codesOf = async (versionId: string) => {
      await desk.run(desk.drop(fileOf(order('A', { unitPrice: '30.00' })), { versionId, mode: 'DRY_RUN' }));
      const upload = (await desk.uploadRows()).find((row) => row.versionId === versionId);
      const { rows } = desk.result(upload?.uploadId ?? '');
      return rows.flatMap(({ findings }) => findings.map(({ code }) => code));
    };
    expect(await codesOf('v1')).toEqual(['PRICE_MISMATCH']);
    await desk.sellAt('30.00');
    expect(await codesOf('v2')).toEqual([]);
  });

  test('the same order in another file is skipped, another order under its reference refused', async () => {
    const desk = await anUploadDesk(local.target);
    await desk.run(desk.drop(fileOf(order('A'), order('B'))));
    await desk.run(desk.drop(fileOf(order('A'), order('B', { quantity: '7' })), { versionId: 'v2' }));
    const second = (await desk.uploadRows()).find(({ versionId }) => versionId === 'v2');
    const { rows } = desk.result(second?.uploadId ?? '');
    expect(
      rows.map(({ result, orderNumber, findings }) => [
        result,
        orderNumber !== undefined,
        findings.map(({ code }) => code),
      ]),
    ).toEqual([
      ['SKIPPED_DUPLICATE', true, []],
      ['REJECTED', false, ['DUPLICATE_REFERENCE']],
    ]);
  });

  test('every step, with the same result', async () => {
    const desk = await anUploadDesk(local.target);
    const event = { ...desk.drop(fileOf(order('A'), order('B', { quantity: 'x' }))), executionId: 'e1' };
    const read = await desk.steps.ReadUpload(event);
    expect(await desk.steps.ReadUpload(event)).toEqual(read);
    if (read.outcome !== 'read') throw new Error(read.outcome);
    const { uploadId, batches } = read;
    const submit = { uploadId, batch: batches[0] ?? '', purpose: 'submit' as const };
    const submitted = await desk.steps.SubmitBatch(submit);
    const document = desk.objects.get(submitted.result)?.toString();
    expect(await desk.steps.SubmitBatch(submit)).toEqual(submitted);
    expect(desk.objects.get(submitted.result)?.toString()).toBe(document);
    const write = { uploadId, bucket: event.bucket, results: [submitted.result] };
    expect(await desk.steps.WriteUploadResult(write)).toMatchObject({ outcome: 'finished' });
    expect(await desk.steps.WriteUploadResult(write)).toMatchObject({ outcome: 'repeated' });
    expect(await desk.steps.FailUpload(event)).toMatchObject({ outcome: 'repeated' });
    expect(await desk.mails()).toHaveLength(1);
    expect(await desk.orderNumbers()).toHaveLength(1);
  });
});

describe('a fault', () => {
  const lines = Array.from({ length: 30 }, (_, index) => order(`PO-${index}`, { quantity: '1' }));
  const places: [StepName, 'before' | 'after'][] = [
    ['ReadUpload', 'before'],
    ['ReadUpload', 'after'],
    ['SubmitBatch', 'before'],
    ['SubmitBatch', 'after'],
    ['WriteUploadResult', 'before'],
    ['WriteUploadResult', 'after'],
  ];

  test.for(places)('that passes, %s %s its work, leaves no trace', async ([name, when]) => {
    const desk = await anUploadDesk(local.target);
    const run = await desk.run(desk.drop(fileOf(...lines)), (step, moment, call) => {
      if (step === name && moment === when && call === 1) throw new Retryable('throttled');
    });
    expect(run.status).toBe('SUCCEEDED');
    expect(await desk.uploadRows()).toMatchObject([
      { status: 'COMPLETED', counts: { orders: 30, created: 30 } },
    ]);
    expect(await desk.mails()).toHaveLength(1);
    expect(await desk.orderNumbers()).toHaveLength(30);
  });

  test.for(places)('that stays, %s %s its work, ends the upload with one mail', async ([name, when]) => {
    const desk = await anUploadDesk(local.target);
    const run = await desk.run(desk.drop(fileOf(...lines)), (step, moment) => {
      if (step === name && moment === when) throw new Error('broken');
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'UploadFailed' });
    const isFinished = name === 'WriteUploadResult' && when === 'after';
    expect(await desk.uploadRows()).toMatchObject([{ status: isFinished ? 'COMPLETED' : 'FAILED' }]);
    expect(await desk.mails()).toHaveLength(1);
  });

  test('in which nobody could even be told is told when it is over', async () => {
    const desk = await anUploadDesk(local.target);
    const run = await desk.run(desk.drop(fileOf(...lines)), (step, when, call) => {
      if (step === 'ReadUpload') throw new Error('broken');
      if (step === 'FailUpload' && when === 'before' && call <= 10) throw new Retryable('still broken');
    });
    expect(run).toMatchObject({ status: 'FAILED', error: 'UploadFailed', calls: { FailUpload: 11 } });
    expect(await desk.uploadRows()).toMatchObject([{ status: 'FAILED' }]);
    expect(await desk.mails()).toHaveLength(1);
  });

  test('is made good by sending the same file again, and no order comes twice', async () => {
    const desk = await anUploadDesk(local.target);
    await desk.run(desk.drop(fileOf(...lines)), (step, _when, call) => {
      if (step === 'SubmitBatch' && call === 2) throw new Error('broken');
    });
    await desk.run(desk.drop(fileOf(...lines), { versionId: 'v2' }));
    const second = (await desk.uploadRows()).find(({ versionId }) => versionId === 'v2');
    expect(second).toMatchObject({ status: 'COMPLETED', counts: { orders: 30 } });
    expect(await desk.orderNumbers()).toHaveLength(30);
  });
});

test.for([
  { name: 'a stranger', partner: 'nobody' },
  { name: 'no partner folder', partner: '' },
])('a file of $name is left alone', async ({ partner }) => {
  const desk = await anUploadDesk(local.target);
  const run = await desk.run(desk.drop(fileOf(order('A')), { key: `inbox/${partner}/orders.csv` }));
  expect(run).toMatchObject({ status: 'SUCCEEDED', calls: { ReadUpload: 1 } });
  expect([await desk.uploadRows(), await desk.mails(), await desk.orderNumbers()]).toEqual([[], [], []]);
});

test.for([
  { what: 'made', bytes: Buffer.alloc(0) },
  { what: 'made and removed', bytes: undefined },
])('a folder $what in a console is no upload', async ({ bytes }) => {
  const desk = await anUploadDesk(local.target);
  const key = `inbox/${desk.partnerId}/march/`;
  const event = bytes ? desk.drop(bytes, { key }) : { bucket: 'inbox', key, versionId: 'v1' };
  expect(await desk.steps.ReadUpload({ ...event, executionId: 'e1' })).toEqual({ outcome: 'folder' });
  expect(await desk.run(event)).toMatchObject({ status: 'SUCCEEDED', calls: { ReadUpload: 1 } });
  expect([await desk.uploadRows(), await desk.mails()]).toEqual([[], []]);
});

test('orders under a key that ends like a folder are read all the same', async () => {
  const desk = await anUploadDesk(local.target);
  await desk.run(desk.drop(fileOf(order('A')), { key: `inbox/${desk.partnerId}/march/` }));
  expect(await desk.orderNumbers()).toHaveLength(1);
});

test('a file of an inactive partner is left alone', async () => {
  const desk = await anUploadDesk(local.target, { active: false });
  await desk.run(desk.drop(fileOf(order('A'))));
  expect([await desk.uploadRows(), await desk.orderNumbers()]).toEqual([[], []]);
});
