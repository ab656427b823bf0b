import { beforeAll, describe, expect, test } from 'vitest';
import type { Principal } from '../../domain/permissions.ts';
import * as countOrders from '../../functions/api/count-orders.ts';
import * as listAllOrders from '../../functions/api/list-all-orders.ts';
import { createListOrders } from '../../functions/api/list-orders.ts';
import { createTagOrder } from '../../functions/api/tag-order.ts';
import { aCustomer } from '../builders/a-partner.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
/** By the names that the tests call them. */
const numbers: Record<'wholesale' | 'custom' | 'onHold' | 'test' | 'ofShop' | 'yesterday', string> = {
  wholesale: '',
  custom: '',
  onHold: '',
  test: '',
  ofShop: '',
  yesterday: '',
};
const yesterday = new Date(orderDay.getTime() - 86_400_000);

beforeAll(async () => {
  const { desk } = at;
  const mall = await desk.addPartner();
  const shop = await desk.addPartner({ partnerId: 'example-shop' });
  await desk.addProduct('DO-1', 1000);
  await desk.addCustomer(aCustomer({ customerId: 'C-GOLD', tier: 'GOLD' }));
  const buyer = { ...aSubmission().buyer, customerId: 'C-GOLD' };
  const wanted = (requestedDate: string) => ({ delivery: { ...aSubmission().delivery, requestedDate } });
  desk.clock.now = yesterday;
  numbers.yesterday = await desk.place(mall, 'DO-1');
  desk.clock.now = orderDay;
  numbers.wholesale = await desk.accept(mall, 'DO-1', {
    orderType: 'WHOLESALE',
    customerOrderReference: 'REF-1',
    lines: [aSubmittedLine({ sku: 'DO-1', quantity: 24 })],
    buyer,
    ...wanted('2026-03-04'),
  });
  numbers.custom = await desk.accept(mall, 'DO-1', {
    orderType: 'CUSTOM',
    sourceChannel: 'SALES_FORM',
    lines: [aSubmittedLine({ sku: 'DO-1', quantity: 1, customization: 'a name on it' })],
  });
  numbers.onHold = await desk.place(mall, 'DO-1', { promotionCodes: ['NONE'] });
  await desk.audit({ orderNumber: numbers.onHold });
  numbers.test = await desk.place(mall, 'DO-1', { test: true });
  numbers.ofShop = await desk.place(shop, 'DO-1', {
    customerOrderReference: 'REF-1',
    ...wanted('2026-04-20'),
  });
});

const list = async (query: Record<string, string> = {}, principal: Principal = asStaff('warehouse')) => {
  const { body } = await listAllOrders.createListAllOrders(at.desk)(aRequest({ principal, query }));
  return listAllOrders.answerSchema.parse(body);
};
const found = async (query: Record<string, string>) =>
  (await list(query)).orders.map(({ orderNumber }) => orderNumber);

describe('all orders', () => {
  test('are shown to staff with what they are filed under, and nothing else', async () => {
    const [order] = (await list({ orderNumber: numbers.wholesale })).orders;
    expect(order).toEqual({
      orderNumber: numbers.wholesale,
      partnerId: 'example-mall',
      customerOrderReference: 'REF-1',
      customerId: 'C-GOLD',
      customerTier: 'GOLD',
      orderType: 'WHOLESALE',
      sourceChannel: 'API',
      status: 'PENDING_PAYMENT',
      priority: 'URGENT',
      tags: [],
      test: false,
      currency: 'CNY',
      payableAmount: '957.60',
      requestedDate: '2026-03-04',
      createdAt: orderDay.toISOString(),
      updatedAt: orderDay.toISOString(),
      links: { self: `/v1/orders/${numbers.wholesale}` },
    });
  });

  test('come with the latest first, a page at a time, over days', async () => {
    const all = Object.values(numbers).toSorted().reverse();
    expect(await found({})).toEqual(all);
    const paged: string[] = [];
    for (let cursor: string | undefined, page = 0; page === 0 || cursor; page++) {
      const answer = await list({ limit: '2', ...(cursor && { cursor }) });
      paged.push(...answer.orders.map(({ orderNumber }) => orderNumber));
      cursor = answer.nextCursor;
    }
    expect(paged).toEqual(all);
  });

  test.for<[Record<string, string>, (keyof typeof numbers)[]]>([
    [{ orderType: 'CUSTOM' }, ['custom']],
    [{ sourceChannel: 'SALES_FORM' }, ['custom']],
    [{ customerTier: 'GOLD' }, ['wholesale']],
    [{ customerId: 'C-GOLD' }, ['wholesale']],
    [{ customerOrderReference: 'REF-1' }, ['ofShop', 'wholesale']],
    [{ customerOrderReference: 'REF-1', partnerId: 'example-shop' }, ['ofShop']],
    [{ customerOrderReference: 'REF-1', partnerId: 'example-shop', status: 'PAID' }, []],
    [{ partnerId: 'example-shop' }, ['ofShop']],
    [{ status: 'PENDING_PAYMENT' }, ['custom', 'wholesale']],
    [{ priority: 'URGENT' }, ['wholesale']],
    [{ priority: 'LOW' }, ['ofShop']],
    [{ createdUntil: '2026-03-01' }, ['yesterday']],
    [{ partnerId: 'example-mall', createdUntil: '2026-03-01' }, ['yesterday']],
    [{ partnerId: 'example-mall', createdFrom: '2026-03-02', orderType: 'WHOLESALE' }, ['wholesale']],
    [{ createdFrom: '2026-03-02', createdUntil: '2026-03-02', orderType: 'CUSTOM' }, ['custom']],
    [{ createdFrom: '2026-03-03' }, []],
    [{ createdFrom: '2026-03-02', createdUntil: '2026-03-01' }, []],
    [{ updatedSince: '2026-03-02T00:00:00+08:00', status: 'RECEIVED' }, ['ofShop', 'test', 'onHold']],
  ])('asked for by %j', async ([query, expected]) => {
    expect(await found(query)).toEqual(expected.map((name) => numbers[name]));
  });

  test('of more than a year are not read one day after the other', async () => {
    await expect(list({ createdFrom: '2025-01-01' })).rejects.toMatchObject({
      type: 'invalid-parameter',
      members: { parameters: [{ name: 'createdFrom' }] },
    });
  });

  test('are not for partners, nor for staff without a group', async () => {
    for (const principal of [asPartner(), asStaff()])
      await expect(list({}, principal)).rejects.toMatchObject({ type: 'forbidden' });
  });
});

