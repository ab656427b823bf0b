import * as z from 'zod';
import type { OrderContent } from '../orders/order.ts';
import type { Customer } from '../partner.ts';
import type { Product } from '../product.ts';
import { quantitiesBySku } from '../submissions/merge-lines.ts';
import { type MinorAmount, toDecimal } from '../values/money.ts';
import { exactQuantity } from '../values/quantity.ts';
import { type LimitPeriod, limitPeriods, periodOf } from './limit-periods.ts';

/** What one order adds to what its customer has bought of an article in a period. */
const soldSchema = z.object({ sku: z.string(), period: z.string(), quantity: z.number() });
export type Sold = z.infer<typeof soldSchema>;

export const soldKey = ({ sku, period }: Pick<Sold, 'sku' | 'period'>): string => `${sku}@${period}`;

/** What an order counts for under the limits of its articles, and the most that each count may come to. */
export type LimitedSale = Sold & { limit: LimitPeriod; maximum: number };

export const limitedSales = (
  lines: OrderContent['lines'],
  products: ReadonlyMap<string, Pick<Product, 'maximumPerCustomer'>>,
  day: string,
): LimitedSale[] =>
  [...quantitiesBySku(lines)].flatMap(([sku, quantity]) =>
    limitPeriods.flatMap((limit) => {
      const maximum = products.get(sku)?.maximumPerCustomer?.[limit];
      return maximum === undefined ? [] : [{ sku, quantity, limit, maximum, period: periodOf(limit, day) }];
    }),
  );

/** How an order on account counts against its customer's credit, in minor units of its currency. */
export type CreditSale = { currency: OrderContent['currency']; amount: MinorAmount; limit: MinorAmount };

/** Undefined where no limit was set: such customers have no end to their credit. One set in some currency has none in others. */
export const creditSale = (
  { payment, currency, amounts }: Pick<OrderContent, 'payment' | 'currency' | 'amounts'>,
  customer: Pick<Customer, 'creditLimits'> | undefined,
): CreditSale | undefined => {
  const limits = customer?.creditLimits ?? {};
  return payment.method === 'ON_ACCOUNT' && Object.keys(limits).length > 0
    ? { currency, amount: amounts.payableAmount, limit: limits[currency] ?? 0 }
    : undefined;
};

/** A promotion that an order uses, by the key of its count and its code, and how many orders may; absent: any number. */
export type PromotionUse = { key: string; code: string; maximum?: number };

/** What stands in a customer's account: bought, by `soldKey`; orders that used promotions; owed in the order's currency. */
export type AccountLevels = {
  sold: ReadonlyMap<string, number>;
  used: ReadonlyMap<string, number>;
  owed: MinorAmount;
};

export const emptyAccount: AccountLevels = { sold: new Map(), used: new Map(), owed: 0 };

/** What an order has in its customer's account, until it is cancelled or, as for money, paid. */
export const heldInAccountSchema = z.object({
  accountId: z.string(),
  sold: z.array(soldSchema),
  /** Keys of promotions. */
  used: z.array(z.string()).default([]),
  owed: z.int(),
});
export type HeldInAccount = z.infer<typeof heldInAccountSchema>;

/** The account without what the order itself has in it. */
export const withoutOwn = (
  { sold, used, owed }: AccountLevels,
  own: HeldInAccount | undefined,
): AccountLevels => ({
  sold: new Map(
    [...sold].map(([key, quantity]) => {
      const ours = own?.sold.find((sale) => soldKey(sale) === key)?.quantity ?? 0;
      return [key, exactQuantity(quantity - ours)] as const;
    }),
  ),
  used: new Map([...used].map(([key, count]) => [key, count - Number(own?.used.includes(key) ?? false)])),
  owed: owed - (own?.owed ?? 0),
});

/** What is left of a limit for this order; never less than nothing. */
export const roomFor = (
  sale: Pick<LimitedSale, 'sku' | 'period' | 'maximum'>,
  { sold }: AccountLevels,
): number => Math.max(0, exactQuantity(sale.maximum - (sold.get(soldKey(sale)) ?? 0)));

/** A sale whose limit ends where it takes the account as it stands now: for what a person has let pass, and no more. */
export const letPass = (sale: LimitedSale, { sold }: AccountLevels): LimitedSale => ({
  ...sale,
  maximum: Math.max(sale.maximum, exactQuantity((sold.get(soldKey(sale)) ?? 0) + sale.quantity)),
});

/** What is left of a credit limit, in minor units and as text; less than nothing is nothing. */
export const creditLeft = ({ currency, limit }: CreditSale, { owed }: AccountLevels) => {
  const minor = Math.max(0, limit - owed);
  return { minor, text: toDecimal(minor, currency) };
};
