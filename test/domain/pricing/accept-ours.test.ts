import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkAllowances } from '../../../domain/audit/check-allowances.ts';
import { checkLineDiscount } from '../../../domain/audit/check-line-discount.ts';
import { checkPrice } from '../../../domain/audit/check-price.ts';
import { checkPromotions } from '../../../domain/audit/check-promotions.ts';
import { type OrderContent, orderContentSchema } from '../../../domain/orders/order.ts';
import { acceptOurs } from '../../../domain/pricing/accept-ours.ts';
import { priceDifference } from '../../../domain/pricing/price-difference.ts';
import { priceOrder } from '../../../domain/pricing/price-order.ts';
import type { PricingContext } from '../../../domain/pricing/pricing-context.ts';
import { aPricing, aPromotion } from '../../builders/a-pricing.ts';
import { anOrder } from '../../builders/an-order.ts';
import { randomPricing } from './random-pricing.ts';

/** A whole content around what pricing looks at. */
const contentOf = ({ order }: PricingContext): OrderContent => ({ ...anOrder().content, ...order });

const questions = (context: PricingContext) =>
  [checkPrice, checkLineDiscount, checkAllowances, checkPromotions]
    .flatMap((check) => check(context))
    .filter(({ code }) => code !== 'PRICE_MISSING');

test('an order at our prices raises no question about money, and owes what we expected', () => {
  fc.assert(
    fc.property(randomPricing({ withPromotions: true }), (context) => {
      const { order: _submitted, ...known } = context;
      const content = acceptOurs(contentOf(context), known);
      expect(questions({ ...known, order: content })).toEqual([]);
      expect(content.amounts.payableAmount).toBe(priceDifference(context).payable.expectedMinor);
      const { lines, ...amounts } = priceOrder(content);
      expect(content.amounts).toEqual(amounts);
      expect(content.lines.map(({ lineAmountMinor }) => lineAmountMinor)).toEqual(lines);
      expect(orderContentSchema.parse(content)).toEqual(content);
      expect(acceptOurs(content, known)).toEqual(content);
    }),
    { numRuns: 300 },
  );
});

test('what was not about money stays as it was', () => {
  const context = aPricing({
    lines: [
      { unitPrice: '35', note: 'gift', discount: { type: 'PERCENT', value: '9', promotionCode: 'NOPE' } },
    ],
    submission: { promotionCodes: ['NOPE'], notes: 'ring twice' },
  });
  const before = contentOf(context);
  const { lines, amounts, promotionCodes, ...after } = acceptOurs(before, context);
  expect(lines).toEqual([
    {
      ...before.lines[0],
      unitPrice: '39.90',
      discount: { type: 'PERCENT', value: '5' },
      lineAmountMinor: 90972,
    },
  ]);
  expect(promotionCodes).toEqual([]);
  expect(amounts.payableAmount).toBe(90972);
  expect(before).toMatchObject(after);
});

const less30 = aPromotion({ currency: 'CNY', benefit: { type: 'ORDER_AMOUNT', value: '30' } });
const allowance = (amount: string) => ({ isCharge: false, amount });
const charge = (amount: string) => ({ isCharge: true, amount });

test.for([
  {
    name: 'one that is missing is added',
    given: [charge('5')],
    ours: [charge('5'), { ...allowance('30.00'), reason: 'SPRING' }],
  },
  {
    name: 'one that is too small is raised',
    given: [allowance('10'), charge('5')],
    ours: [allowance('30.00'), charge('5')],
  },
  {
    name: 'those beyond the limit are cut, the last first',
    given: [allowance('70'), allowance('20')],
    ours: [allowance('70.00'), allowance('7.88')],
  },
  {
    name: 'one finds room among as many charges as there may be',
    given: Array.from({ length: 20 }, () => charge('1')),
    ours: [
      charge('2.00'),
      ...Array.from({ length: 18 }, () => charge('1')),
      { ...allowance('30.00'), reason: 'SPRING' },
    ],
  },
])('of allowances, $name', ({ given, ours }) => {
  const context = aPricing({
    promotions: [less30],
    submission: { promotionCodes: ['SPRING'], allowanceCharges: given },
  });
  expect(acceptOurs(contentOf(context), context).allowanceCharges).toEqual(ours);
});
