import Big from 'big.js';
import type { Finding } from '../findings/finding.ts';
import type { OrderLine } from '../orders/order.ts';
import { type OurLine, ourOrder } from '../pricing/our-order.ts';
import { priceEvidence, promotionEvidence } from '../pricing/price-cause.ts';
import { differingLines } from '../pricing/price-difference.ts';
import type { PricingContext } from '../pricing/pricing-context.ts';
import { isTolerated } from '../pricing/tolerance.ts';
import { lineAmount, toDecimal } from '../values/money.ts';

/** Our price as a person reads it: the unit price, and what promotions take off it. */
const ourPriceText = ({ unitPrice, discount, promotions }: OurLine): string => {
  if (promotions.length === 0 || !discount) return unitPrice;
  return `${unitPrice} −${discount.value}${discount.type === 'PERCENT' ? '%' : ''}`;
};

/** A unit price that settles the difference, where one does. */
const suggestionOf = (
  line: OrderLine,
  our: OurLine,
  { order: { currency }, partner }: PricingContext,
): { suggestion?: string } => {
  if (our.promotions.length === 0) return { suggestion: our.unitPrice };
  if (line.discount) return {};
  const suggestion = new Big(toDecimal(our.amountMinor, currency))
    .div(line.quantity)
    .round(4, Big.roundHalfUp)
    .toFixed();
  const amount = lineAmount({ unitPrice: suggestion, quantity: line.quantity }, currency);
  return isTolerated(partner, amount, our.amountMinor) ? { suggestion } : {};
};

const evidenceOf = (our: OurLine, context: PricingContext): NonNullable<Finding['evidence']> => [
  ...(our.product && our.price ? [priceEvidence(our.product, our.price)] : []),
  ...our.promotions.map((promotion) => promotionEvidence(promotion, context)),
];

const toleranceEvidence = ({ partner }: PricingContext): NonNullable<Finding['evidence']>[number] => ({
  source: 'PARTNER',
  id: partner.partnerId,
  detail: [
    `toleranceMinor ${partner.toleranceMinor}`,
    ...(partner.tolerancePercent === undefined ? [] : [`tolerancePercent ${partner.tolerancePercent}`]),
  ].join(', '),
});

/** Each line costs what our price list and promotions say, and so do all together, within the partner's tolerance (S14). */
export const checkPrice = (context: PricingContext): Finding[] => {
  const { order, partner } = context;
  const ours = ourOrder(context);
  const missing = ours.lines.flatMap((our, index): Finding[] =>
    our.product && !our.price
      ? [
          {
            severity: 'HOLD',
            code: 'PRICE_MISSING',
            pointer: `#/lines/${index}/unitPrice`,
            value: `${order.lines[index]?.unitPrice} ${order.currency}`,
          },
        ]
      : [],
  );
  const differing = differingLines(context);
  const over = differing.filter(({ explanation }) => explanation !== undefined);
  const mispriced = over.flatMap(({ index, line, our, explanation }): Finding[] => {
    const { cause, evidence } = explanation ?? { cause: 'OTHER', evidence: [] };
    if (cause === 'DISCOUNT_ABOVE_TIER' || cause === 'DISCOUNT_ABOVE_PROMOTION') return [];
    return [
      {
        severity: 'HOLD',
        code: 'PRICE_MISMATCH',
        pointer: `#/lines/${index}/unitPrice`,
        value: line.unitPrice,
        expected: ourPriceText(our),
        ...suggestionOf(line, our, context),
        cause,
        evidence: [...evidenceOf(our, context), ...evidence, toleranceEvidence(context)],
      },
    ];
  });
  const expected = ours.amounts.lineExtensionAmount;
  const small = differing
    .filter(({ explanation }) => explanation === undefined)
    .reduce((total, { differenceMinor }) => total + differenceMinor, 0);
  const inTotal: Finding[] = !isTolerated(partner, expected + small, expected)
    ? [
        {
          severity: 'HOLD',
          code: 'PRICE_MISMATCH',
          pointer: '#/totals/lineExtensionAmount',
          value: toDecimal(expected + small, order.currency),
          expected: toDecimal(expected, order.currency),
          cause: 'SMALL_DIFFERENCES',
          evidence: [toleranceEvidence(context)],
        },
      ]
    : [];
  return [...missing, ...mispriced, ...inTotal];
};
