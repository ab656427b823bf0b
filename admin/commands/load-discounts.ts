import { discountTable } from '../../functions/master-data/discount-table.ts';
import { readTable } from '../read-table.ts';
import { loadRuleTable, type RuleLoadResult, type RuleStart } from '../rule-load.ts';
import type { Target } from '../targets.ts';

/** Loads how deep a discount each tier may be given, from a csv or xlsx file with a row for each tier. */
export const loadDiscounts = async (
  target: Target,
  path: string,
  start: RuleStart = {},
): Promise<RuleLoadResult> => loadRuleTable(target, discountTable, await readTable(path), start);
