import type { AuditContext } from '../audit/context.ts';
import type { PriceQuery } from './price-list.ts';

/** What prices, discounts and promotions of an order are measured by. */
export type PricingContext = Pick<
  AuditContext,
  'order' | 'partner' | 'customerTier' | 'products' | 'account' | 'rules' | 'orderDay'
>;

/** What the price list is asked for a quantity of this order. */
export const priceQuery = (
  { order: { currency, pricesIncludeTax }, customerTier: tier, orderDay: day }: PricingContext,
  quantity: number,
): PriceQuery => ({ tier, currency, quantity, day, pricesIncludeTax });

/** A measure that several checks ask of one audit, taken once. */
export const oncePerAudit = <Result>(measure: (context: PricingContext) => Result) => {
  const known = new WeakMap<PricingContext, { result: Result }>();
  return (context: PricingContext): Result => {
    const { result } = known.get(context) ?? { result: measure(context) };
    known.set(context, { result });
    return result;
  };
};
