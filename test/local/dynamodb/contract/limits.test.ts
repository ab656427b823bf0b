import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { invalid, useTables } from './a-table.ts';

const at = useTables();

const mostBytes = 409_600;
const bytes = (...texts: string[]) => texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);

describe('an item has 400 KB, names and values counted in UTF-8', () => {
  /** An item of so many bytes: attribute `filling` takes what is left. */
  const anItem = (size: number) => {
    const key = at.aKey();
    const rest = size - bytes('pk', key.pk, 'sk', key.sk, 'filling');
    const wide = 'é'.repeat(1000);
    return { ...key, filling: wide + 'x'.repeat(rest - bytes(wide)) };
  };

  test('one of that size is taken', async () => {
    const item = anItem(mostBytes);
    await at.put(item);
    expect(await at.read(item)).toEqual(item);
  });

  test('one byte more is refused, alone and in a transaction', async () => {
    const item = anItem(mostBytes + 1);
    await expect(at.put(item)).rejects.toMatchObject(invalid);
    await expect(at.transact([{ Put: { TableName: at.name, Item: item } }])).rejects.toMatchObject(invalid);
    expect(await at.read(item)).toBeUndefined();
  });

  test('none grows beyond it, and a refused update leaves it as it was', async () => {
    const item = anItem(mostBytes);
    await at.put(item);
    const { pk, sk } = item;
    const grow = at.update(
      { pk, sk },
      { UpdateExpression: 'SET a = :a', ExpressionAttributeValues: { ':a': '' } },
    );
    await expect(grow).rejects.toMatchObject(invalid);
    expect(await at.read(item)).toEqual(item);
  });
});

describe('keys', () => {
  const ofBytes = (length: number) => {
    const { pk } = at.aKey();
    return 'é'.repeat((length - bytes(pk)) >> 1) + pk + 'x'.repeat((length - bytes(pk)) & 1);
  };

  test('a partition key has 2048 bytes, a sort key 1024', async () => {
    const longest = { pk: ofBytes(2048), sk: ofBytes(1024) };
    await at.put(longest);
    expect(await at.read(longest)).toEqual(longest);
    const tooLong = [
      { pk: ofBytes(2049), sk: 'ROW' },
      { pk: at.aKey().pk, sk: ofBytes(1025) },
    ];
    for (const key of tooLong) {
      await expect(at.put(key)).rejects.toMatchObject(invalid);
      await expect(at.read(key)).rejects.toMatchObject(invalid);
    }
  });

  test.for([
    { name: 'an empty partition key', key: { pk: '', sk: 'ROW' } },
    { name: 'an empty sort key', key: { pk: 'KEY', sk: '' } },
    { name: 'a number for a text', key: { pk: 1, sk: 'ROW' } },
    { name: 'no sort key', key: { pk: 'KEY' } },
    { name: 'an attribute that is none of the key', key: { pk: 'KEY', sk: 'ROW', more: 'm' }, isItem: true },
  ])('$name is refused', async ({ key, isItem }) => {
    const { client, db } = at.database;
    const remove = db.send(new DeleteCommand({ TableName: at.name, Key: key }));
    await expect(remove).rejects.toMatchObject(invalid);
    if (isItem) return;
    const Item = Object.fromEntries(
      Object.entries(key).map(([name, value]) => [
        name,
        typeof value === 'number' ? { N: String(value) } : { S: value },
      ]),
    );
    await expect(client.send(new PutItemCommand({ TableName: at.name, Item }))).rejects.toMatchObject(
      invalid,
    );
  });

  test('keys are told apart by their bytes', async () => {
    const { pk } = at.aKey();
    const alike = ['é', 'e\u0301', 'A', 'a', 'a ', ' a', 'a\u0000', 'a#b', 'ａ'].map((end) => ({
      pk: `${pk}${end}`,
      sk: 'b',
    }));
    for (const [index, key] of alike.entries()) await at.put({ ...key, index });
    for (const [index, key] of alike.entries()) expect(await at.read(key)).toEqual({ ...key, index });
    expect(await at.read({ pk: `${pk}a`, sk: 'B' })).toBeUndefined();
    expect(await at.read({ pk: `${pk}a#b#b`, sk: 'b' })).toBeUndefined();
  });
});

describe('values', () => {
  test('empty texts, lists, maps and bytes, null and nested values come back as they went', async () => {
    const row = {
      ...at.aKey(),
      text: '',
      list: [],
      map: {},
      bytes: new Uint8Array(),
      nothing: null,
      nested: { lines: [{ sku: '茶', quantity: 2.5, options: { gift: true } }], note: '\u0000\n"\\😀' },
    };
    await at.put(row);
    expect(await at.read(row)).toEqual(row);
  });

  test('bytes come back as they went', async () => {
    const key = at.aKey();
    const response = Buffer.from(Array.from({ length: 1000 }, (_, index) => index % 256));
    await at.put({ ...key, response });
    expect((await at.read(key))?.response).toEqual(new Uint8Array(response));
  });

  test('an empty set is refused', async () => {
    const { pk, sk } = at.aKey();
    const put = new PutItemCommand({
      TableName: at.name,
      Item: { pk: { S: pk }, sk: { S: sk }, set: { SS: [] } },
    });
    await expect(at.database.client.send(put)).rejects.toMatchObject(invalid);
  });
});
