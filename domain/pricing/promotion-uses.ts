import type { AccountLevels, PromotionUse } from '../customers/customer-account.ts';
import type { OrderContent } from '../orders/order.ts';
import type { Promotion } from '../rules/promotion-rules.ts';
import type { Rules } from '../rules/rules.ts';

/** What the uses of a promotion are counted under: a code that begins anew counts anew. */
const usesKey = ({ code, validFrom }: Pick<Promotion, 'code' | 'validFrom'>): string =>
  `${code}@${validFrom}`;

/** The promotions an order names that a customer may use only so often, each once however often it is named. */
export const limitedUses = (
  { promotionCodes, lines }: Pick<OrderContent, 'promotionCodes' | 'lines'>,
  { promotions }: Pick<Rules, 'promotions'>,
): PromotionUse[] => {
  const named = new Set([...promotionCodes, ...lines.map(({ discount }) => discount?.promotionCode)]);
  return promotions.content.promotions.flatMap((promotion) => {
    const { code, usesPerCustomer: maximum } = promotion;
    return maximum !== undefined && named.has(code) ? [{ key: usesKey(promotion), code, maximum }] : [];
  });
};

/** True when the customer has used a promotion as often as it may, by other orders. */
export const isUsedUp = (promotion: Promotion, { used }: AccountLevels): boolean =>
  promotion.usesPerCustomer !== undefined && (used.get(usesKey(promotion)) ?? 0) >= promotion.usesPerCustomer;
