/** What a cell holds: a text, or whatever else spreadsheets store. `format` is a number format's code. */
export type CellSpec =
  | string
  | { number: string; format?: string }
  | { date: string; format?: string }
  | { boolean: boolean }
  | { error: string }
  /** `result` is what was computed last; `emptyValue` writes the element for it with nothing in it. */
  | { formula: string; result?: CellSpec; emptyValue?: true; attributes?: string }
  /** Runs of rich text, with a phonetic guide. */
  | { runs: readonly string[]; guide?: string }
  | { xml: string };

/** The text that a file of delimited text has for a cell. */
export const plainText = (cell: CellSpec | undefined): string => {
  if (cell === undefined) return '';
  if (typeof cell === 'string') return cell;
  if ('number' in cell) return cell.number;
  if ('date' in cell) return cell.date;
  if ('boolean' in cell) return cell.boolean ? 'TRUE' : 'FALSE';
  if ('error' in cell) return cell.error;
  if ('runs' in cell) return cell.runs.join('');
  if ('formula' in cell) return plainText(cell.result);
  throw new TypeError('XML has no place in delimited text');
};
