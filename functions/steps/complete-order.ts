import { type Decision, toCustomer } from '../../domain/findings/decision.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { changeOrder } from '../shared/change-order.ts';
import { OrderUndelivered } from '../shared/classify-error.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';

type Deps = { orders: Pick<OrdersTable, 'read' | 'change'>; now?: () => Date };

/** Delivered parcels complete an order; silence completes it too, but not while a delivery has failed. */
const decideCompletion = ({ state, content }: OrderRecord): Decision | undefined => {
  if (state.status === 'COMPLETED' || state.status === 'DELIVERY_EXCEPTION') return undefined;
  const delivered = state.parcels.delivered === state.parcels.sent;
  return {
    event: { type: 'order.completed', actor: workflowActor, data: { delivered } },
    to: 'COMPLETED',
    mails: [toCustomer(content, 'completed')],
  };
};

/** Closes the order and thanks the customer. Throws OrderUndelivered when a parcel is lost, refused or returned. */
export const createCompleteOrder =
  ({ orders, now = () => new Date() }: Deps) =>
  async ({ orderNumber }: { orderNumber: string }) => {
    const changed = await changeOrder(orders, orderNumber, decideCompletion, now());
    if (changed.outcome === 'unchanged' && changed.order.state.status !== 'COMPLETED')
      throw new OrderUndelivered(`a delivery of ${orderNumber} failed`);
    return { outcome: 'completed' };
  };

export const handler = stepHandler(orderInput, (input) =>
  createCompleteOrder({ orders: ordersTable() })(input),
);
