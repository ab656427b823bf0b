import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetRecordsCommand, type _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { iteratorAt, readShard, shardsOf } from './a-stream.ts';
import { type Key, useTables } from './a-table.ts';

const at = useTables();
/** A stream follows its table in its own time. */
const soon = { timeout: 20_000, interval: 200 };

let key: Key;
beforeEach(() => {
  key = at.aKey();
});

const streamArn = async () => {
  const { Table } = await at.database.client.send(new DescribeTableCommand({ TableName: at.name }));
  return Table?.LatestStreamArn ?? '';
};

/** The records of this test's partition, from the beginning, in order. */
const records = async (): Promise<StreamRecord[]> => {
  const { streams } = at.database;
  const arn = await streamArn();
  const all: StreamRecord[] = [];
  for (const shardId of await shardsOf(streams, arn)) all.push(...(await readShard(streams, arn, shardId)));
  return all.filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S === key.pk);
};
const changes = async () =>
  (await records()).map(({ eventName, dynamodb }) => [eventName, dynamodb?.NewImage?.n?.N]);
const set = (row: Key, n: number) => at.put({ ...row, n });

test('a row’s changes come in order, each with the row as it then was', async () => {
  await set(key, 1);
  await set(key, 2);
  await at.database.db.send(new DeleteCommand({ TableName: at.name, Key: key }));
  await set(key, 3);
  await expect.poll(changes, soon).toEqual([
    ['INSERT', '1'],
    ['MODIFY', '2'],
    ['REMOVE', undefined],
    ['INSERT', '3'],
  ]);
  const [first] = await records();
  expect(first).toMatchObject({
    eventSource: 'aws:dynamodb',
    dynamodb: {
      Keys: { pk: { S: key.pk }, sk: { S: key.sk } },
      NewImage: { pk: { S: key.pk }, sk: { S: key.sk }, n: { N: '1' } },
      StreamViewType: 'NEW_IMAGE',
    },
  });
  expect(first?.dynamodb?.OldImage).toBeUndefined();
  expect(first?.dynamodb?.ApproximateCreationDateTime).toBeInstanceOf(Date);
});

test('changes made at the same time come, key by key, in the order in which they were made', async () => {
  const rows = Array.from({ length: 5 }, (_, index) => ({ pk: key.pk, sk: `ROW#${index}` }));
  const add = (row: Key) =>
    at.update(row, { UpdateExpression: 'ADD n :one', ExpressionAttributeValues: { ':one': 1 } });
  await Promise.all(Array.from({ length: 50 }, (_, index) => add(rows[index % 5] ?? key)));
  await expect.poll(async () => (await records()).length, soon).toBe(50);
  const all = await records();
  for (const { sk } of rows) {
    const counts = all
      .filter(({ dynamodb }) => dynamodb?.Keys?.sk?.S === sk)
      .map(({ dynamodb }) => Number(dynamodb?.NewImage?.n?.N));
    expect(counts).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  }
});

test('a transaction shows each of its rows, a refused one none', async () => {
  const put = (sk: string, more = {}) => ({
    Put: { TableName: at.name, Item: { pk: key.pk, sk, n: 1 }, ...more },
  });
  await at.transact([put('A'), put('B')]);
  const refused = at.transact([put('C'), put('A', { ConditionExpression: 'attribute_not_exists(pk)' })]);
  await expect(refused).rejects.toThrow();
  await set(key, 2);
  const names = async () => (await records()).map(({ dynamodb }) => dynamodb?.Keys?.sk?.S).toSorted();
  await expect.poll(names, soon).toEqual(['A', 'B', key.sk].toSorted());
});

test('reading goes on behind the record where it stopped', async () => {
  for (let n = 1; n <= 3; n += 1) await set(key, n);
  await expect.poll(async () => (await records()).length, soon).toBe(3);
  const { streams } = at.database;
  const arn = await streamArn();
  for (const shardId of await shardsOf(streams, arn)) {
    const all = await readShard(streams, arn, shardId);
    for (const [index, { dynamodb }] of all.entries()) {
      const start = { after: dynamodb?.SequenceNumber };
      const rest = await readShard(streams, arn, shardId, start);
      expect(rest.map(({ eventID }) => eventID)).toEqual(all.slice(index + 1).map(({ eventID }) => eventID));
    }
  }
});

test('sequence numbers rise', async () => {
  for (let n = 1; n <= 12; n += 1) await set(key, n);
  await expect.poll(async () => (await records()).length, soon).toBe(12);
  const numbers = (await records()).map(({ dynamodb }) => BigInt(dynamodb?.SequenceNumber ?? 0));
  expect(numbers).toEqual(numbers.toSorted((a, b) => (a < b ? -1 : 1)));
  expect(new Set(numbers).size).toBe(12);
});

test('a reader that asks for some gets no more, and an iterator to go on with', async () => {
  for (let n = 1; n <= 5; n += 1) await set(key, n);
  await expect.poll(async () => (await records()).length, soon).toBe(5);
  const { streams } = at.database;
  const arn = await streamArn();
  for (const shardId of await shardsOf(streams, arn)) {
    const ShardIterator = await iteratorAt(streams, arn, shardId);
    const page = await streams.send(new GetRecordsCommand({ ShardIterator, Limit: 2 }));
    expect(page.Records?.length).toBeLessThanOrEqual(2);
    expect(page.NextShardIterator).toBeDefined();
  }
});
