import type { Finding } from '../finding.ts';
import type { Check } from './context.ts';

/** Every article is in the catalogue and still sold (S10, S11). */
export const checkCatalogue: Check = ({ order, products }) =>
  order.lines.flatMap((line, index): Finding[] => {
    const product = products.get(line.sku ?? '');
    const named = (['sku', 'buyerItemId', 'gtin'] as const).find((field) => line[field]) ?? 'sku';
    const finding = {
      severity: 'HOLD',
      pointer: `#/lines/${index}/${named}`,
      value: line[named] ?? '',
    } as const;
    if (!product) return [{ ...finding, code: 'SKU_UNKNOWN' }];
    return product.discontinued ? [{ ...finding, code: 'SKU_DISCONTINUED' }] : [];
  });
