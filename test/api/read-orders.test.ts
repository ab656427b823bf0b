import type { APIGatewayProxyEvent, Context } from 'aws-lambda';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Partner } from '../../domain/partner.ts';
import type { Principal } from '../../domain/permissions.ts';
import { createListOrderEvents } from '../../functions/api/list-order-events.ts';
import { createListOrders } from '../../functions/api/list-orders.ts';
import { createReadOrder } from '../../functions/api/read-order.ts';
import { type HttpRequest, httpHandler } from '../../functions/shared/http-handler.ts';
import { aProxyEvent, aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
let shop: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  shop = await at.desk.addPartner({ partnerId: 'example-shop' });
  await at.desk.addProduct('RO-1', 1000);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});

const read = (request: HttpRequest) => createReadOrder(at.desk)(request);
const events = (request: HttpRequest) => createListOrderEvents(at.desk)(request);
const byNumber = (orderNumber: string, principal?: Principal) =>
  aRequest({ path: { orderNumber }, ...(principal && { principal }) });

describe('an order', () => {
  test('is read by its partner with its version as ETag', async () => {
    const orderNumber = await at.desk.accept(mall, 'RO-1');
    expect(await read(byNumber(orderNumber))).toMatchObject({
      status: 200,
      headers: { ETag: '"2"' },
      body: {
        orderNumber,
        status: 'PENDING_PAYMENT',
        paymentStatus: 'UNPAID',
        fulfilmentStatus: 'UNFULFILLED',
        customerTier: 'STANDARD',
        totals: { payableAmount: '39.90' },
        lines: [{ lineId: '1', lineAmount: '39.90', taxRate: '0.13' }],
        paymentDueAt: '2026-03-03T08:00:00.000Z',
        promisedDate: '2026-03-20',
        version: 2,
        links: { self: `/v1/orders/${orderNumber}` },
      },
    });
  });

  test('shows nothing of how we keep it', async () => {
    const orderNumber = await at.desk.place(mall, 'RO-1');
    const { body } = await read(byNumber(orderNumber));
    for (const secret of ['pk', 'sk', 'source', 'terms', 'partnerEmail', 'customerEmail', 'lineAmountMinor'])
      expect(JSON.stringify(body)).not.toContain(`"${secret}"`);
  });

  test('tells its findings in the reader’s language', async () => {
    const orderNumber = await at.desk.place(mall, 'RO-1', { promotionCodes: ['SPRING'] });
    await at.desk.audit({ orderNumber });
    const details = async (language: 'zh-CN' | 'en') => {
      const { body } = await read(aRequest({ path: { orderNumber }, language }));
      return z.looseObject({ findings: z.array(z.looseObject({ detail: z.string() })) }).parse(body).findings;
    };
    const [[chinese], [english]] = [await details('zh-CN'), await details('en')];
    expect([chinese?.code, english?.code]).toEqual(['PROMOTION_INVALID', 'PROMOTION_INVALID']);
    expect(chinese?.detail).toMatch(/\p{Script=Han}/u);
    expect(english?.detail).not.toMatch(/\p{Script=Han}/u);
  });

  test('has its history, oldest first', async () => {
    const orderNumber = await at.desk.accept(mall, 'RO-1');
    expect(await events(byNumber(orderNumber))).toMatchObject({
      status: 200,
      body: {
        orderNumber,
        events: [
          { sequence: 1, type: 'order.received' },
          { sequence: 2, type: 'order.confirmed', to: 'PENDING_PAYMENT' },
        ],
      },
    });
  });

  test('is seen by staff', async () => {
    const orderNumber = await at.desk.place(mall, 'RO-1');
    expect(await read(byNumber(orderNumber, asStaff()))).toMatchObject({ status: 200 });
  });
});

describe('another partner’s order', () => {
  const answer = async (handle: typeof read, orderNumber: string) => {
    const event: APIGatewayProxyEvent = aProxyEvent({
      principal: asPartner('example-shop'),
      pathParameters: { orderNumber },
      path: `/v1/orders/${orderNumber}`,
    });
    const { statusCode, headers, body } = await httpHandler(handle)(event, {} as Context);
    const { instance, requestId, ...told } = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    return { statusCode, headers, told };
  };

  test.for([
    ['GET order', read],
    ['GET events', events],
  ] as const)('cannot be told from one that does not exist: %s', async ([, handle]) => {
    const foreign = await at.desk.place(mall, 'RO-1');
    const [seen, unknown, malformed] = [
      await answer(handle, foreign),
      await answer(handle, 'SO-20260302-999999-0'),
      await answer(handle, 'SO-1'),
    ];
    expect(seen.statusCode).toBe(404);
    expect(seen).toEqual(unknown);
    expect(seen).toEqual(malformed);
  });
});

