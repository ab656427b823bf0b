import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { conditionFailed, useTables } from './a-table.ts';

const at = useTables();

const unlessPresent = { ConditionExpression: 'attribute_not_exists(pk)' };

test('a row is written while there is none, and never over another', async () => {
  const key = at.aKey();
  await at.put({ ...key, by: 'first' }, unlessPresent);
  await expect(at.put({ ...key, by: 'second' }, unlessPresent)).rejects.toMatchObject(conditionFailed);
  await expect(at.put({ ...key, by: 'third' }, unlessPresent)).rejects.toBeInstanceOf(
    ConditionalCheckFailedException,
  );
  expect(await at.read(key)).toEqual({ ...key, by: 'first' });
});

test('of many that write a row at the same time, one does', async () => {
  const key = at.aKey();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 50 }, (_, by) => at.put({ ...key, by }, unlessPresent)),
  );
  const winners = outcomes.flatMap(({ status }, by) => (status === 'fulfilled' ? [by] : []));
  expect(winners).toHaveLength(1);
  expect(await at.read(key)).toEqual({ ...key, by: winners[0] });
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(conditionFailed);
});

test('an update that wants its row to be there makes none', async () => {
  const key = at.aKey();
  const update = at.update(key, {
    UpdateExpression: 'SET n = :n',
    ConditionExpression: 'attribute_exists(pk)',
    ExpressionAttributeValues: { ':n': 1 },
  });
  await expect(update).rejects.toMatchObject(conditionFailed);
  expect(await at.read(key)).toBeUndefined();
});

test('a condition is looked at before the arithmetic that it guards', async () => {
  const take = at.update(at.aKey(), {
    UpdateExpression: 'SET available = available - :quantity',
    ConditionExpression: 'available >= :quantity',
    ExpressionAttributeValues: { ':quantity': 1 },
  });
  await expect(take).rejects.toMatchObject(conditionFailed);
});

test('a version is raised by one of those who read the same one', async () => {
  const key = at.aKey();
  await at.put({ ...key, version: 7 });
  const raise = () =>
    at.update(key, {
      UpdateExpression: 'SET #version = :next',
      ConditionExpression: '#version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': 7, ':next': 8 },
    });
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, raise));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  expect(await at.read(key)).toEqual({ ...key, version: 8 });
});

const mailIsFree =
  '(#state = :pending OR (#state = :sending AND attribute_not_exists(refusal) AND (attribute_not_exists(claimedAt) OR claimedAt < :stale)))';
const mailValues = { ':pending': 'PENDING', ':sending': 'SENDING', ':stale': '2026-01-01T00:02:00.000Z' };
const mailNames = { '#state': 'state' };
const lines = { tea: 2.5, mug: 1 };

