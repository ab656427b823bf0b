import Big from 'big.js';
import type { Partner } from '../partner.ts';
import type { MinorAmount } from '../values/money.ts';

export type Tolerance = Pick<Partner, 'toleranceMinor' | 'tolerancePercent'>;

/** The most that an amount may differ from the one we expect, in minor units: of amount and per cent the stricter. */
export const toleranceOf = (
  { toleranceMinor, tolerancePercent }: Tolerance,
  expected: MinorAmount,
): MinorAmount => {
  if (tolerancePercent === undefined) return toleranceMinor;
  const share = new Big(expected).abs().times(tolerancePercent).div(100);
  return Math.min(toleranceMinor, share.round(0, Big.roundDown).toNumber());
};

/** True when an amount is near enough to the one we expect. */
export const isTolerated = (tolerance: Tolerance, submitted: MinorAmount, expected: MinorAmount): boolean =>
  Math.abs(submitted - expected) <= toleranceOf(tolerance, expected);
