import type { OrderContent } from '../orders/order.ts';
import type { Customer } from '../partner.ts';
import { exactQuantity } from '../values/quantity.ts';
import { foldName } from './resembling-names.ts';

type Ordered = Pick<OrderContent, 'buyer' | 'delivery' | 'lines' | 'currency' | 'test'>;

const quantities = (lines: OrderContent['lines']): [article: string, quantity: number][] => {
  const sums = new Map<string, number>();
  for (const { sku, buyerItemId, gtin, quantity } of lines) {
    const article = sku ?? buyerItemId ?? gtin ?? '';
    sums.set(article, exactQuantity((sums.get(article) ?? 0) + quantity));
  }
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1));
};

/**
 * What two orders have in common when one of them may have been sent by mistake: partner, customer, goods and address. Prices,
 * dates, references and the way of writing do not count.
 */
export const likenessOf = (
  partnerId: string,
  { buyer, delivery, lines, currency, test }: Ordered,
  customer: Pick<Customer, 'customerId'> | undefined,
): string => {
  const { countryCode, city, line1, line2 = '' } = delivery.address;
  return JSON.stringify([
    partnerId,
    customer ? { customerId: customer.customerId } : foldName(buyer.name),
    quantities(lines),
    [countryCode, city, line1, line2].map(foldName),
    currency,
    test,
  ]);
};

/** An order that is like another, as the audit of the other sees it. */
export type Twin = { orderNumber: string; createdAt: string };

/** True for the one of two like orders that came first: so only the later one is asked about. */
export const cameBefore = (twin: Twin, order: Twin): boolean =>
  twin.createdAt < order.createdAt ||
  (twin.createdAt === order.createdAt && twin.orderNumber < order.orderNumber);
