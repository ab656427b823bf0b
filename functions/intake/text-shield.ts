/** What spreadsheet programs take for a formula, or run once they have dropped what stands before it. */
const beginsFormula = /^\s*[=+\-@＝＋－＠]|^[\t\r]/;

/**
 * A text as delimited files hold it, contract §5: with a quote before it where a spreadsheet program would else take it for a
 * formula. Blank text that begins so says nothing, and is left out.
 */
export const shielded = (text: string): string => {
  if (!beginsFormula.test(text)) return text;
  return text.trim() === '' ? '' : `'${text}`;
};

/** The text behind such a quote; any other text, and a quote of the sender's own, as it is. */
export const withoutShield = (text: string): string =>
  text.startsWith("'") && beginsFormula.test(text.slice(1)) ? text.slice(1) : text;
