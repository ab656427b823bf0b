import { markWithin } from '../../../../domain/values/currency-marks.ts';

/** How a cell format shows numbers, as far as reading them depends on it. A `month` format shows a date without its day. */
export type NumberFormat =
  | 'general'
  | 'date'
  | 'month'
  | 'percent'
  | { digits: number }
  | { currency: string };

const dateIds = new Set([
  14, 15, 16, 18, 19, 20, 21, 22, 28, 29, 30, 31, 32, 33, 34, 35, 45, 46, 47, 51, 53, 54, 55, 56, 58,
]);
/** Those of Chinese Excel among them: 2025年10月. */
const monthIds = new Set([17, 27, 36, 50, 52, 57]);
const percentIds = new Set([9, 10]);

const withoutLiterals = (code: string): string =>
  code
    .replaceAll(/"[^"]*"?/g, '')
    .replaceAll(/[\\_*]./g, '')
    .replaceAll(/\[(?!(h+|m+|s+)\])[^\]]*\]/gi, '');

/** The currency that a format writes beside the number; `[$-804]` names a language alone. */
const currencyOf = (code: string): string | undefined =>
  markWithin(code.replaceAll(/\[\$([^\]-]*)-?[^\]]*\]/g, ' $1 ').replaceAll(/["\\]/g, ''));

const dateFormat = (code: string): NumberFormat =>
  /[ye]/i.test(code) && !/[dhs]/i.test(code) ? 'month' : 'date';

const builtInFormat = (id: number): NumberFormat => {
  if (dateIds.has(id)) return 'date';
  if (monthIds.has(id)) return 'month';
  return percentIds.has(id) ? 'percent' : 'general';
};

/** What a format means: built-in ids by ECMA-376 §18.8.30 (with those of Chinese Excel), others by their code. */
export const numberFormatOf = (id: number, codes: ReadonlyMap<number, string>): NumberFormat => {
  const code = codes.get(id);
  if (code === undefined) return builtInFormat(id);
  const [positive = ''] = withoutLiterals(code).split(';');
  if (/^0{2,}$/.test(positive)) return { digits: positive.length };
  if (positive.includes('%')) return 'percent';
  if (!/general/i.test(positive) && /[ymdhs]/i.test(positive)) return dateFormat(positive);
  const currency = currencyOf(code.split(';')[0] ?? '');
  return currency === undefined ? 'general' : { currency };
};
