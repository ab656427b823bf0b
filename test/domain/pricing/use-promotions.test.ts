import { expect, test } from 'vitest';
import { emptyAccount } from '../../../domain/customers/customer-account.ts';
import { usePromotions } from '../../../domain/pricing/use-promotions.ts';
import type { Promotion } from '../../../domain/rules/promotion-rules.ts';
import { aPricing, aPromotion, type PricingGiven } from '../../builders/a-pricing.ts';
import { aProduct } from '../../builders/a-product.ts';

const tea = aProduct({ sku: 'TEA', name: { 'zh-CN': '茶', en: 'Tea' } });
const catalogue = [aProduct(), tea];
const cups = { quantity: 10 };
const teas = { sku: 'TEA', quantity: 5 };

/** `SPRING 0,1` for a promotion used on lines 0 and 1, `X PROMOTION_UNKNOWN #/…` for one refused. */
const told = (given: PricingGiven): string[] => {
  const { used, refused } = usePromotions(aPricing({ catalogue, ...given }));
  return [
    ...used.map(({ promotion, lines }) => `${promotion.code} ${lines.join(',')}`),
    ...refused.map(({ code, cause, pointer }) => `${code} ${cause} ${pointer}`),
  ];
};

const named = (promotion: Partial<Promotion>, given: PricingGiven = {}) =>
  told({
    lines: [cups, teas],
    promotions: [aPromotion(promotion)],
    submission: { promotionCodes: ['SPRING'] },
    ...given,
  });
const refused = (cause: string) => [`SPRING ${cause} #/promotionCodes/0`];

const usedBefore = (times: number) => ({
  account: { ...emptyAccount, used: new Map([['SPRING@2026-03-01', times]]) },
});

test.for([
  { times: 0, expected: ['SPRING 0,1'] },
  { times: 1, expected: ['SPRING 0,1'] },
  { times: 2, expected: refused('PROMOTION_USED_UP') },
  { times: 3, expected: refused('PROMOTION_USED_UP') },
])('of two uses, with $times of them used: $expected', ({ times, expected }) => {
  expect(named({ usesPerCustomer: 2 }, usedBefore(times))).toEqual(expected);
  expect(named({}, usedBefore(times))).toEqual(['SPRING 0,1']);
  const anew = named({ usesPerCustomer: 2, validFrom: '2026-03-02' }, usedBefore(times));
  expect(anew).toEqual(['SPRING 0,1']);
});

test.for([
  { name: 'without conditions', promotion: {}, expected: ['SPRING 0,1'] },
  { name: 'on its first day', promotion: { validFrom: '2026-03-02' }, expected: ['SPRING 0,1'] },
  { name: 'on its last day', promotion: { validTo: '2026-03-02' }, expected: ['SPRING 0,1'] },
  { name: 'until further notice', promotion: { validTo: undefined }, expected: ['SPRING 0,1'] },
  {
    name: 'the day before its first',
    promotion: { validFrom: '2026-03-03' },
    expected: refused('PROMOTION_NOT_YET'),
  },
  {
    name: 'the day after its last',
    promotion: { validTo: '2026-03-01', validFrom: '2026-02-01' },
    expected: refused('PROMOTION_EXPIRED'),
  },
  { name: 'for its tier', promotion: { tiers: ['GOLD', 'STANDARD'] }, expected: ['SPRING 0,1'] },
  { name: 'for another tier', promotion: { tiers: ['GOLD'] }, expected: refused('PROMOTION_TIER') },
  { name: 'in its currency', promotion: { currency: 'CNY' }, expected: ['SPRING 0,1'] },
  { name: 'in another currency', promotion: { currency: 'USD' }, expected: refused('PROMOTION_CURRENCY') },
  { name: 'for one article of two', promotion: { skus: ['TEA', 'PEN'] }, expected: ['SPRING 1'] },
  { name: 'for none of its articles', promotion: { skus: ['PEN'] }, expected: refused('PROMOTION_ARTICLE') },
  {
    name: 'from its quantity on, over all lines',
    promotion: { minimumQuantity: 15 },
    expected: ['SPRING 0,1'],
  },
  {
    name: 'below its quantity',
    promotion: { minimumQuantity: 15.001 },
    expected: refused('PROMOTION_QUANTITY'),
  },
  {
    name: 'of its articles only',
    promotion: { minimumQuantity: 6, skus: ['TEA'] },
    expected: refused('PROMOTION_QUANTITY'),
  },
  {
    name: 'from its amount on, at our prices',
    promotion: { minimumAmount: '598.50', currency: 'CNY' },
    expected: ['SPRING 0,1'],
  },
  {
    name: 'below its amount',
    promotion: { minimumAmount: '598.51', currency: 'CNY' },
    expected: refused('PROMOTION_AMOUNT'),
  },
] as const)('a promotion named by the order, $name', ({ promotion, expected }) => {
  const { tiers, skus, ...same } = { tiers: undefined, skus: undefined, ...promotion };
  expect(named({ ...same, ...(tiers && { tiers: [...tiers] }), ...(skus && { skus: [...skus] }) })).toEqual(
    expected,
  );
});

