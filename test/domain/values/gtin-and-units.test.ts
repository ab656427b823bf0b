import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nearestName } from '../../../domain/customers/nearest-name.ts';
import { quantitiesBySku } from '../../../domain/submissions/merge-lines.ts';
import { isGtin } from '../../../domain/values/gtin.ts';
import { quantitySchema } from '../../../domain/values/quantity.ts';
import { allowsDecimals, unitCodeFor, unitCodes } from '../../../domain/values/units.ts';

test.for(['96385074', '036000291452', '4006381333931', '10614141000415'])('%s is a GTIN', (gtin) => {
  expect(isGtin(gtin)).toBe(true);
});

test.for([
  ['of another check digit', '4006381333932'],
  ['of nine digits', '963850740'],
  ['of eleven digits', '03600029145'],
  ['with a letter', '400638133393X'],
  ['with a space', '4006381333931 '],
  ['of nothing', ''],
])('a code %s is none', ([, text]) => {
  expect(isGtin(text ?? '')).toBe(false);
});

test('a single mistyped digit of a GTIN is always caught', () => {
  const valid = '4006381333931';
  for (let place = 0; place < valid.length; place++)
    for (let digit = 0; digit <= 9; digit++)
      if (String(digit) !== valid[place])
        expect(isGtin(valid.slice(0, place) + digit + valid.slice(place + 1))).toBe(false);
});

test.for([
  ['箱', 'XCT'],
  [' PCS ', 'C62'],
  ['公斤', 'KGM'],
  ['kgm', 'KGM'],
  ['ｋｇ', 'KGM'],
  ['㎏', 'KGM'],
] as const)('%j is the unit %s', ([word, code]) => {
  expect(unitCodeFor(word)).toBe(code);
});

test('every unit is known by its own code, and a made-up word by none', () => {
  for (const code of unitCodes) expect(unitCodeFor(code)).toBe(code);
  expect(unitCodeFor('bunch')).toBeUndefined();
});

test('weights and measures may be divided, pieces may not', () => {
  expect(unitCodes.filter(allowsDecimals)).toEqual(['KGM', 'GRM', 'TNE', 'MTR', 'MTK', 'LTR', 'MLT']);
});

test.for([
  [1, true],
  [0.001, true],
  [1_000_000, true],
  [0, false],
  [-2, false],
  [1_000_001, false],
  [0.0004, false],
  [1e-7, false],
  [Number.NaN, false],
  [Number.POSITIVE_INFINITY, false],
])('%d is a quantity: %s', ([quantity, isOne]) => {
  expect(quantitySchema.safeParse(quantity).success).toBe(isOne);
});

test('lines of one article are one quantity, without binary noise', () => {
  const lines = [
    { sku: 'TEA', quantity: 0.1 },
    { sku: 'CUP', quantity: 2 },
    { sku: 'TEA', quantity: 0.2 },
    { sku: undefined, quantity: 9 },
  ];
  expect(quantitiesBySku(lines)).toEqual(
    new Map([
      ['TEA', 0.3],
      ['CUP', 2],
    ]),
  );
});

test('merging keeps the sum of any lines', () => {
  const line = fc.record({
    sku: fc.constantFrom('A', 'B', 'C'),
    quantity: fc.integer({ min: 1, max: 1_000_000 }).map((thousandths) => thousandths / 1000),
  });
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const thousandths = (quantities: number[]) =>
        quantities.reduce((sum, quantity) => sum + Math.round(quantity * 1000), 0);
      expect(thousandths([...quantitiesBySku(lines).values()])).toBe(
        thousandths(lines.map(({ quantity }) => quantity)),
      );
    }),
  );
});

test.for([
  ['adress', 'address'],
  ['postal_code', 'postalCode'],
  ['Quantity', 'quantity'],
  ['colour', undefined],
  ['q', undefined],
])('%s is taken for %s', ([name, meant]) => {
  expect(nearestName(name ?? '', ['address', 'postalCode', 'quantity'])).toBe(meant);
});
