import { gzipSync } from 'node:zlib';
import { auditedWith } from '../../domain/audit/audited-with.ts';
import type { Finding, Problem } from '../../domain/findings/finding.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { formatOrderNumber } from '../../domain/orders/order-number.ts';
import { receivedOrder } from '../../domain/orders/received-order.ts';
import type { Partner } from '../../domain/partner.ts';
import { masterDataOf, type ReceivedData } from '../../domain/provenance/received-order-data.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import { createCheckOrder, type PlacedBefore, tierOf } from './check-order.ts';
import type { DocumentsBucket } from './documents.ts';
import type { OrderExecutions } from './executions.ts';
import { likenessHash } from './like-orders.ts';
import { logger } from './logger.ts';
import type { MailDomains } from './mail-domains.ts';
import { fingerprintOf } from './order-body.ts';
import { archiveOriginal, originalOf, type SubmittedSource, sourceOf } from './order-original.ts';
import { orderResource } from './order-resource.ts';
import type { OrdersTable } from './orders-table.ts';
import type { PartnersTable } from './partners-table.ts';
import type { PreparedOrder } from './prepare-order.ts';
import type { StockTable } from './stock-table.ts';
import type { Validated, ValidationChange } from './validation-token.ts';

type Deps = {
  orders: Pick<
    OrdersTable,
    'create' | 'nextNumbers' | 'findReference' | 'findAlike' | 'readContactMarks' | 'readState'
  >;
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts' | 'readRules' | 'articlesLike'>;
  partners: Pick<PartnersTable, 'findCustomer'>;
  documents: Pick<DocumentsBucket, 'put'>;
  executions: Pick<OrderExecutions, 'start'>;
  stock: Pick<StockTable, 'readLevels' | 'readAccount'>;
  findDeadAddresses?: MailDomains;
  timeZone: () => string;
  now?: () => Date;
};

export type PlaceOrderInput = {
  partner: Partner;
  body: unknown;
  source: SubmittedSource;
  idempotency?: { key: string; fingerprint: string } | undefined;
  /** True where the expected findings are wanted at once: files. */
  audit?: boolean;
  /**
   * Reads what the order was validated with, unless it was placed before: it is placed only if nothing is found that was
   * not found then. May throw: a token that is no good.
   */
  validated?: (() => Validated) | undefined;
  /** False checks everything and writes nothing. */
  commit: boolean;
};

export type PlaceOrderResult =
  | { outcome: 'created'; orderNumber: string; record: OrderRecord; findings: Finding[] }
  | { outcome: 'valid'; findings: Finding[] }
  | { outcome: 'invalid'; problems: Problem[] }
  | PlacedBefore
  /** Something was found that was not found when the order was validated. */
  | { outcome: 'outdated'; change: ValidationChange }
  /** The idempotency key was used a moment ago: read it again. */
  | { outcome: 'key-taken' };

export const idempotencyRetentionDays = 7;
/** Longer than like orders are looked for, since an order may be audited again days later. */
const likenessRetentionDays = 30;

const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/**
 * Takes an order in: the one way for posts, files and dry runs. Checks the whole submission, archives the original, then
 * writes order, first event and both guards in one transaction, then starts the execution. Repeated at any point it has one effect.
 */
export const createPlaceOrder = (deps: Deps) => {
  const { orders, documents, executions, timeZone, now = () => new Date() } = deps;
  const { check, placedBefore } = createCheckOrder(deps);

  const store = async (
    order: OrderRecord,
    customer: PreparedOrder['customer'],
    { partner, body, source, idempotency }: PlaceOrderInput,
    at: Date,
  ) => {
    const { state, content } = order;
    await archiveOriginal(documents, state.orderNumber, source, { partner, timeZone: timeZone() });
    const [event] = order.events;
    if (!event) throw new Error('a new order has its first event');
    const isForm = content.sourceChannel === 'EMAIL' || content.sourceChannel === 'SALES_FORM';
    return orders.create(
      {
        state,
        content,
        event,
        mails: isForm
          ? [{ template: 'order-received', recipient: content.customerEmail, language: content.language }]
          : [],
        contentHash: fingerprintOf(body),
        likeness: {
          hash: likenessHash(state.partnerId, content, customer),
          expiresAt: secondsOf(at) + likenessRetentionDays * 86_400,
        },
        idempotency: idempotency && {
          ...idempotency,
          response: gzipSync(JSON.stringify(orderResource(order, content.language))),
          expiresAt: secondsOf(at) + idempotencyRetentionDays * 86_400,
        },
      },
      at,
    );
  };

  /** A crash here is made good by the sweeper, so a failing start does not fail the order. */
  const startExecution = async (orderNumber: string) => {
    try {
      await executions.start(orderNumber);
    } catch (error) {
      logger.warn('execution not started, left to the sweeper', {
        orderNumber,
        error: error instanceof Error ? error.name : 'unknown',
      });
    }
  };

  return async (input: PlaceOrderInput): Promise<PlaceOrderResult> => {
    const at = now();
    const { partner, body, validated, commit } = input;
    const audit = input.audit === true || validated !== undefined || !commit;
    const checked = await check({ partner, body, source: sourceOf(input.source), at, audit });
    if (checked.outcome === 'duplicate' || checked.outcome === 'conflict') return checked;
    const change = checked.verdict && validated?.().changesTo(checked.verdict);
    if (change) return { outcome: 'outdated', change };
    if (checked.outcome === 'invalid') return { outcome: 'invalid', problems: checked.problems };
    const { prepared, verdict } = checked;
    const findings = verdict?.findings ?? [];
    if (!commit) return { outcome: 'valid', findings };
    const day = dayIn(timeZone(), at);
    const orderNumber = formatOrderNumber(day, await orders.nextNumbers(`ORDER#${day}`));
    const order = receivedOrder({
      orderNumber,
      partnerId: partner.partnerId,
      customerOrderReference: prepared.submission.customerOrderReference,
      customerTier: tierOf(prepared),
      ...(prepared.customer && { customerId: prepared.customer.customerId }),
      content: prepared.content,
      auditedWith: auditedWith(prepared),
      data: {
        source: originalOf(input.source, orderNumber),
        masterData: masterDataOf({ ...prepared, partner, customerTier: tierOf(prepared) }),
      } satisfies ReceivedData,
      now: at,
    });
    if ((await store(order, prepared.customer, input, at)) === 'exists')
      return (await placedBefore(input)) ?? { outcome: 'key-taken' };
    await startExecution(orderNumber);
    return { outcome: 'created', orderNumber, record: order, findings };
  };
};

export type PlaceOrder = ReturnType<typeof createPlaceOrder>;
