import * as z from 'zod';
import { askingMails, decideReminder } from '../../domain/findings/clarification.ts';
import { type Company, type Decision, toDepartment } from '../../domain/findings/decision.ts';
import { addFindings, isOpenQuestion } from '../../domain/findings/findings.ts';
import type { OrderRecord, OrderState } from '../../domain/orders/order.ts';
import { decideStuckReport } from '../../domain/orders/report-stuck.ts';
import { isLegalTransition } from '../../domain/orders/status.ts';
import { changeOrder } from '../shared/change-order.ts';
import { OrderOnItsWay } from '../shared/classify-error.ts';
import { company } from '../shared/company.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { waitInput, workflowActor } from '../shared/step-input.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

const inputSchema = waitInput.extend({
  /** Name of the error that set the order aside, when a step failed for good. */
  fault: z.string().optional(),
  /** The order is held already, and half the time for its answers is over. */
  reason: z.literal('HALF_TIME').optional(),
});

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  waits: Pick<OrderWaits, 'open'>;
  company: () => Company;
  now?: () => Date;
};

/** Questions go to those who can answer them; a fault of ours goes to the order desk alone. */
const decideHold = (
  { state, content, findings }: OrderRecord,
  fault: string | undefined,
  desk: Company,
  now: Date,
): Decision | undefined => {
  const isHeld = state.status === 'ON_HOLD';
  // A fault while the order returns from hold is a new reason; without one the wait would answer itself at once.
  if (isHeld && !(fault && state.openFindings === 0)) return undefined;
  const { clarificationHours } = content.terms;
  const stored = fault
    ? addFindings(findings, [{ severity: 'HOLD', code: 'PROCESSING_FAULT', pointer: '#', value: fault }], {
        now,
        clarificationHours,
      })
    : findings;
  const codes = stored.filter(isOpenQuestion).map(({ code }) => code);
  return {
    event: { type: 'order.on_hold', actor: workflowActor, data: { codes } },
    ...(!isHeld && { to: 'ON_HOLD' }),
    ...(fault && { findings: stored }),
    mails: fault
      ? [toDepartment(desk, 'desk', 'stuck-order', { reason: fault })]
      : askingMails({ state, content, findings: stored }, 'clarification', desk),
  };
};

/** Goods may leave while a fault keeps the machine behind; then there is nothing left to hold back. */
const isOnItsWay = ({ status }: OrderState): boolean =>
  status !== 'ON_HOLD' && !isLegalTransition(status, 'ON_HOLD');

const tellEveryMs = 6 * 3_600_000;

/**
 * Sets a doubtful order on hold with its findings told, and waits until they are answered or the order is cancelled.
 * Throws OrderOnItsWay, and tells the order desk, when goods have left.
 */
export const createHoldOrder =
  ({ orders, waits, company, now = () => new Date() }: Deps) =>
  async ({ orderNumber, taskToken, fault, reason }: z.infer<typeof inputSchema>) => {
    const stuck = { state: 'Hold Order', reason: fault || 'HELD_TOO_LATE' };
    const decide = (order: OrderRecord) =>
      isOnItsWay(order.state)
        ? decideStuckReport(order, stuck, workflowActor, company(), now(), tellEveryMs)
        : reason
          ? decideReminder(order, workflowActor, company(), now())
          : decideHold(order, fault, company(), now());
    const changed = await changeOrder(orders, orderNumber, decide, now());
    const { state } = changed.outcome === 'changed' ? changed : changed.order;
    if (isOnItsWay(state)) throw new OrderOnItsWay(`goods of ${orderNumber} have left`);
    await waits.open(orderNumber, 'RESOLUTION', taskToken, now());
    return { outcome: 'waiting' };
  };

export const handler = stepHandler(inputSchema, (input) => {
  const orders = ordersTable();
  return createHoldOrder({ orders, waits: orderWaits(orders), company })(input);
});
