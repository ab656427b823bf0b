import { type ColumnName, templateColumns } from '../../../domain/template-columns.ts';
import { type Cell, cellReference, type MergedRange } from '../readers/cell.ts';
import { InvalidFile } from '../readers/invalid-file.ts';
import { limits } from '../readers/limits.ts';
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

/** Gives the rows of a range the value that it shows. What lies beneath it, or beside it, is marked as uncertain. */
const fill = (rows: readonly DataRow[], range: MergedRange, places: readonly Place[]): void => {
  const from = cellReference(range.firstColumn, range.firstRow);
  const [first, ...others] = places;
  const top = rows.find(({ row }) => row === range.firstRow);
  const position = first?.column === range.firstColumn ? first.position : -1;
  const shown = top?.cells[position];
  const uncertain = (cell: Cell): Cell => ({ ...cell, merged: { from, isUncertain: true } });
  for (const row of rows) {
    for (const place of others) {
      const beside = row.cells[place.position];
      if (beside) row.cells[place.position] = uncertain(beside);
    }
    const own = row.cells[position];
    if (row === top || !first) continue;
    if (!shown) row.cells[position] = own && uncertain(own);
    else
      row.cells[position] =
        own && own.text !== shown.text ? uncertain(shown) : { ...shown, merged: { from } };
  }
  if (!top || !shown || !first) return;
  if (others.length > 0) top.cells[position] = uncertain(shown);
  else if (rows.length > 1 && !isShareable(first.name)) top.cells[position] = { ...shown, merged: { from } };
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
    if (cell) cells[position] = { ...cell, merged: { from, isUncertain: true } };
  }
};

/** Reads merged cells as they are seen: the value of a range is the value of each of its rows. */
export const fillMerged = (
  rows: readonly DataRow[],
  merged: readonly MergedRange[],
  layout: Layout,
): void => {
  const reference = layout.columns.findIndex(({ name }) => name === 'orderReference');
  let covered = 0;
  for (const range of merged) {
    const places = placesIn(layout, range);
    const start = firstAtOrBelow(rows, range.firstRow);
    const end = firstAtOrBelow(rows, range.lastRow + 1);
    covered += (end - start) * places.length;
    if (covered > limits.dataRows * limits.columns)
      throw new InvalidFile('DAMAGED', { technical: 'overlapping merged cells' });
    const [first] = places;
    if (!first || end === start) continue;
    const within = rows.slice(start, end);
    fill(within, range, places);
    if (isOverOrders(within, first, reference)) markUncertain(within, range, first);
  }
};
