import type { IntendedLine, IntendedOrder } from './intended-orders.ts';

type Prepare = (order: IntendedOrder) => IntendedOrder;

/** Every line of the order with these changes. */
export const withLine =
  (changes: Partial<IntendedLine>): Prepare =>
  (order) => ({ ...order, lines: order.lines.map((line) => ({ ...line, ...changes })) });

/** The order with these changes. */
export const withOrder =
  (changes: Partial<IntendedOrder>): Prepare =>
  (order) => ({ ...order, ...changes });

/** The order sent to a place with this postcode. */
export const withPostalCode =
  (postalCode: string): Prepare =>
  (order) => ({ ...order, place: { ...order.place, postalCode } });

export const inPieces = withLine({ unit: { zh: '个', en: 'pcs', code: 'C62' }, quantity: '24' });
