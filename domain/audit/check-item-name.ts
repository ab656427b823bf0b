import type { Finding } from '../finding.ts';
import { onEachLine } from './context.ts';

const fold = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');

const hasHan = (text: string): boolean => /\p{Script=Han}/u.test(text);

/** Neighbouring characters: two of Chinese say as much as three of Latin. */
const piecesOf = (text: string): string[] => {
  const characters = [...text];
  const length = hasHan(text) ? 2 : 3;
  return characters.slice(length - 1).map((_, index) => characters.slice(index, index + length).join(''));
};

/** True when one name stands in the other, or they have a piece in common. */
const resembles = (a: string, b: string): boolean =>
  a.includes(b) || b.includes(a) || piecesOf(a).some((piece) => b.includes(piece));

const scripts = [/\p{Script=Han}/u, /\p{Script=Latin}/u];
/** A name in a script that the catalogue's name does not have says nothing about it. */
const sharesScript = (a: string, b: string): boolean =>
  scripts.some((script) => script.test(a) && script.test(b));

/**
 * What the line calls its article is not something else altogether (S11). Partners name articles in their own words, so
 * only a name that has nothing in common with ours is a question; one by the partner's own code was agreed before.
 */
export const checkItemName = onEachLine((line, product, at): Finding[] => {
  if (line.buyerItemId) return [];
  const name = fold(line.name);
  const ours = Object.values(product.name);
  const comparable = ours.map(fold).filter((known) => sharesScript(known, name));
  return comparable.length === 0 || comparable.some((known) => resembles(known, name))
    ? []
    : [
        {
          severity: 'HOLD',
          code: 'NAME_MISMATCH',
          pointer: `${at}/name`,
          value: line.name,
          expected: ours.join(' / '),
          suggestion: ours.find((known) => sharesScript(fold(known), name)) ?? product.name.en,
          evidence: [{ source: 'CATALOGUE', id: product.sku }],
        },
      ];
});
