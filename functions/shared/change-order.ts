import type { OrderRecord } from '../../domain/orders/order.ts';
import { Retryable } from './classify-error.ts';
import type { ChangeOutcome, OrderChange, OrdersTable } from './orders-table.ts';

const attempts = 8;

/**
 * Reads an order, decides on a change and writes it; starts again when another change came between. `decide` returns
 * undefined when nothing is to be done any more: so a repeated step changes state once. Throws Retryable when the order
 * kept changing, or an action on another table was refused.
 */
export const changeOrder = async (
  orders: Pick<OrdersTable, 'read' | 'change'>,
  orderNumber: string,
  decide: (order: OrderRecord) => OrderChange | undefined | Promise<OrderChange | undefined>,
  now: Date,
  first?: OrderRecord,
): Promise<Extract<ChangeOutcome, { outcome: 'changed' }> | { outcome: 'unchanged'; order: OrderRecord }> => {
  let order = first;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    order ??= await orders.read(orderNumber);
    if (!order) throw new Error(`no order ${orderNumber}`);
    const change = await decide(order);
    if (!change) return { outcome: 'unchanged', order };
    const changed = await orders.change(order.state, change, now);
    if (changed.outcome === 'changed') return changed;
    if (changed.outcome === 'condition') throw new Retryable(`what ${orderNumber} holds is changing`);
    order = undefined;
  }
  throw new Retryable(`order ${orderNumber} kept changing`);
};
