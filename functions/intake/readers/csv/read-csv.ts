import { setImmediate } from 'node:timers/promises';
import { withoutShield } from '../../text-shield.ts';
import { type Cell, cellReference, type Sheet, type SheetEnd, type SheetRow } from '../cell.ts';
import { type CellPool, createCellPool } from '../cell-pool.ts';
import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { decodeMarked, isBinary, misreadMark } from './decode-text.ts';
import { delimitedText } from './delimited-text.ts';
import { type CsvRecord, splitRecords } from './split-records.ts';

const refuseOtherFormats = (text: string): void => {
  if (/^\s*</.test(text)) throw new InvalidFile('NOT_A_SPREADSHEET', { value: 'HTML / XML' });
  if (isBinary(text.length, (at) => text.charCodeAt(at))) throw new InvalidFile('NOT_A_SPREADSHEET');
  if (text.endsWith('\0')) throw new InvalidFile('DAMAGED', { technical: 'zeros at the end' });
};

/** A quote that was not closed swallows whole records, up to the next quote of the file. */
const holdsRecord = (field: string, delimiter: string, width: number): boolean =>
  field
    .split(/\r\n|\n|\r/)
    .slice(1)
    .some((line) => line.split(delimiter).length > Math.max(4, width / 2));

const isMisread = (field: string): boolean => field.includes(misreadMark) || field.includes('\0');

const hasLineOrMark = /[\0\r\n\ufdd0]/;

/** What is the same for all cells of a file so far. */
type FileSoFar = { delimiter: string; width: number; share: CellPool };

const toCell = (
  field: string,
  column: number,
  isBroken: boolean,
  { delimiter, width, share }: FileSoFar,
): Cell => {
  if (!isBroken && !hasLineOrMark.test(field)) return share(column, 'text', field);
  const text = field.replaceAll(misreadMark, '').replaceAll('\0', '\ufffd');
  if (isBroken || holdsRecord(field, delimiter, width))
    return { column, kind: 'text', text, damage: 'quotes' };
  return { column, kind: 'text', text, ...(isMisread(field) && { damage: 'encoding' }) };
};

const toRow = ({ fields, broken }: CsvRecord, row: number, file: FileSoFar): SheetRow => {
  const cells: Cell[] = [];
  fields.forEach((field, column) => {
    if (field === '') return;
    if (column >= limits.columns)
      throw new InvalidFile('TOO_MANY_COLUMNS', { expected: `<= ${limits.columns}` });
    if (field.length > limits.cellCharacters && withoutShield(field).length > limits.cellCharacters)
      throw new InvalidFile('CELL_TOO_LONG', {
        cell: cellReference(column, row),
        value: String(field.length),
        expected: `<= ${limits.cellCharacters}`,
      });
    cells.push(toCell(field, column, broken.includes(column), file));
  });
  return { row, hidden: false, cells, fields: fields.length };
};

const endOf = (delimiter: string): SheetEnd => ({
  merged: [],
  hiddenColumns: [],
  unreadSheets: [],
  hasDecimalCommas: delimiter === ';',
});

/** After so many rows, timers get their turn: a file that takes too long must be stopped by one. */
const rowsAtOnce = 1000;

/**
 * Rows of a CSV or TSV file (RFC 4180) that have anything in them. Rows count as in a spreadsheet: a quoted line break does
 * not start a new one, a blank line does.
 */
export async function* readCsv(bytes: Uint8Array): Sheet {
  const decoded = decodeMarked(bytes);
  refuseOtherFormats(decoded);
  const { text, delimiter } = delimitedText(decoded);
  const file = { delimiter, width: 0, share: createCellPool() };
  let row = 0;
  for (const record of splitRecords(text, delimiter)) {
    row += 1;
    if (row % rowsAtOnce === 0) await setImmediate();
    file.width = Math.max(file.width, record.fields.length);
    const sheetRow = toRow(record, row, file);
    if (sheetRow.cells.length > 0) yield sheetRow;
  }
  return endOf(delimiter);
}
