import type { OrderContent } from '../orders/order.ts';
import { toDecimal, toMinor } from '../values/money.ts';
import { type OurLine, ourOrder } from './our-order.ts';
import type { PricingContext } from './pricing-context.ts';

type Allowances = OrderContent['allowanceCharges'];
type Currency = OrderContent['currency'];

const mostEntries = 20;

/** Two charges as one, where an order has as many entries as it may have. */
const withRoom = (entries: Allowances, currency: Currency): Allowances => {
  const [first, second, ...rest] = entries;
  if (!first || !second || entries.length < mostEntries) return entries;
  const amount = toDecimal(toMinor(first.amount, currency) + toMinor(second.amount, currency), currency);
  return [{ ...first, amount }, ...rest];
};

/** Allowances that come to an amount: those given, from the first on, and what is missing under the promotions' names. */
const allowancesOf = (
  given: Allowances,
  amountMinor: number,
  currency: Currency,
  reason: string,
): Allowances => {
  let left = amountMinor;
  const kept = given.flatMap((item): Allowances => {
    if (item.isCharge) return [item];
    const taken = Math.min(left, toMinor(item.amount, currency));
    left -= taken;
    return taken === 0 ? [] : [{ ...item, amount: toDecimal(taken, currency) }];
  });
  if (left === 0) return kept;
  const missing = { isCharge: false, amount: toDecimal(left, currency), reason: reason.slice(0, 200) };
  const last = kept.findLastIndex(({ isCharge }) => !isCharge);
  const { amount } = kept[last] ?? {};
  if (amount === undefined) return [...withRoom(kept, currency), missing];
  const raised = toDecimal(toMinor(amount, currency) + left, currency);
  return kept.map((item, index) => (index === last ? { ...item, amount: raised } : item));
};

/** Our discount, which names a promotion only where it holds. */
const discountOf = ({ discount, promotions }: OurLine): OurLine['discount'] => {
  if (!discount || promotions.some(({ code }) => code === discount.promotionCode)) return discount;
  const { promotionCode: _refused, ...plain } = discount;
  return plain;
};

/**
 * The decision "ours": the order at our prices and tax rates, with the promotions that hold, and with discounts and
 * allowances within their limits; all amounts computed again. An article without a price keeps its own.
 */
export const acceptOurs = (content: OrderContent, known: Omit<PricingContext, 'order'>): OrderContent => {
  const ours = ourOrder({ ...known, order: content });
  const { lines: _lineAmounts, ...amounts } = ours.amounts;
  const refused = new Set(ours.promotions.refused.map(({ pointer }) => pointer));
  const lines = content.lines.map((line, index) => {
    const { discount: _theirs, lineAmount: _text, ...kept } = line;
    const our = ours.lines[index];
    if (!our) return line;
    const { unitPrice, taxRate, amountMinor } = our;
    const discount = discountOf(our);
    return { ...kept, unitPrice, taxRate, lineAmountMinor: amountMinor, ...(discount && { discount }) };
  });
  return {
    ...content,
    lines,
    promotionCodes: content.promotionCodes.filter((_, index) => !refused.has(`#/promotionCodes/${index}`)),
    allowanceCharges: allowancesOf(
      content.allowanceCharges,
      ours.allowances.amountMinor,
      content.currency,
      ours.promotions.used.map(({ promotion }) => promotion.code).join(', '),
    ),
    amounts,
  };
};
