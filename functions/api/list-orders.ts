import * as z from 'zod';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { orderLists } from '../shared/order-lists.ts';
import { summaryResource, summaryResourceSchema } from '../shared/order-resource.ts';
import { ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { anyPeriod, createSearchOrders, orderQuerySchema, type SearchDeps } from '../shared/search-orders.ts';

export const querySchema = orderQuerySchema;

export const answerSchema = z.object({
  orders: z.array(summaryResourceSchema),
  nextCursor: z.string().optional(),
});

export const operation = {
  summary: 'Lists a partner’s orders, the latest first',
  query: querySchema,
  answers: { 200: { description: 'A page of orders', schema: answerSchema } },
  problems: ['not-found'],
} satisfies Operation;

/** GET /v1/orders: a partner's orders, the latest first, a page at a time; staff name the partner. */
export const createListOrders =
  (deps: SearchDeps) =>
  async ({ principal, query: parameters }: HttpRequest): Promise<HttpAnswer> => {
    const query = parseQuery(querySchema, parameters);
    const isPartner = principal.kind === 'partner';
    if (isPartner && query.partnerId && query.partnerId !== principal.partnerId)
      throw new HttpProblem('not-found');
    const partnerId = isPartner ? principal.partnerId : query.partnerId;
    if (!partnerId)
      throw new HttpProblem('invalid-parameter', {
        parameters: [{ name: 'partnerId', detail: 'required for staff' }],
      });
    const { orders, nextCursor } = await createSearchOrders(deps)({
      query: { ...query, partnerId },
      range: anyPeriod(query),
    });
    return {
      status: 200,
      body: { orders: orders.map(summaryResource), ...(nextCursor && { nextCursor }) } satisfies z.infer<
        typeof answerSchema
      >,
    };
  };

export const handler = httpHandler((request) =>
  createListOrders({ orders: ordersTable(), lists: orderLists() })(request),
);
