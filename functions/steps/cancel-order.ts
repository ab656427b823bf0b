import * as z from 'zod';
import { type Company, type Decision, toCustomerAndPartner, toDepartment } from '../../domain/decision.ts';
import type { OrderRecord } from '../../domain/order.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';

const inputSchema = orderInput.extend({
  /** Why, when nobody asked for it: a deadline passed. */
  reasonCode: z.enum(['PAYMENT_EXPIRED', 'CLARIFICATION_TIMEOUT', 'REQUESTED']),
});
type Input = z.infer<typeof inputSchema>;

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  stock: Pick<StockTable, 'readReservation' | 'release'>;
  company: () => Company;
  now?: () => Date;
};

/** A deadline that passed just after its answer came is no reason any more. */
const isOvertaken = ({ state }: OrderRecord, reasonCode: Input['reasonCode']): boolean =>
  (reasonCode === 'PAYMENT_EXPIRED' && state.status !== 'PENDING_PAYMENT') ||
  (reasonCode === 'CLARIFICATION_TIMEOUT' && (state.status !== 'ON_HOLD' || state.openFindings === 0));

const decideCancel = (
  { state, content }: OrderRecord,
  reasonCode: Input['reasonCode'],
  house: Company,
  now: Date,
): Decision => {
  const refundDue = state.receivedAmount > 0;
  const cancellation = state.cancellation ?? {
    reasonCode,
    requestedAt: now.toISOString(),
    requestedBy: workflowActor,
  };
  const data = { reason: cancellation.reasonCode };
  return {
    event: {
      type: 'order.cancelled',
      actor: cancellation.requestedBy,
      data: { reasonCode: cancellation.reasonCode, refundDue },
    },
    to: 'CANCELLED',
    facts: { cancellation, refundDue, reserved: false, openFindings: 0 },
    mails: [
      ...toCustomerAndPartner(content, 'order-cancelled', data),
      ...(refundDue ? [toDepartment(house, 'finance', 'order-cancelled', data)] : []),
    ],
  };
};

/** Cancels: stock released, status set, customer told, all in one transaction. 'overtaken' when the answer came after all. */
export const createCancelOrder =
  ({ orders, stock, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber, reasonCode }: Input) => {
    const held = await stock.readReservation(orderNumber);
    const decide = (order: OrderRecord) =>
      order.state.status === 'CANCELLED' || isOvertaken(order, reasonCode)
        ? undefined
        : { ...decideCancel(order, reasonCode, company(), now()), also: stock.release(orderNumber, held) };
    const changed = await changeOrder(orders, orderNumber, decide, now());
    const isCancelled = changed.outcome === 'changed' || changed.order.state.status === 'CANCELLED';
    return { outcome: isCancelled ? 'cancelled' : 'overtaken' };
  };

export const handler = stepHandler(inputSchema, (input) =>
  createCancelOrder({ orders: ordersTable(), stock: stockTable(), company })(input),
);
