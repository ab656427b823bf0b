import * as z from 'zod';
import type { Company } from '../../domain/findings/decision.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { decideStuckReport } from '../../domain/orders/report-stuck.ts';
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

/** Shorter than any wait that is reported, longer than a step's retries: a repeated step tells once. */
const quietMs = 3_600_000;

/** Tells the order desk that an order is past a deadline or cannot go on; what happens next the state machine says. */
export const createReportStuckOrder =
  ({ orders, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber, state, reason }: z.infer<typeof inputSchema>) => {
    const decide = (order: OrderRecord) =>
      decideStuckReport(order, { state, reason }, workflowActor, company(), now(), quietMs);
    await changeOrder(orders, orderNumber, decide, now());
    return { outcome: 'reported' };
  };

export const handler = stepHandler(inputSchema, (input) =>
  createReportStuckOrder({ orders: ordersTable(), company })(input),
);
