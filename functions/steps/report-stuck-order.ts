import * as z from 'zod';
import { type Company, toDepartment } from '../../domain/decision.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';

const inputSchema = orderInput.extend({
  /** The state that took too long or failed, and the name of what happened. */
  state: z.string(),
  reason: z.string(),
});

type Deps = { orders: Pick<OrdersTable, 'read' | 'change'>; company: () => Company; now?: () => Date };

/** Tells the order desk that an order is past a deadline or cannot go on; what happens next the state machine says. */
export const createReportStuckOrder =
  ({ orders, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber, state, reason }: z.infer<typeof inputSchema>) => {
    const decide = () => ({
      event: { type: 'order.stuck', actor: workflowActor, data: { state, reason } },
      mails: [toDepartment(company(), 'desk', 'stuck-order', { state, reason })],
    });
    await changeOrder(orders, orderNumber, decide, now());
    return { outcome: 'reported' };
  };

export const handler = stepHandler(inputSchema, (input) =>
  createReportStuckOrder({ orders: ordersTable(), company })(input),
);
