import type { Finding } from '../findings/finding.ts';
import { promotionEvidence } from '../pricing/price-cause.ts';
import { differingLines } from '../pricing/price-difference.ts';
import type { PricingContext } from '../pricing/pricing-context.ts';
import { lineAmount, toDecimal } from '../values/money.ts';

/** The rule that says how deep a tier's discounts may go. */
export const discountEvidence = ({
  rules,
  customerTier,
}: PricingContext): NonNullable<Finding['evidence']>[number] => ({
  source: 'RULE',
  id: 'discounts',
  version: rules.discounts.version,
  detail: `${customerTier} ${rules.discounts.content.maximumPercent[customerTier]}%`,
});

/** A line's discount is no deeper than its promotion, or without one the tier's limit, allows (S14). */
export const checkLineDiscount = (context: PricingContext): Finding[] =>
  differingLines(context).flatMap(({ index, line, our, explanation }): Finding[] => {
    if (!explanation || !line.discount || !our.discount) return [];
    const finding = {
      severity: 'HOLD',
      code: 'DISCOUNT_NOT_ALLOWED',
      pointer: `#/lines/${index}/discount/value`,
      value: line.discount.value,
      expected: `<= ${our.discount.value}${our.discount.type === 'PERCENT' ? '%' : ''}`,
    } as const;
    if (our.promotions.length > 0)
      return explanation.cause === 'DISCOUNT_ABOVE_PROMOTION'
        ? [
            {
              ...finding,
              cause: 'DISCOUNT_ABOVE_PROMOTION',
              evidence: our.promotions.map((promotion) => promotionEvidence(promotion, context)),
            },
          ]
        : [];
    if (line.discount === our.discount) return [];
    const { unitPrice, quantity } = line;
    const { currency } = context.order;
    const amountWith = (discount?: typeof our.discount) =>
      lineAmount({ unitPrice, quantity, discount }, currency);
    const suggestion =
      line.discount.type === 'PERCENT'
        ? our.discount.value
        : toDecimal(amountWith() - amountWith(our.discount), currency);
    return [{ ...finding, suggestion, cause: 'DISCOUNT_ABOVE_TIER', evidence: [discountEvidence(context)] }];
  });
