import { createHash } from 'node:crypto';
import * as z from 'zod';
import { dayOfOrder, dayPrefix, isOrderNumber } from '../../domain/orders/order-number.ts';
import { matchesFilter, type OrderSummary, orderSummarySchema } from '../../domain/orders/order-summary.ts';
import { orderTagSchema } from '../../domain/orders/order-tags.ts';
import { statuses } from '../../domain/orders/status.ts';
import { orderTypes } from '../../domain/submissions/order-schema.ts';
import { plusDays } from '../../domain/values/calendar.ts';
import { readCursor, writeCursor } from './list-query.ts';
import type { OrderLists } from './order-lists.ts';
import type { OrdersTable } from './orders-table.ts';
import { HttpProblem } from './problem.ts';

/** What orders are looked for by. Days are the company's, both ends included. */
export const orderQuerySchema = z.strictObject({
  orderNumber: z.string().min(1).max(40).optional(),
  customerOrderReference: z.string().min(1).max(64).optional(),
  customerId: z.string().min(1).max(64).optional(),
  partnerId: z.string().min(1).max(64).optional(),
  status: z.enum(statuses).optional(),
  orderType: z.enum(orderTypes).optional(),
  tag: orderTagSchema.optional(),
  createdFrom: z.iso.date().optional(),
  createdUntil: z.iso.date().optional(),
  updatedSince: z.iso
    .datetime({ offset: true })
    .transform((text) => new Date(text).toISOString())
    .optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(2000).optional(),
});
export type OrderQuery = z.infer<typeof orderQuerySchema>;

/** A list without a partner goes through days, one by one. */
const defaultDays = 31;
const maxDays = 366;

const dayOf = (bound: string): string => dayOfOrder(`${bound.slice(0, dayPrefix('YYYY-MM-DD').length)}-`);
const bound = z
  .string()
  .regex(/^SO-\d{8}(~|-\d{6,}-[0-6])?$/)
  .refine((text) => z.iso.date().safeParse(dayOf(text)).success);
const cursorSchema = z.strictObject({ question: z.string(), from: bound, below: bound });

/** Order numbers that sort after `from` and before `below`. */
type Range = Pick<z.infer<typeof cursorSchema>, 'from' | 'below'>;
type Period = Pick<OrderQuery, 'createdFrom' | 'createdUntil'>;

/** From the first number of a day to the last of another. */
const numbersBetween = (from: string, until: string): Range => ({
  from: dayPrefix(from),
  below: `${dayPrefix(until)}~`,
});

/** The numbers of a period without limits, for the orders of one partner. */
export const anyPeriod = ({ createdFrom = '1970-01-01', createdUntil = '9999-12-31' }: Period): Range =>
  numbersBetween(createdFrom, createdUntil);

/** The numbers of at most a year, the last month unless told, for the orders of all. Throws HttpProblem when it is longer. */
export const recentPeriod = ({ createdFrom, createdUntil }: Period, today: string): Range => {
  const until = createdUntil ?? today;
  const from = createdFrom ?? plusDays(until, 1 - defaultDays);
  if (from < plusDays(until, 1 - maxDays))
    throw new HttpProblem('invalid-parameter', {
      parameters: [{ name: 'createdFrom', detail: `less than ${maxDays} days before createdUntil` }],
    });
  return numbersBetween(from, until);
};

const daysOf = ({ from, below }: Range): string[] => {
  const days: string[] = [];
  for (let day = dayOf(below); day >= dayOf(from) && days.length < maxDays; day = plusDays(day, -1))
    days.push(day);
  return days;
};

type Search = {
  query: OrderQuery;
  range: Range;
  /** A condition that only one of the lists has. */
  isWanted?: (order: OrderSummary) => boolean;
};

export type SearchDeps = {
  orders: Pick<OrdersTable, 'findReference' | 'readState'>;
  lists: Pick<OrderLists, 'ofPartner' | 'ofDays'>;
};

type FoundOrders = { orders: OrderSummary[]; nextCursor?: string };

/** A cursor is good for the question that it was made for, and no other. */
const questionOf = ({ cursor: _cursor, limit: _limit, ...query }: OrderQuery): string =>
  createHash('sha256')
    .update(JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1))))
    .digest('base64url')
    .slice(0, 16);

/**
 * A page of the orders that fulfil every condition, the latest first: of one partner, or of all of them by the day. An
 * order number, or a partner's reference, is looked up. Throws HttpProblem for a period or a cursor that cannot be read.
 */
export const createSearchOrders = ({ orders, lists }: SearchDeps) => {
  const lookUp = async ({ orderNumber, customerOrderReference = '', partnerId = '' }: OrderQuery) => {
    const number =
      orderNumber ?? (await orders.findReference(partnerId, customerOrderReference))?.orderNumber ?? '';
    const state = isOrderNumber(number) ? await orders.readState(number) : undefined;
    return state && orderSummarySchema.parse(state);
  };

  const list = ({ partnerId, limit }: OrderQuery, range: Range, matches: (order: OrderSummary) => boolean) =>
    partnerId === undefined
      ? lists.ofDays(daysOf(range), { below: range.below, matches, limit })
      : lists.ofPartner(partnerId, range.from, { below: range.below, matches, limit });

  return async ({ query, range: asked, isWanted = () => true }: Search): Promise<FoundOrders> => {
    const question = questionOf(query);
    const range = query.cursor
      ? readCursor(query.cursor, cursorSchema, (cursor) => cursor.question === question)
      : asked;
    const matches = (order: OrderSummary) => matchesFilter(order, query) && isWanted(order);
    if (query.orderNumber || (query.customerOrderReference && query.partnerId)) {
      const found = await lookUp(query);
      const isInRange = found && found.orderNumber > range.from && found.orderNumber < range.below;
      return { orders: isInRange && matches(found) ? [found] : [] };
    }
    const { orders: found, next } = await list(query, range, matches);
    return {
      orders: found,
      ...(next && { nextCursor: writeCursor({ question, from: range.from, below: next }) }),
    };
  };
};
