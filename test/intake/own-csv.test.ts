import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { type ColumnName, templateColumns } from '../../domain/uploads/template-columns.ts';
import { convertCell } from '../../functions/intake/mapping/convert-cell.ts';
import { readOrderFile } from '../../functions/intake/read-order-file.ts';
import { ownCsv } from '../../functions/intake/result/own-csv.ts';
import { shielded, withoutShield } from '../../functions/intake/text-shield.ts';
import { aPartner } from '../builders/a-partner.ts';
import { aProduct } from '../builders/a-product.ts';
import { aProvenanceDesk } from './a-provenance-desk.ts';
import { aLine, columnsOf, csvOf, type Line, now, table, timeZone } from './sample-orders.ts';

const context = { partner: aPartner(), now, timeZone };
const read = (bytes: Buffer) => readOrderFile(bytes, context);

/** A file and the one that comes back for it, which has no results beside its rows. */
const thereAndBack = async (text: string) => {
  const sent = Buffer.from(text);
  const first = await read(sent);
  const back = ownCsv(sent, [], first.layout);
  return { first, back, again: await read(back) };
};

const fieldsOf = (bytes: Buffer, delimiter = ','): string[][] =>
  z.array(z.array(z.string())).parse(parse(bytes, { bom: true, delimiter, relax_column_count: true }));

const isLive = (text: string): boolean => /^\s*[=+\-@＝＋－＠]|^[\t\r]/.test(text);
const isNumberColumn = (name: ColumnName): boolean =>
  ['quantity', 'amount', 'percent'].includes(templateColumns[name].format);

/** Texts of all sorts, most of which begin with what spreadsheet programs look for. */
const beginning = fc.constantFrom(
  ...[
    '',
    '',
    '=',
    '+',
    '-',
    '@',
    '\t',
    '\r',
    "'",
    "''",
    "'=",
    ' ',
    ' =',
    '\n@',
    '＝',
    '＠',
    '＋',
    '－',
    '\u3000-',
  ],
);
const rest = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    '8613800138000',
    '12.50',
    '1,234.50',
    '5',
    '"00123"',
    'A1+1',
    '2025-10-20',
    '合计',
    '9折',
    '#N/A',
  ),
  fc.string({
    unit: fc.constantFrom('"', "'", '=', '-', ',', ';', '\n', '\t', ' ', '1', '.', 'x'),
    maxLength: 6,
  }),
);
const fieldText = fc.tuple(beginning, rest).map((parts) => parts.join('').replaceAll(/[\0\ufdd0]/g, '?'));

describe('the quote before a text', () => {
  test.for([
    ['=1+1', "'=1+1"],
    ['+8613800138000', "'+8613800138000"],
    ['-A/7', "'-A/7"],
    ['@home', "'@home"],
    ['\ttabbed', "'\ttabbed"],
    ['\rreturned', "'\rreturned"],
    [' =1+1', "' =1+1"],
    ['\n=1+1', "'\n=1+1"],
    ['＝1+1', "'＝1+1"],
    ["'=1+1", "'=1+1"],
    ["''=1+1", "''=1+1"],
    ['\t ', ''],
    ['plain', 'plain'],
    ["'quoted", "'quoted"],
    ['a=b', 'a=b'],
    ['', ''],
  ])('%j is written as %j', ([text = '', written]) => {
    expect(shielded(text)).toBe(written);
  });

  test('is taken off again, and no other', () => {
    fc.assert(
      fc.property(fieldText, (text) => {
        fc.pre(text.trim() !== '');
        expect(withoutShield(shielded(text))).toBe(withoutShield(text));
        expect(isLive(shielded(text))).toBe(false);
      }),
    );
  });

  test('leaves what a cell of any column says, and what is wrong with it, as it was', () => {
    const ofOrder = {
      countryCode: 'CN',
      timeZone,
      days: { earliest: '2024-10-14', today: '2025-10-14', latest: '2026-10-14' },
      currency: 'CNY',
      hasDecimalCommas: false,
      roundedColumns: new Set<ColumnName>(),
    };
    const names = Object.keys(templateColumns) as ColumnName[];
    fc.assert(
      fc.property(fc.constantFrom(...names), fieldText, (name, text) => {
        fc.pre(text.trim() !== '');
        const column = { name, header: templateColumns[name].header.en };
        const converted = (one: string) =>
          convertCell({ column: 0, kind: 'text', text: one }, column, ofOrder);
        expect(converted(shielded(text))).toEqual(converted(text));
      }),
      { numRuns: 2000 },
    );
  });
});

test.for<[name: ColumnName, sent: string, back: string]>([
  ['quantity', '-12.50', '-12.50'],
  ['quantity', '+5', '+5'],
  ['unitPrice', '-1,234.50', '-1,234.50'],
  ['discountPercent', ' -5', ' -5'],
  ['unitPrice', '-1+1', "'-1+1"],
  ['unitPrice', '+¥5', "'+¥5"],
  ['unitPrice', '-1.2.3', "'-1.2.3"],
  ['quantity', '－5', "'－5"],
  ['contactPhone', '+8613800138000', "'+8613800138000"],
  ['orderReference', '-2025-7', "'-2025-7"],
  ['orderReference', '@7', "'@7"],
  ['lineNumber', '-1', "'-1"],
  ['remarks', '-12.50', "'-12.50"],
  ['specification', "'=1+1", "'=1+1"],
])('in %s, %j comes back as %j', async ([name, sent, back]) => {
  const lines = [aLine({ [name]: sent })];
  const { back: bytes } = await thereAndBack(csvOf(table(lines)));
  expect(fieldsOf(bytes)[1]?.[columnsOf(lines).indexOf(name)]).toBe(back);
});

