import { describe, expect, test } from 'vitest';
import { checkPrice } from '../../../domain/audit/check-price.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aPricing, aPromotion, type PricingGiven } from '../../builders/a-pricing.ts';
import { aPrice, aProduct } from '../../builders/a-product.ts';

const causes = (given: PricingGiven) =>
  checkPrice(aPricing(given)).map(({ code, pointer, cause }) =>
    [code, pointer, cause].filter(Boolean).join(' '),
  );

describe('the likely cause of a price that is not ours', () => {
  const catalogue = [
    aProduct({
      priceVersion: 3,
      prices: [
        aPrice({ unitPrice: '35.50', validFrom: '2025-01-01', validTo: '2025-12-31' }),
        aPrice({ unitPrice: '38.80', validFrom: '2025-06-01' }),
        aPrice({ unitPrice: '39.90', validFrom: '2026-01-01' }),
        aPrice({ unitPrice: '37.00', validFrom: '2026-01-01', minimumQuantity: 100 }),
        aPrice({ unitPrice: '41.20', validFrom: '2026-06-01' }),
        aPrice({ unitPrice: '33.30', validFrom: '2026-01-01', tier: 'GOLD' }),
        aPrice({ unitPrice: '5.70', validFrom: '2026-01-01', currency: 'USD' }),
      ],
    }),
  ];
  const promotions = [
    aPromotion({ benefit: { type: 'PERCENT', value: '12.5' } }),
    aPromotion({ code: 'LESS-4', currency: 'CNY', benefit: { type: 'UNIT_AMOUNT', value: '4' } }),
    aPromotion({ code: 'GONE', validTo: '2026-03-01', benefit: { type: 'PERCENT', value: '50' } }),
    aPromotion({ code: 'OTHERS', skus: ['TEA'], benefit: { type: 'PERCENT', value: '40' } }),
  ];

  test.for([
    ['35.50', 'OLD_PRICE_LIST', '2025-01-01/2025-12-31'],
    ['38.80', 'OLD_PRICE_LIST', '2025-06-01/..'],
    ['41.20', 'FUTURE_PRICE_LIST', '2026-06-01/..'],
    ['37', 'QUANTITY_BREAK', '>= 100'],
    ['34.9125', 'PROMOTION_MISSING', '2026-03-01/2026-03-31'],
    ['34.91', 'PROMOTION_MISSING', '2026-03-01/2026-03-31'],
    ['35.90', 'PROMOTION_MISSING', '2026-03-01/2026-03-31'],
    ['45.087', 'TAX_ADDED', 'taxRate 0.13'],
    ['45.09', 'TAX_ADDED', 'taxRate 0.13'],
    ['35.3097', 'TAX_LEFT_OUT', 'taxRate 0.13'],
    ['35.31', 'TAX_LEFT_OUT', 'taxRate 0.13'],
    ['5.70', 'OTHER_CURRENCY', 'USD 5.70'],
    ['33.30', 'OTHER', 'GOLD CNY 33.30'],
    ['478.80', 'PACK_SIZE', 'C62 × 12'],
    ['3.325', 'PACK_SIZE', 'C62 × 12'],
    ['36.66', 'OTHER', undefined],
    ['19.95', 'PACK_SIZE', 'C62 × 2'],
    ['23.94', 'OTHER', undefined],
    ['0', 'OTHER', undefined],
  ] as const)('%s: %s', ([unitPrice, cause, detail]) => {
    const [finding, ...others] = checkPrice(aPricing({ catalogue, promotions, lines: [{ unitPrice }] }));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'PRICE_MISMATCH',
      pointer: '#/lines/0/unitPrice',
      value: unitPrice,
      expected: '39.90',
      suggestion: '39.90',
      cause,
    });
    const [ours, ...more] = finding?.evidence ?? [];
    expect(ours).toMatchObject({ source: 'PRICE_LIST', id: 'CUP-350-BL', version: 3 });
    const [tolerance] = more.splice(-1);
    expect(tolerance).toEqual({ source: 'PARTNER', id: 'example-mall', detail: 'toleranceMinor 0' });
    expect(more.map((one) => one.detail)).toEqual(detail ? [expect.stringContaining(detail)] : []);
  });

  test('is found under a discount too', () => {
    expect(
      causes({ catalogue, lines: [{ unitPrice: '35.50', discount: { type: 'PERCENT', value: '5' } }] }),
    ).toEqual(['PRICE_MISMATCH #/lines/0/unitPrice OLD_PRICE_LIST']);
  });

  test('may be tax where the article is priced without it', () => {
    const product = aProduct({ pricesIncludeTax: false, prices: [aPrice({ unitPrice: '100' })] });
    const lines = [{ unitPrice: '100' }];
    expect(causes({ catalogue: [product], lines })).toEqual([
      'PRICE_MISMATCH #/lines/0/unitPrice TAX_LEFT_OUT',
    ]);
    expect(causes({ catalogue: [product], lines: [{ unitPrice: '113' }] })).toEqual([]);
  });
});

