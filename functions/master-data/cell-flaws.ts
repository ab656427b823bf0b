import Big from 'big.js';
import type { FindingCode } from '../../domain/findings/finding.ts';
import { isGtin } from '../../domain/values/gtin.ts';
import { isScientific, reliableDigits, withLostZeros } from '../intake/mapping/lost-digits.ts';
import { textProblems } from '../intake/mapping/text-problems.ts';
import type { Cell } from '../intake/readers/cell.ts';

/** Why a cell's text cannot be what was meant; the message completes the sentence "row 7, sku: …". */
export type Flaw = { code: FindingCode; message: string; suggestion?: string };

/** Columns of codes, of which every digit counts. */
const codeColumns: ReadonlySet<string> = new Set([
  'sku',
  'skus',
  'gtin',
  'code',
  'buyerItemId',
  'customerId',
  'receiptId',
]);

const precisionLost: Flaw = {
  code: 'NUMBER_PRECISION_LOST',
  message: `is a number of more than ${reliableDigits} digits, whose last ones a spreadsheet loses; store it as text`,
};

/** What is wrong with a cell whatever its column: formulas without a value, errors, lost digits, wrong encodings, quotes. */
export const cellFlaw = (cell: Cell): Flaw | undefined => {
  if (cell.formula === 'without-value')
    return { code: 'FORMULA_NO_VALUE', message: 'is a formula without a value; write the value itself' };
  if (cell.kind === 'error') return { code: 'CELL_ERROR', message: 'is an error of the spreadsheet' };
  if (cell.kind === 'number' && new Big(cell.text).abs().gte(new Big(10).pow(reliableDigits)))
    return precisionLost;
  const [damage] = textProblems(cell, 'identifier').filter(({ severity }) => severity === 'ERROR');
  if (!damage) return undefined;
  const { code, suggestion } = damage;
  return {
    code,
    message:
      code === 'QUOTES_BROKEN'
        ? 'has quotes that are not in pairs'
        : 'is not readable: another encoding was meant',
    ...(suggestion && { suggestion }),
  };
};

/** A code whose leading zeros a spreadsheet took away. */
export const zerosLost = (meant: string): Flaw => ({
  code: 'LEADING_ZERO_LOST',
  message: `has lost its leading zeros: ${meant} was meant; store it as text`,
  suggestion: meant,
});

/** What is wrong with a text in its column: codes that a spreadsheet has taken for numbers. */
export const codeFlaw = (column: string, text: string): Flaw | undefined => {
  if (!codeColumns.has(column)) return undefined;
  if (isScientific(text))
    return { ...precisionLost, message: 'is a number cut short; write the whole code as text' };
  if (column !== 'gtin' || isGtin(text)) return undefined;
  const meant = withLostZeros(text, 'gtin', { countryCode: 'CN' });
  return meant === undefined ? undefined : zerosLost(meant);
};
