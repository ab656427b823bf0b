import { type Decision, toCustomerAndPartner } from '../../domain/findings/decision.ts';
import { closeFindings } from '../../domain/findings/findings.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { changeOrder } from '../shared/change-order.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';

type Deps = { orders: Pick<OrdersTable, 'read' | 'change'>; now?: () => Date };

const decideRejection = ({ state, content, findings }: OrderRecord): Decision | undefined =>
  state.status === 'REJECTED'
    ? undefined
    : {
        event: {
          type: 'order.rejected',
          actor: workflowActor,
          data: { codes: findings.map(({ code }) => code) },
        },
        to: 'REJECTED',
        findings: closeFindings(findings),
        mails: toCustomerAndPartner(content, 'order-rejected'),
      };

/** Turns down an order that was never accepted: nothing was reserved, the customer is told why. */
export const createRejectOrder =
  ({ orders, now = () => new Date() }: Deps) =>
  async ({ orderNumber }: { orderNumber: string }) => {
    await changeOrder(orders, orderNumber, decideRejection, now());
    return { outcome: 'rejected' };
  };

export const handler = stepHandler(orderInput, (input) =>
  createRejectOrder({ orders: ordersTable() })(input),
);
