import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';
import { plusDays } from '../../../domain/values/calendar.ts';
import type { Cell } from '../readers/cell.ts';

export type FieldValue = string | number | boolean;
export type CellProblem = Pick<CellFinding, 'severity' | 'code' | 'expected' | 'suggestion'>;

/** What a cell says in its column. A value that cannot be read stays as its text, beside the problem that says so. */
export type Conversion = { value?: FieldValue; problems: CellProblem[] };

/** A column of the template in a file, with the currency or unit that its header names. */
export type ConvertedColumn = { name: ColumnName; header: string; currency?: string; unit?: string };

export type ConversionContext = {
  countryCode: string;
  timeZone: string;
  /** Today in the company's zone, and the first and last day that an order of today may name, as `YYYY-MM-DD`. */
  days: { earliest: string; today: string; latest: string };
  /** Of the order; undefined while it is not known. */
  currency?: string;
  hasDecimalCommas: boolean;
  /** Columns of codes whose long numbers all end in zeros, as a spreadsheet leaves them. */
  roundedColumns: ReadonlySet<ColumnName>;
};

const daysOrdered = 365;

/** The days around a day that orders name: a year back and a year ahead. */
export const daysAround = (today: string): ConversionContext['days'] => ({
  earliest: plusDays(today, -daysOrdered),
  today,
  latest: plusDays(today, daysOrdered),
});

export type Convert = (cell: Cell, column: ConvertedColumn, context: ConversionContext) => Conversion;

type More = { expected?: string | undefined; suggestion?: string | undefined };

const problem = (
  severity: CellProblem['severity'],
  code: CellProblem['code'],
  { expected, suggestion }: More,
): CellProblem => ({
  severity,
  code,
  ...(expected !== undefined && { expected }),
  ...(suggestion !== undefined && { suggestion }),
});

export const error = (code: CellProblem['code'], more: More = {}): CellProblem =>
  problem('ERROR', code, more);
export const warning = (code: CellProblem['code'], more: More = {}): CellProblem =>
  problem('WARNING', code, more);
export const read = (value: FieldValue, ...problems: CellProblem[]): Conversion => ({ value, problems });
