import { describe, expect, test } from 'vitest';
import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import {
  type ConversionContext,
  daysAround,
  type FieldValue,
} from '../../../functions/intake/mapping/conversion.ts';
import { convertCell } from '../../../functions/intake/mapping/convert-cell.ts';
import type { Cell } from '../../../functions/intake/readers/cell.ts';

const context: ConversionContext = {
  countryCode: 'CN',
  timeZone: 'Asia/Shanghai',
  days: daysAround('2025-10-14'),
  currency: 'CNY',
  hasDecimalCommas: false,
  roundedColumns: new Set(),
};
const columnOf = (name: ColumnName) => ({ name, header: templateColumns[name].header['zh-CN'] });
const text = (content: string): Partial<Cell> => ({ kind: 'text', text: content });
const number = (content: string, more: Partial<Cell> = {}): Partial<Cell> => ({
  kind: 'number',
  text: content,
  ...more,
});
const date = (content: string): Partial<Cell> => ({ kind: 'date', text: content });

const convert = (name: ColumnName, cell: Partial<Cell>) => {
  const { value, problems } = convertCell(
    { column: 0, kind: 'text', text: '', ...cell },
    columnOf(name),
    context,
  );
  return { value, codes: problems.map(({ severity, code }) => `${severity} ${code}`) };
};

type Case = [ColumnName, Partial<Cell>, FieldValue | undefined, ...string[]];

describe('a cell that is read', () => {
  test.for<Case>([
    ['orderReference', text(' ＰＯ－１ '), 'PO-1'],
    ['sku', text('00012345'), '00012345'],
    ['sku', number('12345'), '12345', 'WARNING NUMBER_IN_TEXT_COLUMN'],
    ['sku', number('12345', { shownAs: { digits: 8 } }), '00012345', 'WARNING NUMBER_IN_TEXT_COLUMN'],
    ['contactPhone', number('13800138000'), '+8613800138000', 'WARNING NUMBER_IN_TEXT_COLUMN'],
    ['contactEmail', text('ｗａｎｇ@example.com '), 'wang@example.com'],
    ['customerName', text('示例\n客户'), '示例 客户'],
    ['remarks', text('一\n二'), '一\n二'],
    ['lineNumber', number('1'), '1'],
    ['quantity', number('24'), 24],
    ['quantity', text('1,000'), 1000],
    ['unitPrice', number('39.899999999999999'), '39.9'],
    ['unitPrice', text('¥39.90'), '39.9'],
    ['discountPercent', number('0.05', { shownAs: { percent: true } }), '5'],
    ['discountPercent', number('5'), '5'],
    ['discountPercent', text('9折'), '10'],
    ['orderType', text('批发'), 'WHOLESALE'],
    ['currency', text('人民币'), 'CNY'],
    ['currency', text('usd'), 'USD'],
    ['country', text('中国'), 'CN'],
    ['country', text('United States'), 'US'],
    ['paymentMethod', text('支付宝'), 'ALIPAY'],
    ['paymentMethod', text('bank transfer'), 'BANK_TRANSFER'],
    ['partialDelivery', text('否'), false],
    ['partialDelivery', { kind: 'boolean', text: 'TRUE' }, true],
    ['partialDelivery', number('1'), true],
    ['substitution', text('先询问'), 'ASK'],
    ['substitution', text('不可'), 'NONE'],
    ['unit', text('箱'), 'XCT'],
    ['unit', text('C62'), 'C62'],
    ['invoiceKind', text('专票'), 'SPECIAL'],
    ['requestedDate', date('2025-10-20'), '2025-10-20'],
    ['requestedDate', date('2025-10-20T09:00:00'), '2025-10-20'],
    ['requestedDate', number('20251020'), '2025-10-20'],
    ['orderDate', date('2025-10-14'), '2025-10-14T00:00:00+08:00'],
    ['orderDate', text('2025-10-14 09:30'), '2025-10-14T09:30:00+08:00'],
    ['orderDate', text('2025-10-14T09:30:00+0200'), '2025-10-14T09:30:00+02:00'],
    ['quantity', { ...number('24'), formula: 'cached' }, 24, 'WARNING FORMULA_VALUE_USED'],
    ['sku', text('="00042"'), '00042', 'WARNING FORMULA_VALUE_USED'],
    ['sku', text('12345.0'), '12345', 'WARNING NUMBER_IN_TEXT_COLUMN'],
    ['sku', text('M²'), 'M²'],
    ['gtin', text('4006381 333931'), '4006381333931'],
    ['taxId', text('9135 0100 m000 100y43'), '91350100M000100Y43'],
    ['orderReference', text('PO–1'), 'PO-1'],
    ['specification', number('0.05', { shownAs: { percent: true } }), '5%', 'WARNING NUMBER_IN_TEXT_COLUMN'],
    ['lineNumber', text('1.0'), '1'],
    ['remarks', date('2025-10-20'), '2025-10-20', 'WARNING DATE_IN_TEXT_COLUMN'],
    ['remarks', text('NULL'), 'NULL'],
    ['contactEmail', text('mailto:wang@example.com'), 'wang@example.com'],
    ['contactPhone', text('1380013800'), '+861380013800', 'WARNING PHONE_INVALID'],
    ['customerName', text('示例\u200b客户'), '示例客户', 'WARNING INVISIBLE_CHARACTERS'],
    ['unitPrice', number('39.9', { shownAs: { currency: '¥' } }), '39.9'],
    ['unitPrice', number('39.9', { shownAs: { currency: '$' } }), '39.9', 'WARNING ORDER_FIELD_CONFLICT'],
    ['orderDate', date('2020-01-01'), '2020-01-01T00:00:00+08:00', 'WARNING DATE_UNLIKELY'],
    ['requestedDate', { ...date('2025-10-20'), shownAs: { month: true } }, '2025-10-20'],
    ['customerId', text('20251014000001200'), '20251014000001200', 'WARNING NUMBER_PRECISION_LOST'],
    ['customerId', text('1234567890123450'), '1234567890123450'],
  ])('%s', ([name, cell, value, ...codes]) => {
    expect(convert(name, cell)).toEqual({ value, codes });
  });
});

