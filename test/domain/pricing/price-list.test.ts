import { expect, test } from 'vitest';
import { priceFor } from '../../../domain/pricing/price-list.ts';
import { aPrice, aProduct } from '../../builders/a-product.ts';

const prices = [
  aPrice({ unitPrice: '40', validTo: '2025-12-31' }),
  aPrice({ unitPrice: '39.90', validFrom: '2026-01-01' }),
  aPrice({ unitPrice: '37.90', validFrom: '2026-01-01', minimumQuantity: 50 }),
  aPrice({ unitPrice: '38', validFrom: '2026-01-01', tier: 'GOLD' }),
  aPrice({ unitPrice: '36', validFrom: '2026-01-01', tier: 'GOLD', minimumQuantity: 100 }),
  aPrice({ unitPrice: '39.00', validFrom: '2026-06-01' }),
  aPrice({ unitPrice: '6', validFrom: '2026-01-01', currency: 'USD' }),
];
const query = {
  tier: 'STANDARD',
  currency: 'CNY',
  quantity: 1,
  day: '2026-03-02',
  pricesIncludeTax: true,
} as const;

test.for([
  { name: 'the price of the day', ask: {}, price: '39.90' },
  { name: 'last year’s price last year', ask: { day: '2025-12-31' }, price: '40' },
  { name: 'the newest of two that hold', ask: { day: '2026-06-01' }, price: '39.00' },
  { name: 'the quantity break just not reached', ask: { quantity: 49.999 }, price: '39.90' },
  { name: 'the quantity break reached', ask: { quantity: 50 }, price: '37.90' },
  { name: 'the tier’s own price', ask: { tier: 'GOLD' }, price: '38' },
  { name: 'the tier’s own price before a break for all', ask: { tier: 'GOLD', quantity: 60 }, price: '38' },
  { name: 'the tier’s own break', ask: { tier: 'GOLD', quantity: 100 }, price: '36' },
  { name: 'the price for all where the tier has none', ask: { tier: 'SILVER' }, price: '39.90' },
  { name: 'another currency’s price', ask: { currency: 'USD' }, price: '6' },
  { name: 'no price in a currency without one', ask: { currency: 'EUR' }, price: undefined },
  { name: 'no price before the first', ask: { day: '2024-12-31' }, price: undefined },
  { name: 'tax taken out, to four decimals', ask: { pricesIncludeTax: false }, price: '35.3097' },
] as const)('$name', ({ ask, price }) => {
  expect(priceFor(aProduct({ prices }), { ...query, ...ask })).toBe(price);
});

test('tax is put on a price without it', () => {
  const product = aProduct({ prices: [aPrice({ unitPrice: '100' })], pricesIncludeTax: false });
  expect(priceFor(product, query)).toBe('113');
});
