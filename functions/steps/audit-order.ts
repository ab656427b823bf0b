import { isDeepStrictEqual } from 'node:util';
import { auditOrder, isBlocking } from '../../domain/audit/audit-order.ts';
import { type AuditedWith, auditedWith, lastAuditedWith } from '../../domain/audit/audited-with.ts';
import { unknownCodes } from '../../domain/audit/check-catalogue.ts';
import type { AuditContext } from '../../domain/audit/context.ts';
import { contactsOf } from '../../domain/customers/contacts.ts';
import { withoutOwn } from '../../domain/customers/customer-account.ts';
import { buyerOf } from '../../domain/customers/customer-match.ts';
import { askedAtOnce } from '../../domain/findings/bounded-findings.ts';
import type { Finding } from '../../domain/findings/finding.ts';
import { addFindings, areAsked, closeFindings, withoutAccepted } from '../../domain/findings/findings.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import {
  isWithinTolerance,
  type PriceDifference,
  priceDifference,
} from '../../domain/pricing/price-difference.ts';
import { quantitiesBySku } from '../../domain/submissions/merge-lines.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { accountUseOf } from '../shared/account-rows.ts';
import { type CatalogueTable, catalogueTable } from '../shared/catalogue-table.ts';
import { changeOrder } from '../shared/change-order.ts';
import { Fatal } from '../shared/classify-error.ts';
import { companyEnv } from '../shared/env.ts';
import { findTwins, likenessHash } from '../shared/like-orders.ts';
import { type MailDomains, mailDomains } from '../shared/mail-domains.ts';
import { priceDifferenceRow, type Row } from '../shared/order-rows.ts';
import { type OrderChange, type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { type PartnersTable, partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { orderInput, workflowActor } from '../shared/step-input.ts';
import { type StockTable, stockTable } from '../shared/stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change' | 'findAlike' | 'readState' | 'readContactMarks'>;
  catalogue: Pick<CatalogueTable, 'readProducts' | 'readRules' | 'articlesLike'>;
  partners: Pick<PartnersTable, 'readPartner' | 'findCustomer'>;
  stock: Pick<StockTable, 'readLevels' | 'readReservation' | 'readAccount'>;
  /** Absent where domains are not looked up. */
  findDeadAddresses?: MailDomains;
  timeZone: () => string;
  now?: () => Date;
};

/** A standing instruction to cancel when goods are short makes that finding a refusal instead of a question. */
const isRefusedByPolicy = ({ content }: OrderRecord, found: readonly Finding[]): boolean =>
  content.shortagePolicy === 'CANCEL' && found.some(({ code }) => code === 'STOCK_SHORT');

/** Findings that the audit does not make itself and so cannot take back. */
const isFromElsewhere = ({ code }: Finding): boolean =>
  code === 'PAYMENT_MISMATCH' || code === 'SLIP_MISMATCH';

/** What an audit found, by which versions, and how far the order's amounts are from ours. */
type Audit = { found: Finding[]; by: AuditedWith; difference: PriceDifference };

/** The price-difference case of this audit; or that an earlier one is settled. */
const differenceRows = (
  { state: { orderNumber }, priceDifference: earlier }: OrderRecord,
  difference: PriceDifference,
  now: Date,
): Row[] => {
  if (!isWithinTolerance(difference))
    return [priceDifferenceRow(orderNumber, { ...difference, foundAt: now.toISOString() })];
  return earlier && !earlier.settledAt
    ? [priceDifferenceRow(orderNumber, { ...earlier, settledAt: now.toISOString() })]
    : [];
};

/**
 * Stores what was found and by which rules, if either is news, beside what was answered before; an order that comes back from hold is received anew. A clean
 * first audit by the rules of the day it came writes nothing.
 */
const decideAudit = (
  order: OrderRecord,
  { found, by, difference }: Audit,
  now: Date,
): OrderChange | undefined => {
  const { state, content, findings, events } = order;
  const returns = state.status === 'ON_HOLD' && state.openFindings === 0;
  if (state.status !== 'RECEIVED' && !returns) return undefined;
  const own = findings.filter((finding) => finding.open && !isFromElsewhere(finding));
  const asked = askedAtOnce(found);
  const isKnown = areAsked(own, asked) && isDeepStrictEqual(lastAuditedWith(events), by);
  if (isKnown && !returns) return undefined;
  const { clarificationHours } = content.terms;
  const isFound = (stored: Finding) =>
    asked.some(({ code, pointer }) => code === stored.code && pointer === stored.pointer);
  const kept = findings.flatMap((finding) =>
    own.includes(finding) && !isFound(finding) ? closeFindings([finding]) : finding,
  );
  const stored = addFindings(kept, asked, { now, clarificationHours });
  return {
    event: {
      type: 'order.audited',
      actor: workflowActor,
      data: { codes: asked.map(({ code }) => code), auditedWith: by },
    },
    facts: {
      rejected: isRefusedByPolicy(order, found),
      auditedWith: { rules: by.rules },
    },
    findings: stored,
    rows: differenceRows(order, difference, now),
    ...(returns && { to: 'RECEIVED' }),
  };
};

/** Checks goods, specification, prices, limits and stock; what blocks is stored, and the reservation will not pass it. */
export const createAuditOrder =
  ({ orders, catalogue, partners, stock, findDeadAddresses, timeZone, now = () => new Date() }: Deps) =>
  async ({ orderNumber }: { orderNumber: string }) => {
    const order = await orders.read(orderNumber);
    if (!order) throw new Fatal(`no order ${orderNumber}`);
    const { state, content } = order;
    const skus = [...quantitiesBySku(content.lines).keys()];
    const { partnerId } = state;
    const today = dayIn(timeZone(), now());
    const [partner, { customer, candidates }, products, rules, levels, held] = await Promise.all([
      partners.readPartner(state.partnerId),
      partners.findCustomer(state.partnerId, buyerOf(content)),
      catalogue.readProducts(skus),
      catalogue.readRules(today),
      stock.readLevels(skus),
      state.reserved ? stock.readReservation(orderNumber) : new Map<string, number>(),
    ]);
    if (!partner) throw new Fatal(`no partner ${state.partnerId}`);
    const contacts = contactsOf(content);
    const [articlesLike, account, twins, contactMarks, deadAddresses] = await Promise.all([
      catalogue.articlesLike(partnerId, unknownCodes(content.lines, products)),
      stock.readAccount(accountUseOf({ partnerId, order: content, products, customer, rules, today })),
      findTwins(orders, likenessHash(partnerId, content, customer), state, now()),
      orders.readContactMarks(contacts, now()),
      findDeadAddresses?.(contacts) ?? [],
    ]);
    const context: AuditContext = {
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
      contactMarks,
      deadAddresses,
      rules,
      today,
      orderDay: dayIn(timeZone(), new Date(state.createdAt)),
    };
    const found = auditOrder(context);
    const audit = { found, by: auditedWith(context), difference: priceDifference(context) };
    const asked = withoutAccepted(order.findings, found);
    const decide = (current: OrderRecord) =>
      decideAudit(current, { ...audit, found: withoutAccepted(current.findings, found) }, now());
    await changeOrder(orders, orderNumber, decide, now(), order);
    return { outcome: asked.some(isBlocking) ? 'held' : 'passed', findings: asked.length };
  };

const findDeadAddresses = mailDomains();

export const handler = stepHandler(orderInput, (input) =>
  createAuditOrder({
    orders: ordersTable(),
    catalogue: catalogueTable(),
    partners: partnersTable(),
    stock: stockTable(),
    findDeadAddresses,
    timeZone: () => companyEnv().COMPANY_TIME_ZONE,
  })(input),
);
