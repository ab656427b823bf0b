import { beforeEach, describe, expect, test } from 'vitest';
import { invalid, type Key, useTables } from './a-table.ts';

const at = useTables();
/** An index follows its table in its own time. */
const soon = { timeout: 20_000 };

let key: Key;
beforeEach(() => {
  key = at.aKey();
});

const row = (sk: string, changedAt: string) => ({
  pk: key.pk,
  sk,
  owner: key.pk,
  changedAt,
  number: `N-${sk}`,
  state: 'OPEN',
  secret: 'not projected',
});
const ofOwner = async (more: { since?: string; before?: string; latestFirst?: boolean } = {}) => {
  const bound = more.since ? ' AND changedAt >= :bound' : more.before ? ' AND changedAt < :bound' : '';
  const value = more.since ?? more.before;
  const { Items = [] } = await at.query({
    IndexName: 'byOwner',
    KeyConditionExpression: `#owner = :owner${bound}`,
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': key.pk, ...(value && { ':bound': value }) },
    ScanIndexForward: !more.latestFirst,
  });
  return Items;
};
const names = async (more: Parameters<typeof ofOwner>[0] = {}) => (await ofOwner(more)).map(({ sk }) => sk);

test('an index has its own keys, the row’s keys and what it was given, and nothing else', async () => {
  await at.put(row('A', '2026-01-01'));
  const { secret: _, ...projected } = row('A', '2026-01-01');
  await expect.poll(() => ofOwner(), soon).toEqual([projected]);
});

test('rows come in the order of the sort key, both ways, and within bounds', async () => {
  for (const [sk, changedAt] of [
    ['C', '2026-01-03T00:00:00.000Z'],
    ['A', '2026-01-01T23:59:59.999Z'],
    ['B', '2026-01-02T00:00:00.000Z'],
  ] as const)
    await at.put(row(sk, changedAt));
  await expect.poll(() => names(), soon).toEqual(['A', 'B', 'C']);
  expect(await names({ latestFirst: true })).toEqual(['C', 'B', 'A']);
  expect(await names({ since: '2026-01-02T00:00:00.000Z' })).toEqual(['B', 'C']);
  expect(await names({ before: '2026-01-02T00:00:00.000Z' })).toEqual(['A']);
});

test('a row without one of the keys is not in the index', async () => {
  const { owner, changedAt, ...rest } = row('WITHOUT', '2026-01-01');
  await at.put({ ...rest, sk: 'NEITHER' });
  await at.put({ ...rest, sk: 'OWNER-ONLY', owner });
  await at.put({ ...rest, sk: 'TIME-ONLY', changedAt });
  await at.put(row('BOTH', '2026-01-02'));
  await expect.poll(() => names(), soon).toEqual(['BOTH']);
});

test('a row leaves the index with its key, comes back, and moves', async () => {
  await at.put(row('A', '2026-01-02'));
  await at.put(row('B', '2026-01-03'));
  await expect.poll(() => names(), soon).toEqual(['A', 'B']);
  await at.update({ pk: key.pk, sk: 'A' }, { UpdateExpression: 'REMOVE changedAt' });
  await expect.poll(() => names(), soon).toEqual(['B']);
  await at.put(row('A', '2026-01-04'));
  await expect.poll(() => names(), soon).toEqual(['B', 'A']);
  await at.transact([{ Put: { TableName: at.name, Item: row('A', '2026-01-01') } }]);
  await expect.poll(() => names(), soon).toEqual(['A', 'B']);
});

test('an index cannot be read strongly consistent', async () => {
  const query = at.query({
    IndexName: 'byOwner',
    KeyConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': key.pk },
    ConsistentRead: true,
  });
  await expect(query).rejects.toMatchObject(invalid);
});

describe('the key of an index must be a text that is not empty', () => {
  test.for([
    { name: 'empty', owner: '' },
    { name: 'a number', owner: 1 },
    { name: 'null', owner: null },
  ])('$name', async ({ owner }) => {
    const bad = { ...key, owner, changedAt: '2026-01-01' };
    await expect(at.put(bad)).rejects.toMatchObject(invalid);
    expect(await at.read(key)).toBeUndefined();
  });
});
