import { type CellSpec, plainText } from './cell-spec.ts';

export type CsvStyle = { delimiter: string; lineBreak: string; quotesAll: boolean };

export const plainCsv: CsvStyle = { delimiter: ',', lineBreak: '\r\n', quotesAll: false };

/** A field as RFC 4180 writes it. */
export const csvField = (text: string, { delimiter, quotesAll }: CsvStyle): string =>
  quotesAll || /["\r\n]/.test(text) || text.includes(delimiter) ? `"${text.replaceAll('"', '""')}"` : text;

/** Rows of delimited text, all as long as the longest. */
export const csvText = (
  rows: readonly (readonly (CellSpec | undefined)[])[],
  style: CsvStyle = plainCsv,
): string => {
  const width = Math.max(...rows.map(({ length }) => length));
  return rows
    .map((cells) => {
      const fields = Array.from({ length: width }, (_, column) => csvField(plainText(cells[column]), style));
      return fields.join(style.delimiter) + style.lineBreak;
    })
    .join('');
};
