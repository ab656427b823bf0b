import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkPricing } from '../../../domain/audit/check-pricing.ts';
import { checkTaxRate } from '../../../domain/audit/check-tax-rate.ts';
import type { AuditContext } from '../../../domain/audit/context.ts';
import type { Finding } from '../../../domain/findings/finding.ts';
import { completeOrder } from '../../../domain/orders/complete-order.ts';
import {
  changedLeaves,
  editedSubmission,
  type FieldChange,
  isEditable,
} from '../../../domain/orders/edit-content.ts';
import { type OrderContent, orderContentSchema } from '../../../domain/orders/order.ts';
import { acceptOurs } from '../../../domain/pricing/accept-ours.ts';
import { priceDifference } from '../../../domain/pricing/price-difference.ts';
import { priceOrder } from '../../../domain/pricing/price-order.ts';
import type { PricingContext } from '../../../domain/pricing/pricing-context.ts';
import { checkSubmission } from '../../../domain/submissions/check-submission.ts';
import { readSubmission } from '../../../domain/submissions/read-submission.ts';
import { aPricing, aPromotion } from '../../builders/a-pricing.ts';
import { aPrice, aProduct } from '../../builders/a-product.ts';
import { orderDay } from '../../builders/a-submission.ts';
import { anAudit } from '../../builders/an-audit.ts';
import { anOrder } from '../../builders/an-order.ts';
import { randomPricing } from './random-pricing.ts';

/** A whole content around what pricing looks at. */
const contentOf = ({ order }: PricingContext): OrderContent => ({ ...anOrder().content, ...order });

const questions = (context: PricingContext): Finding[] => {
  const audit: AuditContext = { ...anAudit(), ...context };
  return [...checkPricing(audit), ...checkTaxRate(audit)].filter(({ code }) => code !== 'PRICE_MISSING');
};

/** An edit as the desk makes it: checked and completed as a submission is. */
const edited = (context: PricingContext, changes: readonly FieldChange[]): OrderContent => {
  const content = contentOf(context);
  const { problems, draft, submission } = readSubmission(editedSubmission(content, changes));
  const given = { partner: context.partner, now: orderDay, timeZone: 'Asia/Shanghai' };
  const wrong = [...problems, ...checkSubmission(draft, given, problems)].filter(({ pointer }) =>
    changes.some((change) => pointer.startsWith(change.pointer)),
  );
  expect(wrong).toEqual([]);
  if (!submission) throw new Error('no submission');
  const skus = submission.lines.map(({ sku }) => sku);
  return completeOrder(submission, {
    ...context,
    partner: { ...anAudit().partner, ...content.terms },
    skus,
    source: content.source,
    now: orderDay,
  });
};

const accepted = (context: PricingContext, findings: readonly Finding[]): PricingContext => ({
  ...context,
  order: edited(context, acceptOurs(findings, context)),
});

test('an order with ours accepted on every question about money raises none any more, and adds up to the cent', () => {
  let asked = 0;
  fc.assert(
    fc.property(randomPricing({ withPromotions: true }), (context) => {
      const found = questions(context);
      asked += found.length;
      const after = accepted(context, found);
      expect(questions(after)).toEqual([]);
      const content = orderContentSchema.parse(after.order);
      const { lines, ...amounts } = priceOrder(content);
      expect(content.amounts).toEqual(amounts);
      expect(content.lines.map(({ lineAmountMinor }) => lineAmountMinor)).toEqual(lines);
      const { toleranceMinor } = context.partner;
      for (const { differenceMinor } of priceDifference(after).lines)
        expect(Math.abs(differenceMinor)).toBeLessThanOrEqual(toleranceMinor);
      if (toleranceMinor === 0)
        expect(content.amounts.payableAmount).toBe(
          priceDifference({ ...context, order: content }).payable.expectedMinor,
        );
    }),
    { numRuns: 120 },
  );
  expect(asked).toBeGreaterThan(100);
});

/** What hangs on a line: its own amounts and those of the order. */
const hangsOn = (place: string) => (field: string) =>
  field.startsWith(place) || field.startsWith('#/amounts/');

