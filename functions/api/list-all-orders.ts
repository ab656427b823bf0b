import * as z from 'zod';
import { priorities, priorityOf } from '../../domain/orders/priority.ts';
import { customerTiers } from '../../domain/partner.ts';
import { mayView } from '../../domain/permissions.ts';
import { sourceChannels } from '../../domain/submissions/order-schema.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { env } from '../shared/env.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { orderLists } from '../shared/order-lists.ts';
import { summaryResource, summaryResourceSchema } from '../shared/order-resource.ts';
import { ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import {
  anyPeriod,
  createSearchOrders,
  orderQuerySchema,
  recentPeriod,
  type SearchDeps,
} from '../shared/search-orders.ts';

export const querySchema = orderQuerySchema.extend({
  customerTier: z.enum(customerTiers).optional(),
  sourceChannel: z.enum(sourceChannels).optional(),
  priority: z.enum(priorities).optional(),
});

export const answerSchema = z.object({
  orders: z.array(
    summaryResourceSchema.extend({ partnerId: z.string(), test: z.boolean(), priority: z.enum(priorities) }),
  ),
  nextCursor: z.string().optional(),
});

export const operation = {
  summary: 'Lists orders of all partners, the latest first; for staff',
  query: querySchema,
  answers: { 200: { description: 'A page of orders', schema: answerSchema } },
} satisfies Operation;

type Deps = SearchDeps & { timeZone: () => string; now?: () => Date };

/**
 * GET /desk/orders: orders of all partners, the latest first, a page at a time: of a partner at any time, else of the days
 * asked for, the last 31 unless told. A page may be short before the end: as long as there is a nextCursor there may be more.
 */
export const createListAllOrders =
  ({ timeZone, now = () => new Date(), ...deps }: Deps) =>
  async ({ principal, query: parameters }: HttpRequest): Promise<HttpAnswer> => {
    if (!mayView(principal, 'orders')) throw new HttpProblem('forbidden');
    const query = parseQuery(querySchema, parameters);
    const today = dayIn(timeZone(), now());
    const { orders, nextCursor } = await createSearchOrders(deps)({
      query,
      range: query.partnerId || query.orderNumber ? anyPeriod(query) : recentPeriod(query, today),
      isWanted: (order) => query.priority === undefined || priorityOf(order, today) === query.priority,
    });
    const shown = orders.map((order) => ({
      ...summaryResource(order),
      partnerId: order.partnerId,
      test: order.test,
      priority: priorityOf(order, today),
    }));
    return {
      status: 200,
      body: { orders: shown, ...(nextCursor && { nextCursor }) } satisfies z.infer<typeof answerSchema>,
    };
  };

const timeZoneEnv = env({ COMPANY_TIME_ZONE: z.string() });

export const handler = httpHandler((request) =>
  createListAllOrders({
    orders: ordersTable(),
    lists: orderLists(),
    timeZone: () => timeZoneEnv().COMPANY_TIME_ZONE,
  })(request),
);
