import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { encodeGb18030 } from '../../samples/spreadsheets/encode-gb18030.ts';
import { anXlsx, contentTypes, textRows, worksheet, zipOf } from '../intake/an-xlsx.ts';
import { rowsOf } from '../intake/rows-of.ts';
import { csvOf, type Line, table } from '../intake/sample-orders.ts';
import { eventually } from './test-desk.ts';
import {
  csvFile,
  goodLine,
  openUploadDesk,
  type SeenUpload,
  sendForm,
  type UploadDesk,
} from './upload-desk.ts';

let desk: UploadDesk;
beforeAll(async () => {
  desk = await openUploadDesk();
});
afterAll(() => desk.close());

const mall = 'example-mall';
const xlsxFile = (...lines: Line[]): Promise<Buffer> => anXlsx(textRows(table(lines)));

/** What must hold of the counts of any finished file, contract §5. */
const expectConsistent = async (upload: SeenUpload) => {
  const { json } = await desk.result(upload);
  const { rows, orders, created, onHold, rejected, duplicate, example, valid } = json.counts;
  expect(created + onHold + rejected + duplicate + example + valid).toBe(orders);
  expect(json.rows).toHaveLength(rows);
  expect(new Set(json.rows.map(({ row }) => row)).size).toBe(rows);
  expect(json.counts).toEqual(upload.counts);
  return json;
};

describe('the form for a file', () => {
  test('takes one file under a key of ours, and the file becomes orders and one mail', async () => {
    const upload = await desk.upload(
      '订单 (1) +50% & café #2.xlsx',
      await xlsxFile(goodLine('FORM-1'), goodLine('FORM-2')),
    );
    expect(upload).toMatchObject({
      status: 'COMPLETED',
      counts: { rows: 2, orders: 2, created: 2 },
      fileFindings: [],
    });
    const { rows } = await expectConsistent(upload);
    expect(rows.map(({ result }) => result)).toEqual(['CREATED', 'CREATED']);
    await desk.untilStatus(rows[0]?.orderNumber ?? '', 'PENDING_PAYMENT');
    expect(await desk.sentUploadMails(upload.uploadId)).toHaveLength(1);
  });

  test('gives a result workbook that opens, with the sender’s columns first', async () => {
    const upload = await desk.upload(
      'columns.csv',
      csvFile(goodLine('BOOK-1'), goodLine('BOOK-2', { quantity: '0' })),
    );
    expect(upload).toMatchObject({ status: 'COMPLETED_WITH_ERRORS', counts: { created: 1, rejected: 1 } });
    const { xlsx } = await desk.result(upload);
    const [header, first, second] = (await rowsOf(xlsx)).map(({ cells }) => cells.map(({ text }) => text));
    expect(header?.slice(0, 2)).toEqual(table([goodLine('x')])[0]?.slice(0, 2));
    expect(first).toContain('CREATED');
    expect(second).toContain('QUANTITY_NOT_POSITIVE');
  });

  test.for<[string, (form: { key: string }) => Record<string, string>]>([
    ['another key', ({ key }) => ({ key: key.replace(/[^/]+$/, 'other.csv') })],
    ['the folder of another partner', ({ key }) => ({ key: key.replace(mall, 'sample-wholesale') })],
    ['a field that was not signed', () => ({ 'x-amz-meta-mode': 'DRY_RUN' })],
    [
      'a policy of its own',
      () => ({ Policy: btoa('{"expiration":"2999-01-01T00:00:00Z","conditions":[]}') }),
    ],
    ['a changed signature', () => ({ 'X-Amz-Signature': '0'.repeat(64) })],
  ])('is refused with %s', async ([, changes]) => {
    const form = await desk.requestForm('refused.csv');
    const sent = await sendForm(form, csvFile(goodLine('REFUSED')), changes({ key: form.fields.key ?? '' }));
    expect(sent.status).toBe(403);
    expect(await desk.readUpload(form.uploadId)).toMatchObject({ status: 'AWAITING_FILE' });
  });

  test.for<[string, number]>([
    ['an empty file', 0],
    ['a file of more than 10 MB', 10 * 1024 * 1024 + 1],
  ])('is refused with %s', async ([, size]) => {
    const form = await desk.requestForm('size.csv');
    expect((await sendForm(form, Buffer.alloc(size, 'a'))).status).toBe(400);
    expect(await desk.readUpload(form.uploadId)).toMatchObject({ status: 'AWAITING_FILE' });
  });

  test('is good for five minutes', async () => {
    const { fields, expiresAt } = await desk.requestForm('later.csv');
    const policy: unknown = JSON.parse(Buffer.from(fields.Policy ?? '', 'base64').toString('utf8'));
    expect(policy).toMatchObject({ expiration: expect.any(String) });
    expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(0);
    expect(Date.parse(expiresAt) - Date.now()).toBeLessThanOrEqual(300_000);
  });

  test('takes a second file under its key for an upload of its own', async () => {
    const form = await desk.requestForm('twice.csv');
    await sendForm(form, csvFile(goodLine('TWICE-1')));
    expect(await desk.finished(form.uploadId)).toMatchObject({ counts: { created: 1 } });
    await sendForm(form, csvFile(goodLine('TWICE-2')));
    const uploads = await eventually(async () => {
      const found = await desk.uploadsUnder(form.fields.key ?? '?');
      return found.length === 2 && found.every(({ status }) => status === 'COMPLETED') && found;
    });
    expect(uploads.map(({ counts }) => counts?.created)).toEqual([1, 1]);
    expect(await desk.finished(form.uploadId)).toMatchObject({ counts: { created: 1 } });
  });

  test.for([
    'orders.xls',
    'orders.xlsm',
    'orders.txt',
    'a/b.csv',
    '..\\x.csv',
    'a\0.csv',
    '.csv',
    '',
    `${'x'.repeat(200)}.csv`,
  ])('is not given for the name %j', async (fileName) => {
    const answer = await desk.mall('POST', '/v1/uploads', { body: JSON.stringify({ fileName }) });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer: '#/fileName' }] });
  });
});

