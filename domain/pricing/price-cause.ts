import Big from 'big.js';
import type { Finding } from '../findings/finding.ts';
import type { FindingCause } from '../findings/finding-cause.ts';
import type { OrderLine } from '../orders/order.ts';
import { customerTiers } from '../partner.ts';
import type { Price, Product } from '../product.ts';
import type { Promotion } from '../rules/promotion-rules.ts';
import { minorDigitsOf } from '../values/currencies.ts';
import { lineAmount } from '../values/money.ts';
import type { OurLine } from './our-order.ts';
import { appliedPrice, isInForce, unitPriceIn } from './price-list.ts';
import { type PricingContext, priceQuery } from './pricing-context.ts';
import { toleranceOf } from './tolerance.ts';
import { isForArticle, misfitOf } from './use-promotions.ts';

type Evidence = NonNullable<Finding['evidence']>[number];
export type Explanation = { cause: FindingCause; evidence: Evidence[] };

/** A row of the price list, as evidence. */
export const priceEvidence = (
  { sku, priceVersion }: Pick<Product, 'sku' | 'priceVersion'>,
  { tier, currency, unitPrice, minimumQuantity, validFrom, validTo }: Price,
): Evidence => ({
  source: 'PRICE_LIST',
  id: sku,
  version: priceVersion,
  detail: `${tier} ${currency} ${unitPrice} >= ${minimumQuantity}, ${validFrom}/${validTo ?? '..'}`,
});

/** A promotion, as evidence. */
export const promotionEvidence = (
  { code, validFrom, validTo }: Promotion,
  { rules }: Pick<PricingContext, 'rules'>,
): Evidence => ({
  source: 'PROMOTION',
  id: code,
  version: rules.promotions.version,
  detail: `${validFrom}/${validTo ?? '..'}`,
});

/** A unit price that would explain the line, and what to say if it does. */
type Guess = Explanation & { unitPrice: string | Big };
type Question = { line: OrderLine; our: OurLine; product: Product; context: PricingContext };

const otherRows = ({ our, product, context }: Question): Guess[] => {
  const { order, customerTier, orderDay } = context;
  const causeOf = (price: Price): FindingCause => {
    if (price.validFrom > orderDay) return 'FUTURE_PRICE_LIST';
    if (!isInForce(price, orderDay)) return 'OLD_PRICE_LIST';
    if (price.tier !== our.price?.tier) return 'OTHER';
    return price.minimumQuantity === our.price.minimumQuantity ? 'OLD_PRICE_LIST' : 'QUANTITY_BREAK';
  };
  const isOwn = ({ currency, tier }: Price) =>
    currency === order.currency && (tier === customerTier || tier === 'ALL');
  const guesses = product.prices
    .filter((price) => price !== our.price && isOwn(price))
    .map(
      (price): Guess => ({
        cause: causeOf(price),
        evidence: [priceEvidence(product, price)],
        unitPrice: unitPriceIn(price.unitPrice, product, order.pricesIncludeTax),
      }),
    );
  return [
    ...guesses.filter(({ cause }) => cause !== 'OTHER'),
    ...guesses.filter(({ cause }) => cause === 'OTHER'),
  ];
};

const missingPromotions = ({ line, our, context }: Question): Guess[] =>
  our.promotions.length > 0
    ? []
    : context.rules.promotions.content.promotions
        .filter(({ benefit }) => benefit.type !== 'ORDER_AMOUNT')
        .filter((one) => isForArticle(one, line.sku ?? '') && !misfitOf(one, context))
        .map((promotion): Guess => {
          const { type, value } = promotion.benefit;
          const full = new Big(our.unitPrice);
          return {
            cause: 'PROMOTION_MISSING',
            evidence: [promotionEvidence(promotion, context)],
            unitPrice:
              type === 'PERCENT' ? full.times(new Big(100).minus(value)).div(100) : full.minus(value),
          };
        });

