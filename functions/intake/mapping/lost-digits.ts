import { isCreditCode } from '../../../domain/customers/credit-code.ts';
import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import { isPostalCode } from '../../../domain/values/countries.ts';
import { isGtin } from '../../../domain/values/gtin.ts';
import type { ConversionContext } from './conversion.ts';

/** Spreadsheets keep so many digits of a number. */
export const reliableDigits = 15;

/** True for text that spreadsheets leave in a CSV file where a long number stood. */
export const isScientific = (text: string): boolean => /^\d([.,]\d+)?E[+-]\d+$|^\d[.,]\d+E\d+$/i.test(text);

const gtinLengths = [8, 12, 13, 14];
const postalCodeLengths = [4, 5, 6, 7];
/** Postcodes begin with so many zeros at most; those of China with one. */
const leadingZeros = { CN: 1, other: 2 };

/** Digits with the leading zeros that they must have had: a GTIN's check digit and a postcode's length prove it. */
export const withLostZeros = (
  digits: string,
  name: ColumnName,
  { countryCode }: Pick<ConversionContext, 'countryCode'>,
): string | undefined => {
  if (!/^\d+$/.test(digits)) return undefined;
  const padded = (lengths: readonly number[], most: number) =>
    lengths
      .filter((length) => length > digits.length && length <= digits.length + most)
      .map((length) => digits.padStart(length, '0'));
  if (name === 'gtin') return isGtin(digits) ? undefined : padded(gtinLengths, 8).find(isGtin);
  if (name !== 'postalCode' || isPostalCode(countryCode, digits)) return undefined;
  const most = countryCode === 'CN' ? leadingZeros.CN : leadingZeros.other;
  return padded(postalCodeLengths, most).find((code) => isPostalCode(countryCode, code));
};

/** True for a number whose digits beyond the reliable ones, so many or more, are all nought. */
export const isRounded = (digits: string, least = 1): boolean =>
  digits.length >= reliableDigits + least && /^\d{15}0+$/.test(digits);

/** A tax number of 18 digits whose check character disagrees, and which ends in noughts, has been a number. */
export const isRoundedTaxId = (digits: string): boolean =>
  digits.length === 18 && isRounded(digits) && !isCreditCode(digits);
