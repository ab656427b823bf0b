import type { Check } from './context.ts';

/** How long a like order is taken for a sign of a mistake; regular orders come further apart. */
export const duplicateWindowDays = 3;

/**
 * Nobody sent the same goods for the same customer and address under another reference a moment ago. Told, and held only
 * where the partner asked for that: many a customer orders the same again, and knows why.
 */
export const checkDuplicate: Check = ({ order, partner, twins }) => {
  const [twin] = twins;
  return twin
    ? [
        {
          severity: partner.suspectedDuplicates === 'HOLD' ? 'HOLD' : 'WARNING',
          code: 'DUPLICATE_SUSPECTED',
          pointer: '#/customerOrderReference',
          value: order.customerOrderReference,
          expected: twin.orderNumber,
          evidence: [{ source: 'ORDER', id: twin.orderNumber, detail: twin.createdAt }],
        },
      ]
    : [];
};
