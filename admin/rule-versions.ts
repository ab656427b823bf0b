import { isDeepStrictEqual } from 'node:util';
import { emptyIndex, type RuleIndex, ruleIndexSchema, withVersion } from '../domain/rules/rule-index.ts';
import type { RuleName } from '../domain/rules/rules.ts';
import { transact } from '../functions/shared/dynamodb.ts';
import { ruleIndexKey, ruleVersionKey, ruleVersionSchema } from '../functions/shared/rule-book.ts';
import { Refusal } from './refusal.ts';
import { readRows } from './rows.ts';
import type { Target } from './targets.ts';

/** Leaves room below the 400 kB that a row may have. */
const maxBytes = 350_000;

export const readIndex = async ({ dynamodb, tables }: Target): Promise<RuleIndex> => {
  const [row] = await readRows(dynamodb, tables.catalogue, [ruleIndexKey], ruleIndexSchema);
  if (!row) return emptyIndex;
  const { edition, versions, latest } = row;
  return { edition, versions, latest };
};

export const readVersion = async ({ dynamodb, tables }: Target, name: RuleName, version: number) => {
  const key = ruleVersionKey(name, version);
  const [row] = await readRows(dynamodb, tables.catalogue, [key], ruleVersionSchema);
  return row;
};

export type StoredRules = { outcome: 'stored' | 'unchanged'; version: number; from: string };

/**
 * Stores a document of rules as its next version, in force from a day on; nothing when the last version says the same from
 * no later a day. Throws Refusal when it is too large or another load came between.
 */
export const storeRules = async (
  target: Target,
  name: RuleName,
  content: unknown,
  { from, today }: { from: string; today: string },
): Promise<StoredRules> => {
  if (Buffer.byteLength(JSON.stringify(content)) > maxBytes)
    throw new Refusal(`The rules "${name}" have more than ${maxBytes / 1000} kB.`);
  const before = await readIndex(target);
  const last = before.latest[name];
  const known = last === undefined ? undefined : await readVersion(target, name, last);
  if (known && known.from <= from && isDeepStrictEqual(known.content, content))
    return { outcome: 'unchanged', version: known.version, from: known.from };
  const { index, version } = withVersion(before, name, { from, today });
  const table = target.tables.catalogue;
  const { outcome } = await transact(
    [
      {
        Put: {
          TableName: table,
          Item: { ...ruleIndexKey, entity: 'RULE_INDEX', ...index },
          ConditionExpression: before.edition === 0 ? 'attribute_not_exists(pk)' : 'edition = :edition',
          ...(before.edition > 0 && { ExpressionAttributeValues: { ':edition': before.edition } }),
        },
      },
      {
        Put: {
          TableName: table,
          Item: {
            ...ruleVersionKey(name, version),
            entity: 'RULES',
            name,
            version,
            from,
            loadedAt: target.now().toISOString(),
            content,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ],
    target.dynamodb,
  );
  if (outcome === 'refused')
    throw new Refusal('Rules were changed by someone else meanwhile. Load the file again.');
  return { outcome: 'stored', version, from };
};
