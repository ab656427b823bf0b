import * as z from 'zod';
import { type CustomerTier, customerTiers } from '../../domain/partner.ts';
import { discountRulesSchema } from '../../domain/rules/discount-rules.ts';
import { oneOf, percent } from './columns.ts';
import { located, type RowProblem, readRecords, repeatedRows } from './read-records.ts';
import type { RuleTable } from './rule-tables.ts';

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

/** How deep a discount each tier may be given: a row for each tier. */
export const discountTable: RuleTable<DiscountRecord> = {
  name: 'discounts',
  read: async (_store, table) => {
    const { problems, records, cellOf } = readRecords(table, discountColumns);
    problems.push(...repeatedRows(records, 'tier', ({ tier }) => tier));
    const rows = records.map(({ record }) => record);
    if (problems.length === 0)
      problems.push(
        ...customerTiers
          .filter((tier) => !rows.some((row) => row.tier === tier))
          .map(
            (tier): RowProblem => ({
              row: table.headerRow,
              column: 'tier',
              code: 'REQUIRED_MISSING',
              message: `has no row for ${tier}`,
            }),
          ),
      );
    return { problems: located(problems, cellOf), rows };
  },
  keyOf: ({ tier }) => tier,
  contentOf,
  rowsOf,
};
