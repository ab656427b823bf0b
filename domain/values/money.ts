import Big from 'big.js';
import { type Currency, minorDigitsOf } from './currencies.ts';

/** An amount in minor units of its currency: 19900 is 199.00 CNY and 19900 JPY. Always a safe integer. */
export type MinorAmount = number;

/** The largest amount of one line, allowance or charge: the sum of as many as an order may have stays a safe integer. */
export const maxAmountMinor = 1_000_000_000_000;

/** Half-up (away from zero at .5), the one rounding rule of every amount. */
const roundHalfUp = (value: Big): MinorAmount => {
  const minor = value.round(0, Big.roundHalfUp).toNumber();
  if (!Number.isSafeInteger(minor)) throw new RangeError(`amount out of range: ${value.toFixed()}`);
  return minor;
};

/** Rounds a decimal amount to minor units of its currency, half-up. */
export const toMinor = (decimal: Big | string, currency: Currency): MinorAmount =>
  roundHalfUp(new Big(decimal).times(new Big(10).pow(minorDigitsOf(currency))));

/** The decimal text of an amount with exactly the currency's minor digits: "199.00", JPY "19900". */
export const toDecimal = (minor: MinorAmount, currency: Currency): string => {
  const digits = minorDigitsOf(currency);
  return new Big(minor).div(new Big(10).pow(digits)).toFixed(digits);
};

/** True when the text is a decimal number that has no more decimals than the currency: "9.90" CNY, not "9.905". */
export const fitsCurrency = (decimal: string, currency: Currency): boolean => {
  const value = new Big(decimal);
  return value.round(minorDigitsOf(currency), Big.roundDown).eq(value);
};

/** unitPrice × quantity less discount, rounded once. Discount percent is 0–100; a discount amount is in currency units. */
export const lineAmount = (
  line: {
    unitPrice: string;
    quantity: number;
    discount?: { type: 'PERCENT' | 'AMOUNT'; value: string } | undefined;
  },
  currency: Currency,
): MinorAmount => {
  const gross = new Big(line.unitPrice).times(line.quantity);
  if (!line.discount) return toMinor(gross, currency);
  const discount =
    line.discount.type === 'PERCENT'
      ? gross.times(line.discount.value).div(100)
      : new Big(line.discount.value);
  return toMinor(gross.minus(discount), currency);
};

/** Tax on a rounded sum: added to it, or contained in it when prices include tax. The rate is a fraction: "0.13". */
export const taxAmount = (sum: MinorAmount, rate: string, pricesIncludeTax: boolean): MinorAmount => {
  const base = new Big(sum).times(rate);
  return roundHalfUp(pricesIncludeTax ? base.div(new Big(1).plus(rate)) : base);
};
