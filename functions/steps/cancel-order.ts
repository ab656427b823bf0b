import * as z from 'zod';
import { decideEscalation, waitsForUs } from '../../domain/findings/clarification.ts';
import {
  type Company,
  type Decision,
  toCustomerAndPartner,
  toDepartment,
} from '../../domain/findings/decision.ts';
import { closeFindings } from '../../domain/findings/findings.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { isHeldByFault } from '../../domain/orders/retry-fault.ts';
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
  stock: Pick<StockTable, 'readReservation' | 'release' | 'giveBackToAccount'>;
  company: () => Company;
  now?: () => Date;
};

/** A deadline that passed just after its answer came is no reason any more; nor is one that waits for ourselves. */
const isOvertaken = (order: OrderRecord, reasonCode: Input['reasonCode']): boolean => {
  const { status, openFindings } = order.state;
  if (reasonCode === 'PAYMENT_EXPIRED') return status !== 'PENDING_PAYMENT';
  return (
    reasonCode === 'CLARIFICATION_TIMEOUT' &&
    (status !== 'ON_HOLD' || openFindings === 0 || isHeldByFault(order))
  );
};

const decideCancel = (
  { state, content, findings }: OrderRecord,
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
    facts: {
      cancellation,
      refundDue,
      reserved: false,
      heldInAccount: undefined,
      ...(state.writtenOffAmount > 0 && { writtenOffAmount: 0 }),
    },
    ...(findings.length > 0 && { findings: closeFindings(findings) }),
    mails: [
      ...toCustomerAndPartner(content, 'order-cancelled', data),
      ...(refundDue ? [toDepartment(house, 'finance', 'order-cancelled', data)] : []),
      ...(cancellation.reasonCode === 'CLARIFICATION_TIMEOUT'
        ? [toDepartment(house, 'desk', 'clarification-expired', { outcome: 'CANCELLED' })]
        : []),
    ],
  };
};

/**
 * Cancels: stock released, status set, customer told, all in one transaction. 'overtaken' when the answer came after all, or
 * when nothing was left for the customer to answer: then the desk is told that its time is over.
 */
export const createCancelOrder =
  ({ orders, stock, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber, reasonCode }: Input) => {
    const held = await stock.readReservation(orderNumber);
    const countedOut = ({ state }: OrderRecord) =>
      state.heldInAccount ? stock.giveBackToAccount(state.heldInAccount, state.currency) : [];
    const decide = (order: OrderRecord) => {
      if (order.state.status === 'CANCELLED' || isOvertaken(order, reasonCode)) return undefined;
      if (reasonCode === 'CLARIFICATION_TIMEOUT' && waitsForUs(order))
        return decideEscalation(order, workflowActor, company(), now());
      const also = [...stock.release(orderNumber, held), ...countedOut(order)];
      return { ...decideCancel(order, reasonCode, company(), now()), also };
    };
    const changed = await changeOrder(orders, orderNumber, decide, now());
    const { status } = changed.outcome === 'changed' ? changed.state : changed.order.state;
    return { outcome: status === 'CANCELLED' ? 'cancelled' : 'overtaken' };
  };

export const handler = stepHandler(inputSchema, (input) =>
  createCancelOrder({ orders: ordersTable(), stock: stockTable(), company })(input),
);
