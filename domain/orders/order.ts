import * as z from 'zod';
import { auditedWithSchema } from '../audit/audited-with.ts';
import { heldInAccountSchema } from '../customers/customer-account.ts';
import { findingSchema } from '../findings/finding.ts';
import type { StoredSlip } from '../fulfilment/outbound-slip.ts';
import type { Shipment } from '../fulfilment/shipment.ts';
import type { MailIntent } from '../mail.ts';
import { customerTiers, partnerSchema } from '../partner.ts';
import type { Payment } from '../payments/payment.ts';
import { shortfallOf } from '../payments/write-off.ts';
import { priceDifferenceSchema } from '../pricing/price-difference.ts';
import { orderTypes, paymentMethods, sourceChannels, submissionSchema } from '../submissions/order-schema.ts';
import { currencies } from '../values/currencies.ts';
import { languages } from '../values/languages.ts';
import { statuses } from './status.ts';

const minor = z.int();
const instant = z.iso.datetime();

/** Where a posted order's original lies in the documents bucket: the body as it came. */
export const originalDocumentKey = (orderNumber: string): string => `orders/${orderNumber}/original.json`;

/** What the original of an order is: the body as posted, or rows of an uploaded file. */
const orderSourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('API') }),
  z.object({
    kind: z.literal('SPREADSHEET'),
    uploadId: z.string(),
    objectKey: z.string(),
    versionId: z.string(),
    rows: z.array(z.int()),
  }),
]);
export type OrderSource = z.infer<typeof orderSourceSchema>;

/** A line as stored: what was submitted, what it was resolved to, and its amount in minor units. */
export const orderLineSchema = submissionSchema.shape.lines.element.extend({
  taxRate: z.string(),
  lineAmountMinor: minor,
});
export type OrderLine = z.infer<typeof orderLineSchema>;

/** What was ordered. Written once at intake, in the order's own language. */
export const orderContentSchema = submissionSchema
  .omit({ totals: true, validationToken: true, lines: true })
  .extend({
    issueDate: z.iso.datetime({ offset: true }),
    sourceChannel: z.enum(sourceChannels),
    pricesIncludeTax: z.boolean(),
    language: z.enum(languages),
    lines: z.array(orderLineSchema),
    amounts: z.object({
      lineExtensionAmount: minor,
      allowanceTotal: minor,
      chargeTotal: minor,
      taxes: z.array(z.object({ rate: z.string(), taxableAmount: minor, taxAmount: minor })),
      taxAmount: minor,
      payableAmount: minor,
    }),
    source: orderSourceSchema,
    /** Where the customer's mails go, and the partner's copies. */
    customerEmail: z.email(),
    partnerEmail: z.email().optional(),
    /** The partner's terms on the day of the order. */
    terms: partnerSchema.pick({
      toleranceMinor: true,
      tolerancePercent: true,
      paymentDueMinutes: true,
      autoCompleteDays: true,
      clarificationHours: true,
    }),
  });
export type OrderContent = z.infer<typeof orderContentSchema>;

/** What happens to an order: small, and the only item that changes. Every change raises `version` by one. */
export const orderStateSchema = z.object({
  orderNumber: z.string(),
  partnerId: z.string(),
  customerOrderReference: z.string(),
  status: z.enum(statuses),
  statusSince: instant,
  version: z.int(),
  eventCount: z.int(),
  createdAt: instant,
  updatedAt: instant,
  language: z.enum(languages),
  currency: z.enum(currencies),
  payableAmount: minor,
  paymentMethod: z.enum(paymentMethods),
  customerTier: z.enum(customerTiers),
  orderType: z.enum(orderTypes).default('STANDARD'),
  sourceChannel: z.enum(sourceChannels).default('API'),
  /** The customer on file that the buyer is, else the number that it gave. */
  customerId: z.string().optional(),
  /** The day the customer wants it, or the last of its days. */
  requestedDate: z.iso.date().optional(),
  /** Mail to its customer's address did not arrive: whoever else can answer is asked. */
  contactBounced: z.boolean().default(false),
  /** What staff marked it with. */
  tags: z.array(z.string()).default([]),
  test: z.boolean(),
  openFindings: z.int(),
  /** Versions of the rules that its audit went by; those of prices stand with the event. */
  auditedWith: auditedWithSchema.pick({ rules: true }).optional(),
  rejected: z.boolean().default(false),
  reserved: z.boolean().default(false),
  /** The warehouse has its pick list. */
  pickRequested: z.boolean().default(false),
  heldInAccount: heldInAccountSchema.optional(),
  paymentDueAt: instant.optional(),
  promisedDate: z.iso.date().optional(),
  receivedAmount: minor.default(0),
  /** What finance gave up of the payable amount; with what was received it is never more than that. */
  writtenOffAmount: minor.default(0),
  refundDue: z.boolean().default(false),
  slip: z.object({ slipId: z.string(), outcome: z.enum(['MATCHED', 'MISMATCH']) }).optional(),
  /** Quantity shipped so far, by line. */
  shipped: z.record(z.string(), z.number()).default({}),
  /** What a delivery exception interrupted, and so what its end goes back to. */
  exceptionFrom: z.enum(['PARTIALLY_SHIPPED', 'SHIPPED']).optional(),
  parcels: z.object({ sent: z.int(), delivered: z.int() }).default({ sent: 0, delivered: 0 }),
  cancellation: z
    .object({
      reasonCode: z.string(),
      note: z.string().optional(),
      requestedAt: instant,
      requestedBy: z.string(),
    })
    .optional(),
  invoice: z.object({ invoiceNumber: z.string(), issuedAt: instant, documentKey: z.string() }).optional(),
});
export type OrderState = z.infer<typeof orderStateSchema>;

