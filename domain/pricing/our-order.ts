import Big from 'big.js';
import type { OrderLine } from '../orders/order.ts';
import type { Price, Product } from '../product.ts';
import type { Promotion } from '../rules/promotion-rules.ts';
import { lineAmount, type MinorAmount, toMinor } from '../values/money.ts';
import { appliedPrice, unitPriceIn } from './price-list.ts';
import { type OrderAmounts, priceOrder } from './price-order.ts';
import { oncePerAudit, type PricingContext, priceQuery } from './pricing-context.ts';
import { type Promotions, usePromotions } from './use-promotions.ts';

type Discount = NonNullable<OrderLine['discount']>;

/** A line as we would have written it. */
export type OurLine = {
  unitPrice: string;
  discount: Discount | undefined;
  taxRate: string;
  amountMinor: MinorAmount;
  /** The row of the price list; undefined where it has none, and the submitted price stands. */
  price: Price | undefined;
  product: Product | undefined;
  promotions: readonly Promotion[];
};

/** An order as our price list, promotions and discount limits would have it. */
export type OurOrder = {
  promotions: Promotions;
  lines: readonly OurLine[];
  /** What promotions take off the whole order, and the most that its allowances may come to with the tier's own limit. */
  allowances: { promotedMinor: MinorAmount; limitMinor: MinorAmount; amountMinor: MinorAmount };
  amounts: OrderAmounts;
};

const sum = (values: readonly Big[]): Big => values.reduce((total, value) => total.plus(value), new Big(0));

/** What promotions take off a line, as its discount: one share where all are shares, an amount otherwise. */
const promotedDiscount = (
  unitPrice: string,
  { quantity, discount }: OrderLine,
  promotions: readonly Promotion[],
): Discount => {
  const valuesOf = (type: Promotion['benefit']['type']) =>
    promotions.flatMap(({ benefit }) => (benefit.type === type ? [new Big(benefit.value)] : []));
  const percent = sum(valuesOf('PERCENT'));
  const perUnit = sum(valuesOf('UNIT_AMOUNT'));
  const own = promotions.find(({ code }) => code === discount?.promotionCode);
  const named = own ? { promotionCode: own.code } : {};
  if (perUnit.eq(0))
    return { type: 'PERCENT', value: (percent.gt(100) ? new Big(100) : percent).toFixed(), ...named };
  const gross = new Big(unitPrice).times(quantity);
  const off = gross.times(percent).div(100).plus(perUnit.times(quantity));
  return { type: 'AMOUNT', value: (off.gt(gross) ? gross : off).round(4, Big.roundDown).toFixed(), ...named };
};

/** An amount that no line of this price may be lowered by, even where that would round to nothing. */
const isMoreThan = (gross: Big, { type, value }: Discount): boolean => type === 'AMOUNT' && gross.lt(value);

const ourLine = (line: OrderLine, index: number, context: PricingContext, { used }: Promotions): OurLine => {
  const { order, products, customerTier, rules } = context;
  const { quantity } = line;
  const product = products.get(line.sku ?? '');
  const price = product && appliedPrice(product, priceQuery(context, quantity));
  const unitPrice =
    product && price ? unitPriceIn(price.unitPrice, product, order.pricesIncludeTax) : line.unitPrice;
  const promotions = used
    .filter(({ promotion, lines }) => promotion.benefit.type !== 'ORDER_AMOUNT' && lines.includes(index))
    .map(({ promotion }) => promotion);
  const amountWith = (discount: Discount | undefined) =>
    lineAmount({ unitPrice, quantity, discount }, order.currency);
  const discountOf = (): Discount | undefined => {
    if (promotions.length > 0) return promotedDiscount(unitPrice, line, promotions);
    const deepest: Discount = {
      type: 'PERCENT',
      value: String(rules.discounts.content.maximumPercent[customerTier]),
    };
    const isTooDeep =
      line.discount &&
      (amountWith(line.discount) < amountWith(deepest) ||
        isMoreThan(new Big(unitPrice).times(quantity), line.discount));
    return isTooDeep ? deepest : line.discount;
  };
  const discount = discountOf();
  return {
    unitPrice,
    discount,
    taxRate: product?.taxRate ?? line.taxRate,
    amountMinor: amountWith(discount),
    price,
    product,
    promotions,
  };
};

const ourAllowances = (
  { order, customerTier, rules }: PricingContext,
  { used }: Promotions,
  lineTotal: MinorAmount,
): OurOrder['allowances'] => {
  const named = used.flatMap(({ promotion: { benefit } }) =>
    benefit.type === 'ORDER_AMOUNT' ? [toMinor(benefit.value, order.currency)] : [],
  );
  const promotedMinor = Math.min(
    named.reduce((total, amount) => total + amount, 0),
    Math.max(lineTotal, 0),
  );
  const share = new Big(lineTotal).times(rules.discounts.content.maximumPercent[customerTier]).div(100);
  const limitMinor = Math.max(promotedMinor, share.round(0, Big.roundDown).toNumber() + promotedMinor);
  const { allowanceTotal } = order.amounts;
  return {
    promotedMinor,
    limitMinor,
    amountMinor: Math.min(Math.max(allowanceTotal, promotedMinor), limitMinor),
  };
};

const measure = (context: PricingContext): OurOrder => {
  const { order } = context;
  const promotions = usePromotions(context);
  const lines = order.lines.map((line, index) => ourLine(line, index, context, promotions));
  const { currency, pricesIncludeTax } = order;
  const amounts = priceOrder({
    currency,
    pricesIncludeTax,
    lines: lines.map(({ unitPrice, discount, taxRate }, index) => ({
      unitPrice,
      discount,
      taxRate,
      quantity: order.lines[index]?.quantity ?? 0,
    })),
    allowanceCharges: order.allowanceCharges.filter(({ isCharge }) => isCharge),
  });
  const allowances = ourAllowances(context, promotions, amounts.lineExtensionAmount);
  return {
    promotions,
    lines,
    allowances,
    amounts: {
      ...amounts,
      allowanceTotal: allowances.amountMinor,
      payableAmount: amounts.payableAmount - allowances.amountMinor,
    },
  };
};

/** The order as we would have written it: our prices, promotions that hold, discounts and allowances within their limits. */
export const ourOrder = oncePerAudit(measure);