const otherTax = ({ our, product }: Question): Guess[] => {
  const factor = new Big(1).plus(product.taxRate);
  const evidence: Evidence[] = [
    { source: 'CATALOGUE', id: product.sku, detail: `taxRate ${product.taxRate}` },
  ];
  return factor.eq(1)
    ? []
    : [
        { cause: 'TAX_ADDED', evidence, unitPrice: new Big(our.unitPrice).times(factor) },
        { cause: 'TAX_LEFT_OUT', evidence, unitPrice: new Big(our.unitPrice).div(factor) },
      ];
};

const otherMarkets = ({ line, product, context }: Question): Guess[] => {
  const query = priceQuery(context, line.quantity);
  const guess = (cause: FindingCause, price: Price | undefined): Guess[] =>
    price
      ? [
          {
            cause,
            evidence: [priceEvidence(product, price)],
            unitPrice: unitPriceIn(price.unitPrice, product, context.order.pricesIncludeTax),
          },
        ]
      : [];
  const currencies = new Set(product.prices.map(({ currency }) => currency));
  currencies.delete(query.currency);
  return [
    ...[...currencies].flatMap((currency) =>
      guess('OTHER_CURRENCY', appliedPrice(product, { ...query, currency })),
    ),
    ...customerTiers
      .filter((tier) => tier !== query.tier)
      .flatMap((tier) => guess('OTHER', appliedPrice(product, { ...query, tier }))),
  ];
};

const largestPack = 1000;

const otherPack = ({ line, our, product }: Question): Guess[] => {
  const [submitted, ours] = [new Big(line.unitPrice), new Big(our.unitPrice)];
  if (submitted.eq(0) || ours.eq(0)) return [];
  const pack = (submitted.gt(ours) ? submitted.div(ours) : ours.div(submitted)).round();
  if (pack.lt(2) || pack.gt(largestPack)) return [];
  return [
    {
      cause: 'PACK_SIZE',
      evidence: [{ source: 'CATALOGUE', id: product.sku, detail: `${product.unitCode} × ${pack.toFixed()}` }],
      unitPrice: submitted.gt(ours) ? ours.times(pack) : ours.div(pack),
    },
  ];
};

/** The likeliest reasons first. */
const guessers = [otherRows, missingPromotions, otherTax, otherMarkets, otherPack];

const explains = ({ unitPrice }: Guess, { line, our, context: { order, partner } }: Question): boolean =>
  [4, minorDigitsOf(order.currency)].some((decimals) => {
    const written = new Big(unitPrice).round(decimals, Big.roundHalfUp);
    const amount = lineAmount({ ...line, unitPrice: written.toFixed() }, order.currency);
    return Math.abs(amount - line.lineAmountMinor) <= toleranceOf(partner, our.amountMinor);
  });

/** A discount that goes too far, or a promotion that is not taken: the unit price has nothing to do with it. */
const discountCause = (line: OrderLine, our: OurLine, context: PricingContext): FindingCause | undefined => {
  const { order, partner } = context;
  const gross = (unitPrice: string) => lineAmount({ unitPrice, quantity: line.quantity }, order.currency);
  const tolerance = toleranceOf(partner, our.amountMinor);
  const isPromoted = our.promotions.length > 0;
  if (isPromoted && line.lineAmountMinor >= gross(our.unitPrice) - tolerance) return 'PROMOTION_NOT_TAKEN';
  const isPriceRight = Math.abs(gross(line.unitPrice) - gross(our.unitPrice)) <= tolerance;
  if (!isPriceRight || line.discount === our.discount || line.lineAmountMinor >= our.amountMinor)
    return undefined;
  return isPromoted ? 'DISCOUNT_ABOVE_PROMOTION' : 'DISCOUNT_ABOVE_TIER';
};

/** Why a line's amount probably differs from ours, and what tells so. */
export const priceCause = (line: OrderLine, our: OurLine, context: PricingContext): Explanation => {
  const { product } = our;
  const ofDiscount = discountCause(line, our, context);
  if (ofDiscount || !product) return { cause: ofDiscount ?? 'OTHER', evidence: [] };
  const question = { line, our, product, context };
  for (const guesses of guessers) {
    const found = guesses(question).find((guess) => explains(guess, question));
    if (found) return { cause: found.cause, evidence: found.evidence };
  }
  return { cause: 'OTHER', evidence: [] };
};
