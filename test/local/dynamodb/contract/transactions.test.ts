import { randomUUID } from 'node:crypto';
import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { beforeEach, describe, expect, test } from 'vitest';
import { transact } from '../../../../functions/shared/dynamodb.ts';
import { conditionFailed, invalid, type Key, refusal, useTables } from './a-table.ts';

const at = useTables();

let key: Key;
beforeEach(() => {
  key = at.aKey();
});

const beside = (sk: string): Key => ({ pk: key.pk, sk });
const put = (row: Key & Record<string, unknown>, more = {}) => ({
  Put: { TableName: at.name, Item: row, ...more },
});
const putNew = (row: Key & Record<string, unknown>, more = {}) =>
  put(row, { ConditionExpression: 'attribute_not_exists(pk)', ...more });
const add = (row: Key, n: number) => ({
  Update: {
    TableName: at.name,
    Key: row,
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': n },
  },
});
const countOf = async (row: Key) => (await at.read(row))?.n ?? 0;

const cancelled = (...CancellationReasons: object[]) => ({
  ...refusal('TransactionCanceledException'),
  CancellationReasons,
});
const none = { Code: 'None' };
const failed = { Code: 'ConditionalCheckFailed' };

test('rows of two tables are written together', async () => {
  await at.put({ ...beside('UPDATED'), n: 1 });
  await at.put({ ...beside('DELETED') });
  await at.transact([
    put({ ...beside('PUT') }),
    add(beside('UPDATED'), 2),
    { Delete: { TableName: at.name, Key: beside('DELETED') } },
    { Put: { TableName: at.otherName, Item: { ...beside('PUT'), other: true } } },
    {
      ConditionCheck: {
        TableName: at.otherName,
        Key: beside('ABSENT'),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    },
  ]);
  expect(await at.read(beside('PUT'))).toEqual(beside('PUT'));
  expect(await countOf(beside('UPDATED'))).toBe(3);
  expect(await at.read(beside('DELETED'))).toBeUndefined();
  const other = {
    TableName: at.otherName,
    Item: beside('PUT'),
    ConditionExpression: 'attribute_not_exists(pk)',
  };
  await expect(at.database.db.send(new PutCommand(other))).rejects.toMatchObject(conditionFailed);
});

test('one refusal refuses all; the reasons stand in the order of the actions', async () => {
  await at.put({ ...beside('PRESENT'), n: 1 });
  const transaction = at.transact([
    put(beside('NEW')),
    putNew(beside('PRESENT'), { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }),
    { Delete: { TableName: at.name, Key: beside('PRESENT-TOO') } },
    { Put: { TableName: at.otherName, Item: beside('NEW') } },
    {
      Update: {
        TableName: at.name,
        Key: beside('ABSENT'),
        UpdateExpression: 'SET n = n - :n',
        ConditionExpression: 'n >= :n',
        ExpressionAttributeValues: { ':n': 1 },
      },
    },
  ]);
  await expect(transaction).rejects.toBeInstanceOf(TransactionCanceledException);
  await expect(transaction).rejects.toMatchObject(
    cancelled(
      none,
      { ...failed, Item: { pk: { S: key.pk }, sk: { S: 'PRESENT' }, n: { N: '1' } } },
      none,
      none,
      failed,
    ),
  );
  expect(await at.read(beside('NEW'))).toBeUndefined();
  expect(await at.read(beside('PRESENT'))).toEqual({ ...beside('PRESENT'), n: 1 });
});

test('a check alone refuses the transaction too', async () => {
  const check = {
    ConditionCheck: {
      TableName: at.name,
      Key: beside('CHECKED'),
      ConditionExpression: 'attribute_exists(pk)',
    },
  };
  await expect(at.transact([put(beside('NEW')), check])).rejects.toMatchObject(cancelled(none, failed));
  expect(await at.read(beside('NEW'))).toBeUndefined();
  await at.put(beside('CHECKED'));
  await at.transact([put(beside('NEW')), check]);
  expect(await at.read(beside('NEW'))).toEqual(beside('NEW'));
});

test('a row may stand in a transaction once, whatever is done to it', async () => {
  const once = beside('ONCE');
  const deletion = { Delete: { TableName: at.name, Key: once } };
  const check = {
    ConditionCheck: { TableName: at.name, Key: once, ConditionExpression: 'attribute_exists(pk)' },
  };
  for (const second of [put(once), add(once, 1), deletion, check])
    await expect(at.transact([put(once), second])).rejects.toMatchObject(invalid);
  expect(await at.read(once)).toBeUndefined();
});

const rows = (count: number, size = 0) =>
  Array.from({ length: count }, (_, index) => put({ ...beside(`ROW#${index}`), filling: 'x'.repeat(size) }));
const countRows = async () =>
  (
    await at.query({
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': key.pk },
      ProjectionExpression: 'pk',
      ConsistentRead: true,
    })
  ).Count;

describe('a transaction holds', () => {
  test('a hundred actions and no more', async () => {
    await expect(at.transact(rows(101))).rejects.toMatchObject(invalid);
    expect(await countRows()).toBe(0);
    await at.transact(rows(100));
    expect(await countRows()).toBe(100);
  });

  test('four megabytes and no more', async () => {
    await expect(at.transact(rows(12, 380_000))).rejects.toMatchObject(invalid);
    expect(await countRows()).toBe(0);
    await at.transact(rows(10, 380_000));
    expect(await at.read(beside('ROW#9'))).toHaveProperty('filling.length', 380_000);
  });
});

describe('under a request token', () => {
  test('the same transaction is done once, and answered as before', async () => {
    const request = { ClientRequestToken: randomUUID() };
    for (let time = 1; time <= 3; time += 1) await at.transact([add(key, 1)], request);
    expect(await countOf(key)).toBe(1);
  });

  test('a repeat is not refused by the row that it wrote itself', async () => {
    const request = { ClientRequestToken: randomUUID() };
    await at.transact([putNew(key)], request);
    await expect(at.transact([putNew(key)], request)).resolves.toBeDefined();
    await expect(at.transact([putNew(key)])).rejects.toMatchObject(cancelled(failed));
  });

  test('another transaction is refused', async () => {
    const request = { ClientRequestToken: randomUUID() };
    await at.transact([add(key, 1)], request);
    await expect(at.transact([add(key, 2)], request)).rejects.toMatchObject(
      refusal('IdempotentParameterMismatchException'),
    );
    expect(await countOf(key)).toBe(1);
  });

  test('another token is another transaction', async () => {
    for (let time = 1; time <= 2; time += 1)
      await at.transact([add(key, 1)], { ClientRequestToken: randomUUID() });
    expect(await countOf(key)).toBe(2);
  });
});

describe('when an answer is lost, the SDK asks again', () => {
  /** A client whose first request takes effect; the answer to it is cut off on its way back. */
  const losing = () => {
    const client = new DynamoDBClient(at.database.config);
    let isLost = false;
    client.middlewareStack.add(
      (next) => async (request) => {
        const answer = await next(request);
        if (isLost) return answer;
        isLost = true;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    return DynamoDBDocumentClient.from(client);
  };

  test('with the same token: a transaction is done once, and succeeds', async () => {
    const db = losing();
    await db.send(new TransactWriteCommand({ TransactItems: [putNew(key), add(beside('COUNT'), 1)] }));
    expect(await at.read(key)).toEqual(key);
    expect(await countOf(beside('COUNT'))).toBe(1);
    db.destroy();
  });

  test('but a single write has no token: its own condition refuses the repeat', async () => {
    const db = losing();
    const write = new PutCommand({
      TableName: at.name,
      Item: key,
      ConditionExpression: 'attribute_not_exists(pk)',
    });
    await expect(db.send(write)).rejects.toMatchObject(conditionFailed);
    expect(await at.read(key)).toEqual(key);
    db.destroy();
  });
});

describe('at the same time', () => {
  test('of transactions with the same guard one is written, whole', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, by) =>
        transact([putNew({ ...key, by }), put({ ...beside(`BY#${by}`) })], at.database.db),
      ),
    );
    const winners = outcomes.flatMap(({ outcome }, by) => (outcome === 'written' ? [by] : []));
    expect(winners).toHaveLength(1);
    for (const by of outcomes.keys())
      expect(await at.read(beside(`BY#${by}`)), `row of ${by}`).toEqual(
        by === winners[0] ? beside(`BY#${by}`) : undefined,
      );
  });

  test('transactions on the same row all count', async () => {
    await Promise.all(
      Array.from({ length: 10 }, (_, by) => transact([add(key, 1), put(beside(`BY#${by}`))], at.database.db)),
    );
    expect(await countOf(key)).toBe(10);
  });
});
