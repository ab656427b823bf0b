import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import * as z from 'zod';
import { cellReference, type SheetRow } from '../cell.ts';
import { asDamaged, InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { decodeText } from './decode-text.ts';
import { detectDelimiter } from './detect-delimiter.ts';

const sliceCharacters = 65_536;
const recordSchema = z.array(z.string());

function* slices(text: string): Generator<string> {
  for (let start = 0; start < text.length; start += sliceCharacters)
    yield text.slice(start, start + sliceCharacters);
}

const refuseOtherFormats = (text: string): void => {
  if (/^\s*</.test(text)) throw new InvalidFile('NOT_A_SPREADSHEET', { value: 'HTML / XML' });
  if (text.includes('\0')) throw new InvalidFile('NOT_A_SPREADSHEET');
};

const toRow = (record: readonly string[], row: number): SheetRow => {
  const cells = record.flatMap((text, column) =>
    text === '' ? [] : [{ column, kind: 'text' as const, text }],
  );
  const long = cells.find(({ text }) => text.length > limits.cellCharacters);
  if (long)
    throw new InvalidFile('CELL_TOO_LONG', {
      cell: cellReference(long.column, row),
      value: String(long.text.length),
      expected: `<= ${limits.cellCharacters}`,
    });
  if ((cells.at(-1)?.column ?? 0) >= limits.columns)
    throw new InvalidFile('TOO_MANY_COLUMNS', { expected: `<= ${limits.columns}` });
  return { row, hidden: false, cells };
};

/** Rows of a CSV or TSV file (RFC 4180). Rows count as in a spreadsheet: a quoted line break does not start a new one. */
export async function* readCsv(bytes: Uint8Array): AsyncGenerator<SheetRow> {
  const decoded = decodeText(bytes);
  refuseOtherFormats(decoded);
  const [directive = '', declared] = /^sep=(.)\r?\n/.exec(decoded) ?? [];
  const text = decoded.slice(directive.length);
  const parser = parse({
    delimiter: declared ?? detectDelimiter(text),
    record_delimiter: ['\r\n', '\n', '\r'],
    relax_column_count: true,
    relax_quotes: true,
    max_record_size: limits.columns * limits.cellCharacters,
  });
  let row = 0;
  try {
    for await (const record of Readable.from(slices(text)).pipe(parser)) {
      row += 1;
      yield toRow(recordSchema.parse(record), row);
    }
  } catch (error) {
    throw asDamaged(error);
  }
}
