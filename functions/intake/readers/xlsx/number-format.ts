/** How a cell format shows numbers, as far as reading them depends on it. */
export type NumberFormat = 'general' | 'date' | 'percent' | { digits: number };

const dateIds = new Set([
  14, 15, 16, 17, 18, 19, 20, 21, 22, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 45, 46, 47, 50, 51, 52, 53, 54,
  55, 56, 57, 58,
]);
const percentIds = new Set([9, 10]);

const withoutLiterals = (code: string): string =>
  code
    .replaceAll(/"[^"]*"?/g, '')
    .replaceAll(/[\\_*]./g, '')
    .replaceAll(/\[(?!(h+|m+|s+)\])[^\]]*\]/gi, '');

/** What a format means: built-in ids by ECMA-376 §18.8.30 (with those of Chinese Excel), others by their code. */
export const numberFormatOf = (id: number, codes: ReadonlyMap<number, string>): NumberFormat => {
  const code = codes.get(id);
  if (code === undefined) {
    if (dateIds.has(id)) return 'date';
    return percentIds.has(id) ? 'percent' : 'general';
  }
  const [positive = ''] = withoutLiterals(code).split(';');
  if (/^0{2,}$/.test(positive)) return { digits: positive.length };
  if (positive.includes('%')) return 'percent';
  return /general/i.test(positive) || !/[ymdhs]/i.test(positive) ? 'general' : 'date';
};
