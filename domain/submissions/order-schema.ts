import * as z from 'zod';
import { countryCodes } from '../values/countries.ts';
import { currencies } from '../values/currencies.ts';
import { isGtin } from '../values/gtin.ts';
import { quantitySchema } from '../values/quantity.ts';
import { unitCodes } from '../values/units.ts';
import { oneLine, text } from './text-schema.ts';

/**
 * The order as partners submit it, contract §2. Field checks only: what needs two fields, the partner or the clock
 * stands in check-submission.ts. A code in `error` becomes the problem's code, see read-submission.ts.
 */

const maxLines = 500;
/** A reservation is one DynamoDB transaction: 100 actions, of which the order itself needs up to ten. */
export const maxDistinctItems = 90;

/** Names that no plain object can have safely: `__proto__` is lost in it, `constructor` changes how it is stored. */
export const isUnsafeName = (name: string): boolean => name === '__proto__' || name === 'constructor';
/** Quantities by line or article are kept as a plain object. */
const identifier = oneLine(64).refine((text) => !isUnsafeName(text), { error: 'FORMAT_INVALID' });
/** Free-form values as they can be stored: JSON with numbers that DynamoDB takes. */
const isStorable = (value: unknown): boolean => {
  if (typeof value === 'number')
    return value === 0 || (Math.abs(value) <= Number.MAX_SAFE_INTEGER && Math.abs(value) >= 1e-128);
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every(isStorable);
};
const decimal = (pattern: RegExp) => z.string().regex(pattern);
const amount = decimal(/^\d{1,12}(\.\d{1,3})?$/);
const email = z.email({ error: 'EMAIL_INVALID' }).max(254);
const telephone = z.string().regex(/^\+[1-9]\d{6,14}$/, { error: 'PHONE_INVALID' });
const date = z.iso.date();

const contactSchema = z.strictObject({
  name: oneLine(100).optional(),
  telephone: telephone.optional(),
  email: email.optional(),
});

const addressSchema = z.strictObject({
  line1: oneLine(200),
  line2: oneLine(200).optional(),
  district: oneLine(100).optional(),
  city: oneLine(100),
  region: oneLine(100).optional(),
  postalCode: oneLine(16).optional(),
  countryCode: z.enum(countryCodes),
});

const deliverySchema = z.strictObject({
  recipientName: oneLine(200).optional(),
  telephone: telephone.optional(),
  address: addressSchema,
  requestedDate: date.optional(),
  requestedPeriod: z.strictObject({ start: date, end: date }).optional(),
  partialDeliveryAllowed: z.boolean().default(true),
});

export const paymentMethods = [
  'BANK_TRANSFER',
  'CARD',
  'ALIPAY',
  'WECHAT_PAY',
  'CASH_ON_DELIVERY',
  'ON_ACCOUNT',
] as const;

const paymentSchema = z.strictObject({
  method: z.enum(paymentMethods),
  terms: oneLine(200).optional(),
  reference: oneLine(100).optional(),
  paidAt: z.iso.datetime({ offset: true }).optional(),
  paidAmount: amount.optional(),
});

const discountSchema = z.strictObject({
  type: z.enum(['PERCENT', 'AMOUNT']),
  value: decimal(/^\d{1,12}(\.\d{1,4})?$/),
  promotionCode: identifier.optional(),
});

const lineSchema = z.strictObject({
  lineId: identifier,
  sku: identifier.optional(),
  buyerItemId: identifier.optional(),
  gtin: z.string().refine(isGtin, { error: 'GTIN_CHECK_DIGIT' }).optional(),
  name: oneLine(200),
  specification: oneLine(200).optional(),
  quantity: quantitySchema,
  unitCode: z.enum(unitCodes).default('C62'),
  unitPrice: decimal(/^\d{1,12}(\.\d{1,4})?$/),
  discount: discountSchema.optional(),
  taxRate: decimal(/^(0(\.\d{1,4})?|1(\.0{1,4})?)$/).optional(),
  lineAmount: amount.optional(),
  customization: z
    .union([text(2000), z.record(z.string().max(64), z.unknown())])
    .refine(isStorable)
    .optional(),
  note: text(500).optional(),
});

