import { auditOrder, isBlocking } from '../../domain/audit/audit-order.ts';
import { servedEverywhere } from '../../domain/audit/check-area.ts';
import { unknownCodes } from '../../domain/audit/check-catalogue.ts';
import { dayIn } from '../../domain/calendar.ts';
import { withoutOwn } from '../../domain/customer-account.ts';
import { buyerOf } from '../../domain/customer-match.ts';
import type { Decision } from '../../domain/decision.ts';
import type { Finding } from '../../domain/finding.ts';
import { addFindings, areAsked, openFindings } from '../../domain/findings.ts';
import { quantitiesBySku } from '../../domain/merge-lines.ts';
import type { OrderRecord } from '../../domain/order.ts';
import { accountUseOf } from '../shared/account-rows.ts';
import { type CatalogueTable, catalogueTable } from '../shared/catalogue-table.ts';
import { changeOrder } from '../shared/change-order.ts';
import { Fatal } from '../shared/classify-error.ts';
import { companyEnv } from '../shared/env.ts';
import { findTwins, likenessHash } from '../shared/like-orders.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change' | 'findAlike' | 'readState'>;
  catalogue: Pick<CatalogueTable, 'readProducts' | 'articlesLike'>;
  partners: Pick<PartnersTable, 'readPartner' | 'findCustomer'>;
  stock: Pick<StockTable, 'readLevels' | 'readReservation' | 'readAccount'>;
  timeZone: () => string;
  now?: () => Date;
};

/** A standing instruction to cancel when goods are short makes that finding a refusal instead of a question. */
const isRefusedByPolicy = ({ content }: OrderRecord, found: readonly Finding[]): boolean =>
  content.shortagePolicy === 'CANCEL' && found.some(({ code }) => code === 'STOCK_SHORT');

/** Findings that the audit does not make itself and so cannot take back. */
const isFromElsewhere = ({ code }: Finding): boolean =>
  code === 'PAYMENT_MISMATCH' || code === 'SLIP_MISMATCH';

/** Writes what was found, if it is news; an order that comes back from hold is received anew. A clean first audit writes nothing. */
const decideAudit = (order: OrderRecord, found: Finding[], now: Date): Decision | undefined => {
  const { state, findings } = order;
  const returns = state.status === 'ON_HOLD' && state.openFindings === 0;
  if (state.status !== 'RECEIVED' && !returns) return undefined;
  const elsewhere = findings.filter(isFromElsewhere);
  const own = findings.filter((finding) => !isFromElsewhere(finding));
  if (areAsked(own, found) && !returns) return undefined;
  const stored = addFindings(elsewhere, found, now);
  return {
    event: { type: 'order.audited', actor: workflowActor, data: { codes: found.map(({ code }) => code) } },
    facts: { openFindings: openFindings(stored), rejected: isRefusedByPolicy(order, found) },
    findings: stored,
    ...(returns && { to: 'RECEIVED' }),
  };
};

/** Checks goods, specification, prices, limits and stock; what blocks is stored, and the reservation will not pass it. */
export const createAuditOrder =
  ({ orders, catalogue, partners, stock, timeZone, now = () => new Date() }: Deps) =>
  async ({ orderNumber }: { orderNumber: string }) => {
    const order = await orders.read(orderNumber);
    if (!order) throw new Fatal(`no order ${orderNumber}`);
    const { state, content } = order;
    const skus = [...quantitiesBySku(content.lines).keys()];
    const [partner, { customer, candidates }, products, levels, held] = await Promise.all([
      partners.readPartner(state.partnerId),
      partners.findCustomer(state.partnerId, buyerOf(content)),
      catalogue.readProducts(skus),
      stock.readLevels(skus),
      state.reserved ? stock.readReservation(orderNumber) : new Map<string, number>(),
    ]);
    if (!partner) throw new Fatal(`no partner ${state.partnerId}`);
    const { partnerId } = state;
    const today = dayIn(timeZone(), now());
    const [articlesLike, account, twins] = await Promise.all([
      catalogue.articlesLike(partnerId, unknownCodes(content.lines, products)),
      stock.readAccount(accountUseOf({ partnerId, order: content, products, customer, today })),
      findTwins(orders, likenessHash(partnerId, content, customer), state, now()),
    ]);
    const found = auditOrder({
      order: content,
      partner,
      customer,
      candidates,
      customerTier: state.customerTier,
      products,
      articlesLike,
      available: new Map(skus.map((sku) => [sku, (levels.get(sku)?.available ?? 0) + (held.get(sku) ?? 0)])),
      account: withoutOwn(account, state.heldInAccount),
      twins,
      areas: servedEverywhere,
      today,
    });
    await changeOrder(orders, orderNumber, (current) => decideAudit(current, found, now()), now(), order);
    return { outcome: found.some(isBlocking) ? 'held' : 'passed', findings: found.length };
  };

export const handler = stepHandler(orderInput, (input) =>
  createAuditOrder({
    orders: ordersTable(),
    catalogue: catalogueTable(),
    partners: partnersTable(),
    stock: stockTable(),
    timeZone: () => companyEnv().COMPANY_TIME_ZONE,
  })(input),
);
