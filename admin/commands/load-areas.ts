import { areaTable } from '../../functions/master-data/area-table.ts';
import { readTable } from '../read-table.ts';
import { loadRuleTable, type RuleLoadResult, type RuleStart } from '../rule-load.ts';
import type { Target } from '../targets.ts';

/** Loads where we deliver, from a csv or xlsx file: an address in none of its rows is not served. */
export const loadAreas = async (
  target: Target,
  path: string,
  start: RuleStart = {},
): Promise<RuleLoadResult> => loadRuleTable(target, areaTable, await readTable(path), start);
