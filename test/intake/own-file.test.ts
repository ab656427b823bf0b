import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { resultHeaders, resultSheetNames } from '../../functions/intake/result/result-headers.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { accountedFor, anUploadDesk } from './an-upload-desk.ts';
import { rowsOf } from './rows-of.ts';
import { aLine, csvOf, type Line, table } from './sample-orders.ts';

const local = useLocalTarget();
type Desk = Awaited<ReturnType<typeof anUploadDesk>>;

const headerRow = 3;

/** A sender's workbook with what senders put into theirs: a title, widths, formats, notes, lists, links, other sheets. */
const aSendersWorkbook = async (lines: readonly Line[]): Promise<ExcelJS.Workbook> => {
  const workbook = new ExcelJS.Workbook();
  workbook.addWorksheet('Read me').getCell('A1').value = 'Ours & <yours>';
  const sheet = workbook.addWorksheet('订单');
  sheet.getCell('A1').value = 'Orders of the week';
  sheet.mergeCells('A1:C1');
  sheet.getCell('C1').value = 'Orders of the week';
  const [headers = [], ...rows] = table(lines);
  sheet.insertRow(headerRow, headers).font = { bold: true };
  for (const row of rows) sheet.addRow(row);
  sheet.getColumn(2).width = 33;
  sheet.getCell('B4').note = 'a note of the sender';
  sheet.getCell('J4').dataValidation = { type: 'list', allowBlank: true, formulae: ['"银行转账,支付宝"'] };
  sheet.getCell('E4').value = { text: 'wang@example.com', hyperlink: 'mailto:wang@example.com' };
  sheet.addConditionalFormatting({
    ref: 'A4:A9',
    rules: [{ type: 'expression', priority: 1, formulae: ['FALSE'], style: { font: { bold: true } } }],
  });
  return workbook;
};

const bytesOf = async (workbook: ExcelJS.Workbook): Promise<Buffer> =>
  Buffer.from(await workbook.xlsx.writeBuffer());

const opened = async (bytes: Buffer): Promise<ExcelJS.Workbook> => {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer);
  return workbook;
};

const sheetOf = (workbook: ExcelJS.Workbook): ExcelJS.Worksheet => {
  const sheet = workbook.getWorksheet('订单');
  if (!sheet) throw new Error('the sheet of orders is gone');
  return sheet;
};

/** Sends a file; its upload, its result by rows, and the file that comes back. */
const send = async (desk: Desk, bytes: Buffer, name: string) => {
  const key = `inbox/${desk.partnerId}/${name}`;
  await desk.run(desk.drop(bytes, { key }));
  const upload = (await desk.uploadRows()).find(({ objectKey }) => objectKey === key);
  if (!upload?.resultKeys) throw new Error('the file has no result');
  const { xlsx, csv } = upload.resultKeys;
  return {
    upload,
    result: desk.result(upload.uploadId),
    workbook: desk.objects.get(xlsx) ?? Buffer.alloc(0),
    csv: csv === undefined ? undefined : desk.objects.get(csv),
  };
};

const formattingSchema = z.object({ conditionalFormattings: z.array(z.object({ ref: z.string() })) });
/** The ranges with conditional formats, which the library reads and its types lack. */
const formattedRanges = (sheet: ExcelJS.Worksheet): string[] =>
  formattingSchema.parse(sheet).conditionalFormattings.map(({ ref }) => ref);

/** Each order goes to a house of its own, so that none is taken for another's duplicate. */
const order = (orderReference: string, changes: Line = {}): Line =>
  aLine({ orderReference, address: `张江路 ${orderReference} 号`, ...changes });
const column = (header: string): string => {
  const index = table([order('A')])[0]?.indexOf(header) ?? -1;
  return String.fromCharCode(65 + index);
};

test('a sender gets the own workbook back, with results beside the rows and bad cells coloured and noted', async () => {
  const desk = await anUploadDesk(local.target);
  const sent = await aSendersWorkbook([order('A'), order('B', { quantity: 'many' }), order('C')]);
  const back = await opened((await send(desk, await bytesOf(sent), 'orders.xlsx')).workbook);
  expect(back.worksheets.map(({ name }) => name)).toEqual(['Read me', '订单', ...resultSheetNames]);
  const sheet = sheetOf(back);
  const width = table([order('A')])[0]?.length ?? 0;
  const header = sheet.getRow(headerRow);
  expect(resultHeaders.map((_, index) => header.getCell(width + 1 + index).text)).toEqual(resultHeaders);
  expect(header.getCell(width + 1).font).toMatchObject({ bold: true });
  expect([4, 5, 6].map((row) => sheet.getRow(row).getCell(width + 1).text)).toEqual([
    'CREATED',
    'REJECTED',
    'CREATED',
  ]);
  const bad = `${column('数量')}5`;
  expect(formattedRanges(sheet)).toEqual(['A4:A9', bad]);
  expect(JSON.stringify(sheet.getCell(bad).note)).toContain('类型不正确');
});

