import type { OrderRecord, OrderState } from '../../domain/orders/order.ts';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { mayPost, maySee } from '../../domain/permissions.ts';
import type { HttpRequest } from './http-handler.ts';
import type { OrdersTable } from './orders-table.ts';
import { HttpProblem } from './problem.ts';

const orderNumberOf = ({ path }: HttpRequest): string => {
  const orderNumber = path.orderNumber ?? '';
  if (!isOrderNumber(orderNumber)) throw new HttpProblem('not-found');
  return orderNumber;
};

/** The order of the path, if its caller may see it; an unknown and another partner's order are the same 404. */
export const visibleOrder = async (
  request: HttpRequest,
  orders: Pick<OrdersTable, 'read'>,
): Promise<OrderRecord> => {
  const order = await orders.read(orderNumberOf(request));
  if (!order || !maySee(request.principal, order.state)) throw new HttpProblem('not-found');
  return order;
};

/** The state of the order of the path, if its caller may see it. */
export const visibleState = async (
  request: HttpRequest,
  orders: Pick<OrdersTable, 'readState'>,
): Promise<OrderState> => {
  const state = await orders.readState(orderNumberOf(request));
  if (!state || !maySee(request.principal, state)) throw new HttpProblem('not-found');
  return state;
};

/** The order that a notice is about. Who may not post such notices learns nothing of the order. */
export const orderForNotice = async (
  request: HttpRequest,
  notice: Parameters<typeof mayPost>[1],
  orders: Pick<OrdersTable, 'read'>,
): Promise<OrderRecord> => {
  if (!mayPost(request.principal, notice)) {
    await visibleOrder(request, orders);
    throw new HttpProblem('forbidden');
  }
  const order = await orders.read(orderNumberOf(request));
  if (!order) throw new HttpProblem('not-found');
  return order;
};