describe('a cell that cannot be read keeps its text', () => {
  test.for<Case>([
    ['sku', number('69000000000001234567'), '69000000000001234567', 'ERROR NUMBER_PRECISION_LOST'],
    ['taxId', text('9.13101E+17'), '9.13101E+17', 'ERROR NUMBER_PRECISION_LOST'],
    ['postalCode', number('50000'), '50000', 'ERROR LEADING_ZERO_LOST'],
    ['gtin', number('1234567'), '1234567', 'WARNING NUMBER_IN_TEXT_COLUMN'],
    ['sku', date('2025-03-01'), '2025-03-01', 'ERROR TYPE_INVALID'],
    ['sku', { kind: 'boolean', text: 'TRUE' }, 'TRUE', 'ERROR TYPE_INVALID'],
    ['sku', text('nan'), 'nan', 'ERROR CELL_ERROR'],
    ['quantity', text('####'), '####', 'ERROR CELL_ERROR'],
    ['lineNumber', date('1900-01-01'), '1900-01-01', 'ERROR TYPE_INVALID'],
    ['unitPrice', text('$5'), '5', 'ERROR ORDER_FIELD_CONFLICT'],
    ['quantity', number('0.5', { shownAs: { percent: true } }), '0.5', 'ERROR TYPE_INVALID'],
    [
      'requestedDate',
      { ...date('2025-11-01'), shownAs: { month: true } },
      '2025-11-01',
      'ERROR DATE_AMBIGUOUS',
    ],
    ['customerName', { ...text('示例'), damage: 'encoding' }, '示例', 'ERROR ENCODING_UNREADABLE'],
    ['customerName', { ...text('"示例" 客户'), damage: 'quotes' }, '"示例" 客户', 'ERROR QUOTES_BROKEN'],
    ['quantity', { ...number('24'), merged: { from: 'A2' } }, 24, 'ERROR MERGED_CELL'],
    ['gtin', text('12345678905'), '12345678905', 'ERROR LEADING_ZERO_LOST'],
    ['specification', date('2025-03-04'), '2025-03-04', 'ERROR TYPE_INVALID'],
    ['quantity', { kind: 'error', text: '#N/A' }, '#N/A', 'ERROR CELL_ERROR'],
    ['unitPrice', text('#DIV/0!'), '#DIV/0!', 'ERROR CELL_ERROR'],
    ['unitPrice', { formula: 'without-value' }, undefined, 'ERROR FORMULA_NO_VALUE'],
    ['requestedDate', text('03/04/2025'), '03/04/2025', 'ERROR DATE_AMBIGUOUS'],
    ['requestedDate', text('下周'), '下周', 'ERROR FORMAT_INVALID'],
    ['requestedDate', number('45950'), '45950', 'ERROR TYPE_INVALID'],
    ['paymentMethod', text('支付保'), '支付保', 'ERROR ENUM_UNKNOWN'],
    ['partialDelivery', text('也许'), '也许', 'ERROR ENUM_UNKNOWN'],
  ])('%s', ([name, cell, value, ...codes]) => {
    expect(convert(name, cell)).toEqual({ value, codes });
  });

  test('and is told what it could have been', () => {
    const told = (name: ColumnName, cell: Partial<Cell>) =>
      convertCell({ column: 0, kind: 'text', text: '', ...cell }, columnOf(name), context).problems[0];
    expect(told('requestedDate', number('45950'))).toMatchObject({ suggestion: '2025-10-20' });
    expect(told('requestedDate', text('03/04/2025'))).toMatchObject({ expected: '2025-03-04 / 2025-04-03' });
    expect(told('postalCode', number('50000'))).toMatchObject({ suggestion: '050000' });
    expect(told('gtin', number('12000001086'))).toMatchObject({
      code: 'LEADING_ZERO_LOST',
      suggestion: '012000001086',
    });
    expect(told('paymentMethod', text('ALIPAI'))).toMatchObject({ suggestion: 'ALIPAY' });
  });
});
