import { expect, test } from 'vitest';
import { type Priority, priorityOf } from '../../../domain/orders/priority.ts';
import type { CustomerTier } from '../../../domain/partner.ts';
import type { OrderType } from '../../../domain/submissions/order-schema.ts';

const today = '2026-03-02';

test.for<[string | undefined, CustomerTier, OrderType, Priority]>([
  ['2026-02-27', 'STANDARD', 'STANDARD', 'URGENT'],
  ['2026-03-02', 'STANDARD', 'STANDARD', 'URGENT'],
  ['2026-03-03', 'STANDARD', 'STANDARD', 'URGENT'],
  ['2026-03-04', 'STANDARD', 'STANDARD', 'HIGH'],
  ['2026-03-05', 'SILVER', 'CUSTOM', 'HIGH'],
  ['2026-03-05', 'GOLD', 'STANDARD', 'URGENT'],
  ['2026-03-05', 'WHOLESALE', 'WHOLESALE', 'URGENT'],
  ['2026-03-06', 'STANDARD', 'STANDARD', 'NORMAL'],
  ['2026-03-09', 'STANDARD', 'CUSTOM', 'HIGH'],
  ['2026-03-09', 'SILVER', 'WHOLESALE', 'HIGH'],
  ['2026-03-10', 'STANDARD', 'CUSTOM', 'NORMAL'],
  ['2026-03-16', 'GOLD', 'STANDARD', 'HIGH'],
  ['2026-03-17', 'GOLD', 'STANDARD', 'NORMAL'],
  ['2026-04-01', 'STANDARD', 'STANDARD', 'NORMAL'],
  ['2026-04-02', 'STANDARD', 'WHOLESALE', 'LOW'],
  ['2026-04-02', 'WHOLESALE', 'WHOLESALE', 'NORMAL'],
  [undefined, 'SILVER', 'STANDARD', 'LOW'],
  [undefined, 'GOLD', 'STANDARD', 'NORMAL'],
])('wanted by %s, customer %s, order %s: %s', ([requestedDate, customerTier, orderType, expected]) => {
  expect(priorityOf({ requestedDate, customerTier, orderType }, today)).toBe(expected);
});

test('the first rule that fits counts, and what none fits is normal', () => {
  const order = { requestedDate: '2026-03-05', customerTier: 'GOLD', orderType: 'CUSTOM' } as const;
  const rules = [
    { tiers: ['SILVER'], priority: 'URGENT' },
    { types: ['CUSTOM'], priority: 'LOW' },
    { tiers: ['GOLD'], priority: 'HIGH' },
  ] as const;
  expect(priorityOf(order, today, rules)).toBe('LOW');
  expect(priorityOf(order, today, [])).toBe('NORMAL');
});
