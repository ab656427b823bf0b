import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { auditOrder } from '../../domain/audit/audit-order.ts';
import { auditedWith } from '../../domain/audit/audited-with.ts';
import { servedEverywhere } from '../../domain/audit/check-area.ts';
import { unknownCodes } from '../../domain/audit/check-catalogue.ts';
import { dayIn } from '../../domain/calendar.ts';
import type { Finding, Problem } from '../../domain/finding.ts';
import { quantitiesBySku } from '../../domain/merge-lines.ts';
import type { OrderRecord } from '../../domain/order.ts';
import { formatOrderNumber } from '../../domain/order-number.ts';
import { submissionSchema } from '../../domain/order-schema.ts';
import type { CustomerTier, Partner } from '../../domain/partner.ts';
import { masterDataOf, type ReceivedData } from '../../domain/provenance/received-order-data.ts';
import { receivedOrder } from '../../domain/received-order.ts';
import { accountUseOf } from './account-rows.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import type { DocumentsBucket } from './documents.ts';
import type { OrderExecutions } from './executions.ts';
import { findTwins, likenessHash } from './like-orders.ts';
import { logger } from './logger.ts';
import { archiveOriginal, originalOf, type SubmittedSource, sourceOf } from './order-original.ts';
import { orderResource } from './order-resource.ts';
import type { OrdersTable } from './orders-table.ts';
import type { PartnersTable } from './partners-table.ts';
import { createPrepareOrder, type PreparedOrder } from './prepare-order.ts';
import type { StockTable } from './stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'create' | 'nextNumbers' | 'findReference' | 'findAlike' | 'readState'>;
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts' | 'readRules' | 'articlesLike'>;
  partners: Pick<PartnersTable, 'findCustomer'>;
  documents: Pick<DocumentsBucket, 'put'>;
  executions: Pick<OrderExecutions, 'start'>;
  /** Given where the expected findings of the audit are wanted at once: files and dry runs. */
  stock?: Pick<StockTable, 'readLevels' | 'readAccount'>;
  timeZone: () => string;
  now?: () => Date;
};

export type PlaceOrderInput = {
  partner: Partner;
  body: unknown;
  source: SubmittedSource;
  idempotency?: { key: string; fingerprint: string } | undefined;
  /** False checks everything and writes nothing. */
  commit: boolean;
};

export type PlaceOrderResult =
  | { outcome: 'created'; orderNumber: string; record: OrderRecord; findings: Finding[] }
  | { outcome: 'valid'; findings: Finding[] }
  | { outcome: 'invalid'; problems: Problem[] }
  /** The same order under the same reference was placed before, by the named upload if by one. */
  | { outcome: 'duplicate'; orderNumber: string; uploadId?: string }
  /** The reference is taken by an order with other content. */
  | { outcome: 'conflict'; orderNumber: string }
  /** The idempotency key was used a moment ago: read it again. */
  | { outcome: 'key-taken' };

export const idempotencyRetentionDays = 7;
/** Longer than like orders are looked for, since an order may be audited again days later. */
const likenessRetentionDays = 30;

const secondsOf = (instant: Date): number => Math.floor(instant.getTime() / 1000);

/** SHA-256 of the RFC 8785 canonical form: equal for equal content, however it is written. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(canonicalize(body) ?? '')
    .digest('hex');

/** Customers that are not on file are ordinary ones. */
const tierOf = ({ customer }: Pick<PreparedOrder, 'customer'>): CustomerTier => customer?.tier ?? 'STANDARD';

const referenceSchema = z.object({ customerOrderReference: submissionSchema.shape.customerOrderReference });

/**
 * Takes an order in: the one way for posts, files and dry runs. Checks the whole submission, archives the original, then
 * writes order, first event and both guards in one transaction, then starts the execution. Repeated at any point it has one effect.
 */
export const createPlaceOrder = (deps: Deps) => {
  const { orders, catalogue, documents, executions, stock, timeZone, now = () => new Date() } = deps;
  const prepare = createPrepareOrder(deps);

  /** What the audit would find now; the execution audits again and decides. */
  const expectedFindings = async (
    { content, customer, candidates, products, rules }: PreparedOrder,
    partner: Partner,
    at: Date,
  ): Promise<Finding[]> => {
    if (!stock) return [];
    const { partnerId } = partner;
    const today = dayIn(timeZone(), at);
    const hash = likenessHash(partnerId, content, customer);
    const [levels, articlesLike, account, twins] = await Promise.all([
      stock.readLevels([...quantitiesBySku(content.lines).keys()]),
      catalogue.articlesLike(partnerId, unknownCodes(content.lines, products)),
      stock.readAccount(accountUseOf({ partnerId, order: content, products, customer, today })),
      // A dry run of a file does not see the orders of the file itself: their audits tell of those.
      content.source.kind === 'API' ? findTwins(orders, hash, undefined, at) : [],
    ]);
    return auditOrder({
      order: content,
      partner,
      customer,
      candidates,
      customerTier: tierOf({ customer }),
      products,
      articlesLike,
      available: new Map([...levels].map(([sku, level]) => [sku, level.available])),
      account,
      twins,
      areas: servedEverywhere,
      rules,
      today,
      orderDay: today,
    });
  };

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

  /** An order on file under the same reference, whatever else the submission says. */
  const placedBefore = async ({ partner, body }: PlaceOrderInput) => {
    const named = referenceSchema.safeParse(body);
    const found =
      named.success && (await orders.findReference(partner.partnerId, named.data.customerOrderReference));
    if (!found) return undefined;
    const { orderNumber, uploadId, contentHash } = found;
    return contentHash === fingerprintOf(body)
      ? { outcome: 'duplicate' as const, orderNumber, ...(uploadId && { uploadId }) }
      : { outcome: 'conflict' as const, orderNumber };
  };

  return async (input: PlaceOrderInput): Promise<PlaceOrderResult> => {
    const at = now();
    const [before, prepared] = await Promise.all([
      placedBefore(input),
      prepare(input.partner, input.body, sourceOf(input.source), at),
    ]);
    if (before) return before;
    if ('problems' in prepared) return { outcome: 'invalid', problems: prepared.problems };
    const findings = await expectedFindings(prepared, input.partner, at);
    if (!input.commit) return { outcome: 'valid', findings };
    const day = dayIn(timeZone(), at);
    const orderNumber = formatOrderNumber(day, await orders.nextNumbers(`ORDER#${day}`));
    const order = receivedOrder({
      orderNumber,
      partnerId: input.partner.partnerId,
      customerOrderReference: prepared.submission.customerOrderReference,
      customerTier: tierOf(prepared),
      ...(prepared.customer && { customerId: prepared.customer.customerId }),
      content: prepared.content,
      auditedWith: auditedWith(prepared),
      data: {
        source: originalOf(input.source, orderNumber),
        masterData: masterDataOf({ ...prepared, partner: input.partner, customerTier: tierOf(prepared) }),
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