describe('a file again', () => {
  test('byte for byte makes no order; the result of then is mailed once more', async () => {
    const bytes = csvFile(goodLine('SAME-1'), goodLine('SAME-2', { quantity: '-1' }));
    const first = await desk.upload('first.csv', bytes);
    const again = await desk.upload('renamed.csv', bytes);
    expect(again).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      duplicateOf: first.uploadId,
      counts: first.counts,
    });
    expect((await desk.result(again)).json.uploadId).toBe(first.uploadId);
    expect(await desk.ordersWith('SAME-1')).toHaveLength(1);
    for (const { uploadId } of [first, again]) expect(await desk.sentUploadMails(uploadId)).toHaveLength(1);
  });

  test('with the same orders in other bytes skips them as duplicates', async () => {
    const lines = [goodLine('DUPLICATE-1'), goodLine('DUPLICATE-2')];
    const first = await desk.upload('one.csv', csvFile(...lines));
    const again = await desk.upload('two.xlsx', await xlsxFile(...lines));
    expect(again.counts).toMatchObject({ orders: 2, created: 0, duplicate: 2 });
    const [before, after] = [await expectConsistent(first), await expectConsistent(again)];
    expect(after.rows.map(({ result }) => result)).toEqual(['SKIPPED_DUPLICATE', 'SKIPPED_DUPLICATE']);
    expect(after.rows.map(({ orderNumber }) => orderNumber)).toEqual(
      before.rows.map(({ orderNumber }) => orderNumber),
    );
  });

  test('with other content under the same reference is rejected by name', async () => {
    await desk.upload('before.csv', csvFile(goodLine('CONFLICT-1')));
    const upload = await desk.upload('after.csv', csvFile(goodLine('CONFLICT-1', { quantity: '3' })));
    const { rows } = await expectConsistent(upload);
    expect(rows).toMatchObject([{ result: 'REJECTED', findings: [{ code: 'DUPLICATE_REFERENCE' }] }]);
  });

  test('told of twice is read once', async () => {
    const form = await desk.requestForm('event.csv');
    await sendForm(form, csvFile(goodLine('EVENT-1')));
    const upload = await desk.finished(form.uploadId);
    await desk.repeatEvent(upload, form.fields.key ?? '');
    expect(await desk.uploadsUnder(form.fields.key ?? '?')).toHaveLength(1);
    expect(await desk.readUpload(form.uploadId)).toMatchObject({
      status: upload.status,
      counts: upload.counts,
    });
    expect(await desk.sentUploadMails(form.uploadId)).toHaveLength(1);
  });
});

