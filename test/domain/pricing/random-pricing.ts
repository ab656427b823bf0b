import * as fc from 'fast-check';
import { customerTiers } from '../../../domain/partner.ts';
import type { PricingContext } from '../../../domain/pricing/pricing-context.ts';
import type { Promotion } from '../../../domain/rules/promotion-rules.ts';
import { minorDigitsOf } from '../../../domain/values/currencies.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aPricing, aPromotion } from '../../builders/a-pricing.ts';
import { aPrice, aProduct } from '../../builders/a-product.ts';

const decimal = (max: number, decimals: number) =>
  fc
    .integer({ min: 0, max: max * 10 ** decimals })
    .map((value) => (value / 10 ** decimals).toFixed(decimals));

const skus = ['A', 'B', 'C', 'D'];
const currencies = ['CNY', 'JPY', 'KWD'] as const;

const aDiscount = (code: fc.Arbitrary<string | undefined>) =>
  fc.option(
    fc
      .tuple(fc.constantFrom('PERCENT' as const, 'AMOUNT' as const), decimal(30, 2), code)
      .map(([type, value, promotionCode]) => ({ type, value, ...(promotionCode && { promotionCode }) })),
    { nil: undefined },
  );

/** How a line is submitted: at our price or beside it, in hundredths of a unit. */
const aLine = (code: fc.Arbitrary<string | undefined>) =>
  fc.record({
    sku: fc.constantFrom(...skus, 'UNKNOWN'),
    quantity: fc.integer({ min: 1, max: 40_000 }).map((thousandths) => thousandths / 1000),
    offset: fc.oneof(
      fc.constant(0),
      fc.constant(0),
      fc.integer({ min: -3, max: 3 }),
      fc.integer({ min: -2000, max: 2000 }),
    ),
    discount: aDiscount(code),
    taxRate: fc.constantFrom(undefined, '0.13', '0.06'),
  });

const noCode = fc.constant(undefined);
const codes = ['SPRING', 'MAY', 'LESS', 'GONE', 'NOPE'];

const promotionsFor = (currency: (typeof currencies)[number]) =>
  fc
    .tuple(
      fc.boolean(),
      fc.boolean(),
      fc.constantFrom<string[] | undefined>(undefined, ['A'], ['A', 'B']),
      decimal(40, 2),
      decimal(5, 2),
    )
    .map(([first, second, only, percent, amount]) => [
      aPromotion({
        combinable: first,
        ...(only && { skus: only }),
        benefit: { type: 'PERCENT', value: percent === '0.00' ? '1' : percent },
      }),
      aPromotion({
        code: 'MAY',
        combinable: second,
        currency,
        benefit: { type: 'UNIT_AMOUNT', value: amount },
      }),
      aPromotion({
        code: 'LESS',
        combinable: true,
        currency,
        benefit: { type: 'ORDER_AMOUNT', value: amount },
      }),
      aPromotion({ code: 'GONE', validFrom: '2026-01-01', validTo: '2026-01-31' }),
    ]);

type Random = { withPromotions: boolean };

/** Random orders of some articles, each with one price; lines at that price or near it, discounts, allowances, tolerance. */
export const randomPricing = ({ withPromotions }: Random): fc.Arbitrary<PricingContext> =>
  fc
    .record({
      currency: fc.constantFrom(...currencies),
      prices: fc.array(decimal(200, 4), { minLength: 4, maxLength: 4 }),
    })
    .chain(({ currency, prices }) => {
      const code = withPromotions ? fc.option(fc.constantFrom(...codes), { nil: undefined }) : noCode;
      const off = decimal(20, minorDigitsOf(currency));
      return fc.record({
        currency: fc.constant(currency),
        prices: fc.constant(prices),
        lines: fc.array(aLine(code), { minLength: 1, maxLength: 6 }),
        promotions: withPromotions ? promotionsFor(currency) : fc.constant<Promotion[]>([]),
        promotionCodes: withPromotions
          ? fc.uniqueArray(fc.constantFrom(...codes), { maxLength: 3 })
          : fc.constant<string[]>([]),
        allowanceCharges: fc.array(
          fc.record({ isCharge: fc.boolean(), amount: fc.oneof(fc.constant('0'), off) }),
          { maxLength: 3 },
        ),
        tolerance: fc.record(
          {
            toleranceMinor: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 60 })),
            tolerancePercent: fc.integer({ min: 0, max: 50_000 }).map((share) => share / 10_000),
          },
          { requiredKeys: ['toleranceMinor'] },
        ),
        customerTier: fc.constantFrom(...customerTiers),
        articlesIncludeTax: withPromotions ? fc.boolean() : fc.constant(true),
      });
    })
    .map(({ currency, prices, lines, promotions, customerTier, tolerance, articlesIncludeTax, ...order }) =>
      aPricing({
        catalogue: skus.map((sku, index) =>
          aProduct({
            sku,
            pricesIncludeTax: articlesIncludeTax,
            prices: [aPrice({ currency, unitPrice: prices[index] ?? '1' })],
          }),
        ),
        lines: lines.map(({ offset, taxRate, ...line }) => {
          const ours = Number(prices[skus.indexOf(line.sku)] ?? '10');
          const unitPrice = Math.max(0, ours + offset / 100).toFixed(4);
          return { ...line, unitPrice, ...(taxRate && { taxRate }) };
        }),
        promotions,
        customerTier,
        partner: aPartner(tolerance),
        submission: { currency, ...order },
      }),
    );
