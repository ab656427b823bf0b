import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { problemName } from './raw-client.ts';
import { numberOf, openRawDesk, type RawDesk } from './raw-desk.ts';
import { mugs, sampleOrder } from './test-desk.ts';

let desk: RawDesk;
/** Numbers of orders that rest: nothing changes them while they are read. */
let unpaid: string[];
let held: string[];

const restingOrders = (count: number, reference: string, changes: Record<string, unknown>) =>
  Promise.all(
    Array.from({ length: count }, async (_, index) =>
      numberOf(await desk.post(sampleOrder(`${reference}-${index}`, changes))),
    ),
  );

beforeAll(async () => {
  desk = await openRawDesk();
  unpaid = await restingOrders(31, 'UNPAID', { payment: { method: 'BANK_TRANSFER' } });
  held = await restingOrders(5, 'HELD', { lines: [mugs(1, { unitPrice: '1.00' })] });
  await Promise.all([
    ...unpaid.map((orderNumber) => desk.untilStatus(orderNumber, 'PENDING_PAYMENT')),
    ...held.map((orderNumber) => desk.untilStatus(orderNumber, 'ON_HOLD')),
  ]);
});
afterAll(() => desk.close());

const pageSchema = z.object({
  orders: z.array(
    z.object({
      orderNumber: z.string(),
      customerOrderReference: z.string(),
      status: z.string(),
      payableAmount: z.string(),
      updatedAt: z.iso.datetime(),
    }),
  ),
  nextCursor: z.string().optional(),
});

const list = async (query: Record<string, string> = {}) =>
  pageSchema.parse((await desk.mall('GET', `/v1/orders?${new URLSearchParams(query)}`)).body);

/** All pages of a query, in order. */
const listAll = async (query: Record<string, string> = {}) => {
  const first = await list(query);
  const pages = [first];
  for (let cursor = first.nextCursor; cursor !== undefined; ) {
    const page = await list({ ...query, cursor });
    pages.push(page);
    cursor = page.nextCursor;
  }
  return { orders: pages.flatMap(({ orders }) => orders), pages };
};

const numbersOf = (orders: readonly { orderNumber: string }[]) =>
  orders.map(({ orderNumber }) => orderNumber).sort();

describe('the list of orders', () => {
  test('comes in pages of 25, the latest first, with no repeat and no gap', async () => {
    const { orders, pages } = await listAll();
    expect(pages.map((page) => page.orders.length).slice(0, 2)).toEqual([25, 11]);
    expect(numbersOf(orders)).toEqual([...unpaid, ...held].sort());
    const numbers = orders.map(({ orderNumber }) => orderNumber);
    expect(numbers).toEqual(numbers.toSorted().reverse());
  });

  test.for([1, 7, 36, 100])('comes in pages of %i as well', async (limit) => {
    const { orders, pages } = await listAll({ limit: String(limit) });
    expect(numbersOf(orders)).toEqual([...unpaid, ...held].sort());
    expect(Math.max(...pages.map((page) => page.orders.length))).toBeLessThanOrEqual(limit);
  });

  test('is narrowed by status, over all pages', async () => {
    expect(numbersOf((await listAll({ status: 'ON_HOLD', limit: '3' })).orders)).toEqual(held.toSorted());
    expect((await listAll({ status: 'COMPLETED' })).orders).toEqual([]);
  });

  test('is narrowed by time, the moment itself included, in any zone', async () => {
    const { orders } = await listAll();
    const since = orders[9]?.updatedAt ?? '';
    const expected = orders.filter(({ updatedAt }) => updatedAt >= since);
    expect((await listAll({ updatedSince: since })).orders).toEqual(expected);
    const inShanghai = new Date(Date.parse(since) + 8 * 3_600_000).toISOString().replace('Z', '+08:00');
    expect((await listAll({ updatedSince: inShanghai, limit: '4' })).orders).toEqual(expected);
    expect((await listAll({ updatedSince: '2100-01-01T00:00:00Z' })).orders).toEqual([]);
  });

  test('finds an order by its reference, unless other conditions exclude it', async () => {
    const reference = { customerOrderReference: 'HELD-3' };
    expect(numbersOf((await list(reference)).orders)).toEqual([held[3]]);
    expect((await list({ ...reference, status: 'ON_HOLD' })).orders).toHaveLength(1);
    expect((await list({ ...reference, status: 'COMPLETED' })).orders).toEqual([]);
    expect((await list({ ...reference, updatedSince: '2100-01-01T00:00:00Z' })).orders).toEqual([]);
    expect((await list({ customerOrderReference: 'held-3' })).orders).toEqual([]);
  });

  test('is read by staff for a partner they name', async () => {
    const clerk = desk.withToken(desk.endpoints.staff.desk);
    expect((await clerk('GET', '/v1/orders')).body).toMatchObject({
      status: 400,
      parameters: [{ name: 'partnerId' }],
    });
    const page = pageSchema.parse((await clerk('GET', '/v1/orders?partnerId=example-mall&limit=100')).body);
    expect(page.orders).toHaveLength(36);
  });
});

