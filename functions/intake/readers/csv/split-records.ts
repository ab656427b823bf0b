import { cellReference } from '../cell.ts';
import { InvalidFile } from '../invalid-file.ts';
import { limits } from '../limits.ts';

/** A field; `isBroken` when text stands behind its closing quote, so that where it ends is a guess. */
type Field = { text: string; end: number; isBroken: boolean };

const isLineBreak = (character: string | undefined): boolean => character === '\n' || character === '\r';

const lineFeed = 10;
const carriageReturn = 13;

const plainEnd = (text: string, start: number, delimiter: string): number => {
  const mark = delimiter.charCodeAt(0);
  let at = start;
  for (; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === mark || code === lineFeed || code === carriageReturn) break;
  }
  return at;
};

/** Where the quote that was opened closes again; -1 when it never does. */
const closingQuote = (text: string, opening: number): number => {
  let at = text.indexOf('"', opening + 1);
  while (at !== -1 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  return at;
};

const fieldAt = (text: string, start: number, delimiter: string): Field | undefined => {
  if (text[start] !== '"') {
    const end = plainEnd(text, start, delimiter);
    return { text: text.slice(start, end), end, isBroken: false };
  }
  const close = closingQuote(text, start);
  if (close === -1) return undefined;
  const next = text[close + 1];
  if (next === undefined || next === delimiter || isLineBreak(next))
    return { text: text.slice(start + 1, close).replaceAll('""', '"'), end: close + 1, isBroken: false };
  const end = plainEnd(text, close + 1, delimiter);
  return { text: text.slice(start, end), end, isBroken: true };
};

/** A record and the fields of it, counted from 0, whose quotes do not match. */
export type CsvRecord = { fields: string[]; broken: number[] };

/**
 * Splits delimited text into records (RFC 4180); a lone quote within a field is a character like others. A blank line is a
 * record of one empty field. Throws InvalidFile for a quote that is never closed, at its cell, and for endless records.
 */
export function* splitRecords(text: string, delimiter: string): Generator<CsvRecord> {
  let at = 0;
  let row = 0;
  while (at < text.length) {
    row += 1;
    const fields: string[] = [];
    const broken: number[] = [];
    for (let isOver = false; !isOver; ) {
      const field = fieldAt(text, at, delimiter);
      if (!field)
        throw new InvalidFile('DAMAGED', {
          cell: cellReference(fields.length, row),
          technical: 'open quote',
        });
      if (field.isBroken) broken.push(fields.length);
      if (fields.push(field.text) > limits.fields)
        throw new InvalidFile('TOO_MANY_COLUMNS', { expected: `<= ${limits.columns}` });
      isOver = text[field.end] !== delimiter;
      at = field.end + (text.startsWith('\r\n', field.end) ? 2 : 1);
    }
    yield { fields, broken };
  }
}
