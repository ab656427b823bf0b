import * as z from 'zod';
import { shipmentSchema } from '../../domain/fulfilment/shipment.ts';
import { orderContentSchema, orderLineSchema, orderStateSchema } from '../../domain/orders/order.ts';
import { statuses } from '../../domain/orders/status.ts';
import { findingAnswerSchema } from './finding-resource.ts';

/** Shapes of what order-resource.ts makes. */

const linkSchema = z.string().regex(/^\/v1\//);

const submittedSchema = orderContentSchema.omit({
  amounts: true,
  source: true,
  terms: true,
  customerEmail: true,
  partnerEmail: true,
});

/** The order resource, contract §2. */
export const orderResourceSchema = submittedSchema.extend({
  orderNumber: z.string(),
  status: z.enum(statuses),
  paymentStatus: z.enum(['UNPAID', 'PARTIALLY_PAID', 'PAID', 'REFUND_DUE']),
  fulfilmentStatus: z.enum(['UNFULFILLED', 'PARTIALLY_SHIPPED', 'SHIPPED', 'DELIVERED']),
  customerTier: orderStateSchema.shape.customerTier,
  tags: orderStateSchema.shape.tags,
  contactBounced: z.boolean(),
  lines: z.array(orderLineSchema.omit({ lineAmountMinor: true }).extend({ lineAmount: z.string() })),
  totals: z.object({
    lineExtensionAmount: z.string(),
    allowanceTotal: z.string(),
    chargeTotal: z.string(),
    taxAmount: z.string(),
    payableAmount: z.string(),
  }),
  receivedAmount: z.string(),
  writtenOffAmount: z.string().optional(),
  findings: z.array(findingAnswerSchema),
  shipments: z.array(shipmentSchema),
  invoices: z.array(
    z.object({
      invoiceNumber: z.string(),
      issuedAt: z.iso.datetime(),
      documentUrl: z.url().optional(),
    }),
  ),
  claims: z.array(z.never()),
  paymentDueAt: orderStateSchema.shape.paymentDueAt,
  promisedDate: orderStateSchema.shape.promisedDate,
  cancellation: orderStateSchema.shape.cancellation,
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  version: z.int(),
  links: z.object({ self: linkSchema, events: linkSchema, cancellation: linkSchema }),
});
