import type { FindingCause } from '../findings/finding-cause.ts';
import type { Promotion } from '../rules/promotion-rules.ts';
import { lineAmount, toMinor } from '../values/money.ts';
import { exactQuantity } from '../values/quantity.ts';
import { priceFor } from './price-list.ts';
import { type PricingContext, priceQuery } from './pricing-context.ts';
import { isUsedUp } from './promotion-uses.ts';

/** A promotion that the order may use, and the lines (by index) that it is taken off. */
type UsedPromotion = { promotion: Promotion; lines: readonly number[] };

/** A code that the order names and may not use. */
type RefusedPromotion = {
  code: string;
  pointer: string;
  cause: FindingCause;
  promotion?: Promotion;
};

export type Promotions = { used: UsedPromotion[]; refused: RefusedPromotion[] };

/** Where a code is named: for the order, or for one line. */
type Naming = { code: string; pointer: string; line?: number };

const namings = ({ order: { promotionCodes, lines } }: PricingContext): Naming[] => [
  ...promotionCodes.map((code, index) => ({ code, pointer: `#/promotionCodes/${index}` })),
  ...lines.flatMap(({ discount }, line) =>
    discount?.promotionCode
      ? [{ code: discount.promotionCode, pointer: `#/lines/${line}/discount/promotionCode`, line }]
      : [],
  ),
];

/** Whether tier, currency and day of the order are those of a promotion, and its customer has a use of it left. */
export const misfitOf = (
  promotion: Promotion,
  { order, customerTier, orderDay, account }: PricingContext,
): FindingCause | undefined => {
  const { validFrom, validTo, tiers, currency } = promotion;
  if (orderDay < validFrom) return 'PROMOTION_NOT_YET';
  if (validTo !== undefined && validTo < orderDay) return 'PROMOTION_EXPIRED';
  if (tiers && !tiers.includes(customerTier)) return 'PROMOTION_TIER';
  if (currency && currency !== order.currency) return 'PROMOTION_CURRENCY';
  return isUsedUp(promotion, account) ? 'PROMOTION_USED_UP' : undefined;
};

export const isForArticle = ({ skus }: Promotion, sku: string): boolean => !skus || skus.includes(sku);

/** The lines that a promotion is taken off where it is named, or why it cannot be. */
const linesOf = (
  promotion: Promotion,
  { line }: Naming,
  { order, products }: PricingContext,
): number[] | FindingCause => {
  if (line !== undefined && promotion.benefit.type === 'ORDER_AMOUNT') return 'PROMOTION_ON_ORDER';
  const lines = order.lines.flatMap(({ sku = '' }, index) =>
    products.has(sku) && isForArticle(promotion, sku) && (line === undefined || line === index)
      ? [index]
      : [],
  );
  return lines.length > 0 ? lines : 'PROMOTION_ARTICLE';
};

const shortOf = (
  { minimumQuantity = 0, minimumAmount }: Promotion,
  lines: readonly number[],
  context: PricingContext,
): FindingCause | undefined => {
  const { order, products } = context;
  const covered = order.lines.filter((_, index) => lines.includes(index));
  const quantity = covered.reduce((total, line) => exactQuantity(total + line.quantity), 0);
  if (quantity < minimumQuantity) return 'PROMOTION_QUANTITY';
  if (minimumAmount === undefined) return undefined;
  const amount = covered.reduce((total, line) => {
    const product = products.get(line.sku ?? '');
    const unitPrice = (product && priceFor(product, priceQuery(context, line.quantity))) ?? line.unitPrice;
    return total + lineAmount({ unitPrice, quantity: line.quantity }, order.currency);
  }, 0);
  return amount < toMinor(minimumAmount, order.currency) ? 'PROMOTION_AMOUNT' : undefined;
};

const clashes = (promotion: Promotion, lines: readonly number[], used: readonly UsedPromotion[]): boolean =>
  used.some(
    (other) =>
      !(promotion.combinable && other.promotion.combinable) &&
      other.lines.some((line) => lines.includes(line)),
  );

/** Which of the promotions that an order names it may use; the first named goes before those it cannot be combined with. */
export const usePromotions = (context: PricingContext): Promotions => {
  const { promotions } = context.rules.promotions.content;
  const used: UsedPromotion[] = [];
  const refused: RefusedPromotion[] = [];
  for (const [code, named] of Map.groupBy(namings(context), (naming) => naming.code)) {
    const promotion = promotions.find((one) => one.code === code);
    const refuse = (places: readonly Naming[], cause: FindingCause) =>
      refused.push(
        ...places.map(({ pointer }) => ({ code, pointer, cause, ...(promotion && { promotion }) })),
      );
    const misfit = promotion ? misfitOf(promotion, context) : 'PROMOTION_UNKNOWN';
    if (!promotion || misfit) {
      refuse(named, misfit ?? 'PROMOTION_UNKNOWN');
      continue;
    }
    const fitting: Naming[] = [];
    const lines = new Set<number>();
    for (const naming of named) {
      const found = linesOf(promotion, naming, context);
      if (typeof found === 'string') {
        refuse([naming], found);
        continue;
      }
      fitting.push(naming);
      for (const line of found) lines.add(line);
    }
    if (fitting.length === 0) continue;
    const cause =
      shortOf(promotion, [...lines], context) ??
      (clashes(promotion, [...lines], used) ? 'PROMOTION_NOT_COMBINABLE' : undefined);
    if (cause) refuse(fitting, cause);
    else used.push({ promotion, lines: [...lines] });
  }
  return { used, refused };
};
