import type { Finding } from '../findings/finding.ts';
import { ourOrder } from '../pricing/our-order.ts';
import { promotionEvidence } from '../pricing/price-cause.ts';
import type { PricingContext } from '../pricing/pricing-context.ts';

/** Every promotion code that the order names may be used by it: known, in its time, for its customer, goods and amounts (S14). */
export const checkPromotions = (context: PricingContext): Finding[] =>
  ourOrder(context).promotions.refused.map(({ code, pointer, cause, promotion }) => ({
    severity: 'HOLD',
    code: 'PROMOTION_INVALID',
    pointer,
    value: code,
    cause,
    evidence: [
      promotion
        ? promotionEvidence(promotion, context)
        : { source: 'RULE', id: 'promotions', version: context.rules.promotions.version },
    ],
  }));