test('ours accepted on one question changes only what that question is about', () => {
  fc.assert(
    fc.property(randomPricing({ withPromotions: true }), fc.nat(), (context, choice) => {
      const asked = questions(context);
      const finding = asked[choice % Math.max(1, asked.length)];
      if (!finding || finding.pointer.startsWith('#/totals/')) return;
      const changes = acceptOurs([finding], context);
      expect(changes.every(({ pointer }) => isEditable(pointer))).toBe(true);
      const place = finding.pointer.match(/^#\/(?:lines\/\d+\/|[^/]+)/)?.[0] ?? '';
      const before = contentOf(context);
      const fields = changedLeaves(before, edited(context, changes)).map(({ field }) => field);
      expect(fields.filter((field) => !hangsOn(place)(field))).toEqual([]);
    }),
    { numRuns: 120 },
  );
});

const teaAndCup = {
  catalogue: [aProduct(), aProduct({ sku: 'TEA', prices: [aPrice({ unitPrice: '10' })] })],
};

describe('of a line', () => {
  test('price and discount are taken together, and what it says beside stays', () => {
    const context = aPricing({
      lines: [
        { unitPrice: '35', note: 'gift', discount: { type: 'PERCENT', value: '9', promotionCode: 'NOPE' } },
      ],
      submission: { notes: 'ring twice' },
    });
    const { lines, amounts, ...after } = edited(
      context,
      acceptOurs([{ code: 'PRICE_MISMATCH', pointer: '#/lines/0/unitPrice' }], context),
    );
    const before = contentOf(context);
    expect(lines).toEqual([
      {
        ...before.lines[0],
        unitPrice: '39.90',
        discount: { type: 'PERCENT', value: '5' },
        lineAmountMinor: 90972,
      },
    ]);
    expect(amounts.payableAmount).toBe(90972);
    expect(before).toMatchObject(after);
  });

  test('a promoted price is our unit price with what the promotion takes off it, which no one unit price need be', () => {
    const third = aPromotion({ benefit: { type: 'PERCENT', value: '33.33' } });
    const context = aPricing({
      promotions: [third],
      submission: { promotionCodes: ['SPRING'] },
      lines: [{ unitPrice: '39.90', discount: undefined, quantity: 7 }],
    });
    const [asked] = questions(context);
    expect(asked).toMatchObject({ code: 'PRICE_MISMATCH', cause: 'PROMOTION_NOT_TAKEN' });
    expect(acceptOurs(asked ? [asked] : [], context)).toEqual([
      { pointer: '#/lines/0/discount', value: { type: 'PERCENT', value: '33.33' } },
    ]);
  });

  test.for([
    [{ code: 'PRICE_MISMATCH', pointer: '#/lines/0/unitPrice' }, ['#/lines/0/unitPrice']],
    [{ code: 'PRICE_MISMATCH', pointer: '#/lines/1/taxRate' }, ['#/lines/1/taxRate']],
    [
      { code: 'PROMOTION_INVALID', pointer: '#/lines/1/discount/promotionCode', value: 'NOPE' },
      ['#/lines/1/discount/promotionCode'],
    ],
    [{ code: 'DISCOUNT_NOT_ALLOWED', pointer: '#/lines/1/discount/value' }, ['#/lines/1/discount']],
    [{ code: 'PROMOTION_INVALID', pointer: '#/promotionCodes/0', value: 'GONE' }, ['#/promotionCodes']],
  ] as const)('%j changes %j and nothing else', ([finding, pointers]) => {
    const context = aPricing({
      ...teaAndCup,
      lines: [
        { unitPrice: '35', discount: undefined },
        {
          sku: 'TEA',
          unitPrice: '10',
          taxRate: '0.06',
          discount: { type: 'PERCENT', value: '30', promotionCode: 'NOPE' },
        },
      ],
      submission: { promotionCodes: ['GONE', 'NOPE'] },
    });
    expect(acceptOurs([finding], context).map(({ pointer }) => pointer)).toEqual(pointers);
  });
});

test('of small differences that are too much together, the lines that differ are taken', () => {
  const context = aPricing({
    ...teaAndCup,
    partner: { ...anAudit().partner, toleranceMinor: 3 },
    lines: [
      { unitPrice: '39.92', quantity: 1, discount: undefined },
      { unitPrice: '39.92', quantity: 1, discount: undefined },
      { unitPrice: '30', quantity: 1, discount: undefined },
      { sku: 'TEA', unitPrice: '10', quantity: 1, discount: undefined },
    ],
  });
  const asked = questions(context);
  expect(asked.map(({ pointer, value, expected }) => [pointer, value, expected])).toEqual([
    ['#/lines/2/unitPrice', '30', '39.90'],
    ['#/totals/lineExtensionAmount', '129.74', '129.70'],
  ]);
  expect(acceptOurs(asked.slice(1), context).map(({ pointer }) => pointer)).toEqual([
    '#/lines/0/unitPrice',
    '#/lines/1/unitPrice',
  ]);
});

test('several codes that do not hold are taken away together', () => {
  const context = aPricing({ submission: { promotionCodes: ['GONE', 'SPRING', 'NOPE'] } });
  const refused = ['GONE', 'NOPE'].map((value, index) => ({
    code: 'PROMOTION_INVALID' as const,
    pointer: `#/promotionCodes/${index}`,
    value,
  }));
  expect(acceptOurs(refused, context)).toEqual([{ pointer: '#/promotionCodes', value: ['SPRING'] }]);
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
  const asked = { code: 'PRICE_MISMATCH', pointer: '#/allowanceCharges' } as const;
  expect(acceptOurs([asked], context)).toEqual([{ pointer: '#/allowanceCharges', value: ours }]);
});
