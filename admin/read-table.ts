import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import Big from 'big.js';
import { type Cell, isBlank, type SheetRow } from '../functions/intake/readers/cell.ts';
import { InvalidFile } from '../functions/intake/readers/invalid-file.ts';
import { readSheet } from '../functions/intake/readers/read-sheet.ts';
import { Refusal } from './refusal.ts';

/** A cell as text; `flaw` says why its text cannot be what was meant. */
export type TableCell = { text: string; flaw?: string };

/** A file's header and rows, cells by column. Rows count as the file shows them; blank rows are left out. */
export type Table = {
  headerRow: number;
  header: string[];
  rows: { row: number; cells: TableCell[] }[];
  /** Of the file's bytes, hex. */
  sha256: string;
};

/** Spreadsheets keep 15 digits: what a cell stores beyond them is noise after the point, and a loss before it. */
const exactDigits = 15;

const numberCell = (text: string): TableCell => {
  const stored = new Big(text);
  if (stored.abs().gte(new Big(10).pow(exactDigits)))
    return {
      text,
      flaw: `is a number of more than ${exactDigits} digits, whose last ones a spreadsheet loses; store it as text`,
    };
  return { text: new Big(stored.toPrecision(exactDigits)).toFixed() };
};

const tableCell = (cell: Cell): TableCell => {
  if (cell.formula === 'without-value')
    return { text: '', flaw: 'is a formula without a value; write the value itself' };
  switch (cell.kind) {
    case 'error':
      return { text: cell.text, flaw: 'is an error of the spreadsheet' };
    case 'number':
      return numberCell(cell.text);
    case 'boolean':
      return { text: cell.text === 'TRUE' ? 'yes' : 'no' };
    case 'text':
    case 'date':
      return { text: cell.text.normalize().trim() };
    default:
      return cell.kind satisfies never;
  }
};

const cellsOf = ({ cells }: SheetRow): TableCell[] => {
  const width = Math.max(...cells.map(({ column }) => column + 1));
  const row = Array.from({ length: width }, (): TableCell => ({ text: '' }));
  for (const cell of cells) row[cell.column] = tableCell(cell);
  return row;
};

const readBytes = async (path: string): Promise<Buffer> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Refusal(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
};

/** Reads a csv or xlsx file, whichever its bytes say it is. Throws Refusal when it is neither or has no row. */
export const readTable = async (path: string): Promise<Table> => {
  const bytes = await readBytes(path);
  const rows: { row: number; cells: TableCell[] }[] = [];
  try {
    for await (const sheetRow of readSheet(bytes)) {
      if (!sheetRow.cells.every(isBlank)) rows.push({ row: sheetRow.row, cells: cellsOf(sheetRow) });
    }
  } catch (error) {
    if (!(error instanceof InvalidFile)) throw error;
    const { value, expected, technical } = error.detail;
    const detail = [value, expected && `allowed: ${expected}`, technical].filter(Boolean).join('; ');
    throw new Refusal(
      `${path} cannot be read: ${error.refusal.toLowerCase().replaceAll('_', ' ')}${detail && ` (${detail})`}`,
    );
  }
  const [first, ...rest] = rows;
  if (!first) throw new Refusal(`${path} is empty.`);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { headerRow: first.row, header: first.cells.map(({ text }) => text), rows: rest, sha256 };
};
