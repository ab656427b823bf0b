import Big from 'big.js';
import { withoutMarks } from '../../../domain/values/currency-marks.ts';
import { unitCodeFor } from '../../../domain/values/units.ts';
import { chineseNumberOf } from './chinese-number.ts';
import { cleanCode } from './clean-text.ts';

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)$/;
const grouped = /^[+-]?\d{1,3}(?:(?:,\d{3})+|(?: \d{3})+|(?:'\d{3})+)(\.\d*)?$/;
/** Spreadsheets compute with doubles of 15 reliable digits and store 17: 1.1000000000000001 was typed as 1.1. */
const reliableDigits = 15;
const maxLength = 100;

const canonical = (plain: string): string => new Big(plain.replace(/^\+/, '').replace(/\.$/, '')).toFixed();

/** A number as typed: its plain decimal text, and the currency marks beside it. */
export type TypedNumber = { decimal: string; marks: string[] };

/** Reads a typed number: full-width digits, thousands separators and currency marks are understood. */
export const typedNumberOf = (text: string): TypedNumber | undefined => {
  if (text.length > maxLength) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return { decimal: canonical(text), marks: [] };
  const { bare, marks } = withoutMarks(cleanCode(text));
  const signed = bare.replace(/^([+-]) /, '$1');
  const plain = grouped.test(signed) ? signed.replaceAll(/[, ']/g, '') : signed;
  return decimal.test(plain) ? { decimal: canonical(plain), marks } : undefined;
};

/** The plain decimal text of a typed number; undefined when it is none. */
export const decimalOfText = (text: string): string | undefined => typedNumberOf(text)?.decimal;

/** The readings of a number whose only separator is a decimal sign in some countries and a thousands separator in others. */
export const readingsOfNumber = (text: string): string[] => {
  const [, whole = '', sign = '', rest = ''] = /^(\d{1,3})([,.])(\d{3})$/.exec(cleanCode(text)) ?? [];
  return sign === '' ? [] : [canonical(`${whole}.${rest}`), canonical(whole + rest)];
};

/** What a text that is no number was probably meant to be: 24个, 二十四, 1.5万, 1.234,50. */
export const meantNumber = (text: string): string | undefined => {
  if (text.length > maxLength) return undefined;
  const { bare } = withoutMarks(cleanCode(text));
  if (/^\d{1,3}(\.\d{3})*,\d{1,2}$/.test(bare)) return canonical(bare.replaceAll('.', '').replace(',', '.'));
  const [, amount = '', unit = ''] = /^([^\p{L}]*\d)\s*(\p{L}+\d?)$/u.exec(bare) ?? [];
  if (unitCodeFor(unit)) return decimalOfText(amount);
  return chineseNumberOf(bare.replace(/(?<=[十百千万零一二两三四五六七八九])[个件只箱盒]$/, ''));
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
