import Big from 'big.js';
import type { CustomerTier } from '../partner.ts';
import type { Price, Product } from '../product.ts';
import type { Currency } from '../values/currencies.ts';

export type PriceQuery = {
  tier: CustomerTier;
  currency: Currency;
  quantity: number;
  /** `YYYY-MM-DD`, company zone. */
  day: string;
  pricesIncludeTax: boolean;
};

export const isInForce = (
  { validFrom, validTo }: Pick<Price, 'validFrom' | 'validTo'>,
  day: string,
): boolean => validFrom <= day && (validTo === undefined || day <= validTo);

const applies =
  ({ tier, currency, quantity, day }: PriceQuery) =>
  (price: Price): boolean =>
    price.currency === currency &&
    (price.tier === tier || price.tier === 'ALL') &&
    price.minimumQuantity <= quantity &&
    isInForce(price, day);

const moreSpecific = (a: Price, b: Price): number =>
  Number(b.tier !== 'ALL') - Number(a.tier !== 'ALL') ||
  b.minimumQuantity - a.minimumQuantity ||
  b.validFrom.localeCompare(a.validFrom);

/** The row of our price list that holds: the tier's own before the one for all, the highest quantity break reached, the newest. */
export const appliedPrice = (product: Pick<Product, 'prices'>, query: PriceQuery): Price | undefined =>
  product.prices.filter(applies(query)).sort(moreSpecific)[0];

/** A price of an article as orders with or without tax name it: tax is put in or taken out, to four decimals. */
export const unitPriceIn = (
  unitPrice: string,
  { pricesIncludeTax, taxRate }: Pick<Product, 'pricesIncludeTax' | 'taxRate'>,
  orderIncludesTax: boolean,
): string => {
  if (pricesIncludeTax === orderIncludesTax) return unitPrice;
  const factor = new Big(1).plus(taxRate);
  const converted = orderIncludesTax ? new Big(unitPrice).times(factor) : new Big(unitPrice).div(factor);
  return converted.round(4, Big.roundHalfUp).toFixed();
};

/** Our unit price as decimal text; undefined when the price list has none. */
export const priceFor = (product: Product, query: PriceQuery): string | undefined => {
  const price = appliedPrice(product, query);
  return price && unitPriceIn(price.unitPrice, product, query.pricesIncludeTax);
};
