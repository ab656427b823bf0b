import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencies, minorDigitsOf } from '../../../domain/values/currencies.ts';
import { fitsCurrency, lineAmount, taxAmount, toDecimal, toMinor } from '../../../domain/values/money.ts';

const anyCurrency = fc.constantFrom(...currencies);
const anyMinor = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });

test.for([
  ['199', 'CNY', 19_900],
  ['199.005', 'CNY', 19_901],
  ['199.004999', 'CNY', 19_900],
  ['-0.005', 'CNY', -1],
  ['1990', 'JPY', 1990],
  ['1990.5', 'JPY', 1991],
  ['1.2345', 'KWD', 1235],
  ['0.1', 'KWD', 100],
] as const)('%s %s is %i in minor units, half-up', ([decimal, currency, minor]) => {
  expect(toMinor(decimal, currency)).toBe(minor);
});

test.for([
  [19_900, 'CNY', '199.00'],
  [1990, 'JPY', '1990'],
  [1, 'KWD', '0.001'],
  [0, 'CNY', '0.00'],
  [-5, 'CNY', '-0.05'],
] as const)('%i of %s is written %s', ([minor, currency, decimal]) => {
  expect(toDecimal(minor, currency)).toBe(decimal);
});

test('an amount survives being written and read, in every currency', () => {
  fc.assert(
    fc.property(anyMinor, anyCurrency, (minor, currency) => {
      const written = toDecimal(minor, currency);
      expect(toMinor(written, currency)).toBe(minor);
      expect(fitsCurrency(written, currency)).toBe(true);
      expect(written.split('.')[1]?.length ?? 0).toBe(minorDigitsOf(currency));
    }),
  );
});

test.for([
  ['9.90', 'CNY', true],
  ['9.905', 'CNY', false],
  ['9.900', 'CNY', true],
  ['9.5', 'JPY', false],
  ['9.905', 'KWD', true],
] as const)('%s fits %s: %s', ([decimal, currency, fits]) => {
  expect(fitsCurrency(decimal, currency)).toBe(fits);
});

test('an amount beyond exact integers is refused instead of being stored wrong', () => {
  expect(() => toMinor('99999999999999999', 'CNY')).toThrow(RangeError);
});

describe('a line', () => {
  test.for([
    { name: 'price times quantity', line: { unitPrice: '39.90', quantity: 24 }, minor: 95_760 },
    {
      name: 'a percentage taken off before rounding',
      line: { unitPrice: '39.90', quantity: 24, discount: { type: 'PERCENT', value: '5' } },
      minor: 90_972,
    },
    {
      name: 'an amount taken off',
      line: { unitPrice: '39.90', quantity: 24, discount: { type: 'AMOUNT', value: '7.6' } },
      minor: 95_000,
    },
    { name: 'rounded once, not piece by piece', line: { unitPrice: '0.0049', quantity: 3 }, minor: 1 },
    { name: 'half a cent up', line: { unitPrice: '0.005', quantity: 1 }, minor: 1 },
    { name: 'a fraction of a kilogram', line: { unitPrice: '12.80', quantity: 0.375 }, minor: 480 },
    {
      name: 'all of it taken off',
      line: { unitPrice: '5', quantity: 2, discount: { type: 'PERCENT', value: '100' } },
      minor: 0,
    },
  ] as const)('is $name', ({ line, minor }) => {
    expect(lineAmount(line, 'CNY')).toBe(minor);
  });
});

test.for([
  { sum: 10_000, rate: '0.13', includes: false, tax: 1300 },
  { sum: 11_300, rate: '0.13', includes: true, tax: 1300 },
  { sum: 90_972, rate: '0.13', includes: true, tax: 10_466 },
  { sum: 50, rate: '0.01', includes: false, tax: 1 },
  { sum: 999, rate: '0', includes: true, tax: 0 },
])('tax of $rate on $sum (included: $includes) is $tax', ({ sum, rate, includes, tax }) => {
  expect(taxAmount(sum, rate, includes)).toBe(tax);
});

test('tax taken out of a price and put on again is off by less than one minor unit', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 1_000_000_000 }),
      fc.constantFrom('0', '0.03', '0.06', '0.09', '0.13', '0.2'),
      (gross, rate) => {
        const net = gross - taxAmount(gross, rate, true);
        expect(Math.abs(net + taxAmount(net, rate, false) - gross)).toBeLessThanOrEqual(1);
      },
    ),
  );
});
