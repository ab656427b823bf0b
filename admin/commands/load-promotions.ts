import { promotionTable } from '../../functions/master-data/promotion-table.ts';
import { readTable } from '../read-table.ts';
import { loadRuleTable, type RuleLoadResult, type RuleStart } from '../rule-load.ts';
import type { Target } from '../targets.ts';

/** Loads all promotions from a csv or xlsx file: one that the file does not name is not valid any more. */
export const loadPromotions = async (
  target: Target,
  path: string,
  start: RuleStart = {},
): Promise<RuleLoadResult> => loadRuleTable(target, promotionTable, await readTable(path), start);
