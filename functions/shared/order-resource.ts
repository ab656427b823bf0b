import * as z from 'zod';
import { fulfilmentStatusOf, type OrderRecord, paymentStatusOf } from '../../domain/orders/order.ts';
import { type OrderSummary, orderSummarySchema } from '../../domain/orders/order-summary.ts';
import type { Language } from '../../domain/values/languages.ts';
import { toDecimal } from '../../domain/values/money.ts';
import { findingResource } from './finding-resource.ts';

/** An order as partners see it, contract §2: what they sent, and what became of it. Amounts as decimal text. */
export const orderResource = (
  { state, content, findings, shipments }: OrderRecord,
  language: Language,
  invoiceUrl?: string,
) => {
  const {
    amounts,
    source: _source,
    terms: _terms,
    customerEmail: _customer,
    partnerEmail: _partner,
    lines,
    ...submitted
  } = content;
  const money = (minor: number) => toDecimal(minor, state.currency);
  return {
    orderNumber: state.orderNumber,
    status: state.status,
    paymentStatus: paymentStatusOf(state),
    fulfilmentStatus: fulfilmentStatusOf(state),
    customerTier: state.customerTier,
    tags: state.tags,
    contactBounced: state.contactBounced,
    ...submitted,
    lines: lines.map(({ lineAmountMinor, ...line }) => ({ ...line, lineAmount: money(lineAmountMinor) })),
    totals: {
      lineExtensionAmount: money(amounts.lineExtensionAmount),
      allowanceTotal: money(amounts.allowanceTotal),
      chargeTotal: money(amounts.chargeTotal),
      taxAmount: money(amounts.taxAmount),
      payableAmount: money(amounts.payableAmount),
    },
    receivedAmount: money(state.receivedAmount),
    ...(state.writtenOffAmount > 0 && { writtenOffAmount: money(state.writtenOffAmount) }),
    findings: findings.map((finding) => findingResource(state.orderNumber, finding, language)),
    shipments,
    invoices: state.invoice
      ? [
          {
            invoiceNumber: state.invoice.invoiceNumber,
            issuedAt: state.invoice.issuedAt,
            ...(invoiceUrl && { documentUrl: invoiceUrl }),
          },
        ]
      : [],
    claims: [],
    ...(state.paymentDueAt && { paymentDueAt: state.paymentDueAt }),
    promisedDate:
      state.promisedDate ?? content.delivery.requestedDate ?? content.delivery.requestedPeriod?.end,
    ...(state.cancellation && { cancellation: state.cancellation }),
    createdAt: state.createdAt,
    updatedAt: state.updatedAt,
    version: state.version,
    links: {
      self: `/v1/orders/${state.orderNumber}`,
      events: `/v1/orders/${state.orderNumber}/events`,
      cancellation: `/v1/orders/${state.orderNumber}/cancellation`,
    },
  };
};

/** An order in a list, as its partner sees it. */
export const summaryResourceSchema = orderSummarySchema
  .omit({ partnerId: true, test: true })
  .extend({ payableAmount: z.string(), links: z.object({ self: z.string() }) });

export const summaryResource = ({
  partnerId: _partner,
  test: _test,
  ...summary
}: OrderSummary): z.infer<typeof summaryResourceSchema> => ({
  ...summary,
  payableAmount: toDecimal(summary.payableAmount, summary.currency),
  links: { self: `/v1/orders/${summary.orderNumber}` },
});
