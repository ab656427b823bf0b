import { shownActor } from '../../domain/permissions.ts';
import { type HttpAnswer, type HttpRequest, httpHandler } from '../shared/http-handler.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { visibleState } from '../shared/visible-order.ts';

type Deps = { orders: Pick<OrdersTable, 'readState' | 'readEvents'> };

/** GET /v1/orders/{orderNumber}/events: what happened to the order, oldest first. */
export const createListOrderEvents =
  ({ orders }: Deps) =>
  async (request: HttpRequest): Promise<HttpAnswer> => {
    const { orderNumber } = await visibleState(request, orders);
    const events = (await orders.readEvents(orderNumber)).map((event) => ({
      ...event,
      actor: shownActor(event.actor, request.principal),
    }));
    return { status: 200, body: { orderNumber, events } };
  };

export const handler = httpHandler((request) => createListOrderEvents({ orders: ordersTable() })(request));
