import { customerTiers } from '../partner.ts';
import { orderTypes, sourceChannels } from '../submissions/order-schema.ts';
import { dayOfOrder } from './order-number.ts';
import type { OrderSummary } from './order-summary.ts';
import { statuses } from './status.ts';

/** What orders can be counted by. */
export const dimensions = ['status', 'type', 'tier', 'channel', 'partner', 'tag', 'day'] as const;
export type Dimension = (typeof dimensions)[number];

const valuesOf: Readonly<Record<Dimension, (order: OrderSummary) => readonly string[]>> = {
  status: ({ status }) => [status],
  type: ({ orderType }) => [orderType],
  tier: ({ customerTier }) => [customerTier],
  channel: ({ sourceChannel }) => [sourceChannel],
  partner: ({ partnerId }) => [partnerId],
  tag: ({ tags }) => tags,
  day: ({ orderNumber }) => [dayOfOrder(orderNumber)],
};

/** Values that are told even when no order has them. */
const closedValues = {
  status: statuses,
  type: orderTypes,
  tier: customerTiers,
  channel: sourceChannels,
} as const satisfies Partial<Record<Dimension, readonly string[]>>;

const isClosed = (dimension: Dimension): dimension is keyof typeof closedValues => dimension in closedValues;

/**
 * Counts orders by one dimension, as they are handed in. Test orders do not count. The counts add up to the total, except
 * by tag: an order may have several, or none.
 */
export const orderCounter = (by: Dimension, days: readonly string[]) => {
  const known = isClosed(by) ? closedValues[by] : by === 'day' ? days : [];
  const counts = new Map<string, number>(known.map((value) => [value, 0]));
  let total = 0;
  return {
    add: (order: OrderSummary): void => {
      if (order.test) return;
      total++;
      for (const value of valuesOf[by](order)) counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    result: () => ({
      orders: total,
      counts: [...counts].map(([value, orders]) => ({ value, orders })),
    }),
  };
};
