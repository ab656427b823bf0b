import { type Cell, cellReference, type MergedRange, type SheetEnd, type SheetRow } from '../cell.ts';
import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';
import { isInRange, rangeOf } from './cell-range.ts';
import { columnOf } from './column-of.ts';
import { type Attributes, parseXml, type XmlEvents } from './parse-xml.ts';
import { type CellContext, type RawCell, readCell } from './read-cell.ts';
import { createStringItem } from './string-item.ts';

const lastSheetRow = 1_048_576;

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';
const isZero = (size: string | undefined): boolean => size !== undefined && Number(size) === 0;

const withinBounds = (cell: Cell, row: number): Cell => {
  if (cell.column >= limits.columns)
    throw new InvalidFile('TOO_MANY_COLUMNS', { expected: `<= ${limits.columns}` });
  if (cell.text.length > limits.cellCharacters)
    throw new InvalidFile('CELL_TOO_LONG', {
      cell: cellReference(cell.column, row),
      value: String(cell.text.length),
      expected: `<= ${limits.cellCharacters}`,
    });
  return cell;
};

/** Turns the events of `sheetData` into rows, which the caller takes from `rows` as they come. */
const createRows = (context: CellContext, budget: { characters: number }) => {
  const rows: SheetRow[] = [];
  const inline = createStringItem(budget);
  const value = createStringItem(budget);
  /** Of formulas with one result for many cells: the others have a value and no formula of their own. */
  const spilt: MergedRange[] = [];
  let row: SheetRow | undefined;
  let rowNumber = 0;
  let raw: RawCell | undefined;
  let nextColumn = 0;

  const openRow = ({ r, hidden, ht }: Attributes): void => {
    const number = r === undefined ? rowNumber + 1 : Number(r);
    if (!Number.isInteger(number) || number <= rowNumber || number > lastSheetRow)
      throw new InvalidFile('DAMAGED', { technical: `row ${String(r).slice(0, 20)}` });
    rowNumber = number;
    nextColumn = 0;
    row = { row: number, hidden: isTrue(hidden) || isZero(ht), cells: [] };
  };

  const openCell = ({ r, t = 'n', s = '0' }: Attributes): void => {
    const column = r === undefined ? nextColumn : columnOf(r);
    const hasFormula = spilt.length > 0 && spilt.some((range) => isInRange(range, column, rowNumber));
    raw = { column, type: t, style: Number(s), hasFormula };
    nextColumn = column + 1;
  };

  const openFormula = ({ t, ref }: Attributes): void => {
    if (!raw) return;
    raw.hasFormula = true;
    if (ref === undefined || t === undefined || t === 'shared' || !ref.includes(':')) return;
    if (spilt.length < limits.spiltFormulas) spilt.push(rangeOf(ref));
  };

  const closeCell = (): void => {
    const cell = raw && readCell(raw, context);
    raw = undefined;
    if (!cell || !row) return;
    if (cell.column <= (row.cells.at(-1)?.column ?? -1))
      throw new InvalidFile('DAMAGED', { technical: `order of cells in row ${row.row}` });
    row.cells.push(withinBounds(cell, row.row));
  };

  const closeRow = (): void => {
    if (row && row.cells.length > 0) rows.push(row);
    row = undefined;
  };

  const events: Required<XmlEvents> = {
    open: (name, attributes) => {
      if (name === 'row') openRow(attributes);
      else if (name === 'c') openCell(attributes);
      else if (name === 'f') openFormula(attributes);
      else if (name === 'v') value.open('t');
      else inline.open(name);
    },
    text: (text) => {
      if (!raw) return;
      value.text(text);
      inline.text(text);
    },
    close: (name) => {
      if (name === 'v') {
        value.close('t');
        if (raw) raw.value = value.take();
      } else if (name === 'is') {
        if (raw) raw.string = inline.take();
      } else if (name === 'c') closeCell();
      else if (name === 'row') closeRow();
      else inline.close(name);
    },
  };
  return { rows, events };
};

type Facts = Pick<SheetEnd, 'merged' | 'hiddenColumns'>;

/** What stands before and after `sheetData`. */
const readFact = (name: string, attributes: Attributes, { merged, hiddenColumns }: Facts): void => {
  if (name === 'mergeCell') {
    merged.push(rangeOf(attributes.ref ?? ''));
    if (merged.length > limits.mergedRanges) throw new InvalidFile('DAMAGED', { technical: 'merged cells' });
  } else if (
    name === 'col' &&
    (isTrue(attributes.hidden) || isZero(attributes.width)) &&
    hiddenColumns.length < limits.columns
  )
    hiddenColumns.push({ first: Number(attributes.min) - 1, last: Number(attributes.max) - 1 });
};

/** Rows of a worksheet that have cells, streamed as the part inflates; at their end its merged cells and hidden columns. */
export async function* readWorksheet(
  part: AsyncIterable<Buffer>,
  context: CellContext,
  budget: { characters: number },
): AsyncGenerator<SheetRow, Facts> {
  const { rows, events } = createRows(context, budget);
  const facts: Facts = { merged: [], hiddenColumns: [] };
  let inData = false;
  const reading = parseXml(part, {
    open: (name, attributes) => {
      if (name === 'sheetData') inData = true;
      else if (inData) events.open(name, attributes);
      else readFact(name, attributes, facts);
    },
    text: (text) => {
      if (inData) events.text(text);
    },
    close: (name) => {
      if (name === 'sheetData') inData = false;
      else if (inData) events.close(name);
    },
  });
  for await (const _chunk of reading) yield* rows.splice(0);
  return facts;
}
