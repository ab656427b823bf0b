import type { Company } from '../../domain/decision.ts';
import type { Finding } from '../../domain/finding.ts';
import { addFindings, openFindings } from '../../domain/findings.ts';
import { quantitiesBySku } from '../../domain/merge-lines.ts';
import type { OrderRecord } from '../../domain/order.ts';
import {
  decideReservation,
  gateOf,
  outcomeOfStatus,
  type ReserveOutcome,
  secondsUntilDue,
} from '../../domain/reserve-order.ts';
import { Fatal, Retryable } from '../shared/classify-error.ts';
import { company } from '../shared/company.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  stock: Pick<StockTable, 'reserve' | 'readLevels'>;
  company: () => Company;
  now?: () => Date;
};

type Result = { outcome: ReserveOutcome; paymentTimeoutSeconds: number; clarificationTimeoutSeconds: number };

/** What an attempt came to, and when an order that waits for money must be paid. */
type Settled = { outcome: ReserveOutcome; paymentDueAt?: string | undefined };

const attempts = 8;

/** Reserves all lines or none, in the transaction that accepts the order; short of stock is an answer. */
export const createReserveStock = ({ orders, stock, company, now = () => new Date() }: Deps) => {
  const shortages = async (quantities: Map<string, number>, { content }: OrderRecord): Promise<Finding[]> => {
    const levels = await stock.readLevels([...quantities.keys()]);
    return [...quantities]
      .filter(([sku, quantity]) => quantity > (levels.get(sku)?.available ?? 0))
      .map(([sku, quantity]) => ({
        severity: 'HOLD',
        code: 'STOCK_SHORT',
        pointer: `#/lines/${content.lines.findIndex((line) => line.sku === sku)}/quantity`,
        value: String(quantity),
        expected: String(levels.get(sku)?.available ?? 0),
      }));
  };

  /** Somebody else took the last piece between audit and reservation: the finding is stored as the audit would have. */
  const recordShortage = async (
    order: OrderRecord,
    found: Finding[],
  ): Promise<ReserveOutcome | undefined> => {
    const rejected = order.content.shortagePolicy === 'CANCEL';
    const findings = addFindings(order.findings, found, now());
    const changed = await orders.change(
      order.state,
      {
        event: { type: 'order.stock_short', actor: workflowActor, data: { codes: ['STOCK_SHORT'] } },
        facts: { openFindings: openFindings(findings), rejected },
        findings,
      },
      now(),
    );
    if (changed.outcome !== 'changed') return undefined;
    return rejected ? 'rejected' : 'short';
  };

  const attempt = async (order: OrderRecord): Promise<Settled | undefined> => {
    const { status, paymentDueAt } = order.state;
    const gate = gateOf(order);
    if (gate !== 'open') return { outcome: gate };
    // A due time that has passed says nothing of an order that was paid in its last moment.
    if (status !== 'RECEIVED')
      return { outcome: outcomeOfStatus(order), ...(status === 'PENDING_PAYMENT' && { paymentDueAt }) };
    const quantities = quantitiesBySku(order.content.lines);
    const decision = decideReservation(order, workflowActor, company(), now());
    const also = order.state.reserved ? [] : stock.reserve(order.state.orderNumber, quantities);
    const changed = await orders.change(order.state, { ...decision, also }, now());
    if (changed.outcome === 'changed')
      return changed.state.status === 'PENDING_PAYMENT'
        ? { outcome: 'awaiting-payment', paymentDueAt: changed.state.paymentDueAt }
        : { outcome: 'ready' };
    if (changed.outcome !== 'condition') return undefined;
    const found = await shortages(quantities, order);
    const outcome = found.length > 0 ? await recordShortage(order, found) : undefined;
    return outcome && { outcome };
  };

  return async ({ orderNumber }: { orderNumber: string }): Promise<Result> => {
    for (let tries = 1; tries <= attempts; tries++) {
      const order = await orders.read(orderNumber);
      if (!order) throw new Fatal(`no order ${orderNumber}`);
      const settled = await attempt(order);
      if (!settled) continue;
      return {
        outcome: settled.outcome,
        paymentTimeoutSeconds: secondsUntilDue(settled.paymentDueAt, now()),
        clarificationTimeoutSeconds: order.content.terms.clarificationHours * 3600,
      };
    }
    throw new Retryable(`stock of ${orderNumber} kept changing`);
  };
};

export const handler = stepHandler(orderInput, (input) =>
  createReserveStock({ orders: ordersTable(), stock: stockTable(), company })(input),
);
