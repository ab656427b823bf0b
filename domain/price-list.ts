import Big from 'big.js';
import type { Currency } from './currencies.ts';
import type { CustomerTier } from './partner.ts';
import type { Price, Product } from './product.ts';

type PriceQuery = {
  tier: CustomerTier;
  currency: Currency;
  quantity: number;
  /** `YYYY-MM-DD`, company zone. */
  day: string;
  pricesIncludeTax: boolean;
};

const applies =
  ({ tier, currency, quantity, day }: PriceQuery) =>
  (price: Price): boolean =>
    price.currency === currency &&
    (price.tier === tier || price.tier === 'ALL') &&
    price.minimumQuantity <= quantity &&
    price.validFrom <= day &&
    (price.validTo === undefined || day <= price.validTo);

const moreSpecific = (a: Price, b: Price): number =>
  Number(b.tier !== 'ALL') - Number(a.tier !== 'ALL') ||
  b.minimumQuantity - a.minimumQuantity ||
  b.validFrom.localeCompare(a.validFrom);

/**
 * Our unit price as decimal text: the tier's own price before the one for all, the highest quantity break reached, the
 * newest. Tax is taken out or put in (four decimals) when order and product are priced differently. Undefined: no price.
 */
export const priceFor = (product: Product, query: PriceQuery): string | undefined => {
  const [price] = product.prices.filter(applies(query)).sort(moreSpecific);
  if (!price || product.pricesIncludeTax === query.pricesIncludeTax) return price?.unitPrice;
  const factor = new Big(1).plus(product.taxRate);
  const converted = query.pricesIncludeTax
    ? new Big(price.unitPrice).times(factor)
    : new Big(price.unitPrice).div(factor);
  return converted.round(4, Big.roundHalfUp).toFixed();
};
