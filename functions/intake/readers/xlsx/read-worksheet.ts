import type { Cell, SheetRow } from '../cell.ts';
import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { columnOf } from './column-of.ts';
import { type Attributes, parseXml, type XmlEvents } from './parse-xml.ts';
import { type CellContext, type RawCell, readCell } from './read-cell.ts';
import { createStringItem } from './string-item.ts';

const lastSheetRow = 1_048_576;

/** Turns the events of a sheet part into rows, which the caller takes from `rows` as they come. */
const createSheet = (
  context: CellContext,
  budget: { characters: number },
): { rows: SheetRow[]; events: XmlEvents } => {
  const rows: SheetRow[] = [];
  const inline = createStringItem(budget);
  const value = createStringItem(budget);
  let inData = false;
  let row: SheetRow | undefined;
  let rowNumber = 0;
  let raw: RawCell | undefined;
  let nextColumn = 0;

  const openRow = ({ r, hidden }: Attributes): void => {
    const number = r === undefined ? rowNumber + 1 : Number(r);
    if (!Number.isInteger(number) || number <= rowNumber || number > lastSheetRow)
      throw new InvalidFile('DAMAGED', { technical: `row ${String(r).slice(0, 20)}` });
    rowNumber = number;
    nextColumn = 0;
    row = { row: number, hidden: hidden === '1' || hidden === 'true', cells: [] };
  };

  const openCell = ({ r, t = 'n', s = '0' }: Attributes): void => {
    raw = {
      column: r === undefined ? nextColumn : columnOf(r),
      type: t,
      style: Number(s),
      hasFormula: false,
    };
    nextColumn = raw.column + 1;
  };

  const keep = (cell: Cell): void => {
    if (cell.column >= limits.columns)
      throw new InvalidFile('TOO_MANY_COLUMNS', { expected: `<= ${limits.columns}` });
    if (row && row.cells.length >= limits.columns)
      throw new InvalidFile('DAMAGED', { technical: `row ${row.row}` });
    row?.cells.push(cell);
  };

  const closeCell = (): void => {
    const cell = raw && readCell(raw, context);
    raw = undefined;
    if (cell) keep(cell);
  };

  const closeRow = (): void => {
    if (row && row.cells.length > 0) rows.push(row);
    row = undefined;
  };

  return {
    rows,
    events: {
      open: (name, attributes) => {
        if (name === 'sheetData') inData = true;
        if (!inData) return;
        if (name === 'row') openRow(attributes);
        else if (name === 'c') openCell(attributes);
        else if (name === 'f' && raw) raw.hasFormula = true;
        else if (name === 'v') value.open('t');
        else inline.open(name);
      },
      text: (text) => {
        if (!raw) return;
        value.text(text);
        inline.text(text);
      },
      close: (name) => {
        if (!inData) return;
        if (name === 'v') {
          value.close('t');
          if (raw) raw.value = value.take();
        } else if (name === 'is') {
          if (raw) raw.string = inline.take();
        } else if (name === 'c') closeCell();
        else if (name === 'row') closeRow();
        else if (name === 'sheetData') inData = false;
        else inline.close(name);
      },
    },
  };
};

/** Rows of a worksheet that have cells, streamed as the part inflates. */
export async function* readWorksheet(
  part: AsyncIterable<Buffer>,
  context: CellContext,
  budget: { characters: number },
): AsyncGenerator<SheetRow> {
  const { rows, events } = createSheet(context, budget);
  for await (const _chunk of parseXml(part, events)) yield* rows.splice(0);
}
