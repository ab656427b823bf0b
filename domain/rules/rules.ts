import * as z from 'zod';
import { oneLine } from '../submissions/text-schema.ts';
import { areaRulesSchema, servedEverywhere } from './area-rules.ts';
import { builtInDiscounts, discountRulesSchema } from './discount-rules.ts';
import { builtInOrderTypes, orderTypeRulesSchema } from './order-type-rules.ts';
import { promotionRulesSchema } from './promotion-rules.ts';

/** The documents that staff change without a release, by name: what each may contain. */
export const ruleSchemas = {
  areas: areaRulesSchema,
  discounts: discountRulesSchema,
  orderTypes: orderTypeRulesSchema,
  promotions: promotionRulesSchema,
};

/** Why a version was loaded. */
export const ruleNoteSchema = oneLine(500);

const version = z.int().min(1);

const rulesSchema = z.object({
  areas: z.object({ version, content: ruleSchemas.areas }).default({ version: 0, content: servedEverywhere }),
  discounts: z
    .object({ version, content: ruleSchemas.discounts })
    .default({ version: 0, content: builtInDiscounts }),
  orderTypes: z
    .object({ version, content: ruleSchemas.orderTypes })
    .default({ version: 0, content: builtInOrderTypes }),
  promotions: z
    .object({ version, content: ruleSchemas.promotions })
    .default({ version: 0, content: { promotions: [] } }),
});

/** Rules as an audit goes by them: each document with its version, 0 where what is built in holds. */
export type Rules = z.infer<typeof rulesSchema>;

export const ruleNames = rulesSchema.keyof().options;
export type RuleName = (typeof ruleNames)[number];

/** Puts the rules together from stored documents, by name; what is built in stands for those that are not there. */
export const rulesOf = (
  found: Readonly<Partial<Record<RuleName, { version: number; content: unknown }>>>,
): Rules => rulesSchema.parse(found);
