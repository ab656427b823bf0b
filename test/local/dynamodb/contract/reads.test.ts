import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { type Key, useTables } from './a-table.ts';

const at = useTables();

let key: Key;
beforeEach(() => {
  key = at.aKey();
});

const ofPartition = async (prefix?: string) => {
  const { Items = [] } = await at.query({
    KeyConditionExpression: `pk = :pk${prefix === undefined ? '' : ' AND begins_with(sk, :prefix)'}`,
    ExpressionAttributeValues: { ':pk': key.pk, ...(prefix !== undefined && { ':prefix': prefix }) },
    ConsistentRead: true,
  });
  return Items;
};
const names = async (prefix?: string) => (await ofPartition(prefix)).map(({ sk }) => sk);

test('a strongly consistent read sees every write that was answered', async () => {
  for (let version = 1; version <= 20; version += 1) {
    const row = { ...key, version };
    await at.put(row);
    expect(await at.read(key)).toEqual(row);
    expect(await ofPartition()).toEqual([row]);
    const batch = new BatchGetCommand({ RequestItems: { [at.name]: { Keys: [key], ConsistentRead: true } } });
    expect((await at.database.db.send(batch)).Responses?.[at.name]).toEqual([row]);
  }
});

test('a row that is not there is no item, not an error', async () => {
  expect(await at.read(key)).toBeUndefined();
  expect(await ofPartition()).toEqual([]);
});

test('the rows of a partition come in the order of their sort keys’ UTF-8 bytes', async () => {
  const ordered = [
    '10',
    '9',
    'CONTENT',
    'CONTENT#LINES#000001',
    'EVENT#000009',
    'EVENT#000010',
    'a',
    'é',
    '\uffff',
    '😀',
  ];
  for (const sk of ordered.toReversed()) await at.put({ pk: key.pk, sk });
  expect(await names()).toEqual(ordered);
});

test('a prefix is taken as it is written', async () => {
  for (const sk of ['EVENT#1', 'EVENT%1', 'EVENT_1', 'EVENT']) await at.put({ pk: key.pk, sk });
  expect(await names('EVENT#')).toEqual(['EVENT#1']);
  expect(await names('EVENT%')).toEqual(['EVENT%1']);
  expect(await names('EVENT_')).toEqual(['EVENT_1']);
});

test('a partition shows none of another’s rows', async () => {
  await at.put(key);
  await at.put({ pk: `${key.pk}#MORE`, sk: 'ROW' });
  await at.put({ pk: key.pk.toLowerCase(), sk: 'ROW' });
  expect(await ofPartition()).toEqual([key]);
});
