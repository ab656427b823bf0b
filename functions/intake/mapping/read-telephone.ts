import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { cleanCode } from './clean-text.ts';

/** A telephone number in E.164; `isAssignable` is false when no network could have given it out. */
export type Telephone = { number: string; isAssignable: boolean };

const callingCountry = (countryCode: string): CountryCode =>
  isSupportedCountry(countryCode) ? countryCode : 'CN';

const maxCharacters = 64;

const parse = (text: string, countryCode: string) => {
  const bare = cleanCode(text.slice(0, maxCharacters))
    .replace(/^tel:/i, '')
    .replace(/^\((\+\d{1,3})\)/, '$1 ');
  return parsePhoneNumberFromString(bare, { defaultCountry: callingCountry(countryCode), extract: false });
};

/**
 * Reads a telephone number as dialled in a country: 13800138000 in CN is +8613800138000. Undefined for what is none, and
 * for one with an extension, which E.164 cannot say.
 */
export const telephoneOf = (text: string, countryCode: string): Telephone | undefined => {
  const number = text.length > maxCharacters ? undefined : parse(text, countryCode);
  return number?.isPossible() && !number.ext
    ? { number: number.number, isAssignable: number.isValid() }
    : undefined;
};

/** The number in a text that says more than one number: its extension or a word behind it. */
export const meantTelephone = (text: string, countryCode: string): string | undefined => {
  const [, first = ''] = /^([+\d][\d ()-]{5,}\d)\D/.exec(cleanCode(text)) ?? [];
  return first === '' ? undefined : telephoneOf(first, countryCode)?.number;
};