describe('a list', () => {
  const page = z.object({
    orders: z.array(z.looseObject({ orderNumber: z.string(), status: z.string(), updatedAt: z.string() })),
    nextCursor: z.string().optional(),
  });
  const list = async (query: Record<string, string>, principal: Principal = asPartner('list-a')) => {
    const { body } = await createListOrders(at.desk)(aRequest({ principal, query }));
    return page.parse(body);
  };
  const numbers = ({ orders }: z.infer<typeof page>) => orders.map(({ orderNumber }) => orderNumber);
  let placed: string[] = [];
  let listed: Partner;
  beforeAll(async () => {
    listed = await at.desk.addPartner({ partnerId: 'list-a' });
    for (let hour = 0; hour < 7; hour++) {
      at.desk.clock.now = new Date(orderDay.getTime() + hour * 3_600_000);
      const customerOrderReference = `REF-${hour}`;
      placed.push(
        hour % 2 === 0
          ? await at.desk.place(listed, 'RO-1', { customerOrderReference })
          : await at.desk.accept(listed, 'RO-1', { customerOrderReference }),
      );
    }
    await at.desk.place(shop, 'RO-1');
    placed = placed.toReversed();
  });

  test('has the partner’s orders, the latest first, a page at a time', async () => {
    const first = await list({ limit: '3' });
    const second = await list({ limit: '3', cursor: first.nextCursor ?? '' });
    const third = await list({ limit: '3', cursor: second.nextCursor ?? '' });
    expect([first, second, third].flatMap(numbers)).toEqual(placed);
    expect(third.nextCursor).toBeUndefined();
    expect(first.orders[0]).toEqual({
      orderNumber: placed[0],
      customerOrderReference: 'REF-6',
      status: 'RECEIVED',
      orderType: 'STANDARD',
      sourceChannel: 'API',
      customerTier: 'STANDARD',
      tags: [],
      requestedDate: '2026-03-20',
      currency: 'CNY',
      payableAmount: '39.90',
      createdAt: '2026-03-02T14:00:00.000Z',
      updatedAt: '2026-03-02T14:00:00.000Z',
      links: { self: `/v1/orders/${placed[0]}` },
    });
  });

  test('is narrowed by status and by the time of the last change', async () => {
    expect(numbers(await list({ status: 'PENDING_PAYMENT' }))).toEqual([placed[1], placed[3], placed[5]]);
    expect(numbers(await list({ updatedSince: '2026-03-02T21:00:00+08:00' }))).toEqual([
      placed[0],
      placed[1],
    ]);
  });

  test('is one order, or none, for a reference', async () => {
    expect(numbers(await list({ customerOrderReference: 'REF-3' }))).toEqual([placed[3]]);
    expect(numbers(await list({ customerOrderReference: 'REF-3', status: 'RECEIVED' }))).toEqual([]);
    expect(numbers(await list({ customerOrderReference: 'REF-9' }))).toEqual([]);
    expect(numbers(await list({ customerOrderReference: 'REF-3' }, asPartner('example-shop')))).toEqual([]);
  });

  test('of another partner is nobody’s but staff’s', async () => {
    expect(numbers(await list({ partnerId: 'list-a', limit: '100' }, asStaff('desk')))).toEqual(placed);
    await expect(list({ partnerId: 'list-a' }, asPartner('example-shop'))).rejects.toMatchObject({
      type: 'not-found',
    });
    await expect(list({}, asStaff('desk'))).rejects.toMatchObject({
      type: 'invalid-parameter',
      members: { parameters: [{ name: 'partnerId' }] },
    });
  });

  const cursorOf = (key: object) => Buffer.from(JSON.stringify(key)).toString('base64url');
  /** A cursor of the very question, with another place in it. */
  const placeAt = async (below: string) => {
    const { nextCursor = '' } = await list({ limit: '1' });
    const cursor: unknown = JSON.parse(Buffer.from(nextCursor, 'base64url').toString());
    return cursorOf({ ...z.looseObject({}).parse(cursor), below });
  };
  const wrong: [string, () => Promise<string>, Principal, Record<string, string>][] = [
    [
      'of another partner',
      async () => (await list({ limit: '1' })).nextCursor ?? '',
      asPartner('example-shop'),
      {},
    ],
    ['that is none', async () => 'garbage', asPartner('list-a'), {}],
    ['without its place', async () => cursorOf({ question: 'x' }), asPartner('list-a'), {}],
    [
      'of another question',
      async () => (await list({ limit: '6' })).nextCursor ?? '',
      asPartner('list-a'),
      { updatedSince: '2026-03-02T13:30:00Z' },
    ],
    ['whose place is no order number', async () => placeAt('ORDER#1'), asPartner('list-a'), {}],
    ['whose place is on no day', async () => placeAt('SO-20261341-000001-1'), asPartner('list-a'), {}],
  ];
  test.for(wrong)('with a cursor %s is refused', async ([, cursor, principal, query]) => {
    await expect(list({ ...query, cursor: await cursor() }, principal)).rejects.toMatchObject({
      type: 'invalid-parameter',
      status: 400,
      members: { parameters: [{ name: 'cursor' }] },
    });
  });

  test.for([
    [{ status: 'LOST' }, ['status']],
    [{ limit: '0', updatedSince: 'yesterday' }, ['updatedSince', 'limit']],
    [{ limit: '101' }, ['limit']],
    [{ state: 'PAID', page: '2' }, ['state', 'page']],
  ] as const)('with %j is refused, naming each parameter', async ([query, names]) => {
    await expect(list(query)).rejects.toMatchObject({
      type: 'invalid-parameter',
      members: { parameters: names.map((name) => ({ name })) },
    });
  });
});
