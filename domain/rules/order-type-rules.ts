import * as z from 'zod';
import { customerTiers } from '../partner.ts';
import { orderTypes, paymentMethods } from '../submissions/order-schema.ts';
import { currencies } from '../values/currencies.ts';

const orderTypeSchema = z.strictObject({
  /** What makes an order one of this type; reaching either is enough. Amounts in minor units, of lines after discounts. */
  minimum: z
    .strictObject({
      quantity: z.number().positive(),
      amount: z.partialRecord(z.enum(currencies), z.int().min(0)),
    })
    .optional(),
  /** Methods that are never taken. */
  refusedMethods: z.array(z.enum(paymentMethods)),
  /** Who may order on account, by tier; absent: everybody. */
  creditTiers: z.array(z.enum(customerTiers)).optional(),
});

/** What is asked of an order of each type. */
export const orderTypeRulesSchema = z.record(z.enum(orderTypes), orderTypeSchema);

/** Goods in bulk come back at our cost, goods made to order cannot be sold to anybody else: neither is sent unpaid to whom we hardly know. */
export const builtInOrderTypes: z.infer<typeof orderTypeRulesSchema> = {
  STANDARD: { refusedMethods: [] },
  WHOLESALE: {
    minimum: { quantity: 20, amount: { CNY: 500_00, USD: 70_00, EUR: 65_00, JPY: 10_000 } },
    refusedMethods: ['CASH_ON_DELIVERY'],
    creditTiers: ['GOLD', 'WHOLESALE'],
  },
  CUSTOM: { refusedMethods: ['CASH_ON_DELIVERY'], creditTiers: ['GOLD', 'WHOLESALE'] },
};
