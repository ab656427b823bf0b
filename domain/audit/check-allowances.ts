import type { Finding } from '../findings/finding.ts';
import { ourOrder } from '../pricing/our-order.ts';
import { promotionEvidence } from '../pricing/price-cause.ts';
import type { PricingContext } from '../pricing/pricing-context.ts';
import { isTolerated } from '../pricing/tolerance.ts';
import { toDecimal } from '../values/money.ts';
import { discountEvidence } from './check-line-discount.ts';

/** What is taken off the whole order is what its promotions give, and beyond that no more than the tier's limit (S14). */
export const checkAllowances = (context: PricingContext): Finding[] => {
  const { order, partner, customerTier, rules } = context;
  const { promotions, allowances } = ourOrder(context);
  const { allowanceTotal } = order.amounts;
  if (isTolerated(partner, allowanceTotal, allowances.amountMinor)) return [];
  const used = promotions.used.filter(({ promotion }) => promotion.benefit.type === 'ORDER_AMOUNT');
  const finding = {
    severity: 'HOLD',
    pointer: '#/allowanceCharges',
    value: toDecimal(allowanceTotal, order.currency),
  } as const;
  const evidence = used.map(({ promotion }) => promotionEvidence(promotion, context));
  if (allowanceTotal < allowances.amountMinor)
    return [
      {
        ...finding,
        code: 'PRICE_MISMATCH',
        expected: toDecimal(allowances.promotedMinor, order.currency),
        cause: 'PROMOTION_NOT_TAKEN',
        evidence,
      },
    ];
  return [
    {
      ...finding,
      code: 'DISCOUNT_NOT_ALLOWED',
      expected:
        used.length === 0
          ? `<= ${rules.discounts.content.maximumPercent[customerTier]}%`
          : `<= ${toDecimal(allowances.limitMinor, order.currency)}`,
      cause: 'DISCOUNT_ABOVE_TIER',
      evidence: [discountEvidence(context), ...evidence],
    },
  ];
};
