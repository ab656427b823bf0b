import { describe, expect, test } from 'vitest';
import { checkAllowances } from '../../../domain/audit/check-allowances.ts';
import { checkLineDiscount } from '../../../domain/audit/check-line-discount.ts';
import { checkPrice } from '../../../domain/audit/check-price.ts';
import { checkPromotions } from '../../../domain/audit/check-promotions.ts';
import { rulesOf } from '../../../domain/rules/rules.ts';
import { aPricing, aPromotion, type PricingGiven } from '../../builders/a-pricing.ts';

type Discount = NonNullable<NonNullable<PricingGiven['lines']>[number]>['discount'];
const percent = (value: string, promotionCode?: string): Discount => ({
  type: 'PERCENT',
  value,
  ...(promotionCode && { promotionCode }),
});
const discounted = (discount: Discount, given: PricingGiven = {}) =>
  checkLineDiscount(aPricing({ lines: [{ discount }], ...given }));

describe('a line’s discount', () => {
  test('goes as deep as the rules in force say, and tells which they were', () => {
    const maximumPercent = { STANDARD: 20, SILVER: 20, GOLD: 20, WHOLESALE: 20 };
    const rules = rulesOf({ discounts: { version: 9, content: { maximumPercent } } });
    expect(discounted(percent('20'), { rules })).toEqual([]);
    expect(discounted(percent('20.1'), { rules })).toEqual([
      {
        severity: 'HOLD',
        code: 'DISCOUNT_NOT_ALLOWED',
        pointer: '#/lines/0/discount/value',
        value: '20.1',
        expected: '<= 20%',
        suggestion: '20',
        cause: 'DISCOUNT_ABOVE_TIER',
        evidence: [{ source: 'RULE', id: 'discounts', version: 9, detail: 'STANDARD 20%' }],
      },
    ]);
  });

  test('as an amount is suggested as an amount', () => {
    expect(discounted({ type: 'AMOUNT', value: '100' })).toMatchObject([{ suggestion: '47.88' }]);
    expect(discounted({ type: 'AMOUNT', value: '47.88' })).toEqual([]);
  });

  test('of a promotion goes as deep as the promotion', () => {
    const promotions = [aPromotion({ benefit: { type: 'PERCENT', value: '30' } })];
    expect(discounted(percent('30', 'SPRING'), { promotions })).toEqual([]);
    expect(discounted(percent('31', 'SPRING'), { promotions })).toMatchObject([
      {
        expected: '<= 30%',
        cause: 'DISCOUNT_ABOVE_PROMOTION',
        evidence: [{ source: 'PROMOTION', id: 'SPRING', version: 4 }],
      },
    ]);
  });

  test('of a promotion that does not hold is one like any other', () => {
    const promotions = [aPromotion({ validTo: '2026-03-01' })];
    expect(discounted(percent('5', 'SPRING'), { promotions })).toEqual([]);
    expect(discounted(percent('10', 'SPRING'), { promotions })).toMatchObject([
      { cause: 'DISCOUNT_ABOVE_TIER' },
    ]);
  });

  test('is told beside a price that is wrong too', () => {
    const context = aPricing({ lines: [{ unitPrice: '30', discount: percent('9') }] });
    expect([...checkPrice(context), ...checkLineDiscount(context)].map(({ code }) => code)).toEqual([
      'PRICE_MISMATCH',
      'DISCOUNT_NOT_ALLOWED',
    ]);
  });
});

describe('what is taken off the whole order', () => {
  const less30 = aPromotion({
    code: 'LESS-30',
    currency: 'CNY',
    minimumAmount: '300',
    benefit: { type: 'ORDER_AMOUNT', value: '30' },
  });
  const off = (amounts: string[], given: PricingGiven = {}) => {
    const allowanceCharges = amounts.map((amount) => ({ isCharge: false, amount }));
    return checkAllowances(
      aPricing({
        ...given,
        submission: { allowanceCharges, promotionCodes: ['LESS-30'], ...given.submission },
      }),
    );
  };

  test.for([
    [['30'], []],
    [['10', '20'], []],
    [['77.88'], []],
    [['77.89'], ['DISCOUNT_NOT_ALLOWED <= 77.88']],
    [['29.99'], ['PRICE_MISMATCH 30.00']],
    [[], ['PRICE_MISMATCH 30.00']],
  ] as const)('%j where a promotion gives 30.00 and the tier 5% of 957.60', ([amounts, expected]) => {
    const found = off([...amounts], { promotions: [less30] });
    expect(found.map((finding) => `${finding.code} ${finding.expected}`)).toEqual(expected);
  });

  test('is what the tier allows, where the promotion does not hold', () => {
    expect(off(['47.88'])).toEqual([]);
    expect(off(['47.89'])).toMatchObject([{ code: 'DISCOUNT_NOT_ALLOWED', expected: '<= 5%' }]);
  });

  test('is never more than the lines', () => {
    const gift = { ...less30, minimumAmount: '1', benefit: { type: 'ORDER_AMOUNT' as const, value: '5000' } };
    expect(off(['957.60'], { promotions: [gift] })).toEqual([]);
  });
});

test('a code that may not be used tells why and which promotion that is', () => {
  const promotions = [aPromotion({ validTo: '2026-03-01' })];
  const submission = { promotionCodes: ['SPRING', 'NONE'] };
  expect(checkPromotions(aPricing({ promotions, submission }))).toEqual([
    {
      severity: 'HOLD',
      code: 'PROMOTION_INVALID',
      pointer: '#/promotionCodes/0',
      value: 'SPRING',
      cause: 'PROMOTION_EXPIRED',
      evidence: [{ source: 'PROMOTION', id: 'SPRING', version: 4, detail: '2026-03-01/2026-03-01' }],
    },
    {
      severity: 'HOLD',
      code: 'PROMOTION_INVALID',
      pointer: '#/promotionCodes/1',
      value: 'NONE',
      cause: 'PROMOTION_UNKNOWN',
      evidence: [{ source: 'RULE', id: 'promotions', version: 4 }],
    },
  ]);
});
