import { InvalidFile } from '../invalid-file.ts';

/** `_x000D_` stands for the character; `_x005F_` for an underscore that would else begin such an escape. */
const unescaped = (text: string): string =>
  text.includes('_x')
    ? text
        .replaceAll(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
        .toWellFormed()
    : text;

/**
 * Collects the text of a string item: plain, or in runs of rich text. Phonetic guides (`rPh`) are not part of it.
 * `budget` is how many characters the whole file has left.
 */
export const createStringItem = (budget: { characters: number }) => {
  let text = '';
  let isText = false;
  let phoneticDepth = 0;
  return {
    open: (name: string): void => {
      if (name === 'rPh') phoneticDepth += 1;
      isText = name === 't' && phoneticDepth === 0;
    },
    text: (more: string): void => {
      if (!isText) return;
      text += more;
      budget.characters -= more.length;
      if (budget.characters < 0) throw new InvalidFile('INFLATES_TOO_MUCH');
    },
    close: (name: string): void => {
      if (name === 'rPh') phoneticDepth -= 1;
      isText = false;
    },
    /** The text so far, and a fresh start. */
    take: (): string => {
      const taken = unescaped(text);
      text = '';
      return taken;
    },
  };
};
