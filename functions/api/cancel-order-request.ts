import * as z from 'zod';
import type { Decision } from '../../domain/findings/decision.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { transitions } from '../../domain/orders/status.ts';
import { actorName } from '../../domain/permissions.ts';
import { text } from '../../domain/submissions/text-schema.ts';
import { changeOrder } from '../shared/change-order.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { orderResource } from '../shared/order-resource.ts';
import { orderResourceSchema } from '../shared/order-resource-schema.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { illegalTransition } from '../shared/problem.ts';
import { visibleOrder } from '../shared/visible-order.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

const bodySchema = z.strictObject({
  reasonCode: z.string().regex(/^[A-Z][A-Z0-9_]{1,39}$/),
  note: text(500).optional(),
});

export const operation = {
  summary: 'Cancels an order',
  body: bodySchema,
  answers: { 202: { description: 'The order is being cancelled', schema: orderResourceSchema } },
  problems: ['illegal-transition'],
} satisfies Operation;

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'wake'>;
  now?: () => Date;
};

const decideCancellation = (
  { state }: OrderRecord,
  { reasonCode, note }: z.infer<typeof bodySchema>,
  actor: string,
  now: Date,
): Decision | undefined => {
  if (state.cancellation || state.status === 'CANCELLED') return undefined;
  // Later statuses need the warehouse's word or a refund, which a partner cannot give; an answered hold is on its way there.
  const mayCancel =
    state.status === 'PENDING_PAYMENT' || (state.status === 'ON_HOLD' && state.openFindings > 0);
  if (!mayCancel)
    throw illegalTransition(state.status, {
      allowed: transitions[state.status].filter((status) => status !== 'CANCELLED'),
    });
  return {
    event: { type: 'order.cancellation_requested', actor, data: { reasonCode } },
    facts: {
      cancellation: { reasonCode, ...(note && { note }), requestedAt: now.toISOString(), requestedBy: actor },
    },
  };
};

/** POST /v1/orders/{orderNumber}/cancellation: 202; the execution releases the stock, sets the status and mails. */
export const createCancelOrderRequest =
  ({ orders, waits, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const order = await visibleOrder(request, orders);
    const body = parseBody(bodySchema, request.json().value);
    const { orderNumber } = order.state;
    const decide = (current: OrderRecord) =>
      decideCancellation(current, body, actorName(request.principal), now());
    await changeOrder(orders, orderNumber, decide, now(), order);
    await waits.wake(orderNumber);
    const after = await orders.read(orderNumber);
    return { status: 202, body: orderResource(after ?? order, request.language) };
  };

export const handler = httpHandler((request) => {
  const orders = ordersTable();
  return createCancelOrderRequest({ orders, waits: orderWaits(orders) })(request);
});