describe('a file that must be taken whole', () => {
  test('makes no order at all when one row is bad', async () => {
    const lines = [goodLine('WHOLE-1'), goodLine('WHOLE-2', { unitPrice: 'free' }), goodLine('WHOLE-3')];
    const upload = await desk.upload('whole.csv', csvFile(...lines), 'REJECT_FILE');
    expect(upload).toMatchObject({
      status: 'COMPLETED_WITH_ERRORS',
      counts: { orders: 3, created: 0, rejected: 3 },
    });
    await expectConsistent(upload);
    for (const { orderReference } of lines) expect(await desk.ordersWith(orderReference ?? '')).toEqual([]);
  });

  test('makes every order when all are good', async () => {
    const upload = await desk.upload('all.csv', csvFile(goodLine('ALL-1'), goodLine('ALL-2')), 'REJECT_FILE');
    expect(upload).toMatchObject({ status: 'COMPLETED', counts: { created: 2 } });
  });
});

test('a dry run tells the same and writes nothing; the same file then counts in earnest', async () => {
  const bytes = csvFile(
    goodLine('DRY-1', {
      sku: 'TEAPOT-600',
      itemName: '陶瓷茶壶',
      specification: '600ml',
      unitPrice: '89.00',
    }),
    goodLine('DRY-2', { quantity: 'many' }),
  );
  const before = await desk.stock.readLevels(['TEAPOT-600']);
  const dry = await desk.upload('dry.csv', bytes, 'DRY_RUN');
  expect(dry).toMatchObject({
    status: 'COMPLETED_WITH_ERRORS',
    counts: { orders: 2, created: 0, valid: 1, rejected: 1 },
  });
  const { rows } = await expectConsistent(dry);
  expect(rows.map(({ result, orderNumber }) => [result, orderNumber])).toEqual([
    ['VALID', undefined],
    ['REJECTED', undefined],
  ]);
  expect(await desk.ordersWith('DRY-1')).toEqual([]);
  expect(await desk.stock.readLevels(['TEAPOT-600'])).toEqual(before);
  expect(await desk.upload('dry.csv', bytes)).toMatchObject({
    counts: { created: 1, valid: 0, rejected: 1 },
  });
});

