import Big from 'big.js';
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

/** Per cent off, as decimal text, from "5", "5%", "9折" or "八五折"; undefined when it says none of these. */
export const discountPercentOf = (text: string): string | undefined => {
  const bare = text.normalize('NFKC').replaceAll(/\s/g, '');
  return foldPercent(bare) ?? decimalOfText(bare.replace(/%$/, ''));
};
