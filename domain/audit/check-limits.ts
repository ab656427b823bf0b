import type { Finding } from '../finding.ts';
import { quantitiesBySku } from '../merge-lines.ts';
import { type Check, quantityPointer } from './context.ts';

/** No more of a limited article than one order may hold, over all its lines (S12). */
export const checkLimits: Check = ({ order, products }) =>
  [...quantitiesBySku(order.lines)].flatMap(([sku, quantity]): Finding[] => {
    const maximum = products.get(sku)?.maximumPerOrder;
    return maximum === undefined || quantity <= maximum
      ? []
      : [
          {
            severity: 'HOLD',
            code: 'LIMIT_EXCEEDED',
            pointer: quantityPointer(order.lines, sku),
            value: String(quantity),
            expected: `<= ${maximum}`,
            suggestion: String(maximum),
          },
        ];
  });
