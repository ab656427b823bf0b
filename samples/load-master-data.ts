import { join } from 'node:path';
import { loadAliases } from '../admin/commands/load-aliases.ts';
import { loadCustomers } from '../admin/commands/load-customers.ts';
import { loadDiscounts } from '../admin/commands/load-discounts.ts';
import { loadPartners } from '../admin/commands/load-partners.ts';
import { loadPrices } from '../admin/commands/load-prices.ts';
import { loadProducts } from '../admin/commands/load-products.ts';
import { loadPromotions } from '../admin/commands/load-promotions.ts';
import { loadStock } from '../admin/commands/load-stock.ts';
import type { Target } from '../admin/targets.ts';
import type { LoadResult } from '../functions/master-data/load-result.ts';

/** In the order in which they must be loaded: each file needs those before it. */
const loaders = {
  partners: loadPartners,
  customers: loadCustomers,
  products: loadProducts,
  prices: loadPrices,
  stock: loadStock,
  aliases: loadAliases,
  discounts: loadDiscounts,
  promotions: loadPromotions,
};

/** Loads all sample master data, as `npm run admin -- load …` would file by file. A second time changes nothing. */
export const loadMasterData = async (target: Target): Promise<Record<string, LoadResult>> => {
  const results: Record<string, LoadResult> = {};
  for (const [what, load] of Object.entries(loaders)) {
    results[what] = await load(target, join(import.meta.dirname, 'master-data', `${what}.csv`));
  }
  return results;
};