test('what else the sender had in the workbook stays as it was', async () => {
  const desk = await anUploadDesk(local.target);
  const sent = await aSendersWorkbook([order('A'), order('B', { quantity: 'many' })]);
  const before = sheetOf(await opened(await bytesOf(sent)));
  const back = await opened((await send(desk, await bytesOf(sent), 'orders.xlsx')).workbook);
  const sheet = sheetOf(back);
  expect(back.getWorksheet('Read me')?.getCell('A1').text).toBe('Ours & <yours>');
  expect(sheet.getColumn(2).width).toBe(33);
  expect(sheet.model.merges).toEqual(['A1:C1']);
  expect(sheet.getCell('B4').note).toEqual(before.getCell('B4').note);
  expect(sheet.getCell('J4').dataValidation).toEqual(before.getCell('J4').dataValidation);
  expect(sheet.getCell('E4').value).toEqual(before.getCell('E4').value);
  before.eachRow((row) => {
    row.eachCell((cell) => {
      expect(sheet.getCell(cell.address).value).toEqual(cell.value);
      expect(sheet.getCell(cell.address).style).toEqual(cell.style);
    });
  });
});

test('nothing that a sender wrote becomes a formula in the result', async () => {
  const desk = await anUploadDesk(local.target);
  const bytes = Buffer.from(csvOf(table([order('A', { quantity: '=1+1', remarks: '@x' })])));
  const { workbook, csv } = await send(desk, bytes, 'orders.csv');
  const cells = (await rowsOf(workbook)).flatMap((row) => row.cells);
  expect(cells.filter(({ formula }) => formula !== undefined)).toEqual([]);
  expect(csv?.toString()).toContain(`,"'@x\n=1+1",`);
});

test('a delimited file comes back with its own rows and delimiter, and reads the same when sent again', async () => {
  const desk = await anUploadDesk(local.target);
  const lines = [order('A', { remarks: 'two\nlines, "quoted"' }), order('B', { quantity: 'x' })];
  const { csv } = await send(desk, Buffer.from(csvOf(table(lines), ';')), 'orders.csv');
  expect(csv?.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]));
  const width = table(lines)[0]?.length ?? 0;
  const rows = await rowsOf(csv ?? Buffer.alloc(0));
  const own = rows.map(({ cells }) => cells.filter((cell) => cell.column < width).map(({ text }) => text));
  expect(own).toEqual(table(lines).map((row) => row.filter((text) => text !== '')));
  expect(rows[0]?.cells.slice(width).map(({ text }) => text)).toEqual(resultHeaders);
  const again = await send(desk, csv ?? Buffer.alloc(0), 'again.csv');
  expect(again.result.fileFindings).toEqual([]);
  expect(again.result.rows.map(({ result }) => result)).toEqual(['SKIPPED_DUPLICATE', 'REJECTED']);
});

test('orders whose texts begin like formulas are the same orders when their file comes back and is sent again', async () => {
  const desk = await anUploadDesk(local.target);
  const lines = [
    order('-7', { contactPhone: '+8613800138000', remarks: "'=1+1", specification: '\t350ml 蓝色' }),
    order('-8', { contactName: '@王敏', unitPrice: '+39.90', remarks: '=1+1' }),
    order('-9', { quantity: '-12.50' }),
  ];
  const first = await send(desk, Buffer.from(csvOf(table(lines))), 'orders.csv');
  const again = await send(desk, first.csv ?? Buffer.alloc(0), 'again.csv');
  const results = ({ rows }: typeof first.result) =>
    rows.map(({ orderReference, result }) => [orderReference, result]);
  expect(results(first.result)).toEqual([
    ['-7', 'CREATED'],
    ['-8', 'CREATED'],
    ['-9', 'REJECTED'],
  ]);
  expect(results(again.result)).toEqual([
    ['-7', 'SKIPPED_DUPLICATE'],
    ['-8', 'SKIPPED_DUPLICATE'],
    ['-9', 'REJECTED'],
  ]);
  const errors = ({ rows }: typeof first.result) => rows[2]?.findings.map(({ code, cell }) => [code, cell]);
  expect(errors(again.result)).toEqual(errors(first.result));
});

/** The same sender's file, twice through all steps. */
const ordersInFile = 500;
const isBad = (index: number): boolean => index % 8 === 3 && index < 480;

test('of 500 orders with 60 bad ones, correcting the marked cells makes exactly those 60', async () => {
  const desk = await anUploadDesk(local.target);
  const lines = Array.from({ length: ordersInFile }, (_, index) =>
    order(`PO-${index}`, isBad(index) ? { quantity: `${index} pieces?` } : { quantity: '1' }),
  );
  const first = await send(desk, await bytesOf(await aSendersWorkbook(lines)), 'orders.xlsx');
  expect(first.upload.counts).toMatchObject({ orders: 500, created: 440, rejected: 60, duplicate: 0 });

  const back = await opened(first.workbook);
  const marked = first.result.rows.flatMap(({ findings }) => findings.map(({ cell }) => String(cell)));
  expect(marked).toHaveLength(60);
  for (const cell of marked) sheetOf(back).getCell(cell).value = 1;
  const second = await send(desk, await bytesOf(back), 'corrected.xlsx');
  expect(second.result.fileFindings).toEqual([]);
  expect(second.upload.counts).toMatchObject({ orders: 500, created: 60, rejected: 0, duplicate: 440 });
  expect(accountedFor(second.result.counts)).toBe(500);
  expect(await desk.orderNumbers()).toHaveLength(500);
  const results = second.result.rows.map(({ result }) => result);
  expect(results.filter((result) => result === 'SKIPPED_DUPLICATE')).toHaveLength(440);
  const sheet = sheetOf(await opened(second.workbook));
  expect(formattedRanges(sheet)).toEqual(['A4:A9']);
  expect(sheet.getCell(marked[0] ?? '').note).toBeUndefined();
});
