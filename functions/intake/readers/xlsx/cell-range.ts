import type { MergedRange } from '../cell.ts';
import { InvalidFile } from '../invalid-file.ts';
import { columnOf } from './column-of.ts';

/** The rectangle of a reference such as A2:C4. Throws InvalidFile when it is none. */
export const rangeOf = (reference: string): MergedRange => {
  const [first = '', last = first] = reference.split(':');
  const range = {
    firstRow: Number(/\d+$/.exec(first)?.[0]),
    lastRow: Number(/\d+$/.exec(last)?.[0]),
    firstColumn: columnOf(first),
    lastColumn: columnOf(last),
  };
  if (range.lastRow < range.firstRow || range.lastColumn < range.firstColumn)
    throw new InvalidFile('DAMAGED', { technical: reference.slice(0, 40) });
  return range;
};

/** True for a cell in the rectangle; its column counts from 0, its row from 1. */
export const isInRange = (
  { firstRow, lastRow, firstColumn, lastColumn }: MergedRange,
  column: number,
  row: number,
): boolean => row >= firstRow && row <= lastRow && column >= firstColumn && column <= lastColumn;
