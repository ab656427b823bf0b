/**
 * A cell as stored. `text` of a number is its exact decimal text, of a date its ISO form; a formula's text is its cached
 * result, empty when there is none. `column` counts from 0.
 */
export type Cell = {
  column: number;
  kind: 'text' | 'number' | 'date' | 'boolean' | 'error';
  text: string;
  formula?: 'cached' | 'without-value';
  /** How a number is shown: as a percentage, padded with zeros to a width, beside a currency, or a date as its month alone. */
  shownAs?: { percent: true } | { digits: number } | { currency: string } | { month: true };
  /** Bytes in another encoding than the file's (`text` is the best guess), or quotes that are not in pairs. */
  damage?: 'encoding' | 'quotes';
  /** In a workbook whose days count from 1904. */
  countsFrom1904?: true;
  /**
   * The first cell of the merged range that this one is in. `isUncertain` when the range hides values of its own; `isOwn` when
   * the text is not the first cell's.
   */
  merged?: { from: string; isUncertain?: true; isOwn?: true };
};

/** A row of the sheet that has cells; `row` is 1-based as spreadsheets show it. */
export type SheetRow = {
  row: number;
  hidden: boolean;
  cells: Cell[];
  /** How many fields the record has, in a file of delimited text. */
  fields?: number;
};

/** A rectangle of merged cells; columns count from 0, rows from 1, both ends belong to it. */
export type MergedRange = { firstRow: number; lastRow: number; firstColumn: number; lastColumn: number };

/** What is known of a sheet once its rows have been read. */
export type SheetEnd = {
  /** The name of the sheet, in a file that has sheets. */
  name?: string;
  merged: MergedRange[];
  /** Ranges of columns that are not shown, counted from 0. */
  hiddenColumns: { first: number; last: number }[];
  /** The name of the sheet when it is hidden. */
  hiddenSheet?: string;
  /** Names of other visible sheets that have a header and rows below it. */
  unreadSheets: string[];
  /** True for text delimited by semicolons, as spreadsheets write it where numbers have decimal commas. */
  hasDecimalCommas: boolean;
};

/** The rows of a sheet, and at their end what the sheet is like. */
export type Sheet = AsyncGenerator<SheetRow, SheetEnd>;

/** True for a cell without anything to read in it. */
export const isBlank = (cell: Cell): boolean => cell.formula !== 'without-value' && cell.text.trim() === '';

/** `A` for column 0, `AB` for 27. */
export const columnLetters = (column: number): string => {
  const rest = Math.floor(column / 26);
  return (rest > 0 ? columnLetters(rest - 1) : '') + String.fromCharCode(65 + (column % 26));
};

/** `H12` for column 7 of row 12. */
export const cellReference = (column: number, row: number): string => `${columnLetters(column)}${row}`;
