import { GetItemCommand, PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { invalid, type Key, useTables } from './a-table.ts';

const at = useTables();

const plain = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } });
const putText = (key: Key, n: string) =>
  at.database.client.send(new PutItemCommand({ TableName: at.name, Item: { ...plain(key), n: { N: n } } }));
const readText = async (key: Key) => {
  const get = new GetItemCommand({ TableName: at.name, Key: plain(key), ConsistentRead: true });
  return (await at.database.client.send(get)).Item?.n?.N;
};

describe('on the wire', () => {
  test.for([
    '12345678901234567890123456789012345678',
    '-99999999999999999999999999999999999999',
    '0.12345678901234567890123456789012345678',
    '1234567890123456789012345678901234.5678',
  ])('38 digits are kept: %s', async (digits) => {
    const key = at.aKey();
    await putText(key, digits);
    expect(await readText(key)).toBe(digits);
  });

  test.for([
    { name: 'the 39th digit', n: '123456789012345678901234567890123456789' },
    { name: 'too large', n: '1E126' },
    { name: 'too near to zero', n: '1E-131' },
    { name: 'no number', n: 'NaN' },
  ])('refused rather than rounded: $name', async ({ n }) => {
    const key = at.aKey();
    await expect(putText(key, n)).rejects.toMatchObject(invalid);
    expect(await readText(key)).toBeUndefined();
  });

  test('sums are decimal, to the last digit', async () => {
    const key = at.aKey();
    await putText(key, '99999999999999999999999999999999999998');
    await at.database.client.send(
      new UpdateItemCommand({
        TableName: at.name,
        Key: plain(key),
        UpdateExpression: 'ADD n :one',
        ExpressionAttributeValues: { ':one': { N: '1' } },
      }),
    );
    expect(await readText(key)).toBe('99999999999999999999999999999999999999');
  });
});

const runs = { numRuns: 25 };

describe('through the document client', () => {
  test('every number that it takes comes back the same', async () => {
    const safe = fc.maxSafeInteger();
    const decimal = fc
      .double({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1, noNaN: true })
      .filter((n) => Math.abs(n) >= 1e-130)
      .map((n) => n + 0);
    const numbers = fc.array(fc.oneof(safe, decimal), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(numbers, async (list) => {
        const key = at.aKey();
        await at.put({ ...key, list });
        expect((await at.read(key))?.list).toEqual(list);
      }),
      runs,
    );
  });

  test('thousandths added and taken away in the database are exact', async () => {
    const thousandths = fc.integer({ min: 1, max: 999_999_999 });
    await fc.assert(
      fc.asyncProperty(thousandths, thousandths, async (a, b) => {
        const key = at.aKey();
        await at.put({ ...key, available: a / 1000, reserved: b / 1000 });
        const moved = await at.update(key, {
          UpdateExpression: 'SET available = available - :b, reserved = reserved + :a ADD onHand :a',
          ExpressionAttributeValues: { ':a': a / 1000, ':b': b / 1000 },
        });
        expect(moved).toMatchObject({
          available: (a - b) / 1000,
          reserved: (a + b) / 1000,
          onHand: a / 1000,
        });
      }),
      runs,
    );
  });

  test.for([
    { name: 'a whole number beyond those that are safe', n: 2 ** 53 },
    { name: 'not a number', n: Number.NaN },
    { name: 'infinity', n: Number.POSITIVE_INFINITY },
  ])('is refused before it is sent: $name', async ({ n }) => {
    const key = at.aKey();
    await expect(at.put({ ...key, n })).rejects.toThrow(Error);
    expect(await at.read(key)).toBeUndefined();
  });

  test('a stored number beyond those that are safe is read as a bigint, not rounded', async () => {
    const key = at.aKey();
    await putText(key, '9007199254740993');
    expect((await at.read(key))?.n).toBe(9_007_199_254_740_993n);
  });
});
