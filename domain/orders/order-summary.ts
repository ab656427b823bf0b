import type * as z from 'zod';
import { orderStateSchema } from './order.ts';

/** What lists and counts know of an order: the attributes that the indexes of the Orders table carry. */
export const orderSummarySchema = orderStateSchema.pick({
  orderNumber: true,
  partnerId: true,
  customerOrderReference: true,
  customerId: true,
  customerTier: true,
  orderType: true,
  sourceChannel: true,
  status: true,
  tags: true,
  test: true,
  currency: true,
  payableAmount: true,
  requestedDate: true,
  createdAt: true,
  updatedAt: true,
});
export type OrderSummary = z.infer<typeof orderSummarySchema>;

const equalFields = [
  'partnerId',
  'customerOrderReference',
  'customerId',
  'customerTier',
  'orderType',
  'sourceChannel',
  'status',
] as const;

/** What a list is narrowed by. `updatedSince` in UTC, as orders keep it. */
export type OrderFilter = Partial<Pick<OrderSummary, (typeof equalFields)[number]>> & {
  tag?: string | undefined;
  updatedSince?: string | undefined;
};

/** Whether an order fulfils every condition of a filter. */
export const matchesFilter = (order: OrderSummary, filter: OrderFilter): boolean =>
  equalFields.every((field) => filter[field] === undefined || filter[field] === order[field]) &&
  (filter.tag === undefined || order.tags.includes(filter.tag)) &&
  (filter.updatedSince === undefined || order.updatedAt >= filter.updatedSince);
