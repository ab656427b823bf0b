import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import { type Cell, cellReference, type MergedRange } from '../readers/cell.ts';
import { InvalidFile } from '../readers/invalid-file.ts';
import { limits, type SizeLimits } from '../readers/limits.ts';
import type { DataRow } from './data-row.ts';
import type { Layout } from './layout.ts';

/** The position of the first row at or below a row of the sheet. */
const firstAtOrBelow = (rows: readonly DataRow[], row: number): number => {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((rows[middle]?.row ?? 0) < row) low = middle + 1;
    else high = middle;
  }
  return low;
};

const numberFormats: ReadonlySet<string> = new Set(['amount', 'quantity', 'ordinal']);

/** True when one value can stand for each of several rows; of an amount it may as well be the sum of theirs. */
export const isShareable = (name: ColumnName): boolean => !numberFormats.has(templateColumns[name].format);

type Place = { name: ColumnName; column: number; position: number };

const placesIn = ({ columns }: Layout, { firstColumn, lastColumn }: MergedRange): Place[] =>
  columns.flatMap(({ name, column }, position) =>
    name !== undefined && column >= firstColumn && column <= lastColumn ? [{ name, column, position }] : [],
  );

const uncertain = (cell: Cell, from: string): Cell => ({ ...cell, merged: { from, isUncertain: true } });
/** A value of its own that the range covers, so that the sheet does not show it. */
const covered = (cell: Cell, from: string): Cell => ({
  ...cell,
  merged: { from, isUncertain: true, isOwn: true },
});

/** What a row says in the column of a range that shows a value, or none. */
const filled = (own: Cell | undefined, shown: Cell | undefined, from: string): Cell | undefined => {
  if (!shown) return own && covered(own, from);
  return own && own.text !== shown.text ? uncertain(shown, from) : { ...shown, merged: { from } };
};

/** Gives the rows of a range, in its first column, the value that it shows; what lies beneath or beside it is uncertain. */
const fill = (rows: readonly DataRow[], range: MergedRange, places: readonly Place[]): void => {
  const from = cellReference(range.firstColumn, range.firstRow);
  for (const { cells } of rows)
    for (const { column, position } of places) {
      const cell = cells[position];
      if (cell && column !== range.firstColumn) cells[position] = covered(cell, from);
    }
  const place = places.find(({ column }) => column === range.firstColumn);
  if (!place) return;
  const { position, name } = place;
  const [first] = rows;
  const top = first?.row === range.firstRow ? first : undefined;
  const shown = top?.cells[position];
  for (const row of rows) if (row !== top) row.cells[position] = filled(row.cells[position], shown, from);
  if (!top || !shown) return;
  if (places.length > 1) top.cells[position] = uncertain(shown, from);
  else if (rows.length > 1 && !isShareable(name)) top.cells[position] = { ...shown, merged: { from } };
};

/** An amount of the order, such as its shipping fee, over rows of several orders. */
const isOverOrders = (rows: readonly DataRow[], { name }: Place, reference: number): boolean =>
  templateColumns[name].level === 'order' &&
  !isShareable(name) &&
  new Set(rows.map(({ cells }) => cells[reference]?.text.trim()).filter(Boolean)).size > 1;

const markUncertain = (
  rows: readonly DataRow[],
  { firstRow, firstColumn }: MergedRange,
  { position }: Place,
) => {
  const from = cellReference(firstColumn, firstRow);
  for (const { cells } of rows) {
    const cell = cells[position];
    if (cell) cells[position] = uncertain(cell, from);
  }
};

/** Reads merged cells as they are seen: the value of a range is the value of each of its rows. */
export const fillMerged = (
  rows: readonly DataRow[],
  merged: readonly MergedRange[],
  layout: Layout,
  { dataRows }: SizeLimits,
): void => {
  const reference = layout.columns.findIndex(({ name }) => name === 'orderReference');
  let cellsCovered = 0;
  for (const range of merged) {
    const places = placesIn(layout, range);
    const start = firstAtOrBelow(rows, range.firstRow);
    const end = firstAtOrBelow(rows, range.lastRow + 1);
    cellsCovered += (end - start) * places.length;
    if (cellsCovered > dataRows * limits.columns)
      throw new InvalidFile('DAMAGED', { technical: 'overlapping merged cells' });
    const [first] = places;
    if (!first || end === start) continue;
    const within = rows.slice(start, end);
    fill(within, range, places);
    if (isOverOrders(within, first, reference)) markUncertain(within, range, first);
  }
};