const cursorOf = (key: Record<string, string>): string =>
  Buffer.from(JSON.stringify(key)).toString('base64url');
const aPlace = { question: 'x', from: 'SO-19700101', below: 'SO-20260101-000001-1' };

describe('a question that cannot be answered names its parameter', () => {
  test.for<[string, string]>([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=2.5', 'limit'],
    ['status=OPEN', 'status'],
    ['status=', 'status'],
    ['updatedSince=yesterday', 'updatedSince'],
    ['updatedSince=2026-01-01', 'updatedSince'],
    ['updatedSince=2026-01-01T00:00:00', 'updatedSince'],
    [`customerOrderReference=${'x'.repeat(65)}`, 'customerOrderReference'],
    ['order=desc', 'order'],
    ['__proto__=x', '__proto__'],
    ['constructor=x&constructor=y', 'constructor'],
    ['cursor=', 'cursor'],
    ['cursor=!', 'cursor'],
    [`cursor=${cursorOf({})}`, 'cursor'],
    [`cursor=${cursorOf(aPlace)}`, 'cursor'],
    [`cursor=${cursorOf({ ...aPlace, below: 'COUNTER#ORDER' })}`, 'cursor'],
    [`cursor=${cursorOf({ ...aPlace, from: 'x'.repeat(1100) })}`, 'cursor'],
    [`cursor=${cursorOf({ ...aPlace, extra: 'x' })}`, 'cursor'],
    ['createdFrom=2026-02-30', 'createdFrom'],
    ['tag=a%20b', 'tag'],
  ])('%s', async ([query, name]) => {
    const answer = await desk.mall('GET', `/v1/orders?${query}`);
    expect(problemName(answer)).toBe('invalid-parameter');
    expect(answer.body).toMatchObject({ status: 400, parameters: [{ name }] });
  });

  test('and names several at once', async () => {
    const answer = await desk.mall('GET', '/v1/orders?limit=x&status=y&sort=z');
    expect(answer.body).toMatchObject({
      parameters: [{ name: 'status' }, { name: 'limit' }, { name: 'sort' }],
    });
  });
});

describe('an address that there is not', () => {
  test.for<[string, string]>([
    ['GET', '/'],
    ['GET', '/v1'],
    ['GET', '/v1/order'],
    ['GET', '/V1/orders'],
    ['GET', '/v2/orders'],
    ['DELETE', '/v1/orders'],
    ['PUT', '/v1/orders'],
    ['POST', '/v1/orders/check'],
    ['GET', '/v1/uploads'],
    ['GET', '/desk/reports'],
    ['GET', '/v1/orders/SO-1/payments'],
    ['GET', '/v1/orders/%ff'],
    ['GET', '/v1/orders/SO-20260101-000001-1%00'],
    ['GET', `/v1/orders/${'9'.repeat(4000)}`],
  ])('%s %s is not found', async ([method, path]) => {
    expect(problemName(await desk.mall(method, path))).toBe('not-found');
  });
});

describe('one order', () => {
  test('has an ETag that changes when the order does', async () => {
    const [first = ''] = unpaid;
    const before = await desk.mall('GET', `/v1/orders/${first}`);
    const again = await desk.mall('GET', `/v1/orders/${first}`);
    expect(before.headers.etag).toMatch(/^"\d+"$/);
    expect(again.headers.etag).toBe(before.headers.etag);
    const body = JSON.stringify({ reasonCode: 'CHANGED_MIND' });
    expect((await desk.mall('POST', `/v1/orders/${first}/cancellation`, { body })).status).toBe(202);
    await desk.untilStatus(first, 'CANCELLED');
    const after = await desk.mall('GET', `/v1/orders/${first}`);
    expect(after.headers.etag).not.toBe(before.headers.etag);
    expect(after.headers.etag).toBe(`"${z.object({ version: z.int() }).parse(after.body).version}"`);
  });

  test('has a history in order, without gaps', async () => {
    const [, second = ''] = unpaid;
    const { events } = z
      .object({ events: z.array(z.object({ sequence: z.int(), type: z.string(), at: z.iso.datetime() })) })
      .parse((await desk.mall('GET', `/v1/orders/${second}/events`)).body);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events[0]?.type).toBe('order.received');
    const times = events.map(({ at }) => at);
    expect(times).toEqual(times.toSorted());
  });

  test.for<[string, unknown]>([
    ['#/reasonCode', {}],
    ['#/reasonCode', { reasonCode: 'because' }],
    ['#/note', { reasonCode: 'CHANGED_MIND', note: 'x'.repeat(501) }],
    ['#/note', { reasonCode: 'CHANGED_MIND', note: 'a\0b' }],
    ['#/refund', { reasonCode: 'CHANGED_MIND', refund: true }],
    ['#', []],
  ])('is not cancelled with a fault at %s', async ([pointer, body]) => {
    const answer = await desk.mall('POST', `/v1/orders/${unpaid[2]}/cancellation`, {
      body: JSON.stringify(body),
    });
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer }] });
  });
});
