import * as z from 'zod';
import { nearestName } from '../../../domain/customers/nearest-name.ts';
import {
  type ColumnName,
  columnFor,
  columnNames,
  templateColumns,
} from '../../../domain/uploads/template-columns.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';
import { languages } from '../../../domain/values/languages.ts';
import { type Cell, cellReference, columnLetters, isBlank, type SheetRow } from '../readers/cell.ts';
import { InvalidFile } from '../readers/invalid-file.ts';
import { limits } from '../readers/limits.ts';
import { resultHeaders, rowHeader } from '../result/result-headers.ts';
import { withoutShield } from '../text-shield.ts';
import { headerHints, taxOfHeader } from './header-remark.ts';

/** Where a file has which column. `column` counts from 0 in the sheet; columns without `name` are not of the template. */
export const layoutSchema = z.object({
  /** The name of the sheet, in a file that has sheets. */
  sheet: z.string().optional(),
  headerRow: z.int(),
  /** Where an earlier result stands in the file, when its sender corrected that one: its columns are not the sender's. */
  resultColumns: z.object({ first: z.int(), count: z.int() }).optional(),
  /** Of the headers: Chinese when any known one is. */
  language: z.enum(languages),
  columns: z.array(
    z.object({
      column: z.int(),
      header: z.string(),
      name: z.enum(columnNames).optional(),
    }),
  ),
});
export type Layout = z.infer<typeof layoutSchema>;
export type LayoutColumn = Layout['columns'][number];

/** The column of the template that a header means to the sender of a file. */
export type FindColumn = (header: string) => ColumnName | undefined;

const maxHeaderCharacters = 200;
export const headerText = ({ text }: Cell): string =>
  withoutShield(text).replaceAll(/\s+/g, ' ').trim().slice(0, maxHeaderCharacters);

const refuseRepeated = (columns: readonly LayoutColumn[], row: number): void => {
  const seen = new Map<ColumnName, LayoutColumn>();
  for (const column of columns) {
    const earlier = column.name && seen.get(column.name);
    if (earlier)
      throw new InvalidFile('DUPLICATE_COLUMN', {
        value: [earlier, column].map((one) => `${one.header} (${cellReference(one.column, row)})`).join(', '),
        cell: cellReference(column.column, row),
      });
    if (column.name) seen.set(column.name, column);
  }
};

/** Where the headers of a result stand, one beside the other. */
const resultColumnsOf = (cells: readonly Cell[]): Layout['resultColumns'] => {
  const texts = new Map(cells.map((cell) => [cell.column, headerText(cell)]));
  const start = cells.find(({ column }) =>
    resultHeaders.every((header, index) => texts.get(column + index) === header),
  );
  if (!start) return undefined;
  const { length } = resultHeaders;
  return { first: start.column, count: texts.get(start.column + length) === rowHeader ? length + 1 : length };
};

/** True for a column that an earlier result wrote. */
export const isResultColumn = (column: number, { resultColumns }: Pick<Layout, 'resultColumns'>): boolean =>
  resultColumns !== undefined &&
  column >= resultColumns.first &&
  column < resultColumns.first + resultColumns.count;

/** The layout that a row gives as a header; undefined when fewer than five of its cells are known headers. */
export const layoutOf = (
  { row, cells }: SheetRow,
  findColumn: FindColumn = columnFor,
): Layout | undefined => {
  const resultColumns = resultColumnsOf(cells);
  const columns = cells
    .filter((cell) => !isBlank(cell) && !isResultColumn(cell.column, { resultColumns }))
    .map((cell): LayoutColumn => {
      const header = headerText(cell);
      const name = findColumn(header);
      return { column: cell.column, header, ...(name && { name }) };
    });
  const known = columns.filter(({ name }) => name !== undefined);
  if (new Set(known.map(({ name }) => name)).size < limits.knownHeaders) return undefined;
  refuseRepeated(columns, row);
  const language = known.some(({ header }) => /\p{Script=Han}/u.test(header)) ? 'zh-CN' : 'en';
  return { headerRow: row, ...(resultColumns && { resultColumns }), language, columns };
};

/** A column that has data below no header, named by its letters. */
export const headerlessColumn = (column: number): LayoutColumn => ({ column, header: columnLetters(column) });

/** Whether the prices of a file contain tax, by the header of their column; undefined when it does not say. */
export const pricesIncludeTax = ({ columns }: Layout): boolean | undefined => {
  const price = columns.find(({ name }) => name === 'unitPrice');
  return price && taxOfHeader(price.header);
};

/** A finding about a column, at its header. */
export const columnFinding = (
  code: CellFinding['code'],
  { column, header }: LayoutColumn,
  { headerRow }: Pick<Layout, 'headerRow'>,
): CellFinding => ({
  severity: 'WARNING',
  code,
  cell: cellReference(column, headerRow),
  column: header,
  value: header,
});

const latinHeaders = columnNames.map((name) => templateColumns[name].header.en);

/**
 * A warning for each column that is not of the template (a misspelt English header is told the right one) or says too much,
 * unless it is the partner's own. `stray` columns are told elsewhere.
 */
export const headerFindings = (
  layout: Layout,
  stray: ReadonlySet<number>,
  aliasFor: FindColumn,
): CellFinding[] =>
  layout.columns.flatMap((column) => {
    const { name, header } = column;
    if (stray.has(column.column) || aliasFor(header) !== undefined) return [];
    if (name !== undefined)
      return headerHints(name, header).isUnread ? [columnFinding('HEADER_REMARK', column, layout)] : [];
    const suggestion = /^[\x20-\x7e]{4,}$/.test(header) ? nearestName(header, latinHeaders) : undefined;
    return [{ ...columnFinding('UNKNOWN_COLUMN', column, layout), ...(suggestion && { suggestion }) }];
  });
