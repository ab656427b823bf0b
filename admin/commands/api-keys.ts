import { randomBytes } from 'node:crypto';
import { GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { hashApiKey, newApiKey } from '../../functions/shared/api-key.ts';
import { type TransactItem, transact } from '../../functions/shared/dynamodb.ts';
import { existingPartner, profileKey } from '../partners.ts';
import { Refusal } from '../refusal.ts';
import type { Target } from '../targets.ts';
import { ensureUsagePlan } from './usage-plan.ts';

/** Two, so that a partner can move to a new key while the old one still works. */
const maxLiveKeys = 2;

const keyRowSchema = z.object({
  keyId: z.string(),
  /** The first characters of the key, to tell it by. */
  prefix: z.string(),
  keyHash: z.string(),
  createdAt: z.iso.datetime(),
  revokedAt: z.iso.datetime().optional(),
});
type KeyRow = z.infer<typeof keyRowSchema>;

/** A key as it may be shown: what identifies it, never the key or its hash. */
export type ListedKey = Omit<KeyRow, 'keyHash'>;

const keyOfRow = (partnerId: string, keyId: string) => ({ pk: profileKey(partnerId).pk, sk: `KEY#${keyId}` });
const keyOfHash = (keyHash: string) => ({ pk: `KEY#${keyHash}`, sk: 'KEY' });

const readKeys = async ({ dynamodb, tables }: Target, partnerId: string): Promise<KeyRow[]> => {
  const pages = paginateQuery(
    { client: dynamodb },
    {
      TableName: tables.partners,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :keys)',
      ExpressionAttributeValues: { ':pk': profileKey(partnerId).pk, ':keys': 'KEY#' },
      ConsistentRead: true,
    },
  );
  const rows: KeyRow[] = [];
  for await (const { Items } of pages) rows.push(...z.array(keyRowSchema).parse(Items ?? []));
  return rows.toSorted((a, b) => a.createdAt.localeCompare(b.createdAt));
};

const isLive = ({ revokedAt }: ListedKey): boolean => revokedAt === undefined;

/** Counts the changes of a partner's keys: two people at work at once cannot leave it three live ones. */
const readKeysVersion = async ({ dynamodb, tables }: Target, partnerId: string): Promise<number> => {
  const { Item } = await dynamodb.send(
    new GetCommand({ TableName: tables.partners, Key: profileKey(partnerId), ConsistentRead: true }),
  );
  return z.object({ keysVersion: z.number().default(0) }).parse(Item).keysVersion;
};

const raiseKeysVersion = ({ tables }: Target, partnerId: string, version: number): TransactItem => ({
  Update: {
    TableName: tables.partners,
    Key: profileKey(partnerId),
    UpdateExpression: 'SET keysVersion = :next',
    ConditionExpression: version === 0 ? 'attribute_not_exists(keysVersion)' : 'keysVersion = :version',
    ExpressionAttributeValues: { ':next': version + 1, ...(version > 0 && { ':version': version }) },
  },
});

const writeKeys = async (
  target: Target,
  partnerId: string,
  version: number,
  items: TransactItem[],
): Promise<void> => {
  const { outcome } = await transact(
    [raiseKeysVersion(target, partnerId, version), ...items],
    target.dynamodb,
  );
  if (outcome === 'refused')
    throw new Refusal(`The keys of ${partnerId} were changed by someone else meanwhile. Try again.`);
};

/** A key just made: the only time it can be seen. */
export type IssuedKey = { partnerId: string; keyId: string; key: string; createdAt: string };

const storeNewKey = async (target: Target, partnerId: string, version: number): Promise<IssuedKey> => {
  const key = newApiKey();
  const [keyHash, keyId, createdAt] = [
    hashApiKey(key),
    `key-${randomBytes(4).toString('hex')}`,
    target.now().toISOString(),
  ];
  const row: KeyRow = { keyId, prefix: key.slice(0, 8), keyHash, createdAt };
  const put = (Item: Record<string, unknown>): TransactItem => ({
    Put: { TableName: target.tables.partners, Item, ConditionExpression: 'attribute_not_exists(pk)' },
  });
  await writeKeys(target, partnerId, version, [
    put({ ...keyOfRow(partnerId, keyId), entity: 'PARTNER_KEY', ...row }),
    put({ ...keyOfHash(keyHash), entity: 'KEY', partnerId, keyId }),
  ]);
  return { partnerId, keyId, key, createdAt };
};

const liveKeys = async (target: Target, partnerId: string): Promise<{ version: number; live: KeyRow[] }> => {
  await existingPartner(target, partnerId);
  const version = await readKeysVersion(target, partnerId);
  return { version, live: (await readKeys(target, partnerId)).filter(isLive) };
};

/** Gives a partner its first key, and a usage plan when it has none. Throws Refusal when it has a live key already. */
export const issueKey = async (target: Target, partnerId: string): Promise<IssuedKey> => {
  const { version, live } = await liveKeys(target, partnerId);
  const [first] = live;
  if (first)
    throw new Refusal(
      `${partnerId} has a live key already, ${first.prefix}… (${first.keyId}). Use "keys rotate" for a second.`,
    );
  await ensureUsagePlan(target, partnerId);
  return storeNewKey(target, partnerId, version);
};

/** Gives a partner a second key beside its live one, which goes on working until it is revoked. Throws Refusal. */
export const rotateKey = async (target: Target, partnerId: string): Promise<IssuedKey> => {
  const { version, live } = await liveKeys(target, partnerId);
  if (live.length === 0) throw new Refusal(`${partnerId} has no live key. Use "keys issue".`);
  if (live.length >= maxLiveKeys)
    throw new Refusal(
      `${partnerId} has ${live.length} live keys: ${live.map(({ keyId }) => keyId).join(', ')}. Revoke one first.`,
    );
  await ensureUsagePlan(target, partnerId);
  return storeNewKey(target, partnerId, version);
};

/** Ends a key; repeating it changes nothing. Throws Refusal when the partner has no such key. */
export const revokeKey = async (target: Target, partnerId: string, keyId: string): Promise<ListedKey> => {
  await existingPartner(target, partnerId);
  const version = await readKeysVersion(target, partnerId);
  const found = (await readKeys(target, partnerId)).find((row) => row.keyId === keyId);
  if (!found) throw new Refusal(`${partnerId} has no key ${keyId}. "keys list" shows those it has.`);
  const { keyHash, ...listed } = found;
  if (!isLive(found)) return listed;
  const revokedAt = target.now().toISOString();
  const revoke = (Key: { pk: string; sk: string }): TransactItem => ({
    Update: {
      TableName: target.tables.partners,
      Key,
      UpdateExpression: 'SET revokedAt = :now',
      ConditionExpression: 'attribute_exists(pk)',
      ExpressionAttributeValues: { ':now': revokedAt },
    },
  });
  await writeKeys(target, partnerId, version, [
    revoke(keyOfRow(partnerId, keyId)),
    revoke(keyOfHash(keyHash)),
  ]);
  return { ...listed, revokedAt };
};

/** All keys of a partner, oldest first. Throws Refusal when there is no such partner. */
export const listKeys = async (target: Target, partnerId: string): Promise<ListedKey[]> => {
  await existingPartner(target, partnerId);
  return (await readKeys(target, partnerId)).map(({ keyHash: _, ...listed }) => listed);
};
