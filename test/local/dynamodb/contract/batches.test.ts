import { BatchGetCommand, BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { invalid, type Key, useTables } from './a-table.ts';

const at = useTables();

const keysOf = (count: number): Key[] => {
  const { pk } = at.aKey();
  return Array.from({ length: count }, (_, index) => ({ pk: `${pk}#${index}`, sk: 'ROW' }));
};
const get = async (Keys: Key[], more: { ConsistentRead?: boolean } = {}) => {
  const { Responses, UnprocessedKeys } = await at.database.db.send(
    new BatchGetCommand({ RequestItems: { [at.name]: { Keys, ...more } } }),
  );
  return { rows: Responses?.[at.name] ?? [], unprocessed: UnprocessedKeys?.[at.name] };
};
const write = (rows: Record<string, unknown>[]) =>
  at.database.db.send(
    new BatchWriteCommand({ RequestItems: { [at.name]: rows.map((Item) => ({ PutRequest: { Item } })) } }),
  );
const byKey = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a.pk).localeCompare(String(b.pk));

test('a batch answers the rows that are there, in any order', async () => {
  const [first = at.aKey(), second = at.aKey(), absent = at.aKey()] = keysOf(3);
  await write([
    { ...first, n: 1 },
    { ...second, n: 2 },
  ]);
  const { rows, unprocessed } = await get([absent, second, first], { ConsistentRead: true });
  expect(rows.toSorted(byKey)).toEqual([
    { ...first, n: 1 },
    { ...second, n: 2 },
  ]);
  expect(unprocessed).toBeUndefined();
});

test('a hundred rows are read at once, and no more', async () => {
  const keys = keysOf(101);
  for (let from = 0; from < 100; from += 25) await write(keys.slice(from, from + 25));
  expect((await get(keys.slice(0, 100), { ConsistentRead: true })).rows).toHaveLength(100);
  await expect(get(keys)).rejects.toMatchObject(invalid);
});

test('twenty-five rows are written at once, and no more', async () => {
  const keys = keysOf(26);
  await expect(write(keys)).rejects.toMatchObject(invalid);
  expect((await get(keys, { ConsistentRead: true })).rows).toEqual([]);
  await expect(write(keys.slice(1))).resolves.toBeDefined();
});

test('the same row twice is refused, in reading and in writing', async () => {
  const key = at.aKey();
  await expect(get([key, key])).rejects.toMatchObject(invalid);
  await expect(write([key, { ...key, n: 1 }])).rejects.toMatchObject(invalid);
});

test('no rows at all are refused', async () => {
  await expect(get([])).rejects.toMatchObject(invalid);
});

test('what is over 16 MB is left, in the form in which it is asked for again', async () => {
  const keys = keysOf(48);
  for (let from = 0; from < 48; from += 24)
    await write(keys.slice(from, from + 24).map((key) => ({ ...key, filling: 'x'.repeat(370_000) })));
  const { rows, unprocessed } = await get(keys, { ConsistentRead: true });
  expect(rows.length).toBeLessThan(48);
  expect(unprocessed?.ConsistentRead).toBe(true);
  const left = unprocessed?.Keys ?? [];
  expect([...rows, ...left].map(({ pk }) => pk).toSorted()).toEqual(keys.map(({ pk }) => pk).toSorted());
  for (const key of left) expect(Object.keys(key).toSorted()).toEqual(['pk', 'sk']);
});
