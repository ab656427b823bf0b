import * as z from 'zod';
import { customerTiers } from '../partner.ts';

/** The deepest discount a tier may be given without a person's word, in percent of the line or of the order. */
export const discountRulesSchema = z.strictObject({
  maximumPercent: z.record(z.enum(customerTiers), z.number().min(0).max(100)),
});

export const builtInDiscounts: z.infer<typeof discountRulesSchema> = {
  maximumPercent: { STANDARD: 5, SILVER: 8, GOLD: 10, WHOLESALE: 15 },
};
