import { loadPriceTable } from '../../functions/master-data/load-prices.ts';
import type { LoadResult } from '../../functions/master-data/load-result.ts';
import { readTable } from '../read-table.ts';
import type { Target } from '../targets.ts';

/** Loads prices from a csv or xlsx file. */
export const loadPrices = async (target: Target, path: string): Promise<LoadResult> =>
  loadPriceTable(target, await readTable(path));
