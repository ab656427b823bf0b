import * as z from 'zod';

const decimals = 3;

/** A quantity in its unit: above 0, at most 1,000,000, at most three decimals, so that sums of them stay exact. */
export const quantitySchema = z
  .number()
  .positive({ error: 'QUANTITY_NOT_POSITIVE' })
  .max(1_000_000, { error: 'QUANTITY_TOO_LARGE' })
  .refine((quantity) => /^-?\d+(\.\d{1,3})?$/.test(String(quantity)), { error: 'FORMAT_INVALID' });

/** The sum or difference of quantities without binary noise: 0.1 + 0.2 is 0.3. */
export const exactQuantity = (quantity: number): number => Number(quantity.toFixed(decimals));
