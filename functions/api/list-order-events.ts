import * as z from 'zod';
import { orderEventSchema } from '../../domain/orders/order.ts';
import { shownActor } from '../../domain/permissions.ts';
import { fieldOriginSchema } from '../../domain/provenance/field-origin.ts';
import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { parseQuery } from '../shared/list-query.ts';
import type { Operation } from '../shared/operation.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { readProvenance } from '../shared/read-provenance.ts';
import { visibleState } from '../shared/visible-order.ts';

const querySchema = z.strictObject({ include: z.literal('provenance').optional() });

export const operation = {
  summary: 'Lists what happened to an order, and where its fields come from',
  query: querySchema,
  answers: {
    200: {
      description: 'Events, oldest first',
      schema: z.object({
        orderNumber: z.string(),
        events: z.array(orderEventSchema),
        provenance: z.array(fieldOriginSchema).optional(),
      }),
    },
  },
} satisfies Operation;

type Deps = {
  orders: Pick<OrdersTable, 'readState' | 'readEvents' | 'read'>;
  documents: Pick<DocumentsBucket, 'get'>;
};

/**
 * GET /v1/orders/{orderNumber}/events: what happened to the order, oldest first; the first event names its original.
 * `include=provenance` adds where each of its fields comes from.
 */
export const createListOrderEvents = ({ orders, documents }: Deps) => {
  const provenanceOf = async (orderNumber: string) => {
    const order = await orders.read(orderNumber);
    if (!order) throw new HttpProblem('not-found');
    return (await readProvenance(order, documents)) ?? [];
  };

  return async (request: HttpRequest): Promise<HttpAnswer> => {
    const { include } = parseQuery(querySchema, request.query);
    const { orderNumber } = await visibleState(request, orders);
    const [events, provenance] = await Promise.all([
      orders.readEvents(orderNumber),
      include && provenanceOf(orderNumber),
    ]);
    const shown = events.map((event) => ({ ...event, actor: shownActor(event.actor, request.principal) }));
    return { status: 200, body: { orderNumber, events: shown, ...(provenance && { provenance }) } };
  };
};

export const handler = httpHandler((request) =>
  createListOrderEvents({ orders: ordersTable(), documents: documentsBucket() })(request),
);
