import Big from 'big.js';

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const grouped = /^[+-]?\d{1,3}(,\d{3})+(\.\d*)?$/;
const currencySigns = /^(?:¥|\$|€|£|CNY|RMB|USD|EUR|HK\$|US\$)|(?:元|CNY|RMB|USD|EUR)$/gi;
/** Spreadsheets compute with doubles of 15 reliable digits and store 17: 1.1000000000000001 was typed as 1.1. */
const reliableDigits = 15;
const maxLength = 100;

/** The plain decimal text of a typed number: full-width digits, thousands separators and currency signs are read. */
export const decimalOfText = (text: string): string | undefined => {
  if (text.length > maxLength) return undefined;
  const bare = text.normalize('NFKC').replaceAll(/\s/g, '').replaceAll(currencySigns, '');
  const plain = grouped.test(bare) ? bare.replaceAll(',', '') : bare;
  return decimal.test(plain) ? new Big(plain.replace(/^\+/, '').replace(/\.$/, '')).toFixed() : undefined;
};

/** The plain decimal text of a number cell, as the spreadsheet shows it; undefined when it is not a finite number. */
export const decimalOfCell = (text: string): string | undefined => {
  if (text.length > maxLength || !/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text)) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  const [digits = ''] = text
    .replace(/^[+-]?0*\.?0*/, '')
    .replace('.', '')
    .split(/e/i);
  const exact = new Big(text.replace(/^\+/, '').replace(/\.(?=e|$)/i, ''));
  const isNoise =
    digits.length > reliableDigits && exact.round(0, Big.roundDown).toFixed().length <= reliableDigits;
  return (isNoise ? exact.prec(reliableDigits, Big.roundHalfUp) : exact).toFixed();
};
