import { isDeepStrictEqual } from 'node:util';
import type { RuleName } from '../domain/rules/rules.ts';
import { dayIn } from '../domain/values/calendar.ts';
import { type Change, type LoadResult, refused } from '../functions/master-data/load-result.ts';
import type { Table } from '../functions/master-data/read-table.ts';
import type { RuleTable } from '../functions/master-data/rule-tables.ts';
import { maxRuleBytes, ruleVersions } from '../functions/shared/rule-versions.ts';
import { Refusal } from './refusal.ts';
import type { Target } from './targets.ts';

/** From when rules are to hold: a day, or at once; and why. */
export type RuleStart = { from?: string | undefined; note?: string | undefined };

/** The day at the company. */
export const companyDay = ({ timeZone, now }: Pick<Target, 'timeZone' | 'now'>): string =>
  dayIn(timeZone, now());

export const rulesOfTarget = ({ dynamodb, tables }: Pick<Target, 'dynamodb' | 'tables'>) =>
  ruleVersions(dynamodb, () => tables.catalogue);

export type StoredRules = { outcome: 'stored' | 'unchanged'; version: number; from: string };

/** Stores a document of rules as the operator's. Throws Refusal when it is too large, would hold from a past day, or another load came between. */
export const storeRules = async (
  target: Target,
  name: RuleName,
  content: unknown,
  { from, note }: RuleStart,
): Promise<StoredRules> => {
  const load = await rulesOfTarget(target).store(
    name,
    content,
    { from, today: companyDay(target) },
    { by: target.operator, at: target.now(), note },
  );
  switch (load.outcome) {
    case 'outdated':
      throw new Refusal('Rules were changed by someone else meanwhile. Load the file again.');
    case 'past':
      throw new Refusal(`${from} is past: rules hold from today on, or from a day to come.`);
    case 'too-large':
      throw new Refusal(`The rules "${name}" have more than ${maxRuleBytes / 1000} kB.`);
    default:
      return load;
  }
};

export type RuleLoadResult =
  | Extract<LoadResult, { outcome: 'refused' }>
  | (Extract<LoadResult, { outcome: 'loaded' }> & { removed: number; version: number; from: string });

const changeOf = (old: unknown, loaded: unknown): Change => {
  if (old === undefined) return 'created';
  return isDeepStrictEqual(old, loaded) ? 'unchanged' : 'changed';
};

/** Stores a file's rows as the next version of their document, and counts them against those of the last one. */
export const loadRuleTable = async <Row>(
  target: Target,
  { name, read, keyOf, contentOf, rowsOf }: RuleTable<Row>,
  table: Table,
  start: RuleStart,
): Promise<RuleLoadResult> => {
  const { problems, rows } = await read(target, table);
  if (problems.length > 0) return refused(problems);
  const rules = rulesOfTarget(target);
  const last = (await rules.readIndex()).latest[name];
  const known = last === undefined ? undefined : await rules.readVersion(name, last);
  const old = new Map((known ? rowsOf(known.content) : []).map((row) => [keyOf(row), row]));
  const changes = rows.map((row) => changeOf(old.get(keyOf(row)), row));
  const count = (wanted: Change) => changes.filter((change) => change === wanted).length;
  const stored = await storeRules(target, name, contentOf(rows), start);
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
