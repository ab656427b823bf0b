import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { dimensions, orderCounter } from '../../../domain/orders/order-statistics.ts';
import { type OrderSummary, orderSummarySchema } from '../../../domain/orders/order-summary.ts';
import { statuses } from '../../../domain/orders/status.ts';
import { customerTiers } from '../../../domain/partner.ts';
import { orderTypes } from '../../../domain/submissions/order-schema.ts';
import { anOrder } from '../../builders/an-order.ts';

const summary = (changes: Partial<OrderSummary>): OrderSummary =>
  orderSummarySchema.parse({ ...anOrder().state, ...changes });

const days = ['2026-03-01', '2026-03-02'];
const orders = [
  summary({ status: 'PAID', tags: ['vip', '加急'] }),
  summary({ status: 'PAID', orderType: 'CUSTOM', partnerId: 'example-shop' }),
  summary({ status: 'ON_HOLD', sourceChannel: 'POS', tags: ['vip'], customerTier: 'GOLD' }),
  summary({ status: 'COMPLETED', test: true, tags: ['vip'] }),
];

const count = (by: (typeof dimensions)[number], counted: readonly OrderSummary[] = orders) => {
  const counter = orderCounter(by, days);
  for (const order of counted) counter.add(order);
  const { orders: total, counts } = counter.result();
  return { total, counts: Object.fromEntries(counts.map(({ value, orders: many }) => [value, many])) };
};

test('orders are counted by each dimension; test orders are not', () => {
  expect(count('status').counts).toMatchObject({ PAID: 2, ON_HOLD: 1, COMPLETED: 0, RECEIVED: 0 });
  expect(count('type').counts).toEqual({ STANDARD: 2, WHOLESALE: 0, CUSTOM: 1 });
  expect(count('tier').counts).toEqual({ STANDARD: 0, SILVER: 0, GOLD: 1, WHOLESALE: 2 });
  expect(count('channel').counts).toMatchObject({ API: 2, POS: 1, EMAIL: 0 });
  expect(count('partner').counts).toEqual({ 'example-mall': 2, 'example-shop': 1 });
  expect(count('tag').counts).toEqual({ vip: 2, 加急: 1 });
  expect(count('day').counts).toEqual({ '2026-03-01': 0, '2026-03-02': 3 });
});

test('the counts of a dimension add up to the total, whatever the orders are', () => {
  const anySummary = fc
    .record({
      status: fc.constantFrom(...statuses),
      orderType: fc.constantFrom(...orderTypes),
      customerTier: fc.constantFrom(...customerTiers),
      partnerId: fc.constantFrom('a1', 'b2', 'constructor'),
      test: fc.boolean(),
    })
    .map(summary);
  fc.assert(
    fc.property(fc.array(anySummary, { maxLength: 30 }), (counted) => {
      const real = counted.filter((order) => !order.test).length;
      for (const by of dimensions.filter((one) => one !== 'tag')) {
        const { total, counts } = count(by, counted);
        expect([by, total]).toEqual([by, real]);
        expect(Object.values(counts).reduce((sum, many) => sum + many, 0)).toBe(real);
      }
    }),
    { numRuns: 50 },
  );
});
