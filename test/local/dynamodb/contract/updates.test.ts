import { expect, test } from 'vitest';
import { conditionFailed, invalid, useTables } from './a-table.ts';

const at = useTables();

test('an update makes the row where there is none', async () => {
  const key = at.aKey();
  const updated = await at.update(key, {
    UpdateExpression: 'SET a = :a',
    ExpressionAttributeValues: { ':a': 1 },
  });
  expect(updated).toEqual({ ...key, a: 1 });
});

test('SET and REMOVE change what they name and leave the rest', async () => {
  const key = at.aKey();
  await at.put({ ...key, kept: 'k', set: 1, removed: 'r' });
  const updated = await at.update(key, {
    UpdateExpression: 'SET #s = :s REMOVE removed, neverThere',
    ExpressionAttributeNames: { '#s': 'set' },
    ExpressionAttributeValues: { ':s': 2 },
  });
  expect(updated).toEqual({ ...key, kept: 'k', set: 2 });
});

test('every right-hand side sees the row as it was', async () => {
  const key = at.aKey();
  await at.put({ ...key, a: 1, b: 2 });
  expect(await at.update(key, { UpdateExpression: 'SET a = b, b = a' })).toEqual({ ...key, a: 2, b: 1 });
});

test('if_not_exists keeps what is there', async () => {
  const key = at.aKey();
  const name = (usageKey: string) =>
    at.update(key, {
      UpdateExpression: 'SET usageKey = if_not_exists(usageKey, :usageKey)',
      ExpressionAttributeValues: { ':usageKey': usageKey },
    });
  expect(await name('first')).toMatchObject({ usageKey: 'first' });
  expect(await name('second')).toMatchObject({ usageKey: 'first' });
});

test('goods received count from nothing and on top of what is there', async () => {
  const key = at.aKey();
  const receive = (quantity: number) =>
    at.update(key, {
      UpdateExpression:
        'SET sku = :sku, reserved = if_not_exists(reserved, :none) ADD onHand :quantity, available :quantity',
      ExpressionAttributeValues: { ':sku': 'tea', ':none': 0, ':quantity': quantity },
    });
  expect(await receive(2.5)).toEqual({ ...key, sku: 'tea', reserved: 0, onHand: 2.5, available: 2.5 });
  await at.update(key, {
    UpdateExpression: 'SET available = available - :q, reserved = reserved + :q',
    ExpressionAttributeValues: { ':q': 0.1 },
  });
  expect(await receive(0.2)).toEqual({ ...key, sku: 'tea', reserved: 0.1, onHand: 2.7, available: 2.6 });
});

test('UPDATED_NEW answers what was changed and nothing else', async () => {
  const key = at.aKey();
  await at.put({ ...key, other: 'o' });
  const updated = await at.update(key, {
    UpdateExpression: 'ADD #last :count',
    ExpressionAttributeNames: { '#last': 'last' },
    ExpressionAttributeValues: { ':count': 3 },
    ReturnValues: 'UPDATED_NEW',
  });
  expect(updated).toEqual({ last: 3 });
});

test('a counter gives each of many callers numbers of its own', async () => {
  const key = at.aKey();
  const take = async (count: number) => {
    const updated = await at.update(key, {
      UpdateExpression: 'ADD #last :count',
      ExpressionAttributeNames: { '#last': 'last' },
      ExpressionAttributeValues: { ':count': count },
      ReturnValues: 'UPDATED_NEW',
    });
    const last = Number(updated?.last);
    return Array.from({ length: count }, (_, index) => last - index);
  };
  const taken = await Promise.all(Array.from({ length: 60 }, (_, caller) => take((caller % 3) + 1)));
  const numbers = taken.flat().toSorted((a, b) => a - b);
  expect(numbers).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
});

test('no more is taken than is there, however many take at the same time', async () => {
  const key = at.aKey();
  await at.put({ ...key, available: 25, reserved: 0 });
  const take = () =>
    at.update(key, {
      UpdateExpression: 'SET available = available - :q, reserved = reserved + :q',
      ConditionExpression: 'available >= :q',
      ExpressionAttributeValues: { ':q': 1 },
    });
  const outcomes = await Promise.allSettled(Array.from({ length: 40 }, take));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(25);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(conditionFailed);
  expect(await at.read(key)).toEqual({ ...key, available: 0, reserved: 25 });
});

test('arithmetic on what is not there is refused, and nothing of the update is done', async () => {
  const key = at.aKey();
  await at.put({ ...key, a: 1 });
  const update = at.update(key, {
    UpdateExpression: 'SET a = :n, b = b + :n',
    ExpressionAttributeValues: { ':n': 5 },
  });
  await expect(update).rejects.toMatchObject(invalid);
  expect(await at.read(key)).toEqual({ ...key, a: 1 });
});

test('a key never changes', async () => {
  const key = at.aKey();
  await at.put(key);
  const update = at.update(key, {
    UpdateExpression: 'SET sk = :sk',
    ExpressionAttributeValues: { ':sk': 'x' },
  });
  await expect(update).rejects.toMatchObject(invalid);
});

test('names that the app writes bare are no reserved words; those it puts behind a # are', async () => {
  const bare =
    'entity sku onHand available reserved claimedAt messageId sentAt requeuedAt refusal openStatus statusSince ' +
    'expiresAt executionId keysVersion revokedAt usageKey prices orderPartnerId updatedAt';
  const set = (names: string[]) =>
    at.update(at.aKey(), {
      UpdateExpression: `SET ${names.map((name) => `${name} = :x`).join(', ')}`,
      ExpressionAttributeValues: { ':x': 1 },
    });
  await expect(set(bare.split(' '))).resolves.toBeDefined();
  for (const name of ['state', 'status', 'last', 'lines'])
    await expect(set([name])).rejects.toMatchObject(invalid);
});

test('undefined attributes are left out, at any depth', async () => {
  const key = at.aKey();
  await at.put({ ...key, gone: undefined, map: { kept: 1, gone: undefined }, list: [1, undefined, 2] });
  expect(await at.read(key)).toEqual({ ...key, map: { kept: 1 }, list: [1, 2] });
});
