import { limitedSales, roomFor } from '../customers/customer-account.ts';
import type { Finding } from '../findings/finding.ts';
import type { FindingCause } from '../findings/finding-cause.ts';
import { quantitiesBySku } from '../submissions/merge-lines.ts';
import { type AuditContext, quantityPointer } from './context.ts';

type LimitContext = Pick<AuditContext, 'order' | 'products' | 'account' | 'today'>;
type Limit = { room: number; cause: FindingCause; detail?: string };

/** Every limit on an article with the room that it leaves this order, the tightest first. */
const limitsOn = (sku: string, { order, products, account, today }: LimitContext): Limit[] => {
  const perOrder = products.get(sku)?.maximumPerOrder;
  const perCustomer = limitedSales(order.lines, products, today)
    .filter((sale) => sale.sku === sku)
    .map((sale): Limit => {
      const { limit, maximum, period } = sale;
      return { room: roomFor(sale, account), cause: `LIMIT_PER_${limit}`, detail: `${maximum} ${period}` };
    });
  const all: Limit[] = [
    ...(perOrder === undefined ? [] : [{ room: perOrder, cause: 'LIMIT_PER_ORDER' as const }]),
    ...perCustomer,
  ];
  return all.toSorted((a, b) => a.room - b.room);
};

/**
 * No more of a limited article than one order may hold, or its customer may buy in a day, month or year, over all lines and
 * all orders (S12). The reservation counts and decides, this tells early; of several limits the tightest is told.
 */
export const checkLimits = (context: LimitContext): Finding[] =>
  [...quantitiesBySku(context.order.lines)].flatMap(([sku, quantity]): Finding[] => {
    const [tightest] = limitsOn(sku, context);
    if (!tightest || quantity <= tightest.room) return [];
    const { room, cause, detail } = tightest;
    return [
      {
        severity: 'HOLD',
        code: 'LIMIT_EXCEEDED',
        pointer: quantityPointer(context.order.lines, sku),
        value: String(quantity),
        expected: `<= ${room}`,
        ...(room > 0 && { suggestion: String(room) }),
        cause,
        evidence: [{ source: 'CATALOGUE', id: sku, ...(detail && { detail }) }],
      },
    ];
  });
