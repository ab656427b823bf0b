import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';
import { type Cell, cellReference, isBlank, type SheetRow } from '../readers/cell.ts';
import { InvalidFile } from '../readers/invalid-file.ts';
import { limits } from '../readers/limits.ts';
import { withoutShield } from '../text-shield.ts';
import { type FindColumn, headerText, type Layout, layoutOf } from './layout.ts';

const totalsLabel =
  /^(合计|总计|小计|共计|总合计|合计金额|总金额|本页合计|本页小计|订单合计|(grand|sub|order)?[ -]?totals?|sum)([:：].*)?$/i;

const itemColumns: ReadonlySet<ColumnName | undefined> = new Set(['sku', 'buyerItemCode', 'gtin']);

const namesLine = (name: ColumnName | undefined): boolean =>
  itemColumns.has(name) || name === 'orderReference';

const maxLabelCharacters = 60;

const isTotalsLabel = (cell: Cell): boolean => {
  const text = withoutShield(cell.text);
  return (
    cell.kind === 'text' &&
    text.length <= maxLabelCharacters &&
    /[计额]|total|sum/i.test(text) &&
    totalsLabel.test(
      text
        .normalize('NFKC')
        .replaceAll(/(?<=\p{Script=Han})\s+/gu, '')
        .trim(),
    )
  );
};

/** The cell that says so in a row of totals: one that names no article, and no order beside the word itself. */
const totalsCell = (cells: readonly (Cell | undefined)[], { columns }: Layout): Cell | undefined => {
  const naming = columns.filter(({ name }, position) => cells[position] && namesLine(name));
  if (naming.length > 1) return undefined;
  const label = cells.find((cell) => cell && isTotalsLabel(cell));
  const names = columns.flatMap(({ name }, position) => {
    const cell = cells[position];
    return cell && cell !== label ? [name] : [];
  });
  return names.some(namesLine) ? undefined : label;
};

const maybeHeader = (cell: Cell | undefined): boolean =>
  cell?.kind === 'text' && withoutShield(cell.text).length <= maxLabelCharacters && !/\d/.test(cell.text);

/** True when a row says the header again; throws InvalidFile when it says another one. */
const isHeaderAgain = (row: SheetRow, { columns }: Layout, findColumn: FindColumn): boolean => {
  const filled = row.cells.filter((cell) => !isBlank(cell));
  if (filled.length < limits.knownHeaders || !filled.slice(0, 2).every(maybeHeader)) return false;
  const headers = new Map(columns.map(({ column, header }) => [column, header]));
  if (filled.every((cell) => headers.get(cell.column) === headerText(cell))) return true;
  if (!layoutOf(row, findColumn)) return false;
  const [first] = filled;
  throw new InvalidFile('HEADER_CHANGES', first ? { cell: cellReference(first.column, row.row) } : {});
};

/** Why a row below the header is no line of an order; undefined for one that is. Throws InvalidFile for a second header. */
export const skippedRow = (
  row: SheetRow,
  cells: readonly (Cell | undefined)[],
  layout: Layout,
  findColumn: FindColumn,
): CellFinding | undefined => {
  const [first] = row.cells;
  const isHeader = isHeaderAgain(row, layout, findColumn);
  const cell = isHeader ? first : totalsCell(cells, layout);
  if (!cell) return undefined;
  const header = layout.columns.find(({ column }) => column === cell.column)?.header;
  return {
    severity: 'WARNING',
    code: isHeader ? 'HEADER_REPEATED' : 'TOTALS_ROW',
    cell: cellReference(cell.column, row.row),
    ...(header !== undefined && { column: header }),
    value: cell.text.trim().slice(0, 200),
  };
};
