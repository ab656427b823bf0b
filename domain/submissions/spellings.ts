const maxLength = 32;

/** Characters that are taken for each other, by eye or by a scanner. */
const lookalikes: readonly string[] = ['0O', '1I', '1L', '2Z', '5S', '8B'];

const replaced = (text: string, index: number, by: string): string =>
  text.slice(0, index) + by + text.slice(index + 1);

const swaps = (text: string): string[] =>
  [...text].flatMap((character, index) =>
    lookalikes
      .filter((pair) => pair.includes(character))
      .map((pair) => replaced(text, index, pair.replace(character, ''))),
  );

const isCode = /^[\p{L}\p{N}._/ -]+$/u;

/**
 * What a code may have been meant as: in capitals, with other separators, one character doubled, two exchanged, or one
 * taken for another that looks like it. The likeliest first, without the code itself.
 */
export const spellingsOf = (code: string): string[] => {
  const written = code.normalize('NFKC').trim();
  if (!isCode.test(written) || written.length > maxLength) return [];
  const capitals = written.toUpperCase();
  const separated = capitals.replaceAll(/[ _./-]+/g, '-');
  const characters = [...separated];
  const exchanged = characters.slice(1).map((_, index) => {
    const [a = '', b = ''] = characters.slice(index, index + 2);
    return separated.slice(0, index) + b + a + separated.slice(index + 2);
  });
  const shortened = characters.flatMap((character, index) =>
    character === characters[index - 1] ? [replaced(separated, index, '')] : [],
  );
  const all = [
    capitals,
    separated,
    separated.replaceAll('-', ''),
    ...swaps(separated),
    ...shortened,
    ...exchanged,
  ];
  return [...new Set(all)].filter((spelling) => spelling !== code && spelling !== '');
};
