import * as z from 'zod';
import { customerTiers } from '../partner.ts';
import { currencies } from '../values/currencies.ts';

const amount = z.string().regex(/^\d{1,12}(\.\d{1,4})?$/);
const percent = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,4})?$/)
  .refine((text) => Number(text) > 0 && Number(text) <= 100);

/** What a promotion takes off: a share of each line, an amount of each unit, or an amount of the order, once. */
const benefitSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('PERCENT'), value: percent }),
  z.strictObject({ type: z.literal('UNIT_AMOUNT'), value: amount }),
  z.strictObject({ type: z.literal('ORDER_AMOUNT'), value: amount }),
]);

export const promotionSchema = z
  .strictObject({
    code: z.string().min(1).max(64),
    name: z.strictObject({ 'zh-CN': z.string().min(1).max(200), en: z.string().min(1).max(200) }),
    /** First and last day, company zone. */
    validFrom: z.iso.date(),
    validTo: z.iso.date().optional(),
    /** Absent: all tiers, all articles. */
    tiers: z.array(z.enum(customerTiers)).min(1).optional(),
    skus: z.array(z.string().min(1).max(64)).min(1).optional(),
    /** Of amounts; absent: orders in any currency. */
    currency: z.enum(currencies).optional(),
    /** Over all lines of the articles that it is for, the amount at our prices before any discount. */
    minimumQuantity: z.number().positive().optional(),
    minimumAmount: amount.optional(),
    /** How many orders of one customer may use it, over its whole time; absent: any number. */
    usesPerCustomer: z.int().min(1).optional(),
    benefit: benefitSchema,
    /** Whether another promotion may be taken off the same line or order. */
    combinable: z.boolean(),
  })
  .refine(
    ({ benefit, minimumAmount, currency }) => currency || (benefit.type === 'PERCENT' && !minimumAmount),
    {
      path: ['currency'],
      error: 'amounts need a currency',
    },
  )
  .refine(({ validFrom, validTo }) => validTo === undefined || validTo >= validFrom, {
    path: ['validTo'],
    error: 'is before validFrom',
  });
export type Promotion = z.infer<typeof promotionSchema>;

export const promotionRulesSchema = z.strictObject({
  promotions: z.array(promotionSchema).superRefine((all, context) => {
    const codes = all.map(({ code }) => code);
    for (const [index, code] of codes.entries())
      if (codes.indexOf(code) < index)
        context.addIssue({ code: 'custom', path: [index, 'code'], message: 'stands there already' });
  }),
});
