import * as z from 'zod';
import { emptyIndex, type RuleIndex, ruleIndexSchema, versionOn } from '../../domain/rules/rule-index.ts';
import { type Rules, ruleNames, rulesOf } from '../../domain/rules/rules.ts';

type Key = { pk: string; sk: string };
type ReadRows = (
  keys: readonly Key[],
  how?: { ConsistentRead: boolean },
) => Promise<Record<string, unknown>[]>;

export const ruleIndexKey: Key = { pk: 'RULES', sk: 'INDEX' };

/** One version of one document; never changed once it is written. */
export const ruleVersionKey = (name: string, version: number): Key => ({
  pk: `RULES#${name}`,
  sk: `V#${String(version).padStart(6, '0')}`,
});

export const ruleVersionSchema = z.object({
  name: z.enum(ruleNames),
  version: z.int(),
  from: z.iso.date(),
  loadedAt: z.iso.datetime(),
  /** Absent in versions that were loaded before it was kept. */
  loadedBy: z.string().optional(),
  note: z.string().optional(),
  content: z.unknown(),
});

/** A container may go by rules this old. */
const cacheMilliseconds = 60_000;

/**
 * The rules on a day, remembered: at most one read of the index in a minute, and one of the versions when others hold.
 * Throws when a version that the index names cannot be read.
 */
export const createRuleBook = (readRows: ReadRows, clock = Date.now) => {
  let index: { value: RuleIndex; readAt: number } | undefined;
  let known: { key: string; rules: Rules } | undefined;

  const currentIndex = async (): Promise<RuleIndex> => {
    if (index && clock() - index.readAt < cacheMilliseconds) return index.value;
    const [row] = await readRows([ruleIndexKey]);
    index = { value: row ? ruleIndexSchema.parse(row) : emptyIndex, readAt: clock() };
    return index.value;
  };

  return async (day: string): Promise<Rules> => {
    const current = await currentIndex();
    const wanted = ruleNames
      .map((name) => ({ name, version: versionOn(current, name, day) }))
      .filter(({ version }) => version > 0);
    const key = wanted.map(({ name, version }) => `${name}@${version}`).join(' ');
    if (known?.key === key) return known.rules;
    const keys = wanted.map(({ name, version }) => ruleVersionKey(name, version));
    const rows = await readRows(keys, { ConsistentRead: true });
    const found = rows.map((row) => ruleVersionSchema.parse(row));
    if (found.length < wanted.length) throw new Error(`rules ${key}: a version is not on file`);
    const rules = rulesOf(Object.fromEntries(found.map((one) => [one.name, one])));
    known = { key, rules };
    return rules;
  };
};

export type RuleBook = ReturnType<typeof createRuleBook>;
