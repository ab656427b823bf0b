import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import canonicalize from 'canonicalize';
import * as z from 'zod';
import { auditOrder } from '../../domain/audit/audit-order.ts';
import { dayIn } from '../../domain/calendar.ts';
import { checkSubmission } from '../../domain/check-submission.ts';
import { completeOrder } from '../../domain/complete-order.ts';
import type { Finding, Problem } from '../../domain/finding.ts';
import { quantitiesBySku } from '../../domain/merge-lines.ts';
import type { OrderContent, OrderRecord, OrderSource } from '../../domain/order.ts';
import { formatOrderNumber } from '../../domain/order-number.ts';
import { type Submission, submissionSchema } from '../../domain/order-schema.ts';
import type { Customer, Partner } from '../../domain/partner.ts';
import { checkTotals } from '../../domain/price-order.ts';
import type { Product } from '../../domain/product.ts';
import { readSubmission } from '../../domain/read-submission.ts';
import type { CatalogueTable } from './catalogue-table.ts';
import type { DocumentsBucket } from './documents.ts';
import type { OrderExecutions } from './executions.ts';
import { logger } from './logger.ts';
import { orderResource } from './order-resource.ts';
import type { OrdersTable } from './orders-table.ts';
import type { PartnersTable } from './partners-table.ts';
import type { StockTable } from './stock-table.ts';

type Deps = {
  orders: Pick<OrdersTable, 'create' | 'nextNumbers' | 'findReference'>;
  catalogue: Pick<CatalogueTable, 'resolveSkus' | 'readProducts'>;
  partners: Pick<PartnersTable, 'readCustomer'>;
  documents: Pick<DocumentsBucket, 'put'>;
  executions: Pick<OrderExecutions, 'start'>;
  /** Given where the expected findings of the audit are wanted at once: files and dry runs. */
  stock?: Pick<StockTable, 'readLevels'>;
  timeZone: () => string;
  now?: () => Date;
};

export type PlaceOrderInput = {
  partner: Partner;
  body: unknown;
  /** The rows of a file, or the text that was posted, which is archived as the order's original. */
  source: Extract<OrderSource, { kind: 'SPREADSHEET' }> | { kind: 'API'; text: string };
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

/** SHA-256 of the RFC 8785 canonical form: equal for equal content, however it is written. */
export const fingerprintOf = (body: unknown): string =>
  createHash('sha256')
    .update(canonicalize(body) ?? '')
    .digest('hex');

const referenceSchema = z.object({ customerOrderReference: submissionSchema.shape.customerOrderReference });

type Prepared = {
  submission: Submission;
  content: OrderContent;
  customer: Customer | undefined;
  products: Map<string, Product>;
};

/**
 * Takes an order in: the one way for posts, files and dry runs. Checks the whole submission, archives the original, then
 * writes order, first event and both guards in one transaction, then starts the execution. Repeated at any point it has one effect.
 */
export const createPlaceOrder = (deps: Deps) => {
  const {
    orders,
    catalogue,
    partners,
    documents,
    executions,
    stock,
    timeZone,
    now = () => new Date(),
  } = deps;

  const prepare = async (
    { partner, body, source }: PlaceOrderInput,
    at: Date,
  ): Promise<Prepared | { problems: Problem[] }> => {
    const { problems, draft, submission } = readSubmission(body);
    const context = { partner, now: at, timeZone: timeZone() };
    const all = [...problems, ...checkSubmission(draft, context, problems)];
    if (!submission || all.some(({ code }) => code === 'QUANTITY_TOO_LARGE')) return { problems: all };
    const { customerId } = submission.buyer;
    const [skus, customer] = await Promise.all([
      catalogue.resolveSkus(partner.partnerId, submission.lines),
      customerId ? partners.readCustomer(partner.partnerId, customerId) : undefined,
    ]);
    const products = await catalogue.readProducts(skus.filter((sku) => sku !== undefined));
    const stored: OrderSource = source.kind === 'API' ? { kind: 'API', documentKey: '' } : source;
    const content = completeOrder(submission, { partner, skus, products, source: stored, now: at });
    all.push(...checkTotals(submission.totals, content.amounts, submission.currency, partner.toleranceMinor));
    return all.length > 0 ? { problems: all } : { submission, content, customer, products };
  };

  /** What the audit would find now; the execution audits again and decides. */
  const expectedFindings = async (
    { content, customer, products }: Prepared,
    partner: Partner,
    at: Date,
  ): Promise<Finding[]> => {
    if (!stock) return [];
    const levels = await stock.readLevels([...quantitiesBySku(content.lines).keys()]);
    return auditOrder({
      order: content,
      partner,
      customer,
      customerTier: customer?.tier ?? 'STANDARD',
      products,
      available: new Map([...levels].map(([sku, level]) => [sku, level.available])),
      today: dayIn(timeZone(), at),
    });
  };

  const record = (
    orderNumber: string,
    { content, customer, submission }: Prepared,
    partner: Partner,
    at: Date,
  ): OrderRecord => ({
    state: {
      orderNumber,
      partnerId: partner.partnerId,
      customerOrderReference: submission.customerOrderReference,
      status: 'RECEIVED',
      statusSince: at.toISOString(),
      version: 1,
      eventCount: 1,
      createdAt: at.toISOString(),
      updatedAt: at.toISOString(),
      language: content.language,
      currency: content.currency,
      payableAmount: content.amounts.payableAmount,
      paymentMethod: content.payment.method,
      customerTier: customer?.tier ?? 'STANDARD',
      test: content.test,
      openFindings: 0,
      rejected: false,
      reserved: false,
      pickRequested: false,
      receivedAmount: 0,
      refundDue: false,
      shipped: {},
      parcels: { sent: 0, delivered: 0 },
    },
    content:
      content.source.kind === 'API'
        ? { ...content, source: { kind: 'API', documentKey: `orders/${orderNumber}/original.json` } }
        : content,
    findings: [],
    payments: [],
    slips: [],
    shipments: [],
    events: [
      {
        sequence: 1,
        type: 'order.received',
        at: at.toISOString(),
        actor: `partner:${partner.partnerId}`,
        to: 'RECEIVED',
        data: {},
      },
    ],
    mails: [],
  });

  const store = async (order: OrderRecord, { body, source, idempotency }: PlaceOrderInput, at: Date) => {
    const { state, content } = order;
    if (content.source.kind === 'API' && source.kind === 'API')
      await documents.put(content.source.documentKey, source.text, 'application/json');
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
        idempotency: idempotency && {
          ...idempotency,
          response: gzipSync(JSON.stringify(orderResource(order, content.language))),
          expiresAt: Math.floor(at.getTime() / 1000) + idempotencyRetentionDays * 86_400,
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
    const [before, prepared] = await Promise.all([placedBefore(input), prepare(input, at)]);
    if (before) return before;
    if ('problems' in prepared) return { outcome: 'invalid', problems: prepared.problems };
    const findings = await expectedFindings(prepared, input.partner, at);
    if (!input.commit) return { outcome: 'valid', findings };
    const day = dayIn(timeZone(), at);
    const orderNumber = formatOrderNumber(day, await orders.nextNumbers(`ORDER#${day}`));
    const order = record(orderNumber, prepared, input.partner, at);
    if ((await store(order, input, at)) === 'exists')
      return (await placedBefore(input)) ?? { outcome: 'key-taken' };
    await startExecution(orderNumber);
    return { outcome: 'created', orderNumber, record: order, findings };
  };
};

export type PlaceOrder = ReturnType<typeof createPlaceOrder>;
