import Big from 'big.js';
import { cleanCode } from './clean-text.ts';
import { decimalOfText } from './read-number.ts';

const chineseDigits = '零一二三四五六七八九';

/** 九 is 9, 八五 is 85; Arabic digits stay as they are. */
const arabic = (text: string): string =>
  text.replaceAll(/[零一二三四五六七八九]/g, (digit) => String(chineseDigits.indexOf(digit)));

/** 9折 is nine tenths of the price, 85折 is 85 %. */
const foldPercent = (text: string): string | undefined => {
  const amount = /^(\d(\.\d+)?|(?!10)\d{2})折$/.exec(arabic(text))?.[1];
  if (amount === undefined) return undefined;
  const percentPaid =
    amount.includes('.') || amount.length === 1 ? new Big(amount).times(10) : new Big(amount);
  return new Big(100).minus(percentPaid).toFixed();
};

/** Per cent off as decimal text; `isStated` when the text says which kind of number it is, by % or 折. */
export type TypedDiscount = { percent: string; isStated: boolean };

/** Reads "5", "5%", "9折" or "八五折"; undefined when it says none of these. */
export const typedDiscountOf = (text: string): TypedDiscount | undefined => {
  const bare = cleanCode(text).replaceAll(' ', '');
  const stated = foldPercent(bare) ?? (/%$/.test(bare) ? decimalOfText(bare.slice(0, -1)) : undefined);
  if (stated !== undefined) return { percent: stated, isStated: true };
  const percent = decimalOfText(bare);
  return percent === undefined ? undefined : { percent, isStated: false };
};

/** The readings of a number that does not say its kind: a fraction, tenths of the price that are paid, or per cent. */
export const readingsOfDiscount = (decimal: string): string[] => {
  const value = new Big(decimal);
  const paid = new Big(100).minus(value.times(value.lt(1) ? 100 : 10));
  return (value.lt(1) ? [value.times(100), paid, value] : [value, paid]).map((one) => `${one.toFixed()}%`);
};
