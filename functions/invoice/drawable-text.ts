import { create } from 'fontkit';

/** The typographers' mark for a character that cannot be set. */
const missingMark = '〓';

const invisible = /[\p{Cc}\p{Cf}\p{Variation_Selector}]/gu;

/**
 * Puts text into characters that the font has: ℃ becomes °C, a letter with an unknown accent loses it, and what is left
 * becomes a visible mark. `missing` collects the characters that were marked.
 */
export const drawableText = (fontFile: Buffer) => {
  const font = create(fontFile);
  const missing = new Set<string>();
  const isDrawable = (text: string): boolean =>
    [...text].every((character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0));

  const drawable = (character: string): string => {
    if (isDrawable(character)) return character;
    const compatible = character.normalize('NFKC');
    if (isDrawable(compatible)) return compatible;
    const unaccented = character.normalize('NFKD').replaceAll(/\p{M}/gu, '');
    if (unaccented && isDrawable(unaccented)) return unaccented;
    missing.add(character);
    return missingMark;
  };

  return {
    missing,
    draw: (text: string): string =>
      Array.from(text.normalize('NFC').replaceAll(invisible, ''), drawable).join(''),
  };
};
