/** What a formula looks like after its sign: a call, a cell, another sheet, a command, a sum. */
const expression = /^[+-]+(?:\$?[A-Z]{1,3}\$?\d+\b|[A-Z][A-Z0-9.]*\(|\(|\d+(?:\.\d+)?[-+*/^(]|[^\s]*[|!])/i;

/** True for text that a spreadsheet program would run. A sign before a number, a telephone number or words is none. */
export const isFormulaText = (text: string): boolean => /^[=@]/.test(text) || expression.test(text);

/** The text in `="00123"`, by which exports keep spreadsheets from making a number of it; undefined for any other text. */
export const quotedConstant = (text: string): string | undefined =>
  /^="((?:[^"]|"")*)"$/.exec(text.trim())?.[1]?.replaceAll('""', '"');
