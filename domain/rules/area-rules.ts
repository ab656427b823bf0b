import * as z from 'zod';
import { countryCodes } from '../values/countries.ts';

/** Whether we deliver to a country (`*` is any), a region of it (ISO 3166-2) or a city in that. */
const areaSchema = z.strictObject({
  countryCode: z.enum(['*', ...countryCodes]),
  region: z.string().min(1).optional(),
  city: z.string().min(1).optional(),
  served: z.boolean(),
});
export type Area = z.infer<typeof areaSchema>;

/** Where we deliver: the narrowest row that holds an address decides; one in no row is not served. */
export const areaRulesSchema = z.array(areaSchema).min(1);

/** Without other word we deliver everywhere. */
export const servedEverywhere: Area[] = [{ countryCode: '*', served: true }];
