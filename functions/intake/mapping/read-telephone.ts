import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min';

const callingCountry = (countryCode: string): CountryCode =>
  isSupportedCountry(countryCode) ? countryCode : 'CN';

/** A telephone number in E.164, read as dialled in a country: 13800138000 in CN is +8613800138000. */
export const telephoneOf = (text: string, countryCode: string): string | undefined => {
  const number = parsePhoneNumberFromString(text.normalize('NFKC'), {
    defaultCountry: callingCountry(countryCode),
    extract: false,
  });
  return number?.isPossible() ? number.number : undefined;
};
