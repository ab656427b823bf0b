import type { Company } from '../../domain/findings/decision.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { addFindings } from '../../domain/findings/findings.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import {
  decideReservation,
  gateOf,
  outcomeOfStatus,
  type ReserveOutcome,
  secondsUntilDue,
} from '../../domain/orders/reserve-order.ts';
import { quantitiesBySku } from '../../domain/submissions/merge-lines.ts';
import { heldBy } from '../shared/account-rows.ts';
import { type CatalogueTable, catalogueTable } from '../shared/catalogue-table.ts';
import { Fatal, Retryable } from '../shared/classify-error.ts';
import { company } from '../shared/company.ts';
import { createCustomerLimits } from '../shared/customer-limits.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  stock: Pick<StockTable, 'reserve' | 'readLevels' | 'takeFromAccount' | 'readAccount'>;
  catalogue: Pick<CatalogueTable, 'readProducts' | 'readRules'>;
  partners: Pick<PartnersTable, 'readPartner' | 'findCustomer'>;
  company: () => Company;
  now?: () => Date;
};

type Result = { outcome: ReserveOutcome; paymentTimeoutSeconds: number; clarificationTimeoutSeconds: number };

/** What an attempt came to, and when an order that waits for money must be paid. */
type Settled = { outcome: ReserveOutcome; paymentDueAt?: string | undefined };

const attempts = 8;

/**
 * Reserves all lines or none and counts them against limits and credit, in the transaction that accepts the order; short of
 * stock, or of what the customer may buy or owe, is an answer.
 */
export const createReserveStock = (deps: Deps) => {
  const { orders, stock, company, now = () => new Date() } = deps;

  const limits = createCustomerLimits({ ...deps, timeZone: () => company().timeZone, now });

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

  /** Another order took the last of it between audit and reservation: the finding is stored as the audit would have. */
  const recordRefusal = async (order: OrderRecord, found: Finding[]): Promise<ReserveOutcome | undefined> => {
    const isShort = found.some(({ code }) => code === 'STOCK_SHORT');
    const rejected = isShort && order.content.shortagePolicy === 'CANCEL';
    const { clarificationHours } = order.content.terms;
    const findings = addFindings(order.findings, found, { now: now(), clarificationHours });
    const changed = await orders.change(
      order.state,
      {
        event: {
          type: isShort ? 'order.stock_short' : 'order.limit_exceeded',
          actor: workflowActor,
          data: { codes: [...new Set(found.map(({ code }) => code))] },
        },
        facts: { rejected },
        findings,
      },
      now(),
    );
    if (changed.outcome !== 'changed') return undefined;
    if (rejected) return 'rejected';
    return isShort ? 'short' : 'held';
  };

  const attempt = async (order: OrderRecord): Promise<Settled | undefined> => {
    const { status, paymentDueAt } = order.state;
    const gate = gateOf(order);
    if (gate !== 'open') return { outcome: gate };
    // A due time that has passed says nothing of an order that was paid in its last moment.
    if (status !== 'RECEIVED')
      return { outcome: outcomeOfStatus(order), ...(status === 'PENDING_PAYMENT' && { paymentDueAt }) };
    const quantities = quantitiesBySku(order.content.lines);
    const counting = order.state.reserved ? undefined : await limits.countingOf(order);
    const held = counting && heldBy(counting.use);
    const decision = decideReservation(order, workflowActor, company(), now(), held);
    const goods = counting ? stock.reserve(order.state.orderNumber, quantities) : [];
    const counts = counting ? stock.takeFromAccount(await limits.withPassed(order, counting)) : [];
    const also = [...goods, ...counts];
    const changed = await orders.change(order.state, { ...decision, also }, now());
    if (changed.outcome === 'changed')
      return changed.state.status === 'PENDING_PAYMENT'
        ? { outcome: 'awaiting-payment', paymentDueAt: changed.state.paymentDueAt }
        : { outcome: 'ready' };
    if (changed.outcome !== 'condition') return undefined;
    const isCountRefused = changed.refused.slice(goods.length).includes(true);
    const found = [
      ...(await shortages(quantities, order)),
      ...(counting && isCountRefused ? await limits.exceeded(order, counting) : []),
    ];
    const outcome = found.length > 0 ? await recordRefusal(order, found) : undefined;
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
  createReserveStock({
    orders: ordersTable(),
    stock: stockTable(),
    catalogue: catalogueTable(),
    partners: partnersTable(),
    company,
  })(input),
);
