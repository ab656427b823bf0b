import * as z from 'zod';
import { type CustomerTier, customerTiers } from '../../domain/partner.ts';
import { discountRulesSchema } from '../../domain/rules/discount-rules.ts';
import { oneOf, percent } from '../columns.ts';
import { refused } from '../load-result.ts';
import { readRecords, repeatedRows } from '../read-records.ts';
import { readTable } from '../read-table.ts';
import { loadRuleRows, type RuleLoadResult, type RuleStart } from '../rule-load.ts';
import type { Target } from '../targets.ts';

export const discountColumns = z.object({
  tier: oneOf(customerTiers).describe('STANDARD, SILVER, GOLD or WHOLESALE; each tier has one row'),
  maximumPercent: percent.describe("the deepest discount without a person's word, in percent"),
});
type DiscountRecord = z.infer<typeof discountColumns>;

const contentOf = (rows: readonly DiscountRecord[]) =>
  discountRulesSchema.parse({
    maximumPercent: Object.fromEntries(rows.map(({ tier, maximumPercent }) => [tier, maximumPercent])),
  });

const rowsOf = (content: unknown): DiscountRecord[] => {
  const { maximumPercent } = discountRulesSchema.parse(content);
  return customerTiers.map((tier: CustomerTier) => ({ tier, maximumPercent: maximumPercent[tier] }));
};

/** Loads how deep a discount each tier may be given, from a csv or xlsx file with a row for each tier. */
export const loadDiscounts = async (
  target: Target,
  path: string,
  start: RuleStart = {},
): Promise<RuleLoadResult> => {
  const table = await readTable(path);
  const { problems, records } = readRecords(table, discountColumns);
  problems.push(...repeatedRows(records, 'tier', ({ tier }) => tier));
  const rows = records.map(({ record }) => record);
  if (problems.length === 0)
    problems.push(
      ...customerTiers
        .filter((tier) => !rows.some((row) => row.tier === tier))
        .map((tier) => ({ row: table.headerRow, column: 'tier', message: `has no row for ${tier}` })),
    );
  if (problems.length > 0) return refused(problems);
  return loadRuleRows(target, 'discounts', rows, { ...start, keyOf: ({ tier }) => tier, contentOf, rowsOf });
};
