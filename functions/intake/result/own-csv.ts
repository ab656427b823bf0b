import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { Layout } from '../mapping/layout.ts';
import { decodeText } from '../readers/csv/decode-text.ts';
import { detectDelimiter } from '../readers/csv/detect-delimiter.ts';
import { resultHeaders } from './result-headers.ts';
import { resultTexts } from './result-tables.ts';
import type { ResultRow } from './row-results.ts';

const recordsSchema = z.array(z.array(z.string()));

/** A spreadsheet program takes a text that starts so for a formula; the quote before it says that it is text. */
const isFormula = (text: string): boolean => /^[=+\-@\t\r＝＋－＠]/.test(text);
const harmless = (text: string): string => (isFormula(text) ? `'${text}` : text);

const field = (text: string, delimiter: string): string =>
  /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;

/**
 * The sender's own delimited file with the result columns beside each row, in UTF-8 with a byte order mark. The sender's
 * fields are written as they were sent, so that the file reads the same when it comes again; ours never start a formula.
 */
export const ownCsv = (bytes: Buffer, rows: readonly ResultRow[], layout: Layout): Buffer => {
  const decoded = decodeText(bytes);
  const [directive = '', declared] = /^sep=(.)\r?\n/.exec(decoded) ?? [];
  const text = decoded.slice(directive.length);
  const delimiter = declared ?? detectDelimiter(text);
  const records = recordsSchema.parse(
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      relax_quotes: true,
    }),
  );
  const width =
    layout.resultColumns?.first ?? records.reduce((most, { length }) => Math.max(most, length), 0);
  const byRow = new Map(rows.map((row) => [row.row, row]));
  const lines = records.map((record, index) => {
    const own = record.slice(0, width);
    const result = byRow.get(index + 1);
    const told =
      index + 1 === layout.headerRow ? resultHeaders : result && resultTexts(result, layout.language);
    const fields = told
      ? [...own, ...Array<string>(width - own.length).fill(''), ...told.map(harmless)]
      : own;
    return fields.map((one) => field(one, delimiter)).join(delimiter);
  });
  return Buffer.from(`\ufeff${directive}${lines.join('\r\n')}\r\n`);
};
