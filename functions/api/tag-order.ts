import * as z from 'zod';
import type { Decision } from '../../domain/findings/decision.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { orderTagsSchema } from '../../domain/orders/order-tags.ts';
import { actorName, mayTag } from '../../domain/permissions.ts';
import { changeOrder } from '../shared/change-order.ts';
import { type HttpAnswer, type HttpRequest, httpHandler, parseBody } from '../shared/http-handler.ts';
import type { Operation } from '../shared/operation.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { HttpProblem } from '../shared/problem.ts';
import { visibleOrder } from '../shared/visible-order.ts';

export const bodySchema = z.strictObject({ tags: orderTagsSchema });

export const answerSchema = z.object({
  orderNumber: z.string(),
  tags: z.array(z.string()),
  version: z.int(),
});

export const operation = {
  summary: 'Gives an order these tags instead of its own; for the desk',
  body: bodySchema,
  answers: { 200: { description: 'Its tags', schema: answerSchema } },
} satisfies Operation;

type Deps = { orders: Pick<OrdersTable, 'read' | 'change'>; now?: () => Date };

const decideTags = ({ state }: OrderRecord, tags: string[], actor: string): Decision | undefined =>
  state.tags.join() === tags.join()
    ? undefined
    : {
        event: { type: 'order.tagged', actor, data: { before: state.tags, after: tags } },
        facts: { tags },
      };

/** PUT /desk/orders/{orderNumber}/tags: these tags instead of the ones it had, whatever its status. Partners see them too. */
export const createTagOrder =
  ({ orders, now = () => new Date() }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    if (!mayTag(request.principal)) throw new HttpProblem('forbidden');
    const order = await visibleOrder(request, orders);
    const { tags } = parseBody(bodySchema, request.json().value);
    const decide = (current: OrderRecord) => decideTags(current, tags, actorName(request.principal));
    const changed = await changeOrder(orders, order.state.orderNumber, decide, now(), order);
    const { orderNumber, version } = (changed.outcome === 'changed' ? changed : changed.order).state;
    return { status: 200, body: { orderNumber, tags, version } satisfies z.infer<typeof answerSchema> };
  };

export const handler = httpHandler((request) => createTagOrder({ orders: ordersTable() })(request));
