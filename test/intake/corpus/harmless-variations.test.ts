import { describe, expect, test } from 'vitest';
import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { now, timeZone } from '../sample-orders.ts';
import type { CellSpec } from './cell-spec.ts';
import { plainScene, type Scene } from './damaged-file.ts';
import { intendedBody } from './intended-body.ts';
import type { IntendedOrder } from './intended-orders.ts';
import { csvText } from './write-csv.ts';
import { type SheetSpec, writeWorkbook } from './write-workbook.ts';

const expectAsMeant = async (bytes: Buffer, meant: readonly IntendedOrder[]): Promise<void> => {
  const { orders, findings } = await readOrderFile(bytes, { partner: aPartner(), now, timeZone });
  expect([...findings, ...orders.flatMap((order) => order.findings)]).toEqual([]);
  expect(orders.map(({ body }) => JSON.parse(JSON.stringify(body)))).toEqual(meant.map(intendedBody));
};

const workbook = ({ grid }: Scene, sheet: Partial<SheetSpec> = {}, others: readonly SheetSpec[] = []) =>
  writeWorkbook({
    sheets: [{ name: '订单', rows: grid.rows.map((cells) => ({ cells })), ...sheet }, ...others],
  });

/** Ways of writing one value that leave no doubt. */
const cells: readonly [
  name: string,
  column: ColumnName,
  cell: CellSpec,
  formats?: readonly ('csv' | 'xlsx')[],
][] = [
  ['full-width digits', 'quantity', '２５'],
  ['thousands separators', 'unitPrice', '0,039.9', ['csv']],
  ['a currency sign', 'unitPrice', '¥39.90'],
  ['a full-width currency sign', 'unitPrice', '￥ 39.90'],
  ['a currency in words', 'unitPrice', '39.90元'],
  ['a currency by its code', 'unitPrice', 'CNY 39.9'],
  ['a plus sign', 'quantity', '+25'],
  ['a price with the noise of doubles', 'unitPrice', { number: '39.899999999999999' }, ['xlsx']],
  ['a price in scientific notation', 'unitPrice', { number: '3.99E1' }, ['xlsx']],
  ['a price shown in yuan', 'unitPrice', { number: '39.9', format: '"¥"#,##0.00' }, ['xlsx']],
  ['a price shown in yuan of China', 'unitPrice', { number: '39.9', format: '[$¥-804]#,##0.00' }, ['xlsx']],
  [
    'an accounting format',
    'unitPrice',
    { number: '39.9', format: '_ * #,##0.00_ ;_ * -#,##0.00_ ' },
    ['xlsx'],
  ],
  ['slashes in a date', 'requestedDate', '2025/11/20'],
  ['dots in a date', 'requestedDate', '2025.11.20'],
  ['a date without separators', 'requestedDate', '20251120'],
  ['a Chinese date', 'requestedDate', '2025年11月20日'],
  ['a Chinese date in full width', 'requestedDate', '２０２５年１１月２０日'],
  ['a date with a time', 'requestedDate', '2025-11-20 14:30'],
  ['a date with a named month', 'requestedDate', '20 November 2025'],
  ['a date with a short month', 'requestedDate', 'Nov 20, 2025'],
  ['a day that can only be one', 'requestedDate', '20/11/2025'],
  [
    'a date cell with a time',
    'requestedDate',
    { date: '2025-11-20T18:45:00', format: 'yyyy/m/d h:mm' },
    ['xlsx'],
  ],
  [
    'a date cell in Chinese',
    'requestedDate',
    { date: '2025-11-20', format: 'yyyy"年"m"月"d"日";@' },
    ['xlsx'],
  ],
  ['a date of eight digits as a number', 'requestedDate', { number: '20251120' }, ['xlsx']],
  ['an ISO date cell', 'requestedDate', { xml: '<c r="J2" t="d"><v>2025-11-20T00:00:00</v></c>' }, ['xlsx']],
  ['a non-breaking space in a name', 'contactName', '\u00a0张示例\u00a0'],
  ['a text in another normal form', 'contactName', '张示例\u3000'],
  ['a tab before a telephone number', 'contactPhone', '\t13800138000'],
  ['a quote that makes text of a number', 'contactPhone', "'13800138000"],
  ['a telephone number with its country', 'contactPhone', '(+86)138-0013-8000'],
  ['a telephone number dialled abroad', 'contactPhone', '0086 13800138000'],
  ['a telephone number in full width', 'contactPhone', '１３８００１３８０００'],
  ['an e-mail address in full width', 'contactEmail', 'orders＠example.com'],
  ['an e-mail address as a link', 'contactEmail', 'mailto:orders@example.com'],
  ['a code in full width', 'sku', 'ＣＵＰ－３５１－ＢＬ'],
  ['a line break behind a code', 'sku', 'CUP-351-BL\n'],
  ['runs of rich text', 'itemName', { runs: ['保温', '杯 1'] }, ['xlsx']],
  ['a phonetic guide', 'itemName', { runs: ['保温杯 1'], guide: 'bǎowēnbēi' }, ['xlsx']],
  ['a line break in a name', 'itemName', '保温杯\n1'],
  ['spaces around a word', 'unit', ' 箱 '],
  ['a word in another case', 'paymentMethod', 'On account'],
  ['a reference with a long dash', 'orderReference', 'PO–2025–1'],
  ['a barcode with spaces', 'postalCode', ' 200120'],
  ['a formula that says nothing', 'remarks', { formula: 'IF(A1="","",A1)', result: '' }, ['xlsx']],
];

