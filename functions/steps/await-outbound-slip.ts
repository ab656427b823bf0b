import { type Company, type Decision, toDepartment } from '../../domain/findings/decision.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { type WaitInput, waitInput, workflowActor } from '../shared/step-input.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'open'>;
  company: () => Company;
  now?: () => Date;
};

/** The pick list goes out once, however often the wait is opened; an order that an early slip has held gets none. */
const decidePick = ({ state }: OrderRecord, warehouse: Company): Decision | undefined => {
  if (state.openFindings > 0) return undefined;
  const isPaid = state.status === 'PAID';
  if (!isPaid && (state.pickRequested || state.status !== 'READY_TO_SHIP')) return undefined;
  return {
    event: { type: 'order.ready_to_ship', actor: workflowActor },
    ...(isPaid && { to: 'READY_TO_SHIP' }),
    facts: { pickRequested: true },
    mails: state.pickRequested ? [] : [toDepartment(warehouse, 'warehouse', 'warehouse-pick')],
  };
};

/** Asks the warehouse to pick and waits for its outbound slip, which is checked against the order as it arrives. */
export const createAwaitOutboundSlip =
  ({ orders, waits, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber, taskToken }: WaitInput) => {
    await changeOrder(orders, orderNumber, (order) => decidePick(order, company()), now());
    await waits.open(orderNumber, 'OUTBOUND_SLIP', taskToken, now());
    return { outcome: 'waiting' };
  };

export const handler = stepHandler(waitInput, (input) => {
  const orders = ordersTable();
  return createAwaitOutboundSlip({ orders, waits: orderWaits(orders), company })(input);
});