describe('tags', () => {
  const tag = (orderNumber: string, tags: unknown, principal: Principal = asStaff('desk')) =>
    createTagOrder(at.desk)(aRequest({ principal, path: { orderNumber }, body: { tags } }));

  test('are set whole, found by staff and by the order’s partner, and leave one event', async () => {
    const orderNumber = await at.desk.place(await at.desk.addPartner({ partnerId: 'tag-a' }), 'DO-1');
    expect(await tag(orderNumber, ['VIP', '加急'])).toMatchObject({
      body: { tags: ['vip', '加急'], version: 2 },
    });
    expect(await tag(orderNumber, ['加急', 'vip'])).toMatchObject({ body: { version: 2 } });
    expect(await found({ tag: '加急' })).toEqual([orderNumber]);
    const own = await createListOrders(at.desk)(
      aRequest({ principal: asPartner('tag-a'), query: { tag: 'Vip' } }),
    );
    expect(own.body).toMatchObject({ orders: [{ orderNumber, tags: ['vip', '加急'] }] });
    expect(await tag(orderNumber, [])).toMatchObject({ body: { tags: [], version: 3 } });
    expect((await at.desk.read(orderNumber)).events.slice(1)).toMatchObject([
      { type: 'order.tagged', actor: 'staff:li.lei', data: { before: [], after: ['vip', '加急'] } },
      { type: 'order.tagged', actor: 'staff:li.lei', data: { before: ['vip', '加急'], after: [] } },
    ]);
  });

  test('are set by the desk and by managers only, on orders that there are', async () => {
    for (const principal of [asPartner(), asStaff('warehouse')])
      await expect(tag(numbers.custom, [], principal)).rejects.toMatchObject({ type: 'forbidden' });
    await expect(tag('SO-20260302-999999-0', [])).rejects.toMatchObject({ type: 'not-found' });
    await expect(tag(numbers.custom, ['a b'])).rejects.toMatchObject({ type: 'validation-failed' });
  });
});

describe('statistics', () => {
  const count = async (query: Record<string, string>, principal: Principal = asStaff('manager')) => {
    const { body } = await countOrders.createCountOrders(at.desk)(aRequest({ principal, query }));
    return countOrders.answerSchema.parse(body);
  };

  test('count the orders of some days, as they stand now', async () => {
    const answer = await count({ from: '2026-03-01', until: '2026-03-01', by: 'day' });
    expect(answer).toEqual({
      from: '2026-03-01',
      until: '2026-03-01',
      by: 'day',
      asOf: orderDay.toISOString(),
      orders: 1,
      counts: [{ value: '2026-03-01', orders: 1 }],
    });
  });

  test('of the last 31 days are told by status when nothing else is asked for', async () => {
    const { from, until, by, orders, counts } = await count({});
    expect([from, until, by]).toEqual(['2026-01-31', '2026-03-02', 'status']);
    expect(counts.reduce((sum, one) => sum + one.orders, 0)).toBe(orders);
    expect(counts.find(({ value }) => value === 'PENDING_PAYMENT')?.orders).toBe(2);
  });

  test('agree with the list, dimension by dimension', async () => {
    const { orders } = await list({ limit: '100' });
    const real = orders.filter((order) => !order.test);
    for (const [by, field] of [
      ['type', 'orderType'],
      ['tier', 'customerTier'],
      ['channel', 'sourceChannel'],
      ['partner', 'partnerId'],
    ] as const)
      for (const { value, orders: many } of (await count({ by })).counts)
        expect([value, many]).toEqual([value, real.filter((order) => order[field] === value).length]);
  });

  test.for([
    [{ by: 'buyer' }, 'by'],
    [{ from: '2025-12-01' }, undefined],
    [{ from: '2025-11-30' }, 'from'],
    [{ until: 'today' }, 'until'],
  ] as const)('%j is refused for %s', async ([query, name]) => {
    const asked = count(query);
    if (name === undefined) return expect((await asked).from).toBe(query.from);
    await expect(asked).rejects.toMatchObject({ members: { parameters: [{ name }] } });
  });

  test('are for the desk, finance and managers', async () => {
    for (const principal of [asPartner(), asStaff('warehouse')])
      await expect(count({}, principal)).rejects.toMatchObject({ type: 'forbidden' });
  });
});
