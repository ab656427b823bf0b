import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ColumnName, columnNames, templateColumns } from '../../../domain/uploads/template-columns.ts';
import { currencies } from '../../../domain/values/currencies.ts';
import { unitCodes } from '../../../domain/values/units.ts';
import { type ConversionContext, daysAround } from '../../../functions/intake/mapping/conversion.ts';
import { convertCell } from '../../../functions/intake/mapping/convert-cell.ts';
import { wordReaders } from '../../../functions/intake/mapping/read-words.ts';

const context: ConversionContext = {
  countryCode: 'CN',
  timeZone: 'Asia/Shanghai',
  days: daysAround('2025-10-14'),
  currency: 'CNY',
  hasDecimalCommas: false,
  roundedColumns: new Set(),
};

const convert = (name: ColumnName, text: string) =>
  convertCell(
    { column: 0, kind: 'text', text },
    { name, header: templateColumns[name].header['zh-CN'] },
    context,
  );

const withCheckDigit = (digits: string): string => {
  const sum = [...digits]
    .toReversed()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return digits + String((10 - (sum % 10)) % 10);
};

const day = fc
  .date({ min: new Date('2025-10-14'), max: new Date('2026-10-14'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));
const decimal = fc
  .tuple(fc.nat(999_999), fc.nat(9999))
  .map(([whole, fraction]) => `${whole}.${String(fraction).padStart(4, '0')}`.replace(/\.?0+$/, ''));

/** Text in the normal form that orders are kept in. */
const matching = (pattern: RegExp) => fc.stringMatching(pattern).filter((text) => text === text.normalize());

/** Values that the order's own schema takes, as it takes them. */
const valid: readonly [ColumnName, fc.Arbitrary<string>][] = [
  ['orderReference', matching(/^[A-Za-z0-9._/-]{1,64}$/).filter((text) => !/^\d+\.0+$/.test(text))],
  ['customerName', matching(/^[\p{Script=Han}A-Za-z0-9（）&.]{1,40}$/u)],
  ['contactPhone', fc.integer({ min: 13_000_000_000, max: 13_999_999_999 }).map((number) => `+86${number}`)],
  ['contactEmail', matching(/^[a-z][a-z0-9.+-]{0,20}[a-z0-9]@example\.(com|org)$/)],
  ['requestedDate', day],
  ['gtin', matching(/^\d{11,12}$/).map(withCheckDigit)],
  ['taxId', matching(/^9[0-9A-Z]{17}$/).filter((text) => !/^\d+$/.test(text))],
  ['unitPrice', decimal],
  ['unit', fc.constantFrom(...unitCodes)],
  ['currency', fc.constantFrom(...currencies)],
  [
    'remarks',
    matching(/^[\p{Script=Han}A-Za-z0-9]([\p{Script=Han}A-Za-z0-9 \n]{0,40}[\p{Script=Han}a-z])?$/u),
  ],
];

describe('normalising', () => {
  test.for(valid)('leaves a valid %s as it is', ([name, values]) => {
    fc.assert(
      fc.property(values, (text) => {
        const { value, problems } = convert(name, text);
        expect(value).toBe(text);
        expect(problems.filter(({ severity }) => severity === 'ERROR')).toEqual([]);
      }),
    );
  });

  const pieces = fc
    .array(
      fc.oneof(fc.constantFrom(...'１2０., 　¥元-/年月日折%E+'), fc.string({ unit: 'binary', maxLength: 2 })),
      { maxLength: 12 },
    )
    .map((texts) => texts.join(''));

  const dates = fc
    .tuple(day, fc.constantFrom('-', '/', '.', '年'), fc.constantFrom('', ' 09:30', 'T09:30:00+08:00'))
    .map(([iso, separator, time]) => {
      const [year, month, date] = iso.split('-');
      const written =
        separator === '年' ? `${year}年${month}月${date}日` : [year, month, date].join(separator);
      return written + time;
    });

  /** What a column can be read from, beside texts that it can hardly be read from. */
  const texts = (name: ColumnName): fc.Arbitrary<string> => {
    const any = fc.oneof(pieces, fc.string({ unit: 'binary', maxLength: 20 }));
    const [first, ...others] = wordReaders[name]?.known ?? [];
    if (first !== undefined) return fc.oneof(fc.constantFrom(first, ...others), any);
    return templateColumns[name].format === 'date' ? fc.oneof(dates, any) : any;
  };

  test.for(columnNames)('%s again changes nothing', (name) => {
    fc.assert(
      fc.property(texts(name), (text) => {
        if (text.trim() === '') return;
        const { value, problems } = convert(name, text);
        const isRead = problems.every(({ severity }) => severity !== 'ERROR');
        if (isRead && value !== undefined && value !== '')
          expect(convert(name, String(value)).value).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });
});