describe('a value written in another way is read without a word', () => {
  const variations = cells.flatMap(([name, column, cell, formats = ['csv', 'xlsx']]) =>
    formats.map((format) => ({ name, column, cell, format })),
  );
  test.for(variations)('$name ($format)', async ({ column, cell, format }) => {
    const scene = plainScene(1, [1]);
    scene.grid.set(0, 0, column, cell);
    if (column === 'remarks') scene.orders[0]?.lines.forEach((line) => void delete line.remarks);
    await expectAsMeant(
      format === 'xlsx' ? await workbook(scene) : Buffer.from(csvText(scene.grid.rows)),
      scene.orders,
    );
  });

  test.for([
    ['9折', '10'],
    ['八五折', '15'],
    ['5%', '5'],
    ['５％', '5'],
  ])('a discount of %s', async ([text = '', percent = '']) => {
    const scene = plainScene(1, [1], {});
    const { orders, grid } = scene;
    for (const line of orders[0]?.lines ?? []) line.discountPercent = percent;
    grid.rows[0]?.push('折扣');
    grid.rows[1]?.push(text);
    await expectAsMeant(Buffer.from(csvText(grid.rows)), orders);
  });
});

describe('a sheet laid out in another way is read without a word', () => {
  test('order values merged over the rows of their order', async () => {
    const scene = plainScene(1, [3, 2]);
    const merged = (['orderReference', 'customerName', 'address', 'requestedDate'] as const).flatMap(
      (column) =>
        [0, 1].map((order) => {
          const last = order === 0 ? 2 : 1;
          for (let line = 1; line <= last; line += 1) scene.grid.set(order, line, column, undefined);
          return `${scene.grid.reference(order, 0, column)}:${scene.grid.reference(order, last, column)}`;
        }),
    );
    await expectAsMeant(await workbook(scene, { merged }), scene.orders);
  });

  test('an order value merged over the rows of several orders', async () => {
    const scene = plainScene(1, [2, 2]);
    const { grid } = scene;
    for (const [order, line] of [
      [0, 1],
      [1, 0],
      [1, 1],
    ] as const)
      grid.set(order, line, 'customerName', undefined);
    const merged = [`${grid.reference(0, 0, 'customerName')}:${grid.reference(1, 1, 'customerName')}`];
    await expectAsMeant(await workbook(scene, { merged }), scene.orders);
  });

  test('titles above the header, merged over it', async () => {
    const scene = plainScene(1, [1], { titles: ['采购订单 2025'] });
    await expectAsMeant(await workbook(scene, { merged: ['A1:H1'] }), scene.orders);
  });

  test('blank rows between orders', async () => {
    const scene = plainScene(1, [1, 2]);
    scene.grid.rows.splice(2, 0, [], []);
    await expectAsMeant(await workbook(scene), scene.orders);
    await expectAsMeant(Buffer.from(csvText(scene.grid.rows)), scene.orders);
  });

  test('rows of an order that are not adjacent', async () => {
    const scene = plainScene(1, [2, 1]);
    const [header = [], first = [], second = [], other = []] = scene.grid.rows;
    await expectAsMeant(Buffer.from(csvText([header, first, other, second])), scene.orders);
  });

  test('headers in both languages, with stars and remarks', async () => {
    const headers = { quantity: '数量 Quantity *', unitPrice: '单价（元/箱）', sku: '商品编码 / SKU' };
    const scene = plainScene(1, [2], { headers });
    await expectAsMeant(await workbook(scene), scene.orders);
  });

  test('a unit that stands in the header', async () => {
    const scene = plainScene(1, [2], { headers: { quantity: '数量(箱)' } });
    for (const line of [0, 1]) scene.grid.set(0, line, 'unit', undefined);
    await expectAsMeant(await workbook(scene), scene.orders);
  });

  test('other sheets without orders', async () => {
    const scene = plainScene(1, [1]);
    const notes = { name: '说明', rows: [{ cells: ['数量', '必填'] }, { cells: ['单价', '必填'] }] };
    await expectAsMeant(await workbook(scene, {}, [notes]), scene.orders);
  });

  test('hidden columns without values', async () => {
    const scene = plainScene(1, [1]);
    await expectAsMeant(
      await workbook(scene, { columns: '<col min="40" max="16384" hidden="1"/>' }),
      scene.orders,
    );
  });

  test.for(['sep=;\r\n', '"sep=;"\n', 'SEP=;\r\n'])('a first line %j', async (directive) => {
    const scene = plainScene(1, [1]);
    const text = csvText(scene.grid.rows, { delimiter: ';', lineBreak: '\r\n', quotesAll: false });
    await expectAsMeant(Buffer.from(directive + text), scene.orders);
  });

  test('rows that leave trailing blanks out', async () => {
    const scene = plainScene(1, [1, 1, 1]);
    scene.grid.set(1, 0, 'remarks', undefined);
    for (const line of scene.orders[1]?.lines ?? []) delete line.remarks;
    scene.grid.set(2, 0, 'remarks', undefined);
    for (const line of scene.orders[2]?.lines ?? []) delete line.remarks;
    await expectAsMeant(Buffer.from(csvText(scene.grid.rows).replaceAll(/,+\r\n/g, '\r\n')), scene.orders);
  });

  test('a separator at the end of every row', async () => {
    const scene = plainScene(1, [2, 1]);
    const [header = '', ...rows] = csvText(scene.grid.rows).trimEnd().split('\r\n');
    await expectAsMeant(Buffer.from([header, ...rows.map((row) => `${row},`)].join('\n')), scene.orders);
  });
});
