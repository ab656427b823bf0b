import * as z from 'zod';
import { statuses } from '../../domain/status.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery, readCursor, writeCursor } from '../shared/list-query.ts';
import { type OrderLists, type OrderSummary, orderLists, orderSummarySchema } from '../shared/order-lists.ts';
import { summaryResource } from '../shared/order-resource.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';

const querySchema = z.strictObject({
  customerOrderReference: z.string().max(64).optional(),
  status: z.enum(statuses).optional(),
  updatedSince: z.iso.datetime({ offset: true }).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(25),
  cursor: z.string().min(1).max(2000).optional(),
  partnerId: z.string().max(64).optional(),
});
type ListQuery = z.infer<typeof querySchema>;

const keySchema = z.strictObject({
  pk: z.string().regex(/^ORDER#[A-Z0-9-]{1,40}$/),
  sk: z.literal('STATE'),
  orderPartnerId: z.string().min(1),
  updatedAt: z.iso.datetime(),
});

/** A cursor is only good for the partner and the period it was made for. */
const startOf = (cursor: string, partnerId: string, since = ''): Record<string, unknown> =>
  readCursor(cursor, keySchema, (key) => key.orderPartnerId === partnerId && key.updatedAt >= since);

type Deps = { orders: Pick<OrdersTable, 'findReference' | 'readState'>; lists: Pick<OrderLists, 'list'> };

/** GET /v1/orders: a partner's orders, latest change first, a page at a time; staff name the partner. */
export const createListOrders = ({ orders, lists }: Deps) => {
  const byReference = async (partnerId: string, query: ListQuery): Promise<OrderSummary[]> => {
    const reference = await orders.findReference(partnerId, query.customerOrderReference ?? '');
    const state = reference && (await orders.readState(reference.orderNumber));
    const matches = state && (!query.status || state.status === query.status);
    return matches && (!query.updatedSince || state.updatedAt >= new Date(query.updatedSince).toISOString())
      ? [orderSummarySchema.parse(state)]
      : [];
  };

  const page = (partnerId: string, { limit, status, updatedSince, cursor }: ListQuery) => {
    const since = updatedSince && new Date(updatedSince).toISOString();
    return lists.list({
      partnerId,
      limit,
      ...(status && { status }),
      ...(since && { updatedSince: since }),
      ...(cursor && { start: startOf(cursor, partnerId, since) }),
    });
  };

  return async ({ principal, query: parameters }: HttpRequest): Promise<HttpAnswer> => {
    const query = parseQuery(querySchema, parameters);
    const isPartner = principal.kind === 'partner';
    if (isPartner && query.partnerId && query.partnerId !== principal.partnerId)
      throw new HttpProblem('not-found');
    const partnerId = isPartner ? principal.partnerId : query.partnerId;
    if (!partnerId)
      throw new HttpProblem('invalid-parameter', {
        parameters: [{ name: 'partnerId', detail: 'required for staff' }],
      });
    if (query.customerOrderReference !== undefined) {
      const found = await byReference(partnerId, query);
      return { status: 200, body: { orders: found.map(summaryResource) } };
    }
    const { orders: found, next } = await page(partnerId, query);
    return {
      status: 200,
      body: { orders: found.map(summaryResource), ...(next && { nextCursor: writeCursor(next) }) },
    };
  };
};

export const handler = httpHandler((request) =>
  createListOrders({ orders: ordersTable(), lists: orderLists() })(request),
);
