import type { CellDamage } from './damaged-file.ts';
import { inPieces, withLine } from './prepare.ts';
import { plainCsv } from './write-csv.ts';

const both = ['csv', 'xlsx'] as const;
const semicolons = { ...plainCsv, delimiter: ';' };
const withDiscount = withLine({ discountPercent: '5' });

const quantity = (
  name: string,
  cell: CellDamage['cell'],
  code: string,
  suggestion?: string,
  formats: CellDamage['formats'] = both,
): CellDamage => ({
  name,
  formats,
  column: 'quantity',
  prepare: inPieces,
  cell,
  findings: [`ERROR ${code}`],
  ...(suggestion !== undefined && { suggestion }),
});

const price = (
  name: string,
  cell: CellDamage['cell'],
  code: string,
  more: Partial<CellDamage> = {},
): CellDamage => ({ name, formats: both, column: 'unitPrice', cell, findings: [code], ...more });

/** Numbers that can be read in two ways, or that stand where numbers do not belong. */
export const damagedNumbers: readonly CellDamage[] = [
  quantity('a quantity in Chinese', '二十四', 'FORMAT_INVALID', '24'),
  quantity('a quantity with its unit', '24个', 'FORMAT_INVALID', '24'),
  quantity('a quantity in ten thousands', '1.5万', 'FORMAT_INVALID', '15000'),
  quantity('a quantity in formal Chinese', '壹佰零伍', 'FORMAT_INVALID', '105'),
  quantity('two numbers in one cell', '2 4', 'TYPE_INVALID'),
  quantity('a footnote behind a number', '24¹', 'TYPE_INVALID'),
  quantity('about a number', '约24', 'TYPE_INVALID'),
  quantity('a quantity with a currency', '24元', 'TYPE_INVALID'),
  quantity('a column too narrow for its numbers', '######', 'CELL_ERROR'),
  quantity('a negative quantity', '-24', 'QUANTITY_NOT_POSITIVE'),
  quantity('a quantity of nothing', '0', 'QUANTITY_NOT_POSITIVE'),
  quantity('half a piece', '24.5', 'QUANTITY_NOT_WHOLE'),
  quantity('a quantity shown as a date', { number: '24', format: 'yyyy/m/d' }, 'TYPE_INVALID', '24', [
    'xlsx',
  ]),
  quantity('a quantity shown as a percentage', { number: '0.24', format: '0%' }, 'TYPE_INVALID', undefined, [
    'xlsx',
  ]),
  {
    ...quantity('a quantity beyond all numbers', { number: '1e308' }, 'QUANTITY_TOO_LARGE'),
    formats: ['xlsx'],
    findings: ['ERROR QUANTITY_TOO_LARGE', 'ERROR FORMAT_INVALID'],
  },
  quantity('a truth value for a quantity', { boolean: true }, 'TYPE_INVALID', undefined, ['xlsx']),
  quantity('a quantity of more digits than numbers have', '24.0000000000000001', 'TYPE_INVALID', undefined, [
    'csv',
  ]),
  {
    ...quantity('thousands or a fraction, in a file with semicolons', '1,250', 'NUMBER_AMBIGUOUS'),
    formats: ['csv'],
    csv: semicolons,
  },
  price('thousands or a fraction, by a point in a file with semicolons', '1.250', 'ERROR NUMBER_AMBIGUOUS', {
    formats: ['csv'],
    csv: semicolons,
  }),
  price('a decimal comma', '39,90', 'ERROR FORMAT_INVALID', { suggestion: '39.9' }),
  price('a decimal comma and points for thousands', '1.234,50', 'ERROR FORMAT_INVALID', {
    suggestion: '1234.5',
  }),
  price('dollars in an order in yuan', '$39.90', 'ERROR ORDER_FIELD_CONFLICT'),
  price('Hong Kong dollars in an order in yuan', 'HK$ 39.90', 'ERROR ORDER_FIELD_CONFLICT'),
  price('a price in words for dollars', '39.90美元', 'ERROR ORDER_FIELD_CONFLICT'),
  price('euros by their code', 'EUR 39.90', 'ERROR ORDER_FIELD_CONFLICT'),
  price(
    'a price shown in dollars',
    { number: '39.9', format: '[$$-409]#,##0.00' },
    'WARNING ORDER_FIELD_CONFLICT',
    { formats: ['xlsx'] },
  ),
  price(
    'a price shown in euros',
    { number: '39.9', format: '#,##0.00\\ "€"' },
    'WARNING ORDER_FIELD_CONFLICT',
    { formats: ['xlsx'] },
  ),
  price('a price in brackets', '(39.90)', 'ERROR FORMAT_INVALID'),
  price('a price to be agreed', '面议', 'ERROR FORMAT_INVALID'),
  price('a price with more decimals than money has', '0.00001', 'ERROR FORMAT_INVALID'),
  price('a price broken over two lines', '39\n.90', 'ERROR FORMAT_INVALID'),
  {
    name: 'a discount as a fraction',
    formats: both,
    column: 'discountPercent',
    prepare: withDiscount,
    cell: '0.05',
    findings: ['ERROR DISCOUNT_AMBIGUOUS'],
  },
  {
    name: 'a discount as the share that is paid',
    formats: ['xlsx'],
    column: 'discountPercent',
    prepare: withDiscount,
    cell: { number: '0.95' },
    findings: ['ERROR DISCOUNT_AMBIGUOUS'],
  },
  {
    name: 'a discount in tenths below a header that does not say so',
    formats: both,
    column: 'discountPercent',
    prepare: withLine({ discountPercent: '12' }),
    cell: '9.5',
    style: { headers: { discountPercent: '折扣' } },
    findings: ['ERROR DISCOUNT_AMBIGUOUS'],
  },
  {
    name: 'a discount beyond the price',
    formats: both,
    column: 'discountPercent',
    prepare: withDiscount,
    cell: '500%',
    findings: ['ERROR DISCOUNT_NOT_ALLOWED'],
  },
];
