import type { Finding } from '../finding.ts';
import { quantitiesBySku } from '../merge-lines.ts';
import { type Check, onEachLine } from './context.ts';

const lineOf = (lines: readonly { sku?: string | undefined }[], sku: string): number =>
  lines.findIndex((line) => line.sku === sku);

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
            pointer: `#/lines/${lineOf(order.lines, sku)}/quantity`,
            value: String(quantity),
            expected: `<= ${maximum}`,
            suggestion: String(maximum),
          },
        ];
  });

/** Goods that need a licence are bought by a customer who holds one on the delivery date (S13). */
export const checkQualifications = onEachLine((_line, product, at, { order, customer, today }): Finding[] => {
  const type = product.requiredQualification;
  if (!type) return [];
  const day = order.delivery.requestedDate ?? order.delivery.requestedPeriod?.end ?? today;
  const held = [...(customer?.qualifications ?? []), ...order.qualifications].filter(
    (licence) => licence.type === type,
  );
  const [first] = held;
  if (!first) return [{ severity: 'HOLD', code: 'QUALIFICATION_MISSING', pointer: at, expected: type }];
  const valid = held.some(({ validUntil }) => validUntil !== undefined && validUntil >= day);
  return valid
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'QUALIFICATION_EXPIRED',
          pointer: at,
          value: `${first.number} ${first.validUntil ?? ''}`.trim(),
          expected: `>= ${day}`,
        },
      ];
});

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
            pointer: `#/lines/${lineOf(order.lines, sku)}/quantity`,
            value: String(quantity),
            expected: String(free),
          },
        ];
  });
