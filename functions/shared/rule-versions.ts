import { isDeepStrictEqual } from 'node:util';
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { emptyIndex, type RuleIndex, ruleIndexSchema, withVersion } from '../../domain/rules/rule-index.ts';
import type { RuleName } from '../../domain/rules/rules.ts';
import { Retryable } from './classify-error.ts';
import { documentClient, type TransactItem, transact } from './dynamodb.ts';
import { env } from './env.ts';
import { ruleIndexKey, ruleVersionKey, ruleVersionSchema } from './rule-book.ts';

const catalogueEnv = env({ CATALOGUE_TABLE: z.string() });

/** A document of rules as JSON, in bytes: leaves room below the 400 kB that a row may have. */
export const maxRuleBytes = 350_000;

/** Who loads, when, and why. */
export type Loading = { by: string; at: Date; note?: string | undefined };

export type RuleStart = {
  /** First day that it holds; absent: today. */
  from?: string | undefined;
  /** Company zone. */
  today: string;
  /** Whether the loader knows of this version, the latest; absent: whichever it is. */
  expects?: (latest: number) => boolean;
};

export type RuleLoad =
  | { outcome: 'stored' | 'unchanged'; version: number; from: string }
  | { outcome: 'outdated'; latest: number }
  | { outcome: 'past' }
  | { outcome: 'too-large' };

const headSchema = ruleVersionSchema.omit({ content: true });

/** What a list tells of a version. */
export type RuleVersionHead = z.infer<typeof headSchema>;

const maxAttempts = 5;

type Write = { before: RuleIndex; index: RuleIndex; name: RuleName; version: number; from: string };

const writesOf = (
  table: string,
  { before, index, name, version, from }: Write,
  content: unknown,
  { by, at, note }: Loading,
): TransactItem[] => [
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
        loadedAt: at.toISOString(),
        loadedBy: by,
        note,
        content,
      },
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  },
];

/** The versions of the documents that staff load, for those who load and list them; audits read them by the rule book. */
export const ruleVersions = (db = documentClient(), tableName = () => catalogueEnv().CATALOGUE_TABLE) => {
  const readRows = async (
    keys: readonly { pk: string; sk: string }[],
    projection: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>[]> => {
    if (keys.length === 0) return [];
    const { Responses, UnprocessedKeys } = await db.send(
      new BatchGetCommand({
        RequestItems: { [tableName()]: { Keys: [...keys], ConsistentRead: true, ...projection } },
      }),
    );
    if (UnprocessedKeys?.[tableName()]) throw new Retryable('rules were read in part');
    return Responses?.[tableName()] ?? [];
  };

  const readIndex = async (): Promise<RuleIndex> => {
    const [row] = await readRows([ruleIndexKey]);
    return row ? ruleIndexSchema.parse(row) : emptyIndex;
  };

  const readVersion = async (name: RuleName, version: number) => {
    const [row] = await readRows([ruleVersionKey(name, version)]);
    return row && ruleVersionSchema.parse(row);
  };

  return {
    readIndex,
    readVersion,

    /** Versions without their content. */
    readHeads: async (wanted: readonly { name: RuleName; version: number }[]): Promise<RuleVersionHead[]> => {
      const attributes = Object.keys(headSchema.shape);
      const rows = await readRows(
        wanted.map(({ name, version }) => ruleVersionKey(name, version)),
        {
          ProjectionExpression: attributes.map((attribute) => `#${attribute}`).join(', '),
          ExpressionAttributeNames: Object.fromEntries(
            attributes.map((attribute) => [`#${attribute}`, attribute]),
          ),
        },
      );
      return rows.map((row) => headSchema.parse(row));
    },

    /**
     * Stores a document, which its schema has let through, as its next version, in force from a day on; nothing when the
     * last version says the same from no later a day.
     */
    store: async (
      name: RuleName,
      content: unknown,
      { from: wanted, today, expects }: RuleStart,
      loading: Loading,
    ): Promise<RuleLoad> => {
      const from = wanted ?? today;
      if (from < today) return { outcome: 'past' };
      if (Buffer.byteLength(JSON.stringify(content)) > maxRuleBytes) return { outcome: 'too-large' };
      let seen: number | undefined;
      for (let attempt = 1; attempt <= maxAttempts; attempt++) {
        const before = await readIndex();
        const latest = before.latest[name] ?? 0;
        seen ??= latest;
        if (latest !== seen || expects?.(latest) === false) return { outcome: 'outdated', latest };
        const known = latest === 0 ? undefined : await readVersion(name, latest);
        if (known && known.from <= from && isDeepStrictEqual(known.content, content))
          return { outcome: 'unchanged', version: latest, from: known.from };
        const { index, version } = withVersion(before, name, { from, today });
        const writes = writesOf(tableName(), { before, index, name, version, from }, content, loading);
        const { outcome } = await transact(writes, db);
        if (outcome === 'written') return { outcome: 'stored', version, from };
      }
      throw new Retryable(`rules ${name} are loaded by many at once`);
    },
  };
};

export type RuleVersions = ReturnType<typeof ruleVersions>;
