import * as z from 'zod';
import { type Tolerance, toleranceOf } from '../pricing/tolerance.ts';
import { paymentMethods } from '../submissions/order-schema.ts';
import { oneLine } from '../submissions/text-schema.ts';
import { currencies } from '../values/currencies.ts';
import type { MinorAmount } from '../values/money.ts';

/** A payment notice as finance or a payment provider posts it; `paymentId` makes a repeat harmless. */
export const paymentNoticeSchema = z.strictObject({
  paymentId: oneLine(64),
  amount: z.string().regex(/^(?=.*[1-9])\d{1,12}(\.\d{1,3})?$/),
  currency: z.enum(currencies),
  method: z.enum(paymentMethods).optional(),
  reference: oneLine(100).optional(),
  receivedAt: z.iso.datetime({ offset: true }).optional(),
});

/** A payment on file; the amount in minor units. */
export const paymentSchema = z.object({
  paymentId: z.string(),
  amountMinor: z.int(),
  currency: z.enum(currencies),
  method: z.enum(paymentMethods).optional(),
  reference: z.string().optional(),
  receivedAt: z.string(),
});
export type Payment = z.infer<typeof paymentSchema>;

export type PaymentAssessment =
  | { outcome: 'paid' }
  | { outcome: 'mismatch'; expected: MinorAmount; received: MinorAmount };

/** Paid when what was received in all covers what is owed, less the partner's tolerance. Minor units. */
export const assessPayments = (
  received: MinorAmount,
  payable: MinorAmount,
  tolerance: Tolerance,
): PaymentAssessment =>
  received >= payable - toleranceOf(tolerance, payable)
    ? { outcome: 'paid' }
    : { outcome: 'mismatch', expected: payable, received };