export type Order = { state: OrderState; content: OrderContent };

/** Everything on file about an order: what was ordered, its state, and what happened to it. */
export type OrderRecord = Order & {
  findings: StoredFinding[];
  /** The last difference between its amounts and ours that was more than the partner's tolerance. */
  priceDifference?: StoredPriceDifference;
  payments: Payment[];
  slips: StoredSlip[];
  shipments: Shipment[];
  events: OrderEvent[];
  mails: MailIntent[];
};

/** Something that happened to an order: the truth that timelines, reports and audits are made of. */
export const orderEventSchema = z.object({
  sequence: z.int(),
  type: z.string(),
  at: instant,
  actor: z.string(),
  from: z.enum(statuses).optional(),
  to: z.enum(statuses).optional(),
  data: z.record(z.string(), z.unknown()).default({}),
});
export type OrderEvent = z.infer<typeof orderEventSchema>;

/** What staff may do with a finding, contract §1; SUBSTITUTE and RESCHEDULE are not offered yet. */
export const resolutionActions = [
  'ACCEPT_OURS',
  'ACCEPT_THEIRS',
  'ASK_CUSTOMER',
  'EDIT',
  'OVERRIDE',
  'REJECT',
] as const;
export type ResolutionAction = (typeof resolutionActions)[number];

/** How a finding was answered, and by whom. */
const resolutionSchema = z.object({
  action: z.enum(resolutionActions),
  by: z.string(),
  at: instant,
  reason: z.string().optional(),
  /** The same finding with the same values does not block again, until what it is about is edited. */
  accepted: z.boolean().optional(),
});

/** A finding as an order keeps it. `number` is given once in an order; `round` counts how often the question was asked. */
export const storedFindingSchema = findingSchema.extend({
  number: z.int(),
  round: z.int(),
  open: z.boolean(),
  foundAt: instant,
  /** When its order is cancelled for want of an answer, or the desk called. */
  dueAt: instant.optional(),
  /** The member of staff who sees to it. */
  assignee: z.string().optional(),
  /** Who is asked, when staff or an answer say otherwise than its code. */
  askedOf: z.enum(['customer', 'sales', 'staff']).optional(),
  /** When staff asked for it anew: links of before open it no more. */
  askedAt: instant.optional(),
  /** What staff ask the customer beside the finding itself. */
  question: z.string().optional(),
  /** What its customer said that only staff can decide on. */
  customerNote: z.string().optional(),
  resolution: resolutionSchema.optional(),
});
export type StoredFinding = z.infer<typeof storedFindingSchema>;

/** A price-difference case as an order keeps it: settled once an audit finds it no more. */
export const storedPriceDifferenceSchema = priceDifferenceSchema.extend({
  foundAt: instant,
  settledAt: instant.optional(),
});
export type StoredPriceDifference = z.infer<typeof storedPriceDifferenceSchema>;

/** paymentStatus of the order resource, from money received or written off against money owed (minor units). */
export const paymentStatusOf = (state: OrderState): 'UNPAID' | 'PARTIALLY_PAID' | 'PAID' | 'REFUND_DUE' => {
  if (state.refundDue) return 'REFUND_DUE';
  if (shortfallOf(state) === 0) return 'PAID';
  return state.receivedAmount > 0 ? 'PARTIALLY_PAID' : 'UNPAID';
};

/** fulfilmentStatus of the order resource. */
export const fulfilmentStatusOf = (
  state: OrderState,
): 'UNFULFILLED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'DELIVERED' => {
  const { sent, delivered } = state.parcels;
  if (sent === 0) return 'UNFULFILLED';
  const reached = state.status === 'DELIVERY_EXCEPTION' ? state.exceptionFrom : state.status;
  if (reached === 'PARTIALLY_SHIPPED') return reached;
  return delivered === sent ? 'DELIVERED' : 'SHIPPED';
};
