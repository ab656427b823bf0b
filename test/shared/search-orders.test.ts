import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OrderState } from '../../domain/orders/order.ts';
import { formatOrderNumber } from '../../domain/orders/order-number.ts';
import { matchesFilter, type OrderSummary, orderSummarySchema } from '../../domain/orders/order-summary.ts';
import type { Status } from '../../domain/orders/status.ts';
import { plusDays } from '../../domain/values/calendar.ts';
import { stateRow } from '../../functions/shared/order-rows.ts';
import {
  anyPeriod,
  createSearchOrders,
  orderQuerySchema,
  recentPeriod,
} from '../../functions/shared/search-orders.ts';
import { anOrder } from '../builders/an-order.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();

/** Each run has a partner and three days of its own, so that it meets its own orders only. */
let runs = 0;
const newRun = () => {
  const first = plusDays('2020-01-01', 3 * runs++);
  return { partnerId: `run-${runs}`, days: [0, 1, 2].map((days) => plusDays(first, days)) };
};

type Run = ReturnType<typeof newRun>;
type Change = { kind: 'create' | 'change'; pick: number; status: Status; tags: string[] };

const times = (step: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, step)).toISOString();

/** The orders of a run in the table, changed one by one. */
const openOrders = ({ partnerId, days }: Run) => {
  const states: OrderState[] = [];
  let steps = 0;
  const write = async (state: OrderState) => {
    await at.desk.put(tables.orders, stateRow(state));
  };
  const apply = async ({ kind, pick, status, tags }: Change) => {
    const updatedAt = times(++steps);
    const changed = states[pick % Math.max(states.length, 1)];
    if (kind === 'change' && changed) {
      Object.assign(changed, { status, tags, updatedAt });
      return write(changed);
    }
    const orderNumber = formatOrderNumber(days[pick % days.length] ?? '', states.length + 1);
    const { state } = anOrder({ state: { orderNumber, partnerId, status, tags, updatedAt } });
    states.push(state);
    return write(state);
  };
  const summaries = (): OrderSummary[] => states.map((state) => orderSummarySchema.parse(state));
  return { apply, summaries };
};

const change = (kind: fc.Arbitrary<Change['kind']>): fc.Arbitrary<Change> =>
  fc.record({
    kind,
    pick: fc.nat(30),
    status: fc.constantFrom('RECEIVED', 'PAID'),
    tags: fc.subarray(['vip', '加急']),
  });

const questions: fc.Arbitrary<Record<string, string>> = fc.constantFrom<Record<string, string>[]>(
  {},
  { status: 'PAID' },
  { tag: '加急' },
  { updatedSince: times(8) },
  { status: 'RECEIVED', tag: 'vip' },
  { orderType: 'WHOLESALE' },
);

test.for(['a partner', 'all partners, by the day'] as const)(
  'pages of %s, read while orders come and change, show every order that fits throughout, and none twice',
  async (whose) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(change(fc.constant('create')), { maxLength: 14 }),
        questions,
        fc.integer({ min: 1, max: 4 }),
        fc.array(fc.array(change(fc.constantFrom('create', 'change', 'change')), { maxLength: 4 }), {
          minLength: 1,
          maxLength: 8,
        }),
        async (before, asked, limit, between) => {
          const run = newRun();
          const orders = openOrders(run);
          for (const one of before) await orders.apply(one);
          const isOwn = whose === 'a partner';
          const query = orderQuerySchema.parse({
            ...asked,
            limit: String(limit),
            ...(isOwn
              ? { partnerId: run.partnerId }
              : { createdFrom: run.days[0], createdUntil: run.days[2] }),
          });
          const range = isOwn ? anyPeriod(query) : recentPeriod(query, '2026-03-02');
          const fitting = () =>
            new Set(
              orders
                .summaries()
                .filter((one) => matchesFilter(one, query))
                .map(({ orderNumber }) => orderNumber),
            );
          const throughout = fitting();
          const shown: string[] = [];
          const search = createSearchOrders(at.desk);
          for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
            const found = await search({ query: { ...query, ...(cursor && { cursor }) }, range });
            const now = fitting();
            for (const { orderNumber } of found.orders) expect(now).toContain(orderNumber);
            expect(found.orders.length).toBeLessThanOrEqual(limit);
            shown.push(...found.orders.map(({ orderNumber }) => orderNumber));
            cursor = found.nextCursor;
            for (const one of between[page % between.length] ?? []) {
              if (cursor === undefined) break;
              await orders.apply(one);
              const still = fitting();
              for (const orderNumber of throughout)
                if (!still.has(orderNumber)) throughout.delete(orderNumber);
            }
          }
          expect(shown).toEqual([...new Set(shown)].sort().reverse());
          for (const orderNumber of throughout) expect(shown).toContain(orderNumber);
        },
      ),
      { numRuns: 25 },
    );
  },
);

test('orders that are placed and accepted at the same time as the pages are read are shown once as well', async () => {
  const partner = await at.desk.addPartner({ partnerId: 'busy-partner' });
  await at.desk.addProduct('BUSY-1', 1000);
  const early: string[] = [];
  for (let index = 0; index < 12; index++) early.push(await at.desk.place(partner, 'BUSY-1'));
  const writing = Promise.all([
    ...Array.from({ length: 12 }, () => at.desk.accept(partner, 'BUSY-1')),
    ...early.map(async (orderNumber) => {
      await at.desk.audit({ orderNumber });
      await at.desk.reserve({ orderNumber });
    }),
  ]);
  const query = orderQuerySchema.parse({ partnerId: 'busy-partner', limit: '1' });
  const shown: string[] = [];
  for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
    const found = await createSearchOrders(at.desk)({
      query: { ...query, ...(cursor && { cursor }) },
      range: anyPeriod(query),
    });
    shown.push(...found.orders.map(({ orderNumber }) => orderNumber));
    cursor = found.nextCursor;
  }
  await writing;
  expect(new Set(shown).size).toBe(shown.length);
  expect(shown).toEqual(expect.arrayContaining(early));
});

test('a list of many empty days says where to go on, and ends', async () => {
  const run = newRun();
  const orders = openOrders(run);
  await orders.apply({ kind: 'create', pick: 0, status: 'PAID', tags: [] });
  const query = orderQuerySchema.parse({
    createdFrom: run.days[0],
    createdUntil: plusDays(run.days[0] ?? '', 300),
    status: 'PAID',
    tag: undefined,
  });
  const onlyOwn = (order: OrderSummary) => order.partnerId === run.partnerId;
  const pages: number[] = [];
  for (let cursor: string | undefined, page = 0; page === 0 || cursor !== undefined; page++) {
    const found = await createSearchOrders(at.desk)({
      query: { ...query, ...(cursor && { cursor }) },
      range: recentPeriod(query, '2026-03-02'),
      isWanted: onlyOwn,
    });
    pages.push(found.orders.length);
    cursor = found.nextCursor;
  }
  expect(pages.length).toBeGreaterThan(5);
  expect(pages.reduce((sum, count) => sum + count, 0)).toBe(1);
});