const allowanceChargeSchema = z.strictObject({
  isCharge: z.boolean(),
  amount,
  reason: oneLine(200).optional(),
});

const totalsSchema = z.strictObject({
  lineExtensionAmount: amount.optional(),
  allowanceTotal: amount.optional(),
  chargeTotal: amount.optional(),
  taxAmount: amount.optional(),
  payableAmount: amount.optional(),
});

const invoiceRequestSchema = z.strictObject({
  titleType: z.enum(['INDIVIDUAL', 'ORGANIZATION']),
  title: oneLine(200),
  taxpayerId: z
    .string()
    .regex(/^[0-9A-Z]{15,20}$/)
    .optional(),
  kind: z.enum(['NORMAL', 'SPECIAL']).default('NORMAL'),
  address: oneLine(200).optional(),
  telephone: oneLine(30).optional(),
  bankName: oneLine(100).optional(),
  bankAccount: oneLine(40).optional(),
  email: email.optional(),
});

const qualificationSchema = z.strictObject({
  type: identifier,
  number: identifier,
  validUntil: date.optional(),
  uploadId: identifier.optional(),
});

const attachmentSchema = z.strictObject({
  uploadId: identifier,
  name: oneLine(200),
  mediaType: oneLine(100).optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

export const sourceChannels = ['API', 'ECOMMERCE', 'EMAIL', 'SALES_FORM', 'POS', 'SPREADSHEET'] as const;
export type SourceChannel = (typeof sourceChannels)[number];

export const orderTypes = ['STANDARD', 'WHOLESALE', 'CUSTOM'] as const;
export type OrderType = (typeof orderTypes)[number];

export const submissionSchema = z.strictObject({
  customerOrderReference: z.string().regex(/^[A-Za-z0-9._/-]{1,64}$/),
  issueDate: z.iso.datetime({ offset: true }).optional(),
  orderType: z.enum(orderTypes).default('STANDARD'),
  sourceChannel: z.enum(sourceChannels).optional(),
  currency: z.enum(currencies),
  pricesIncludeTax: z.boolean().optional(),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
    .optional(),
  buyer: z.strictObject({ customerId: identifier.optional(), name: oneLine(200), contact: contactSchema }),
  delivery: deliverySchema,
  payment: paymentSchema,
  substitutionPolicy: z.enum(['NONE', 'ASK', 'ALLOW']).default('ASK'),
  shortagePolicy: z.enum(['ASK', 'WAIT', 'SHIP_PARTIAL', 'CANCEL']).default('ASK'),
  lines: z.array(lineSchema).min(1, { error: 'REQUIRED_MISSING' }).max(maxLines, { error: 'TOO_MANY' }),
  allowanceCharges: z.array(allowanceChargeSchema).max(20, { error: 'TOO_MANY' }).default([]),
  promotionCodes: z.array(identifier).max(10, { error: 'TOO_MANY' }).default([]),
  totals: totalsSchema.optional(),
  invoiceRequest: invoiceRequestSchema.optional(),
  qualifications: z.array(qualificationSchema).max(20, { error: 'TOO_MANY' }).default([]),
  attachments: z.array(attachmentSchema).max(10, { error: 'TOO_MANY' }).default([]),
  notes: text(2000).optional(),
  metadata: z
    .record(z.string().min(1).max(64), z.string().max(500))
    .refine((metadata) => Object.keys(metadata).length <= 20, { error: 'TOO_MANY' })
    .optional(),
  test: z.boolean().default(false),
  /** Long enough for the findings of an order of 500 lines; anything but a token of ours is refused. */
  validationToken: z.string().max(60_000).optional(),
});

/** A submitted order whose fields are all well-formed, with the contract's defaults filled in. */
export type Submission = z.infer<typeof submissionSchema>;
export type SubmittedLine = Submission['lines'][number];
export type PaymentMethod = (typeof paymentMethods)[number];

/** Methods where money must arrive before the warehouse starts. */
export const isPrepaid = (method: PaymentMethod): boolean =>
  method !== 'CASH_ON_DELIVERY' && method !== 'ON_ACCOUNT';
