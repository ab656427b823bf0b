/** Names without case, spacing and punctuation. */
export const foldName = (text: string): string =>
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

const scripts = [/\p{Script=Han}/u, /\p{Script=Latin}/u];

/** A name in a script that the other does not have says nothing about it. */
export const sharesScript = (a: string, b: string): boolean =>
  scripts.some((script) => script.test(a) && script.test(b));

/** True when one folded name stands in the other, or they have a piece in common. */
export const resembles = (a: string, b: string): boolean =>
  a.includes(b) || b.includes(a) || piecesOf(a).some((piece) => b.includes(piece));
