import type { OrderLine } from '../orders/order.ts';
import { exactQuantity } from '../values/quantity.ts';

/** Quantity by SKU: lines of one article are one reservation, since a transaction may touch an item once. */
export const quantitiesBySku = (
  lines: readonly Pick<OrderLine, 'sku' | 'quantity'>[],
): Map<string, number> => {
  const quantities = new Map<string, number>();
  for (const { sku, quantity } of lines) {
    if (sku) quantities.set(sku, exactQuantity((quantities.get(sku) ?? 0) + quantity));
  }
  return quantities;
};