test('a price that was raised does not help to reach an amount', () => {
  const given = { lines: [{ quantity: 1, unitPrice: '500' }] };
  expect(named({ minimumAmount: '40', currency: 'CNY' }, given)).toEqual(refused('PROMOTION_AMOUNT'));
});

const discounted = (promotionCode: string, line = {}) => ({
  ...line,
  discount: { type: 'PERCENT', value: '10', promotionCode } as const,
});

test('a promotion named by one line is for that line', () => {
  expect(told({ lines: [cups, discounted('SPRING', teas)], promotions: [aPromotion()] })).toEqual([
    'SPRING 1',
  ]);
});

test('a line that a promotion is not for may not name it, while another may', () => {
  expect(
    told({
      lines: [discounted('SPRING', cups), discounted('SPRING', teas)],
      promotions: [aPromotion({ skus: ['TEA'] })],
    }),
  ).toEqual(['SPRING 1', 'SPRING PROMOTION_ARTICLE #/lines/0/discount/promotionCode']);
});

test('a promotion of the whole order is not named by a line', () => {
  const promotions = [aPromotion({ currency: 'CNY', benefit: { type: 'ORDER_AMOUNT', value: '30' } })];
  expect(told({ lines: [discounted('SPRING', cups)], promotions })).toEqual([
    'SPRING PROMOTION_ON_ORDER #/lines/0/discount/promotionCode',
  ]);
});

test('an unknown code is told wherever it is named', () => {
  expect(
    told({
      lines: [discounted('NOPE')],
      submission: { promotionCodes: ['NOPE', 'spring'] },
      promotions: [aPromotion()],
    }),
  ).toEqual([
    'NOPE PROMOTION_UNKNOWN #/promotionCodes/0',
    'NOPE PROMOTION_UNKNOWN #/lines/0/discount/promotionCode',
    'spring PROMOTION_UNKNOWN #/promotionCodes/1',
  ]);
});

test('a code named twice is used once', () => {
  expect(named({}, { submission: { promotionCodes: ['SPRING', 'SPRING'] } })).toEqual(['SPRING 0,1']);
});

const both = { submission: { promotionCodes: ['SPRING', 'MAY'] }, lines: [cups, teas] };
test.for([
  { name: 'go together when both may', first: true, second: true, expected: ['SPRING 0,1', 'MAY 0,1'] },
  {
    name: 'do not when the first may not',
    first: false,
    second: true,
    expected: ['SPRING 0,1', 'MAY PROMOTION_NOT_COMBINABLE #/promotionCodes/1'],
  },
  {
    name: 'do not when the second may not',
    first: true,
    second: false,
    expected: ['SPRING 0,1', 'MAY PROMOTION_NOT_COMBINABLE #/promotionCodes/1'],
  },
])('two promotions on the same lines $name', ({ first, second, expected }) => {
  const promotions = [aPromotion({ combinable: first }), aPromotion({ code: 'MAY', combinable: second })];
  expect(told({ ...both, promotions })).toEqual(expected);
});

test('two that go with no other are both used where they share no line', () => {
  const promotions = [aPromotion({ skus: ['CUP-350-BL'] }), aPromotion({ code: 'MAY', skus: ['TEA'] })];
  expect(told({ ...both, promotions })).toEqual(['SPRING 0', 'MAY 1']);
});
