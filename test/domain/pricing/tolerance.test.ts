import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isTolerated, toleranceOf } from '../../../domain/pricing/tolerance.ts';

test.for([
  { given: { toleranceMinor: 5 }, expected: 100_00, most: 5 },
  { given: { toleranceMinor: 500, tolerancePercent: 2 }, expected: 100_00, most: 200 },
  { given: { toleranceMinor: 500, tolerancePercent: 2 }, expected: 1000_00, most: 500 },
  { given: { toleranceMinor: 500, tolerancePercent: 0 }, expected: 1000_00, most: 0 },
  { given: { toleranceMinor: 500, tolerancePercent: 0.1 }, expected: 19_99, most: 1 },
  // 0.07 % of 100.00 is 7.000000000000001 cents in binary fractions, 29 % of 1.00 is 28.999999999999996.
  { given: { toleranceMinor: 500, tolerancePercent: 0.07 }, expected: 100_00, most: 7 },
  { given: { toleranceMinor: 500, tolerancePercent: 29 }, expected: 1_00, most: 29 },
])('of $given, for an amount of $expected, is $most', ({ given, expected, most }) => {
  expect(toleranceOf(given, expected)).toBe(most);
  expect([most, most + 1].map((off) => isTolerated(given, expected + off, expected))).toEqual([true, false]);
  expect([most, most + 1].map((off) => isTolerated(given, expected - off, expected))).toEqual([true, false]);
});

test('is never more than the amount allows, nor than the per cent do, as whole numbers tell it', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 0, max: 1_000_000 }),
      fc.integer({ min: 0, max: 1_000_000_000_000 }),
      fc.integer({ min: -20_000, max: 20_000 }),
      (toleranceMinor, tenThousandths, expected, off) => {
        const tolerancePercent = tenThousandths / 10_000;
        const distance = BigInt(Math.abs(off));
        const isNear =
          distance <= BigInt(toleranceMinor) &&
          distance * 1_000_000n <= BigInt(expected) * BigInt(tenThousandths);
        expect(isTolerated({ toleranceMinor, tolerancePercent }, expected + off, expected)).toBe(isNear);
      },
    ),
  );
});
