import fc from 'fast-check';
import { expect, test } from 'vitest';
import { leavesOf } from '../../../domain/provenance/leaves.ts';
import { cellOrigins } from '../../../functions/intake/mapping/cell-origins.ts';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { InvalidFile } from '../../../functions/intake/readers/invalid-file.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { anXlsx, textRows, worksheet } from '../an-xlsx.ts';
import { fileOrder } from '../random-orders.ts';
import { aLine, columnsOf, csvOf, type Line, now, table, timeZone } from '../sample-orders.ts';

/** Fields of the first order of a file with the cells that they come from. */
const readOrigins = async (bytes: Buffer) => {
  const { orders, layout } = await readOrderFile(bytes, { partner: aPartner(), now, timeZone });
  const [order] = orders;
  if (!order) throw new Error('a file has an order');
  const isRefused = order.findings.some(({ severity }) => severity === 'ERROR');
  const values = new Map(leavesOf(order.body).map(({ field, value }) => [field, value]));
  return { isRefused, values, origins: cellOrigins(order.body, order.rows, layout) };
};
const ofTable = (rows: readonly (readonly string[])[]) => readOrigins(Buffer.from(csvOf(rows)));

/** What the fields are without one cell; undefined when there is no order without it. */
const withoutCell = async (rows: readonly string[][], cell: string) => {
  const [, letters = '', row = ''] = /^([A-Z]+)(\d+)$/.exec(cell) ?? [];
  const column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
  const changed = rows.map((cells, index) =>
    index === Number(row) - 1 ? cells.map((text, at) => (at === column ? '' : text)) : cells,
  );
  try {
    const read = await ofTable(changed);
    return read.isRefused ? undefined : read;
  } catch (error) {
    if (error instanceof InvalidFile) return undefined;
    throw error;
  }
};

test('a field changes, or comes from elsewhere, when the cell that it is said to come from is emptied', async () => {
  const groups = fc.sample(fileOrder('PO-1'), { numRuns: 25, seed: 7 });
  let checked = 0;
  for (const lines of groups) {
    const [header = [], ...rows] = table(lines, columnsOf(lines));
    const all = [[...header, '门店'], ...rows.map((row) => [...row, '一店'])];
    const { values, origins } = await ofTable(all);
    for (const [field, cell] of origins) {
      const after = await withoutCell(all, cell);
      const same =
        after !== undefined &&
        after.values.get(field) === values.get(field) &&
        after.origins.some(([name, place]) => name === field && place === cell);
      expect(same, `${field} at ${cell} of ${JSON.stringify(all)}`).toBe(false);
      checked += 1;
    }
  }
  expect(checked).toBeGreaterThan(500);
});

const full: Line = aLine({
  orderDate: '2025-10-01',
  orderType: '批发',
  currency: 'CNY',
  customerId: 'C1',
  recipientName: '李示例',
  recipientPhone: '13900139000',
  country: '中国',
  district: '浦东新区',
  postalCode: '201203',
  partialDelivery: '否',
  substitution: '先询问',
  lineNumber: '10',
  buyerItemCode: 'OUR-1',
  gtin: '6901234567892',
  discountPercent: '5',
  promotionCode: 'SPRING',
  lineAmount: '909.72',
  orderTotal: '919.72',
  shippingFee: '10',
  invoiceTitle: '示例客户',
  taxId: '91310115MA1K3XXXXX',
  invoiceKind: '普票',
  qualificationNumber: 'JY1',
  remarks: '轻放',
});

test('of an order that fills every column, no cell says what follows from others', async () => {
  const { values, origins } = await ofTable(table([full]));
  const said = new Set(origins.map(([field]) => field));
  expect([...values.keys()].filter((field) => !said.has(field))).toEqual([
    '#/lines/0/discount/type',
    '#/allowanceCharges/0/isCharge',
    '#/allowanceCharges/0/reason',
    '#/invoiceRequest/titleType',
    '#/qualifications/0/type',
  ]);
});

const fallbacks: [name: string, line: Line, field: string, column: keyof Line][] = [
  ['the recipient, when none is named', {}, '#/delivery/recipientName', 'contactName'],
  ['the recipient’s telephone, when none is named', {}, '#/delivery/telephone', 'contactPhone'],
  [
    'a city in the province that is one',
    { province: '上海', city: undefined, district: '浦东新区' },
    '#/delivery/address/city',
    'province',
  ],
  [
    'a district that is split off',
    { province: undefined, city: undefined, address: '广东省深圳市南山区科技园1号' },
    '#/delivery/address/district',
    'address',
  ],
  [
    'an amount off, beside nought per cent',
    { discountPercent: '0', discountAmount: '5' },
    '#/lines/0/discount/value',
    'discountAmount',
  ],
];
test.for(fallbacks)('%s comes from the column that says it', async ([, line, field, column]) => {
  const lines = [aLine(line)];
  const { origins } = await ofTable(table(lines));
  const position = columnsOf(lines).indexOf(column);
  expect(origins).toContainEqual([field, `${String.fromCharCode(65 + position)}2`, lines[0]?.[column]]);
});

test('a unit, and whether prices contain tax, come from the header that says so', async () => {
  const [header = [], ...rows] = table([aLine({ unit: '' })]);
  const renamed = header.map((name) => (name === '单价' ? '单价(含税, 箱)' : name));
  const { origins } = await ofTable([renamed, ...rows]);
  const cell = expect.stringMatching(/^[A-Z]1$/);
  expect(origins).toContainEqual(['#/pricesIncludeTax', cell, '单价(含税, 箱)']);
  expect(origins).toContainEqual(['#/lines/0/unitCode', cell, '单价(含税, 箱)']);
});

test('a column that the template does not have says what the metadata have of it, cell by cell', async () => {
  const lines = [aLine(), aLine({ sku: 'TEA' }), aLine({ sku: 'MUG' })];
  const [header = [], ...rows] = table(lines);
  const shops = ['一店', '二店', '一店'];
  const { values, origins } = await ofTable([
    [...header, '门店/区'],
    ...rows.map((row, index) => [...row, shops[index] ?? '']),
  ]);
  const field = '#/metadata/门店~1区';
  expect(values.get(field)).toBe('一店; 二店');
  expect(origins.filter(([name]) => name === field)).toEqual([
    [field, 'Q2', '一店'],
    [field, 'Q3', '二店'],
  ]);
});

test('a cell of a merged range says where its text really stands', async () => {
  const lines = [aLine(), aLine({ sku: 'TEA', itemName: '' })];
  const names = columnsOf(lines);
  const letter = String.fromCharCode(65 + names.indexOf('itemName'));
  const sheet = worksheet(textRows(table(lines, names))).replace(
    '</sheetData>',
    `</sheetData><mergeCells><mergeCell ref="${letter}2:${letter}3"/></mergeCells>`,
  );
  const { origins } = await readOrigins(await anXlsx('', { 'xl/worksheets/sheet1.xml': sheet }));
  expect(origins).toContainEqual(['#/lines/1/name', `${letter}2`, '保温杯']);
});
