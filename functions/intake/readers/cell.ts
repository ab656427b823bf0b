/**
 * A cell as stored. `text` of a number is its exact decimal text, of a date its ISO form; a formula's text is its cached
 * result, empty when there is none. `column` counts from 0.
 */
export type Cell = {
  column: number;
  kind: 'text' | 'number' | 'date' | 'boolean' | 'error';
  text: string;
  formula?: 'cached' | 'without-value';
  /** How a number is shown: as a percentage, or padded with zeros to a width. */
  shownAs?: { percent: true } | { digits: number };
};

/** A row of the sheet that has cells; `row` is 1-based as spreadsheets show it. */
export type SheetRow = { row: number; hidden: boolean; cells: Cell[] };

/** True for a cell without anything to read in it. */
export const isBlank = (cell: Cell): boolean => cell.formula !== 'without-value' && cell.text.trim() === '';

/** `A` for column 0, `AB` for 27. */
export const columnLetters = (column: number): string => {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
};

/** `H12` for column 7 of row 12. */
export const cellReference = (column: number, row: number): string => `${columnLetters(column)}${row}`;
