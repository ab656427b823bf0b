import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkPricing } from '../../../domain/audit/check-pricing.ts';
import {
  isWithinTolerance,
  priceDifference,
  priceDifferenceSchema,
} from '../../../domain/pricing/price-difference.ts';
import type { PricingContext } from '../../../domain/pricing/pricing-context.ts';
import { minorDigitsOf } from '../../../domain/values/currencies.ts';
import { aPricing, aPromotion } from '../../builders/a-pricing.ts';
import { aPrice, aProduct } from '../../builders/a-product.ts';
import { randomPricing } from './random-pricing.ts';

const passes = (context: PricingContext): boolean =>
  checkPricing(context).every(({ code }) => code === 'PRICE_MISSING' || code === 'PROMOTION_INVALID');

/** Decimal text as a whole number of 10^-decimals. */
const scaled = (text: string, decimals: number): bigint => {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole + part.padEnd(decimals, '0').slice(0, decimals));
};

const halfUp = (value: bigint, divisor: bigint): bigint => {
  const doubled = 2n * (value < 0n ? -value : value) + divisor;
  const rounded = doubled / (2n * divisor);
  return value < 0n ? -rounded : rounded;
};

/** A line's amount by whole numbers alone: price and discount in 10^-4, quantity in 10^-3, the result in minor units. */
const exactAmount = (
  unitPrice: string,
  quantity: number,
  discount: { type: 'PERCENT' | 'AMOUNT'; value: string } | undefined,
  digits: number,
): bigint => {
  const gross = scaled(unitPrice, 4) * scaled(quantity.toFixed(3), 3); // 10^-7
  const value = scaled(discount?.value ?? '0', 4);
  const off = discount?.type === 'PERCENT' ? gross * value : value * 1_000_000_000n; // 10^-13
  const net = discount?.type === 'PERCENT' ? gross * 1_000_000n - off : gross * 1_000_000n - off;
  return halfUp(net, 10n ** BigInt(13 - digits));
};

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Whether an order without promotions passes, told by whole numbers and the words of the rule. */
const shouldPass = ({ order, partner, customerTier, products, rules }: PricingContext): boolean => {
  const digits = minorDigitsOf(order.currency);
  const share = scaled((partner.tolerancePercent ?? 100).toFixed(4), 4);
  const isNear = (submitted: bigint, expected: bigint): boolean =>
    magnitude(submitted - expected) <= BigInt(partner.toleranceMinor) &&
    (partner.tolerancePercent === undefined ||
      magnitude(submitted - expected) * 1_000_000n <= magnitude(expected) * share);
  const percent = rules.discounts.content.maximumPercent[customerTier];
  const limit = { type: 'PERCENT', value: String(percent) } as const;
  const totals = { submitted: 0n, expected: 0n };
  const linesPass = order.lines.map(({ sku = '', unitPrice, quantity, discount }) => {
    const ours = products.get(sku)?.prices[0]?.unitPrice ?? unitPrice;
    const [given, deepest] = [discount, limit].map((one) => exactAmount(ours, quantity, one, digits));
    const expected = (given ?? 0n) < (deepest ?? 0n) && discount ? (deepest ?? 0n) : (given ?? 0n);
    const submitted = exactAmount(unitPrice, quantity, discount, digits);
    totals.submitted += submitted;
    totals.expected += expected;
    return isNear(submitted, expected);
  });
  const most = (totals.expected * scaled(String(percent), 4)) / 1_000_000n;
  const given = BigInt(order.amounts.allowanceTotal);
  return (
    linesPass.every(Boolean) &&
    isNear(totals.submitted, totals.expected) &&
    (given <= most || isNear(given, most))
  );
};

test('an order passes exactly when its difference is within the tolerance, as whole numbers tell it', () => {
  const seen = { passed: 0, held: 0 };
  fc.assert(
    fc.property(randomPricing({ withPromotions: false }), (context) => {
      const passed = passes(context);
      seen[passed ? 'passed' : 'held'] += 1;
      expect(passed).toBe(shouldPass(context));
    }),
    { numRuns: 400 },
  );
  expect(Math.min(seen.passed, seen.held)).toBeGreaterThan(20);
});

test('with promotions too, what is asked about and the difference on file say the same', () => {
  fc.assert(
    fc.property(randomPricing({ withPromotions: true }), (context) => {
      const difference = priceDifference(context);
      expect(passes(context)).toBe(isWithinTolerance(difference));
      expect(priceDifferenceSchema.parse(difference)).toEqual(difference);
    }),
    { numRuns: 300 },
  );
});

test('differences of lines add up to that of the whole, and with tax and allowances to that of what is owed', () => {
  fc.assert(
    fc.property(randomPricing({ withPromotions: true }), (context) => {
      const { lines, lineTotal, allowances, payable } = priceDifference(context);
      const sum = lines.reduce((total, { differenceMinor }) => total + differenceMinor, 0);
      expect(sum).toBe(lineTotal.differenceMinor);
      // Prices of these orders include their tax.
      expect(lineTotal.differenceMinor - allowances.differenceMinor).toBe(payable.differenceMinor);
      for (const one of [...lines, lineTotal, allowances, payable])
        expect(one.submittedMinor - one.expectedMinor).toBe(one.differenceMinor);
    }),
    { numRuns: 300 },
  );
});

test('names what was submitted and what we expected, line by line', () => {
  const tea = aProduct({ sku: 'TEA', prices: [aPrice({ unitPrice: '10' })] });
  const context = aPricing({
    catalogue: [aProduct(), tea],
    lines: [
      { unitPrice: '35' },
      { sku: 'TEA', unitPrice: '10' },
      { sku: 'TEA', unitPrice: '8', quantity: 5 },
    ],
    promotions: [aPromotion({ skus: ['TEA'], benefit: { type: 'PERCENT', value: '20' } })],
  });
  expect(priceDifference(context)).toEqual({
    currency: 'CNY',
    toleranceMinor: 0,
    lines: [
      {
        index: 0,
        lineId: '1',
        sku: 'CUP-350-BL',
        submittedUnitPrice: '35',
        expectedUnitPrice: '39.90',
        submittedMinor: 84000,
        expectedMinor: 95760,
        differenceMinor: -11760,
        cause: 'OTHER',
      },
      {
        index: 2,
        lineId: '3',
        sku: 'TEA',
        submittedUnitPrice: '8',
        expectedUnitPrice: '10',
        submittedMinor: 4000,
        expectedMinor: 5000,
        differenceMinor: -1000,
        cause: 'PROMOTION_MISSING',
      },
    ],
    lineTotal: { submittedMinor: 112000, expectedMinor: 124760, differenceMinor: -12760 },
    allowances: { submittedMinor: 0, expectedMinor: 0, differenceMinor: 0 },
    payable: { submittedMinor: 112000, expectedMinor: 124760, differenceMinor: -12760 },
  });
});
