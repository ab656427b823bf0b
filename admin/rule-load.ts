import { isDeepStrictEqual } from 'node:util';
import type { RuleName } from '../domain/rules/rules.ts';
import type { Change, LoadResult } from './load-result.ts';
import { readIndex, readVersion, storeRules } from './rule-versions.ts';
import type { Target } from './targets.ts';

/** From when rules are to hold: a day, or at once. */
export type RuleStart = { from?: string | undefined };

export type RuleLoadResult =
  | Extract<LoadResult, { outcome: 'refused' }>
  | (Extract<LoadResult, { outcome: 'loaded' }> & { removed: number; version: number; from: string });

/** The day that has begun everywhere on earth: rules that hold from it hold at once, whatever zone the company is in. */
export const begunDay = ({ now }: Pick<Target, 'now'>): string =>
  new Date(now().getTime() - 12 * 3_600_000).toISOString().slice(0, 10);

const changeOf = (old: unknown, loaded: unknown): Change => {
  if (old === undefined) return 'created';
  return isDeepStrictEqual(old, loaded) ? 'unchanged' : 'changed';
};

/** Stores a document made of a file's rows, and counts the rows against those of the last version. */
export const loadRuleRows = async <Row>(
  target: Target,
  name: RuleName,
  rows: readonly Row[],
  {
    keyOf,
    contentOf,
    rowsOf,
    from,
  }: RuleStart & {
    keyOf: (row: Row) => string;
    contentOf: (rows: readonly Row[]) => unknown;
    rowsOf: (content: unknown) => readonly Row[];
  },
): Promise<RuleLoadResult> => {
  const today = begunDay(target);
  const last = (await readIndex(target)).latest[name];
  const known = last === undefined ? undefined : await readVersion(target, name, last);
  const old = new Map((known ? rowsOf(known.content) : []).map((row) => [keyOf(row), row]));
  const changes = rows.map((row) => changeOf(old.get(keyOf(row)), row));
  const count = (wanted: Change) => changes.filter((change) => change === wanted).length;
  const stored = await storeRules(target, name, contentOf(rows), { from: from ?? today, today });
  return {
    outcome: 'loaded',
    created: count('created'),
    changed: count('changed'),
    unchanged: count('unchanged'),
    removed: [...old.keys()].filter((key) => !rows.some((row) => keyOf(row) === key)).length,
    version: stored.version,
    from: stored.from,
  };
};
