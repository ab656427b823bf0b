import { loadProductTable } from '../../functions/master-data/load-products.ts';
import type { LoadResult } from '../../functions/master-data/load-result.ts';
import { readTable } from '../read-table.ts';
import type { Target } from '../targets.ts';

/** Loads articles from a csv or xlsx file. */
export const loadProducts = async (target: Target, path: string): Promise<LoadResult> =>
  loadProductTable(target, await readTable(path));