test('headers and columns of the sender’s own are texts too, and the order keeps its metadata', async () => {
  const [header = [], row = []] = table([aLine()]);
  const text = csvOf([['=title'], [...header, '=毛利', '-备'], [...row, '-12.50', '@x']]);
  const { first, back, again } = await thereAndBack(text);
  const [title, headers, data] = fieldsOf(back);
  expect(title).toEqual(["'=title"]);
  expect(headers?.slice(header.length, header.length + 2)).toEqual(["'=毛利", "'-备"]);
  expect(data?.slice(-2)).toEqual(["'-12.50", "'@x"]);
  expect(first.orders[0]?.body).toMatchObject({ metadata: { '=毛利': '-12.50', '-备': '@x' } });
  expect(again.orders.map(({ body }) => body)).toEqual(first.orders.map(({ body }) => body));
});

test('a text constant that exports write as a formula is read as that text both times', async () => {
  const { first, again } = await thereAndBack(csvOf(table([aLine({ postalCode: '="201203"' })])));
  expect(first.orders[0]?.body).toMatchObject({ delivery: { address: { postalCode: '201203' } } });
  expect(again.orders[0]?.body).toEqual(first.orders[0]?.body);
});

test('a cell may be as long as cells are, with the quote beside', async () => {
  const { first, again } = await thereAndBack(
    csvOf(
      [...table([aLine()])].map((row, index) => [...row, index === 0 ? 'own' : `=${'x'.repeat(32_766)}`]),
    ),
  );
  expect(again.orders[0]?.body).toEqual(first.orders[0]?.body);
});

test.for(['sep=;\r\n', '"sep=;"\r\n', 'SEP=;\n'])(
  'rows stay beside their results below %j',
  async (directive) => {
    const sent = Buffer.from(directive + csvOf(table([aLine()]), ';'));
    const { layout } = await read(sent);
    const result = { row: 2, orderReference: 'PO-1', result: 'CREATED' as const, findings: [], cells: [] };
    const back = ownCsv(sent, [result], layout);
    expect(back.toString()).toContain(directive);
    const width = table([aLine()])[0]?.length ?? 0;
    const body = Buffer.from(back.toString().replace(`\ufeff${directive}`, ''));
    expect(fieldsOf(body, ';').map((fields) => fields[width])).toEqual(['结果 Result', 'CREATED']);
    expect((await read(back)).orders).toHaveLength(1);
  },
);

const anyLine = (index: number) =>
  fc
    .record(
      Object.fromEntries(
        (
          [
            'customerName',
            'contactPhone',
            'address',
            'specification',
            'quantity',
            'unitPrice',
            'remarks',
          ] as const
        ).map((name) => [name, fc.option(fieldText, { nil: undefined, freq: 2 })]),
      ),
    )
    .map(
      (changes): Line => ({
        ...aLine({ orderReference: `PO-${index}` }),
        ...Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)),
      }),
    );

test('whatever the fields say, the file that comes back reads as the same orders and runs nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(anyLine(1), anyLine(2), anyLine(3)),
      fc.array(fieldText, { minLength: 4, maxLength: 4 }),
      fc.constantFrom(',', ';', '\t'),
      async (lines, own, delimiter) => {
        const rows = table(lines).map((row, index) => [...row, index === 0 ? '自有列' : (own[index] ?? '')]);
        const { first, back, again } = await thereAndBack(csvOf(rows, delimiter));
        const told = ({ orders, findings }: typeof first) => [
          orders.map(({ reference, body }) => ({ reference, body })),
          orders.map((order) => order.findings.map(({ code, severity, cell }) => [code, severity, cell])),
          findings.map(({ code, cell }) => [code, cell]),
        ];
        expect(told(again)).toEqual(told(first));
        const [, ...written] = fieldsOf(back, delimiter);
        const names = columnsOf(lines);
        for (const row of written)
          for (const [column, text] of row.entries()) {
            const name = names[column];
            if (isLive(text)) expect(text).toMatch(/^ *[+-][\d.,]+ *$/);
            if (isLive(text)) expect(name !== undefined && isNumberColumn(name)).toBe(true);
          }
      },
    ),
    { numRuns: 60 },
  );
});

test('the orders of the file that comes back are proven by that file, with the quotes that it has', async () => {
  const line = aLine({
    orderReference: '-2025/7',
    contactPhone: '+8613800138000',
    itemName: '@保温杯',
    remarks: "'=1+1",
    quantity: '+5',
  });
  const deskOf = () => aProvenanceDesk({ now, products: [aProduct()] });
  const sent = Buffer.from(csvOf(table([line])));
  const back = ownCsv(sent, [], (await read(sent)).layout);
  const ofSent = deskOf();
  const ofBack = deskOf();
  const [first = ''] = await ofSent.send(sent);
  const [again = ''] = await ofBack.send(back, { versionId: 'v2' });
  const { source: _sent, ...content } = ofSent.order(first).content;
  expect(ofBack.order(again).content).toMatchObject(content);
  const { fields, differences } = await ofBack.verifier()(ofBack.order(again));
  expect(fields).toBeGreaterThan(20);
  expect(differences).toEqual([]);
  const provenance = [...ofBack.archive].find(([key]) => key.endsWith('/provenance.json'))?.[1].toString();
  for (const raw of ["'-2025/7", "'+8613800138000", "'@保温杯", "'=1+1", '+5'])
    expect(provenance).toContain(JSON.stringify(raw));
});
