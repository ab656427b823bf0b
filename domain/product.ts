import * as z from 'zod';
import { limitPeriods } from './customers/limit-periods.ts';
import { customerTiers } from './partner.ts';
import { currencies } from './values/currencies.ts';
import { unitCodes } from './values/units.ts';

const bilingual = z.object({ 'zh-CN': z.string().min(1).max(200), en: z.string().min(1).max(200) });

/** A price for a tier (or all), from a minimum quantity, in a period; unitPrice is decimal text, tax as `pricesIncludeTax`. */
const priceSchema = z.object({
  tier: z.enum([...customerTiers, 'ALL']),
  currency: z.enum(currencies),
  unitPrice: z.string().regex(/^\d{1,12}(\.\d{1,4})?$/),
  minimumQuantity: z.number().min(0),
  validFrom: z.iso.date(),
  validTo: z.iso.date().optional(),
});

export const productSchema = z.object({
  sku: z.string().min(1).max(64),
  gtin: z.string().optional(),
  name: bilingual,
  specification: bilingual.optional(),
  /** True when the article comes in several specifications, so that an order must say which one. */
  hasVariants: z.boolean(),
  unitCode: z.enum(unitCodes),
  taxRate: z.string(),
  pricesIncludeTax: z.boolean(),
  discontinued: z.boolean(),
  /** Most of this product in one order, in its unit. */
  maximumPerOrder: z.number().positive().optional(),
  /** Most of it that one customer may buy in a day, month or year, in its unit. */
  maximumPerCustomer: z.partialRecord(z.enum(limitPeriods), z.number().positive()).optional(),
  /** Type of licence the buyer must hold, such as FOOD or MEDICAL_DEVICE. */
  requiredQualification: z.string().optional(),
  prices: z.array(priceSchema),
  /** Rises with every change of its prices; the earlier ones stay on file. */
  priceVersion: z.int().default(0),
});
export type Product = z.infer<typeof productSchema>;
export type Price = z.infer<typeof priceSchema>;
