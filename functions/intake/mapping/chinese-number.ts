import Big from 'big.js';

const digits = new Map([
  ...[...'零一二三四五六七八九'].map((character, value) => [character, value] as const),
  ...[...'〇壹贰叁肆伍陆柒捌玖'].map((character, value) => [character, value] as const),
  ['两', 2],
]);
const smallUnits = new Map([
  ['十', 10],
  ['拾', 10],
  ['百', 100],
  ['佰', 100],
  ['千', 1000],
  ['仟', 1000],
]);

/** A number below ten thousand: 二十四, 一百零五. */
const sectionOf = (text: string): number | undefined => {
  let total = 0;
  let digit: number | undefined;
  for (const character of text) {
    const unit = smallUnits.get(character);
    const value = digits.get(character);
    if (unit !== undefined) {
      total += (digit ?? 1) * unit;
      digit = undefined;
    } else if (value !== undefined && (digit === undefined || digit === 0)) digit = value;
    else return undefined;
  }
  return total + (digit ?? 0);
};

/** The decimal text of a number in Chinese: 二十四, 壹佰, 1.5万; undefined when it is none. */
export const chineseNumberOf = (text: string): string | undefined => {
  const [, thousands = '', rest = ''] = /^([^万]+)万(.*)$/.exec(text) ?? [undefined, '', text];
  const factor = /^\d+(\.\d+)?$/.test(thousands) ? new Big(thousands) : undefined;
  if (text === '' || (thousands === '' && /^[\d.]*$/.test(rest))) return undefined;
  const high = thousands === '' ? 0 : (factor ?? sectionOf(thousands));
  const low = sectionOf(rest);
  return high === undefined || low === undefined
    ? undefined
    : new Big(high).times(10_000).plus(low).toFixed();
};
