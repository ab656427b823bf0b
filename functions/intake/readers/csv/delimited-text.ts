import { detectDelimiter } from './detect-delimiter.ts';

/** Delimited text: the line that names its delimiter to spreadsheet programs, if there is one, and what follows. */
export type DelimitedText = { directive: string; text: string; delimiter: string };

/** Delimited text by the delimiter that it names, else by the one that it shows. */
export const delimitedText = (decoded: string): DelimitedText => {
  const [directive = '', declared] = /^"?sep=(.)"?(?:\r\n|\n|\r)/i.exec(decoded) ?? [];
  const text = decoded.slice(directive.length);
  return { directive, text, delimiter: declared ?? detectDelimiter(text) };
};