const cases: {
  name: string;
  row: Record<string, unknown>;
  condition: string;
  names?: Record<string, string>;
  values?: Record<string, unknown>;
  holds: boolean;
}[] = [
  {
    name: 'numbers are compared by value, not as text',
    row: { n: 9 },
    condition: 'n < :x',
    values: { ':x': 10 },
    holds: true,
  },
  {
    name: 'texts are compared as text',
    row: { n: '9' },
    condition: 'n < :x',
    values: { ':x': '10' },
    holds: false,
  },
  {
    name: 'instants as ISO texts come in their order',
    row: { t: '2026-01-01T00:01:59.999Z' },
    condition: 't < :x',
    values: { ':x': '2026-01-01T00:02:00.000Z' },
    holds: true,
  },
  { name: 'at least', row: { n: 3 }, condition: 'n >= :x', values: { ':x': 3 }, holds: true },
  { name: 'less than enough', row: { n: 2.999 }, condition: 'n >= :x', values: { ':x': 3 }, holds: false },
  { name: 'a second that has come', row: { n: 60 }, condition: 'n <= :x', values: { ':x': 60 }, holds: true },
  {
    name: 'what is not there equals nothing',
    row: {},
    condition: 'n = :x',
    values: { ':x': 0 },
    holds: false,
  },
  {
    name: 'what is not there is not less',
    row: {},
    condition: 'n < :x',
    values: { ':x': 9 },
    holds: false,
  },
  {
    name: 'a number is not compared with a text',
    row: { n: 1 },
    condition: 'n < :x',
    values: { ':x': '9' },
    holds: false,
  },
  {
    name: 'null is an attribute',
    row: { n: null },
    condition: 'attribute_exists(n)',
    holds: true,
  },
  {
    name: 'maps are equal whatever the order of their entries',
    row: { lines },
    condition: '#lines = :lines',
    names: { '#lines': 'lines' },
    values: { ':lines': { mug: 1, tea: 2.5 } },
    holds: true,
  },
  {
    name: 'a map with an entry more is another',
    row: { lines },
    condition: '#lines = :lines',
    names: { '#lines': 'lines' },
    values: { ':lines': { tea: 2.5 } },
    holds: false,
  },
  {
    name: 'lists of maps are equal entry by entry',
    row: { prices: [{ tier: 'ALL', unitPrice: '1.50' }, lines] },
    condition: 'prices = :prices',
    values: { ':prices': [{ unitPrice: '1.50', tier: 'ALL' }, lines] },
    holds: true,
  },
  {
    name: 'lists are not equal in another order',
    row: { prices: [1, 2] },
    condition: 'prices = :prices',
    values: { ':prices': [2, 1] },
    holds: false,
  },
  {
    name: 'a guard that is out of date gives way',
    row: { expiresAt: 100 },
    condition: 'attribute_not_exists(pk) OR expiresAt <= :now',
    values: { ':now': 100 },
    holds: true,
  },
  {
    name: 'a guard that is not out of date stays',
    row: { expiresAt: 101 },
    condition: 'attribute_not_exists(pk) OR expiresAt <= :now',
    values: { ':now': 100 },
    holds: false,
  },
  ...[
    { name: 'a mail that waits', row: { state: 'PENDING' }, holds: true },
    { name: 'a mail given back', row: { state: 'SENDING' }, holds: true },
    {
      name: 'an old claim',
      row: { state: 'SENDING', claimedAt: '2026-01-01T00:00:00.000Z' },
      holds: true,
    },
    {
      name: 'a fresh claim',
      row: { state: 'SENDING', claimedAt: '2026-01-01T00:02:00.000Z' },
      holds: false,
    },
    { name: 'a refused mail', row: { state: 'SENDING', refusal: 'X' }, holds: false },
    { name: 'a sent mail', row: { state: 'SENT' }, holds: false },
  ].map(({ name, ...one }) => ({
    name: `AND binds tighter than OR, brackets tighter still: ${name}`,
    condition: mailIsFree,
    names: mailNames,
    values: mailValues,
    ...one,
  })),
];

test.for(cases)('$name', async ({ row, condition, names, values, holds }) => {
  const key = at.aKey();
  await at.put({ ...key, ...row });
  const update = at.update(key, {
    UpdateExpression: 'SET touched = :touched',
    ConditionExpression: condition,
    ...(names && { ExpressionAttributeNames: names }),
    ExpressionAttributeValues: { ':touched': true, ...values },
  });
  if (holds) expect(await update).toEqual({ ...key, ...row, touched: true });
  else {
    await expect(update).rejects.toMatchObject(conditionFailed);
    expect(await at.read(key)).toEqual({ ...key, ...row });
  }
});

test('a refusal shows the row that caused it where that is asked for, and only there', async () => {
  const row = { ...at.aKey(), n: 1 };
  await at.put(row);
  const asked = { ...unlessPresent, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;
  const Item = { pk: { S: row.pk }, sk: { S: row.sk }, n: { N: '1' } };
  await expect(at.put(row, asked)).rejects.toMatchObject({ ...conditionFailed, Item });
  await expect(at.put(row, unlessPresent)).rejects.toSatisfy(
    (error) => error instanceof ConditionalCheckFailedException && error.Item === undefined,
  );
});
