import { type ColumnFormat, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { Layout } from '../mapping/layout.ts';
import { decimalOfText } from '../mapping/read-number.ts';
import { decodeText } from '../readers/csv/decode-text.ts';
import { delimitedText } from '../readers/csv/delimited-text.ts';
import { splitRecords } from '../readers/csv/split-records.ts';
import { shielded } from '../text-shield.ts';
import { resultHeaders } from './result-headers.ts';
import { resultTexts } from './result-tables.ts';
import type { ResultRow } from './row-results.ts';

const numberFormats: ReadonlySet<ColumnFormat> = new Set(['quantity', 'amount', 'percent']);

/** Columns of numbers. All others hold text, telephone numbers and columns that the template does not have among them. */
const numberColumns = ({ columns }: Layout): ReadonlySet<number> =>
  new Set(
    columns.flatMap(({ column, name }) =>
      name !== undefined && numberFormats.has(templateColumns[name].format) ? [column] : [],
    ),
  );

const isPlainNumber = (text: string): boolean =>
  /^ *[+-][\d.,]+ *$/.test(text) && decimalOfText(text) !== undefined;

const field = (text: string, delimiter: string): string =>
  /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The sender's own delimited file with the result columns beside each row, in UTF-8 with a byte order mark. Text that begins
 * like a formula has a quote before it, the sender's as ours, which reading takes off again: the file reads the same when it
 * comes back. A number in a column of numbers is no text, and would be made one by the quote: -12.50 stays.
 */
export const ownCsv = (bytes: Buffer, rows: readonly ResultRow[], layout: Layout): Buffer => {
  const { directive, text, delimiter } = delimitedText(decodeText(bytes));
  const records = [...splitRecords(text, delimiter)].map(({ fields }) => fields);
  const width =
    layout.resultColumns?.first ?? records.reduce((most, { length }) => Math.max(most, length), 0);
  const ofNumbers = numberColumns(layout);
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const lines = records.map((record, index) => {
    const row = index + 1;
    const isNumber = (one: string, column: number) =>
      row > layout.headerRow && ofNumbers.has(column) && isPlainNumber(one);
    const own = record.slice(0, width).map((one, column) => (isNumber(one, column) ? one : shielded(one)));
    const result = byRow.get(row);
    const told = row === layout.headerRow ? resultHeaders : result && resultTexts(result, layout.language);
    const fields = told
      ? [...own, ...Array<string>(width - own.length).fill(''), ...told.map(shielded)]
      : own;
    return fields.map((one) => field(one, delimiter)).join(delimiter);
  });
  return Buffer.from(`\ufeff${directive}${lines.join('\r\n')}\r\n`);
};
