import Big from 'big.js';
import { isMarkOf } from '../../../domain/values/currency-marks.ts';
import type { Cell } from '../readers/cell.ts';
import { serialOfDate } from '../readers/xlsx/serial-date.ts';
import { cleanCode } from './clean-text.ts';
import {
  type CellProblem,
  type Conversion,
  type ConversionContext,
  type Convert,
  type ConvertedColumn,
  error,
  read,
  warning,
} from './conversion.ts';
import { readingsOfDiscount, typedDiscountOf } from './read-discount.ts';
import {
  decimalOfCell,
  meantNumber,
  readingsOfNumber,
  type TypedNumber,
  typedNumberOf,
} from './read-number.ts';

/** Why a cell is no plain number although it holds one: the text stays, a correction is proposed where there is one. */
const notPlain = (cell: Cell, { hasDecimalCommas }: ConversionContext): Conversion | undefined => {
  if (cell.kind === 'date')
    return read(
      cell.text,
      error('TYPE_INVALID', { suggestion: serialOfDate(cell.text, cell.countsFrom1904 ?? false) }),
    );
  if (cell.kind === 'number')
    return cell.shownAs && 'percent' in cell.shownAs ? read(cell.text, error('TYPE_INVALID')) : undefined;
  const readings = hasDecimalCommas ? readingsOfNumber(cell.text) : [];
  return readings.length > 0
    ? read(cell.text, error('NUMBER_AMBIGUOUS', { expected: readings.join(' / ') }))
    : undefined;
};

const numberOf = (cell: Cell): TypedNumber | undefined => {
  if (cell.kind !== 'number') return typedNumberOf(cell.text);
  const decimal = decimalOfCell(cell.text);
  return decimal === undefined ? undefined : { decimal, marks: [] };
};

/** What is no number at all; the order's own check tells it, unless there is something to propose. */
const unreadable = (cell: Cell): Conversion => {
  const suggestion = meantNumber(cell.text);
  return read(cleanCode(cell.text), ...(suggestion ? [error('FORMAT_INVALID', { suggestion })] : []));
};

/** An amount beside the mark of a currency that is not the order's. */
const currencyProblems = (
  cell: Cell,
  marks: readonly string[],
  column: ConvertedColumn,
  { currency }: ConversionContext,
): CellProblem[] => {
  if (currency === undefined) return [];
  const differs = (mark: string) => !isMarkOf(mark, currency);
  if ([...marks, ...(column.currency === undefined ? [] : [column.currency])].some(differs))
    return [error('ORDER_FIELD_CONFLICT', { expected: currency })];
  return cell.shownAs && 'currency' in cell.shownAs && differs(cell.shownAs.currency)
    ? [warning('ORDER_FIELD_CONFLICT', { expected: currency })]
    : [];
};

export const convertAmount: Convert = (cell, column, context) => {
  const typed = numberOf(cell);
  return (
    notPlain(cell, context) ??
    (typed ? read(typed.decimal, ...currencyProblems(cell, typed.marks, column, context)) : unreadable(cell))
  );
};

/** The same number as a JSON number, unless that cannot hold it exactly. */
const exactNumber = (decimal: string): number | string => {
  const number = Number(decimal);
  return new Big(decimal).eq(number) ? number : decimal;
};

export const convertQuantity: Convert = (cell, _column, context) => {
  const typed = numberOf(cell);
  return (
    notPlain(cell, context) ??
    (typed && typed.marks.length === 0 ? read(exactNumber(typed.decimal)) : unreadable(cell))
  );
};

/** A header that says per cent; 折扣 alone may as well mean tenths of the price. */
const saysPercent = (header: string): boolean => /[%％]|率|percent/i.test(header);

const isAmbiguous = (decimal: string, header: string): boolean => {
  const value = new Big(decimal);
  return value.gt(0) && (value.lt(1) || (value.lt(10) && !saysPercent(header)));
};

export const convertPercent: Convert = (cell, { header }) => {
  const isFraction = cell.shownAs !== undefined && 'percent' in cell.shownAs;
  const decimal = cell.kind === 'number' ? decimalOfCell(cell.text) : undefined;
  const typed =
    decimal === undefined
      ? typedDiscountOf(cell.text)
      : { percent: isFraction ? new Big(decimal).times(100).toFixed() : decimal, isStated: isFraction };
  if (!typed || cell.kind === 'date') return read(cleanCode(cell.text));
  return typed.isStated || !isAmbiguous(typed.percent, header)
    ? read(typed.percent)
    : read(
        typed.percent,
        error('DISCOUNT_AMBIGUOUS', { expected: readingsOfDiscount(typed.percent).join(' / ') }),
      );
};
