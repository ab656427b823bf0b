import Big from 'big.js';
import type { Finding } from '../finding.ts';
import { lineAmount, toDecimal } from '../money.ts';
import { priceFor } from '../price-list.ts';
import { type Check, onEachLine } from './context.ts';

/** Each line's price equals our price list's, within the partner's tolerance on the line's amount (S14). */
export const checkPrice = onEachLine(
  (line, product, at, { order, partner, customerTier, orderDay }): Finding[] => {
    const { currency, pricesIncludeTax } = order;
    const expected = priceFor(product, {
      tier: customerTier,
      currency,
      quantity: line.quantity,
      day: orderDay,
      pricesIncludeTax,
    });
    const pointer = `${at}/unitPrice`;
    if (expected === undefined)
      return [{ severity: 'HOLD', code: 'PRICE_MISSING', pointer, value: `${line.unitPrice} ${currency}` }];
    const amountAt = (unitPrice: string) => lineAmount({ unitPrice, quantity: line.quantity }, currency);
    return Math.abs(amountAt(line.unitPrice) - amountAt(expected)) <= partner.toleranceMinor
      ? []
      : [
          {
            severity: 'HOLD',
            code: 'PRICE_MISMATCH',
            pointer,
            value: line.unitPrice,
            expected,
            suggestion: expected,
          },
        ];
  },
);

/** A line is taxed as its article is: a partner may name the rate, not choose it. */
export const checkTaxRate = onEachLine((line, product, at): Finding[] =>
  new Big(line.taxRate).eq(product.taxRate)
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'PRICE_MISMATCH',
          pointer: `${at}/taxRate`,
          value: line.taxRate,
          expected: product.taxRate,
          suggestion: product.taxRate,
        },
      ],
);

/** Line discounts stay within the tier's limit (S14). */
export const checkLineDiscount = onEachLine(
  (line, _product, at, { order, customerTier, rules }): Finding[] => {
    if (!line.discount) return [];
    const maximum = rules.discounts.content.maximumPercent[customerTier];
    const gross = lineAmount({ unitPrice: line.unitPrice, quantity: line.quantity }, order.currency);
    const allowed = lineAmount(
      { ...line, discount: { type: 'PERCENT', value: String(maximum) } },
      order.currency,
    );
    return line.lineAmountMinor >= allowed || gross === 0
      ? []
      : [
          {
            severity: 'HOLD',
            code: 'DISCOUNT_NOT_ALLOWED',
            pointer: `${at}/discount/value`,
            value: line.discount.value,
            expected: `<= ${maximum}%`,
          },
        ];
  },
);

/** Order-level allowances stay within the tier's limit; promotion codes must exist, and none are loaded yet. */
export const checkAllowances: Check = ({ order, customerTier, rules }) => {
  const maximum = rules.discounts.content.maximumPercent[customerTier];
  const limit = new Big(order.amounts.lineExtensionAmount).times(maximum).div(100);
  const tooDeep: Finding[] = limit.lt(order.amounts.allowanceTotal)
    ? [
        {
          severity: 'HOLD',
          code: 'DISCOUNT_NOT_ALLOWED',
          pointer: '#/allowanceCharges',
          value: toDecimal(order.amounts.allowanceTotal, order.currency),
          expected: `<= ${maximum}%`,
        },
      ]
    : [];
  const unknown = order.promotionCodes.map(
    (value, index): Finding => ({
      severity: 'HOLD',
      code: 'PROMOTION_INVALID',
      pointer: `#/promotionCodes/${index}`,
      value,
    }),
  );
  return [...tooDeep, ...unknown];
};
