import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvRecord, splitRecords } from '../../../functions/intake/readers/csv/split-records.ts';

const recordsOf = (text: string, delimiter = ','): CsvRecord[] => [...splitRecords(text, delimiter)];
const fieldsOf = (text: string, delimiter = ','): string[][] =>
  recordsOf(text, delimiter).map(({ fields }) => fields);

test.for<[string, string[][]]>([
  ['', []],
  ['a', [['a']]],
  [
    'a,b\r\nc,d\r\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a\n\nb', [['a'], [''], ['b']]],
  ['a\rb\n\rc', [['a'], ['b'], [''], ['c']]],
  ['a,', [['a', '']]],
  [',\n', [['', '']]],
  ['"a,b",c', [['a,b', 'c']]],
  ['"a\r\nb"', [['a\r\nb']]],
  ['"say ""hi"""', [['say "hi"']]],
  ['"",""', [['', '']]],
  ['27" screen,x', [['27" screen', 'x']]],
])('%j is %j', ([text, records]) => {
  expect(fieldsOf(text)).toEqual(records);
});

test.for<[string, string[], number[]]>([
  ['"a"b,c', ['"a"b', 'c'], [0]],
  ['x,"27" screen"', ['x', '"27" screen"'], [1]],
  ['"a" ,b', ['"a" ', 'b'], [0]],
])('where a field ends is a guess in %j', ([text, fields, broken]) => {
  expect(recordsOf(text)).toEqual([{ fields, broken }]);
});

test.for([
  ['a,b\nc,"d', 'B2'],
  ['"', 'A1'],
  ['a\n"b\n""', 'A2'],
])('a quote that never closes in %j is told at %s', ([text = '', cell]) => {
  expect(() => recordsOf(text)).toThrow(
    expect.objectContaining({ refusal: 'DAMAGED', detail: { cell, technical: 'open quote' } }),
  );
});

test('well-formed text is split as another parser splits it', () => {
  const field = fc.oneof(
    fc.constantFrom('', 'a', '订单号', '"', ',', ';', '\n', '\r\n', ' x ', 'a"b'),
    fc.string({ unit: 'binary-ascii', maxLength: 6 }),
  );
  const records = fc.array(fc.array(field, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(
      records,
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\r\n', '\n'),
      (rows, delimiter, end) => {
        const quoted = (text: string) =>
          /["\r\n,;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
        const text = rows.map((fields) => fields.map(quoted).join(delimiter) + end).join('');
        expect(fieldsOf(text, delimiter)).toEqual(rows);
        expect(fieldsOf(text, delimiter)).toEqual(
          parse(text, { delimiter, record_delimiter: ['\r\n', '\n', '\r'], relax_column_count: true }),
        );
      },
    ),
    { numRuns: 300 },
  );
});
