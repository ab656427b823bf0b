import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTotals, priceOrder } from '../../../domain/pricing/price-order.ts';
import { type Currency, currencies } from '../../../domain/values/currencies.ts';
import { toDecimal } from '../../../domain/values/money.ts';
import { anOrder } from '../../builders/an-order.ts';

const price = (
  lines: { unitPrice: string; quantity: number; taxRate: string }[],
  more: Partial<Parameters<typeof priceOrder>[0]> = {},
) => priceOrder({ currency: 'CNY', pricesIncludeTax: false, allowanceCharges: [], lines, ...more });

test('the order of the contract comes to 909.72 CNY', () => {
  const { amounts } = anOrder().content;
  expect(toDecimal(amounts.payableAmount, 'CNY')).toBe('909.72');
  expect(amounts.taxes).toEqual([{ rate: '0.13', taxableAmount: 90_972, taxAmount: 10_466 }]);
});

test('tax is computed a rate, on the sum of its rounded lines', () => {
  const amounts = price([
    { unitPrice: '0.33', quantity: 1, taxRate: '0.13' },
    { unitPrice: '0.33', quantity: 1, taxRate: '0.13' },
    { unitPrice: '10', quantity: 1, taxRate: '0.06' },
  ]);
  expect(amounts.taxes).toEqual([
    { rate: '0.13', taxableAmount: 66, taxAmount: 9 },
    { rate: '0.06', taxableAmount: 1000, taxAmount: 60 },
  ]);
  expect(amounts.payableAmount).toBe(1066 + 69);
});

test('one rate written in two ways is one group', () => {
  const { taxes } = price([
    { unitPrice: '0.05', quantity: 1, taxRate: '0.1' },
    { unitPrice: '0.05', quantity: 1, taxRate: '0.10' },
  ]);
  expect(taxes).toEqual([{ rate: '0.1', taxableAmount: 10, taxAmount: 1 }]);
});

test('tax contained in the prices is shown and not added', () => {
  const { taxAmount, payableAmount } = price([{ unitPrice: '113', quantity: 1, taxRate: '0.13' }], {
    pricesIncludeTax: true,
  });
  expect({ taxAmount, payableAmount }).toEqual({ taxAmount: 1300, payableAmount: 11_300 });
});

test('allowances are taken off and charges put on', () => {
  const amounts = price([{ unitPrice: '100', quantity: 1, taxRate: '0' }], {
    allowanceCharges: [
      { isCharge: true, amount: '12.50' },
      { isCharge: false, amount: '3' },
      { isCharge: false, amount: '0.5' },
    ],
  });
  expect(amounts).toMatchObject({ chargeTotal: 1250, allowanceTotal: 350, payableAmount: 10_900 });
});

test('the payable amount is always the sum of its parts', () => {
  const line = fc.record({
    unitPrice: fc.integer({ min: 0, max: 10_000_000 }).map((units) => (units / 10_000).toFixed(4)),
    quantity: fc.integer({ min: 1, max: 1_000_000 }).map((units) => units / 1000),
    taxRate: fc.constantFrom('0', '0.06', '0.09', '0.13'),
  });
  const extra = fc.record({ isCharge: fc.boolean(), amount: fc.nat(100_000).map(String) });
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.array(extra, { maxLength: 5 }),
      fc.boolean(),
      fc.constantFrom(...currencies),
      (lines, allowanceCharges, pricesIncludeTax, currency) => {
        const amounts = price(lines, { allowanceCharges, pricesIncludeTax, currency });
        const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
        expect(amounts.lineExtensionAmount).toBe(sum(amounts.lines));
        expect(sum(amounts.taxes.map((group) => group.taxableAmount))).toBe(amounts.lineExtensionAmount);
        expect(amounts.taxAmount).toBe(sum(amounts.taxes.map((group) => group.taxAmount)));
        expect(amounts.payableAmount).toBe(
          amounts.lineExtensionAmount -
            amounts.allowanceTotal +
            amounts.chargeTotal +
            (pricesIncludeTax ? 0 : amounts.taxAmount),
        );
        expect(
          Object.values(amounts)
            .flat()
            .every((n) => typeof n === 'object' || Number.isSafeInteger(n)),
        ).toBe(true);
      },
    ),
  );
});

describe('submitted totals', () => {
  const amounts = price([{ unitPrice: '100', quantity: 1, taxRate: '0.13' }]);
  const codes = (totals: Parameters<typeof checkTotals>[0], tolerance = 0, currency: Currency = 'CNY') =>
    checkTotals(totals, amounts, currency, { toleranceMinor: tolerance }).map(({ pointer }) => pointer);

  test('agree, or are named one by one', () => {
    expect(codes(undefined)).toEqual([]);
    expect(codes({ lineExtensionAmount: '100', taxAmount: '13.00', payableAmount: '113.000' })).toEqual([]);
    expect(
      codes({
        lineExtensionAmount: '99',
        allowanceTotal: '1',
        chargeTotal: '1',
        taxAmount: '1',
        payableAmount: '112.99',
      }),
    ).toEqual([
      '#/totals/lineExtensionAmount',
      '#/totals/allowanceTotal',
      '#/totals/chargeTotal',
      '#/totals/taxAmount',
      '#/totals/payableAmount',
    ]);
  });

  test('may differ by the tolerance of the partner and not by more', () => {
    expect(codes({ payableAmount: '113.02' }, 2)).toEqual([]);
    expect(codes({ payableAmount: '113.03' }, 2)).toEqual(['#/totals/payableAmount']);
  });

  test('are not rounded until they fit', () => {
    expect(codes({ payableAmount: '113.004' })).toEqual(['#/totals/payableAmount']);
  });

  test('suggest our figure', () => {
    expect(checkTotals({ payableAmount: '1' }, amounts, 'CNY', { toleranceMinor: 0 })).toEqual([
      {
        code: 'TOTAL_MISMATCH',
        pointer: '#/totals/payableAmount',
        value: '1',
        expected: '113.00',
        suggestion: '113.00',
      },
    ]);
  });

  test('an order that would pay the customer is refused', () => {
    const negative = price([{ unitPrice: '1', quantity: 1, taxRate: '0' }], {
      allowanceCharges: [{ isCharge: false, amount: '2' }],
    });
    expect(checkTotals(undefined, negative, 'CNY', { toleranceMinor: 0 })).toMatchObject([
      { code: 'DISCOUNT_NOT_ALLOWED', value: '-1.00' },
    ]);
  });
});