describe('a file in the watched folder', () => {
  const compoundFile = Buffer.concat([
    Buffer.from('d0cf11e0a1b11ae1', 'hex'),
    Buffer.alloc(504),
    Buffer.from('Workbook', 'utf16le'),
  ]);
  const bomb = () => {
    const sheet = deflateRawSync(Buffer.alloc(300_000_000, ' '), { level: 9 });
    expect(sheet.length).toBeLessThan(500_000);
    return anXlsx('', { 'xl/worksheets/sheet1.xml': worksheet(' '.repeat(250_000_000)) });
  };
  const toldSchema = z.object({
    fileFindings: z.array(z.object({ message: z.object({ 'zh-CN': z.string().min(1), en: z.string() }) })),
  });
  const toldOf = async ({ uploadId }: SeenUpload) =>
    toldSchema.parse((await desk.mall('GET', `/v1/uploads/${uploadId}`)).body).fileFindings;
  const utf16 = (text: string) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
  const csvText = (reference: string) => csvOf(table([goodLine(reference)]));

  test.for<[name: string, code: string, bytes: () => Buffer | Promise<Buffer>]>([
    ['an old workbook.xlsx', 'FILE_TYPE_UNSUPPORTED', () => compoundFile],
    ['truncated.xlsx', 'FILE_DAMAGED', async () => (await xlsxFile(goodLine('CUT'))).subarray(0, 900)],
    ['bomb.xlsx', 'FILE_CONTENT_TOO_LARGE', bomb],
    ['empty.csv', 'FILE_EMPTY', () => Buffer.alloc(0)],
    ['without-header.csv', 'HEADER_MISSING', () => Buffer.from('a,b,c\r\n1,2,3\r\n')],
    ['only-header.csv', 'ROWS_MISSING', () => Buffer.from(csvOf(table([goodLine('x')]).slice(0, 1)))],
    [
      'macros.xlsm',
      'FILE_TYPE_UNSUPPORTED',
      () =>
        anXlsx('', {
          '[Content_Types].xml': contentTypes('application/vnd.ms-excel.sheet.macroEnabled.main+xml'),
        }),
    ],
    [
      'a letter.txt',
      'HEADER_MISSING',
      () => Buffer.from('Dear order desk,\r\nplease send me some mugs.\r\n'),
    ],
    ['picture.xlsx', 'FILE_TYPE_UNSUPPORTED', () => Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')],
    ['another-zip.xlsx', 'FILE_TYPE_UNSUPPORTED', () => zipOf({ 'orders.csv': csvText('ZIP') })],
    ['no-encoding.csv', 'ENCODING_UNREADABLE', () => Buffer.from([0x61, 0xff, 0xff, 0x2c, 0x62])],
    ['eleven-megabytes.csv', 'FILE_TOO_LARGE', () => Buffer.alloc(11_000_000, 'a')],
  ])('%s fails with one clear finding and one mail', async ([name, code, bytes]) => {
    await desk.drop(`${mall}/${name}`, await bytes());
    const upload = await desk.dropped(`${mall}/${name}`);
    expect(upload).toMatchObject({
      status: 'FAILED',
      fileName: name,
      fileFindings: [{ severity: 'ERROR', code }],
    });
    expect(upload.fileFindings).toHaveLength(1);
    const mails = await desk.sentUploadMails(upload.uploadId);
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toContain(name);
    const [{ message } = { message: { 'zh-CN': '', en: '' } }] = await toldOf(upload);
    expect(message.en).toMatch(/^[\x20-\x7e]+\.$/);
    expect(mails[0]?.text).toContain(message['zh-CN']);
  });

  test.for<[name: string, reference: string, bytes: (reference: string) => Buffer | Promise<Buffer>]>([
    ['gb18030.csv', 'GB-1', (reference) => encodeGb18030(csvText(reference))],
    ['utf-16.csv', 'UTF16-1', (reference) => utf16(csvText(reference))],
    ['utf-8 with a mark.csv', 'BOM-1', (reference) => Buffer.from(`\ufeff${csvText(reference)}`)],
    ['tabs.txt', 'TABS-1', (reference) => Buffer.from(csvOf(table([goodLine(reference)]), '\t'))],
    ['半角;分号.csv', 'SEMI-1', (reference) => Buffer.from(csvOf(table([goodLine(reference)]), ';', '\n'))],
    ['workbook without a suffix', 'SUFFIX-1', (reference) => xlsxFile(goodLine(reference))],
    ['in/a/sub folder/orders.xlsx', 'SUB-1', (reference) => xlsxFile(goodLine(reference))],
    ['uploads/not-an-id/orders.csv', 'NOT-AN-ID-1', (reference) => Buffer.from(csvText(reference))],
    [
      'uploads/01990000-0000-7000-8000-000000000000/orders.csv',
      'NO-SUCH-ID-1',
      (reference) => Buffer.from(csvText(reference)),
    ],
    [
      'constructor.csv',
      'CONSTRUCTOR-1',
      (reference) =>
        Buffer.from(csvText(reference).replaceAll('\r\n', ',x\r\n').replace(',x\r\n', ',constructor\r\n')),
    ],
  ])('%s is read, for all that', async ([name, reference, bytes]) => {
    await desk.drop(`${mall}/${name}`, await bytes(reference));
    const upload = await desk.dropped(`${mall}/${name}`);
    expect(upload).toMatchObject({ status: 'COMPLETED', counts: { orders: 1, created: 1 } });
    expect(await desk.ordersWith(reference)).toMatchObject([{ customerOrderReference: reference }]);
    expect(await desk.sentUploadMails(upload.uploadId)).toHaveLength(1);
  });

  test('of nobody’s, or in no folder, is left alone', async () => {
    const before = (await desk.settledExecutions(0)).length;
    await desk.drop('nobody/orders.csv', csvFile(goodLine('NOBODY-1')));
    await desk.drop('stray.csv', csvFile(goodLine('NOBODY-2')));
    await desk.drop(`${mall}/after-nobody.csv`, csvFile(goodLine('AFTER-NOBODY')));
    expect(await desk.dropped(`${mall}/after-nobody.csv`)).toMatchObject({ counts: { created: 1 } });
    expect(new Set(await desk.settledExecutions(before + 3))).toEqual(new Set(['SUCCEEDED']));
    expect(await desk.uploadsUnder('inbox/nobody')).toEqual([]);
    expect(await desk.uploadsUnder('inbox/stray')).toEqual([]);
    expect(await desk.ordersWith('NOBODY-1')).toEqual([]);
  });
});
