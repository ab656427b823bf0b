import type { Cell } from './cell.ts';

/** Different cells of a column that are kept to be found again. */
const mostKept = 4096;

type Kept = { last?: Cell; cells: Map<string, Cell> };

/**
 * Cells that say the same in the same column as one object: a file says most things many times, and a long one would not fit
 * in memory otherwise. Those of the row above are always found, others while a column has few different ones.
 */
export const createCellPool = () => {
  const columns: Record<'text' | 'number' | 'date', Kept[]> = { text: [], number: [], date: [] };
  return (column: number, kind: 'text' | 'number' | 'date', text: string): Cell => {
    const ofKind = columns[kind];
    let kept = ofKind[column];
    if (!kept) {
      kept = { cells: new Map() };
      ofKind[column] = kept;
    }
    if (kept.last?.text === text) return kept.last;
    let cell = kept.cells.get(text);
    if (!cell) {
      cell = { column, kind, text };
      if (kept.cells.size < mostKept) kept.cells.set(text, cell);
    }
    kept.last = cell;
    return cell;
  };
};

export type CellPool = ReturnType<typeof createCellPool>;
