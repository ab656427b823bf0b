import { withoutShield } from '../text-shield.ts';

/** Characters that show nothing. A joiner within a name may be part of how it is written (emoji, Persian). */
const invisible = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]/g;
const joiners = /[\u200c\u200d]/g;

/** True for text that cleaning will take invisible characters out of; `isCode` counts joiners too. */
export const hasInvisible = (text: string, isCode: boolean): boolean =>
  text.search(invisible) !== -1 || (isCode && text.search(joiners) !== -1);

const narrowed = (text: string): string =>
  text
    .replaceAll(/[\uff01-\uff5e\uffe0\uffe1\uffe5\uffe6]/g, (wide) => wide.normalize('NFKC'))
    .replaceAll(/[\u3000\u00a0\u2000-\u200a\u202f\u205f]/g, ' ');

/** Spreadsheets are told by a quote before a text that it is no number and no formula. */
const withoutTextMark = (text: string): string => text.replace(/^(?:'\s*)+(?=[^'\s])/, '');

/** Most codes need no cleaning. */
const isClean = /^[!-&(-~][!-~]*$/;

/** A code as it is compared: NFC, full-width letters and digits narrow, no invisible characters. Other characters stay. */
export const cleanCode = (text: string): string =>
  isClean.test(text)
    ? text
    : withoutTextMark(
        narrowed(text.replaceAll(invisible, '').replaceAll(joiners, ''))
          .normalize()
          .trim()
          .replaceAll(/ {2,}/g, ' '),
      );

/** What stands behind a quote of ours, trimmed like any other text. */
const withoutShieldBefore = (text: string): string => {
  const bare = withoutShield(text).trim();
  return bare.startsWith("'") ? text : bare;
};

/** One line of text: NFC, every run of white space a single space. */
export const cleanLine = (text: string): string =>
  withoutShieldBefore(text.replaceAll(invisible, '').normalize().replaceAll(/\s+/g, ' ').trim());

/** Text of several lines: NFC, trimmed. */
export const cleanNote = (text: string): string =>
  withoutShieldBefore(text.replaceAll(invisible, '').normalize().replaceAll(/\r\n?/g, '\n').trim());
