import { createHash } from 'node:crypto';
import Big from 'big.js';
import { reliableDigits } from '../intake/mapping/lost-digits.ts';
import { type Cell, isBlank, type SheetRow } from '../intake/readers/cell.ts';
import { InvalidFile } from '../intake/readers/invalid-file.ts';
import type { SizeLimits } from '../intake/readers/limits.ts';
import { readSheet } from '../intake/readers/read-sheet.ts';
import { cellFlaw, type Flaw } from './cell-flaws.ts';

/** A cell as text, and as the percentage that its number is shown as; `flaw` says why it cannot be what was meant. */
export type TableCell = { text: string; percentage?: string; flaw?: Flaw };

/** A file's header and rows, cells by column. Rows count as the file shows them; blank rows are left out. */
export type Table = {
  headerRow: number;
  header: string[];
  rows: { row: number; cells: TableCell[] }[];
  /** Of the file's bytes, hex. */
  sha256: string;
};

/** What a cell stores beyond the reliable digits is noise. */
const numberOf = ({ text }: Cell): Big => new Big(new Big(text).toPrecision(reliableDigits));

/** Zeros that a cell shows before its number were meant. */
const numberText = (cell: Cell): string => {
  const { shownAs } = cell;
  return numberOf(cell)
    .toFixed()
    .padStart(shownAs && 'digits' in shownAs ? shownAs.digits : 0, '0');
};

const textOf = (cell: Cell): string => {
  switch (cell.kind) {
    case 'number':
      return numberText(cell);
    case 'boolean':
      return cell.text === 'TRUE' ? 'yes' : 'no';
    case 'error':
    case 'text':
    case 'date':
      return cell.text.normalize().trim();
    default:
      return cell.kind satisfies never;
  }
};

const tableCell = (cell: Cell): TableCell => {
  const flaw = cellFlaw(cell);
  if (flaw) return { text: cell.text, flaw };
  const { kind, shownAs } = cell;
  const isPercentage = kind === 'number' && shownAs !== undefined && 'percent' in shownAs;
  return {
    text: textOf(cell),
    ...(isPercentage && { percentage: `${numberOf(cell).times(100).toFixed()}%` }),
  };
};

const cellsOf = ({ cells }: SheetRow): TableCell[] => {
  const width = Math.max(...cells.map(({ column }) => column + 1));
  const row = Array.from({ length: width }, (): TableCell => ({ text: '' }));
  for (const cell of cells) row[cell.column] = tableCell(cell);
  return row;
};

/** The rows of a csv or xlsx file, whichever its bytes say it is. Throws InvalidFile when it is neither, is damaged or has no row. */
export const tableOf = async (bytes: Buffer, sizes?: SizeLimits, signal?: AbortSignal): Promise<Table> => {
  const rows: { row: number; cells: TableCell[] }[] = [];
  for await (const sheetRow of readSheet(bytes, signal, sizes)) {
    if (!sheetRow.cells.every(isBlank)) rows.push({ row: sheetRow.row, cells: cellsOf(sheetRow) });
    if (sizes && rows.length > sizes.dataRows + 1)
      throw new InvalidFile('TOO_MANY_ROWS', { expected: `<= ${sizes.dataRows}` });
  }
  const [first, ...rest] = rows;
  if (!first) throw new InvalidFile('FILE_EMPTY');
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { headerRow: first.row, header: first.cells.map(({ text }) => text), rows: rest, sha256 };
};
