import type { CellDamage } from './damaged-file.ts';
import { inPieces, withLine, withOrder } from './prepare.ts';

const errorValue = (text: string): CellDamage => ({
  name: `the error ${text}`,
  formats: ['xlsx'],
  column: 'quantity',
  prepare: inPieces,
  cell: { error: text },
  findings: ['ERROR CELL_ERROR'],
});

const errorText = (text: string): CellDamage => ({
  ...errorValue(text),
  name: `the text of the error ${text}`,
  formats: ['csv'],
  cell: text,
});

const uncomputed = (name: string, column: CellDamage['column'], emptyValue?: true): CellDamage => ({
  name,
  formats: ['xlsx'],
  column,
  prepare: withLine({ discountPercent: '5', quantity: '24', unit: { zh: '个', en: 'pcs', code: 'C62' } }),
  cell: { formula: 'Z9*2', ...(emptyValue && { emptyValue }) },
  findings: ['ERROR FORMULA_NO_VALUE'],
});

const computed = (name: string, column: CellDamage['column'], more: Partial<CellDamage>): CellDamage => ({
  name,
  formats: ['xlsx'],
  column,
  cell: '',
  findings: ['WARNING FORMULA_VALUE_USED'],
  readsAsMeant: true,
  ...more,
});

/** Formulas without a result, with one that may be stale, and errors in place of values. */
export const damagedFormulas: readonly CellDamage[] = [
  ...['#N/A', '#REF!', '#VALUE!', '#DIV/0!', '#NAME?', '#NUM!', '#NULL!'].map(errorValue),
  ...['#N/A', '#REF!', '#DIV/0!', '#SPILL!', '#ERROR!', 'Err:502'].map(errorText),
  uncomputed('a formula that was never computed', 'quantity'),
  uncomputed('a formula with an empty value', 'unitPrice', true),
  uncomputed('an optional formula with an empty value', 'discountPercent', true),
  uncomputed('a formula for an order value without a result', 'customerName'),
  computed('a formula with a number', 'quantity', {
    prepare: inPieces,
    cell: (meant) => ({ formula: 'A1*2', result: { number: meant } }),
  }),
  computed('a formula with a text', 'itemName', {
    cell: (meant) => ({ formula: 'VLOOKUP(A1,B:C,2,0)', result: meant }),
  }),
  computed('a formula with a date', 'requestedDate', {
    cell: (meant) => ({ formula: 'TODAY()+30', result: { date: meant } }),
  }),
  computed('a shared formula', 'unitPrice', {
    cell: (meant) => ({ formula: '', attributes: 't="shared" si="0"', result: { number: meant } }),
  }),
  computed('a constant written as a formula', 'customerId', {
    formats: ['csv'],
    prepare: withOrder({ customerId: '00042' }),
    cell: '="00042"',
  }),
  {
    name: 'a formula whose result is an error',
    formats: ['xlsx'],
    column: 'unitPrice',
    cell: { formula: 'VLOOKUP(A1,B:C,2,0)', result: { error: '#N/A' } },
    findings: ['ERROR CELL_ERROR'],
  },
];
