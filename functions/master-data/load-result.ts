import type { RowProblem } from './read-records.ts';

export type Change = 'created' | 'changed' | 'unchanged';

/** What a load did: rows by what they changed, or every problem of the file and nothing written. */
export type LoadResult =
  | { outcome: 'loaded'; created: number; changed: number; unchanged: number }
  | { outcome: 'refused'; problems: RowProblem[] };

const writesAtOnce = 8;

/** Writes each item, a few at once, and counts the changes. */
export const writeEach = async <Item>(
  items: Iterable<Item>,
  write: (item: Item) => Promise<Change | Change[]>,
): Promise<LoadResult> => {
  const counts: Record<Change, number> = { created: 0, changed: 0, unchanged: 0 };
  const queue = [...items].values();
  const work = async () => {
    for (const item of queue) {
      for (const change of [await write(item)].flat()) counts[change]++;
    }
  };
  await Promise.all(Array.from({ length: writesAtOnce }, work));
  return { outcome: 'loaded', ...counts };
};

export const refused = (problems: readonly RowProblem[]): Extract<LoadResult, { outcome: 'refused' }> => ({
  outcome: 'refused',
  problems: problems.toSorted((a, b) => a.row - b.row),
});
