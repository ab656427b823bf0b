import { paginateQuery, paginateScan, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { invalid, type Key, useTables } from './a-table.ts';

const at = useTables();
const soon = { timeout: 20_000 };

let key: Key;
beforeEach(() => {
  key = at.aKey();
});

const partition = () => ({
  KeyConditionExpression: 'pk = :pk',
  ExpressionAttributeValues: { ':pk': key.pk },
  ConsistentRead: true,
});
const ofOwner = (more: Partial<QueryCommandInput> = {}): Partial<QueryCommandInput> => ({
  IndexName: 'byOwner',
  KeyConditionExpression: '#owner = :owner',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':owner': key.pk },
  ...more,
});
const putOwned = (sk: string, changedAt: string, state = 'OPEN') =>
  at.put({ pk: `${key.pk}#${sk}`, sk, owner: key.pk, changedAt, state });
const untilIndexed = (count: number) =>
  expect.poll(async () => (await at.query(ofOwner())).Count, soon).toBe(count);

/** A cursor travels through a caller's hands as text. */
const throughText = (cursor: Record<string, unknown> | undefined): Record<string, unknown> =>
  JSON.parse(Buffer.from(Buffer.from(JSON.stringify(cursor)).toString('base64url'), 'base64url').toString());

const readOn = async (input: Partial<QueryCommandInput>, between?: () => Promise<unknown>) => {
  const pages: unknown[][] = [];
  let cursor: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await at.query({
      ...input,
      ...(cursor && { ExclusiveStartKey: cursor }),
    });
    pages.push(Items.map(({ sk }) => sk));
    cursor = LastEvaluatedKey && throughText(LastEvaluatedKey);
    if (pages.length === 1) await between?.();
  } while (cursor);
  return pages;
};

test('a page ends at a megabyte; the pages together have every row once, in order', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `ROW#${index}`);
  await Promise.all(names.map((sk) => at.put({ pk: key.pk, sk, filling: 'x'.repeat(300_000) })));
  const pages = await readOn(partition());
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flat()).toEqual(names);
  const paginated: unknown[] = [];
  const input = { TableName: at.name, ...partition() };
  for await (const { Items = [] } of paginateQuery({ client: at.database.db }, input))
    paginated.push(...Items.map(({ sk }) => sk));
  expect(paginated).toEqual(names);
});

test('a scan goes through all pages, whatever its filter lets through', async () => {
  const filling = 'x'.repeat(390_000);
  for (let index = 0; index < 6; index += 1)
    await at.put({ pk: `${key.pk}#${index}`, sk: 'FILLING', filling });
  const wanted = ['A', 'B', 'C'].map((name) => `${key.pk}#${name}`);
  for (const pk of wanted) await at.put({ pk, sk: 'PROFILE' });
  const found: unknown[] = [];
  let pages = 0;
  const input = {
    TableName: at.name,
    FilterExpression: 'sk = :profile',
    ExpressionAttributeValues: { ':profile': 'PROFILE' },
    ConsistentRead: true,
  };
  for await (const { Items = [] } of paginateScan({ client: at.database.db }, input)) {
    found.push(...Items.map(({ pk }) => pk));
    pages += 1;
  }
  expect(pages).toBeGreaterThan(1);
  expect(found.toSorted()).toEqual(wanted);
});

test('the limit counts rows before the filter: a page may be empty and not the last', async () => {
  for (const [sk, state] of [
    ['1', 'OPEN'],
    ['2', 'OPEN'],
    ['3', 'DONE'],
    ['4', 'OPEN'],
    ['5', 'DONE'],
  ] as const)
    await putOwned(sk, `2026-01-0${sk}`, state);
  await untilIndexed(5);
  const pages = await readOn(
    ofOwner({
      FilterExpression: '#state = :state',
      ExpressionAttributeNames: { '#owner': 'owner', '#state': 'state' },
      ExpressionAttributeValues: { ':owner': key.pk, ':state': 'DONE' },
      Limit: 2,
    }),
  );
  expect(pages).toEqual([[], ['3'], ['5']]);
});

test('a page that is full says that there may be more, even where there is none', async () => {
  for (const sk of ['1', '2']) await putOwned(sk, '2026-01-01');
  await untilIndexed(2);
  expect(await readOn(ofOwner({ Limit: 2 }))).toEqual([expect.arrayContaining(['1', '2']), []]);
  expect(await readOn(ofOwner({ Limit: 3 }))).toHaveLength(1);
});

test('rows with the same sort key are told apart by a cursor', async () => {
  const names = ['A', 'B', 'C', 'D', 'E'];
  for (const sk of names) await putOwned(sk, '2026-01-01');
  await untilIndexed(5);
  for (const ScanIndexForward of [true, false]) {
    const pages = await readOn(ofOwner({ Limit: 2, ScanIndexForward }));
    expect(pages.flat().toSorted()).toEqual(names);
  }
});

test('a cursor stands, though its row has left the index and others came before and behind it', async () => {
  for (const sk of ['1', '2', '3', '4']) await putOwned(sk, `2026-01-0${sk}`);
  await untilIndexed(4);
  const pages = await readOn(ofOwner({ Limit: 2 }), async () => {
    await at.update({ pk: `${key.pk}#2`, sk: '2' }, { UpdateExpression: 'REMOVE changedAt' });
    await putOwned('0', '2026-01-00');
    await putOwned('5', '2026-01-05');
    await untilIndexed(5);
  });
  expect(pages.flat()).toEqual(['1', '2', '3', '4', '5']);
});

test('reading goes on behind a row that is the last within its bound', async () => {
  for (const sk of ['1', '2', '3']) await putOwned(sk, `2026-01-0${sk}`);
  await untilIndexed(3);
  const pages = await readOn(
    ofOwner({
      KeyConditionExpression: '#owner = :owner AND changedAt >= :since',
      ExpressionAttributeValues: { ':owner': key.pk, ':since': '2026-01-02' },
      ScanIndexForward: false,
      Limit: 2,
    }),
  );
  expect(pages).toEqual([['3', '2'], []]);
});

test('a cursor without the keys of the index is refused', async () => {
  await expect(at.query(ofOwner({ ExclusiveStartKey: key }))).rejects.toMatchObject(invalid);
});
