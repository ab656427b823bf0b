import type { FieldChange } from '../orders/edit-content.ts';
import type { OrderContent, StoredFinding } from '../orders/order.ts';
import { toDecimal, toMinor } from '../values/money.ts';
import { type OurLine, type OurOrder, ourOrder } from './our-order.ts';
import { differingLines } from './price-difference.ts';
import type { PricingContext } from './pricing-context.ts';

type Allowances = OrderContent['allowanceCharges'];
type Currency = OrderContent['currency'];
type Asked = Pick<StoredFinding, 'code' | 'pointer' | 'value'>;

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

const isSameDiscount = (a: OurLine['discount'], b: OurLine['discount']): boolean =>
  a?.type === b?.type && a?.value === b?.value && a?.promotionCode === b?.promotionCode;

/** A line at our price: unit price and discount together, since only both tell what it costs. */
const lineChanges = (index: number, { order }: PricingContext, ours: OurOrder): FieldChange[] => {
  const [line, our] = [order.lines[index], ours.lines[index]];
  if (!line || !our) return [];
  const discount = discountOf(our);
  return [
    ...(our.unitPrice === line.unitPrice
      ? []
      : [{ pointer: `#/lines/${index}/unitPrice`, value: our.unitPrice }]),
    ...(isSameDiscount(discount, line.discount)
      ? []
      : [{ pointer: `#/lines/${index}/discount`, value: discount ? { ...discount } : null }]),
  ];
};

const allowanceChanges = ({ order }: PricingContext, { allowances, promotions }: OurOrder): FieldChange[] => {
  const named = promotions.used
    .filter(({ promotion }) => promotion.benefit.type === 'ORDER_AMOUNT')
    .map(({ promotion }) => promotion.code);
  const value = allowancesOf(
    order.allowanceCharges,
    allowances.amountMinor,
    order.currency,
    named.join(', '),
  ).map((item) => ({ ...item }));
  return [{ pointer: '#/allowanceCharges', value }];
};

const changesFor = ({ code, pointer }: Asked, context: PricingContext, ours: OurOrder): FieldChange[] => {
  const [, line, field] = /^#\/lines\/(\d+)\/(.+)$/.exec(pointer) ?? [];
  if (line !== undefined) {
    const index = Number(line);
    if (code === 'PROMOTION_INVALID') return [{ pointer, value: null }];
    if (field === 'taxRate') return [{ pointer, value: ours.lines[index]?.taxRate ?? null }];
    return lineChanges(index, context, ours);
  }
  if (pointer === '#/allowanceCharges') return allowanceChanges(context, ours);
  if (pointer !== '#/totals/lineExtensionAmount') return [];
  return differingLines(context)
    .filter(({ explanation }) => explanation === undefined)
    .flatMap(({ index }) => lineChanges(index, context, ours));
};

/** The codes of the order without those that are refused; none where none of them is. */
const codeChanges = (findings: readonly Asked[], { order }: PricingContext): FieldChange[] => {
  const refused = new Set(
    findings.flatMap(({ code, pointer, value }) =>
      code === 'PROMOTION_INVALID' && pointer.startsWith('#/promotionCodes/') ? [value] : [],
    ),
  );
  const value = order.promotionCodes.filter((code) => !refused.has(code));
  return value.length === order.promotionCodes.length ? [] : [{ pointer: '#/promotionCodes', value }];
};

/**
 * The decision "ours" on findings about money: what to change so that what they ask about is as we would have written it. A
 * line's finding changes that line alone; one about all lines together, the lines that no finding of their own asks about; one
 * about allowances, those; a promotion that does not hold is taken away where it is named. Amounts follow from the edit.
 */
export const acceptOurs = (findings: readonly Asked[], context: PricingContext): FieldChange[] => {
  const ours = ourOrder(context);
  const changes = [
    ...codeChanges(findings, context),
    ...findings.flatMap((finding) => changesFor(finding, context, ours)),
  ];
  return [...new Map(changes.map((change) => [change.pointer, change])).values()];
};