describe('a promotion', () => {
  const promotions = [aPromotion()];
  const spring = { submission: { promotionCodes: ['SPRING'] }, promotions };
  const less5 = aPromotion({ currency: 'CNY', benefit: { type: 'UNIT_AMOUNT', value: '5' } });

  test.for([
    ['its price as the unit price', { unitPrice: '35.91' }, []],
    ['its share as the discount', { discount: { type: 'PERCENT', value: '10' } }, []],
    ['its amount as the discount', { discount: { type: 'AMOUNT', value: '95.76' } }, []],
    ['nothing of it', {}, ['PRICE_MISMATCH #/lines/0/unitPrice PROMOTION_NOT_TAKEN']],
    ['a lower price still', { unitPrice: '35' }, ['PRICE_MISMATCH #/lines/0/unitPrice OTHER']],
    [
      'more of a discount, which the discounts’ check tells',
      { discount: { type: 'PERCENT', value: '11' } },
      [],
    ],
  ] as const)('is taken by %s', ([, line, expected]) => {
    expect(causes({ ...spring, lines: [line] })).toEqual(expected);
  });

  test('is part of our price, and settles the difference where one unit price can', () => {
    expect(checkPrice(aPricing({ ...spring, lines: [{}] }))).toMatchObject([
      { value: '39.90', expected: '39.90 −10%', suggestion: '35.91' },
    ]);
    expect(checkPrice(aPricing({ ...spring, lines: [{ quantity: 7, unitPrice: '39.89' }] }))).toMatchObject([
      { suggestion: '35.91' },
    ]);
    expect(checkPrice(aPricing({ ...spring, promotions: [less5], lines: [{}] }))).toMatchObject([
      { expected: '39.90 −120', suggestion: '34.9' },
    ]);
  });

  test('never makes a price negative', () => {
    const gift = aPromotion({ currency: 'CNY', benefit: { type: 'UNIT_AMOUNT', value: '100' } });
    expect(causes({ ...spring, promotions: [gift], lines: [{ unitPrice: '0' }] })).toEqual([]);
  });

  test.for([
    [
      'two shares',
      [aPromotion({ combinable: true }), aPromotion({ code: 'MAY', combinable: true })],
      '31.92',
    ],
    [
      'a share and an amount',
      [aPromotion({ combinable: true }), { ...less5, code: 'MAY', combinable: true }],
      '30.91',
    ],
  ] as const)('goes together with another: %s', ([, both, unitPrice]) => {
    const submission = { promotionCodes: ['SPRING', 'MAY'] };
    expect(causes({ promotions: [...both], submission, lines: [{ unitPrice }] })).toEqual([]);
    expect(causes({ promotions: [...both], submission, lines: [{}] })).toHaveLength(1);
  });
});

describe('tolerance', () => {
  const partner = aPartner({ toleranceMinor: 3 });

  test.for([
    [[{ unitPrice: '39.93', quantity: 1 }], []],
    [[{ unitPrice: '39.94', quantity: 1 }], ['PRICE_MISMATCH #/lines/0/unitPrice OTHER']],
    [
      [
        { unitPrice: '39.92', quantity: 1 },
        { unitPrice: '39.92', quantity: 1 },
      ],
      ['PRICE_MISMATCH #/totals/lineExtensionAmount SMALL_DIFFERENCES'],
    ],
    [
      [
        { unitPrice: '39.92', quantity: 1 },
        { unitPrice: '39.88', quantity: 1 },
      ],
      [],
    ],
    [
      [
        { unitPrice: '39.95', quantity: 1 },
        { unitPrice: '39.85', quantity: 1 },
      ],
      ['PRICE_MISMATCH #/lines/0/unitPrice OTHER', 'PRICE_MISMATCH #/lines/1/unitPrice OTHER'],
    ],
  ] as const)('holds for each line and for all together: %j', ([lines, expected]) => {
    expect(causes({ partner, lines: [...lines] })).toEqual(expected);
  });
});

test('an article without a price in this currency is told as that, and differs from nothing', () => {
  const catalogue = [aProduct({ prices: [aPrice({ currency: 'USD' })] })];
  expect(causes({ catalogue })).toEqual(['PRICE_MISSING #/lines/0/unitPrice']);
});
