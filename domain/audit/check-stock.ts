import type { Finding } from '../findings/finding.ts';
import { quantitiesBySku } from '../submissions/merge-lines.ts';
import { type Check, quantityPointer } from './context.ts';

/** The goods exist: enough of every article is free, over all lines (S10). The reservation decides, this tells early. */
export const checkStock: Check = ({ order, products, available }) =>
  [...quantitiesBySku(order.lines)].flatMap(([sku, quantity]): Finding[] => {
    const free = available.get(sku) ?? 0;
    return !products.has(sku) || quantity <= free
      ? []
      : [
          {
            severity: 'HOLD',
            code: 'STOCK_SHORT',
            pointer: quantityPointer(order.lines, sku),
            value: String(quantity),
            expected: String(free),
          },
        ];
  });
