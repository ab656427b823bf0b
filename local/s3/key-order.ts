// UTF-16 order differs from UTF-8's only where a surrogate pair meets U+E000–U+FFFF.
const rank = (unit: number): number => {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
};

/** Orders keys by the bytes of their UTF-8, as S3 lists them. */
export const compareKeys = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const difference = rank(left.charCodeAt(index)) - rank(right.charCodeAt(index));
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
};

/** Index of the first of the ordered keys that is not below `bound`. */
export const lowerBound = (keys: readonly string[], bound: string): number => {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareKeys(keys[middle] ?? '', bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
};
