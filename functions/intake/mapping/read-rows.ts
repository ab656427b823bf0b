import {
  aliasFinder,
  type ColumnName,
  columnFor,
  type HeaderAliases,
} from '../../../domain/uploads/template-columns.ts';
import type { CellFinding } from '../../../domain/uploads/upload.ts';
import { type Cell, isBlank, type Sheet, type SheetEnd, type SheetRow } from '../readers/cell.ts';
import { InvalidFile } from '../readers/invalid-file.ts';
import { limits, type SizeLimits } from '../readers/limits.ts';
import { aboveHeaderFindings } from './above-header.ts';
import type { DataRow } from './data-row.ts';
import {
  columnFinding,
  type FindColumn,
  headerFindings,
  headerlessColumn,
  isResultColumn,
  type Layout,
  layoutOf,
} from './layout.ts';
import { fillMerged } from './merged-cells.ts';
import { roundedColumnsOf } from './rounded-columns.ts';
import { assignReferences, findTornRows, tellHiddenRows, tellSpoiltNotes } from './row-findings.ts';
import { skippedRow } from './skipped-rows.ts';

/** A file by its rows. `findings` are about the file itself, those of a row stand in it. */
export type FileRows = {
  layout: Layout;
  rows: DataRow[];
  findings: CellFinding[];
  hasDecimalCommas: boolean;
  roundedColumns: ReadonlySet<ColumnName>;
};

/** Rows below a header; its layout gains a column when data stands below no header. */
const createBody = (layout: Layout, findColumn: FindColumn, { dataRows }: SizeLimits) => {
  const { columns, resultColumns } = layout;
  const positions = new Map(columns.map(({ column }, position) => [column, position]));
  const rows: DataRow[] = [];
  const skipped: CellFinding[] = [];

  const positionOf = (column: number): number => {
    const position = positions.get(column) ?? columns.push(headerlessColumn(column)) - 1;
    positions.set(column, position);
    return position;
  };

  return {
    rows,
    skipped,
    /** True when it is a row of data. */
    add: (sheetRow: SheetRow): boolean => {
      const { row, hidden, fields } = sheetRow;
      const filled = sheetRow.cells.filter(
        (cell) => !isBlank(cell) && !isResultColumn(cell.column, { resultColumns }),
      );
      if (filled.length === 0) return false;
      // As long as it will be: an array that grows takes twice the memory, a hundred thousand times.
      const cells: (Cell | undefined)[] = Array.from({ length: columns.length });
      for (const cell of filled) cells[positionOf(cell.column)] = cell;
      const skip = skippedRow({ ...sheetRow, cells: filled }, cells, layout, findColumn);
      if (skip) {
        skipped.push(skip);
        return false;
      }
      if (rows.length === dataRows) throw new InvalidFile('TOO_MANY_ROWS', { expected: `<= ${dataRows}` });
      const isTorn = filled.some(({ damage }) => damage === 'quotes');
      rows.push({ row, hidden, reference: '', cells, findings: [], isTorn, ...(fields && { fields }) });
      return true;
    },
  };
};

const maxNameCharacters = 200;

/** Hidden columns of the template that hold anything, the hidden sheet itself, and sheets that are left aside. */
const sheetFindings = (
  { hiddenColumns, hiddenSheet, unreadSheets }: SheetEnd,
  rows: readonly DataRow[],
  layout: Layout,
): CellFinding[] => [
  ...(hiddenSheet === undefined
    ? []
    : [
        {
          severity: 'WARNING' as const,
          code: 'HIDDEN_SHEET' as const,
          value: hiddenSheet.slice(0, maxNameCharacters),
        },
      ]),
  ...unreadSheets.map((name) => ({
    severity: 'WARNING' as const,
    code: 'SHEET_NOT_READ' as const,
    value: name.slice(0, maxNameCharacters),
  })),
  ...layout.columns.flatMap((column, position) =>
    column.name !== undefined &&
    hiddenColumns.some(({ first, last }) => column.column >= first && column.column <= last) &&
    rows.some(({ cells }) => cells[position] !== undefined)
      ? [columnFinding('HIDDEN_COLUMN', column, layout)]
      : [],
  ),
];

/** Columns below no header that only torn rows reach into: those rows say so themselves. */
const strayColumns = (rows: readonly DataRow[], { columns }: Layout): ReadonlySet<number> =>
  new Set(
    columns.flatMap(({ column, header }, position) =>
      header === headerlessColumn(column).header &&
      rows.some(({ isTorn }) => isTorn) &&
      rows.every(({ cells, isTorn }) => isTorn || cells[position] === undefined)
        ? [column]
        : [],
    ),
  );

/** Hands on the rows of a sheet, and what it is like once they have all been taken. */
async function* rowsOf(sheet: Sheet, whenRead: (end: SheetEnd) => void): AsyncGenerator<SheetRow> {
  whenRead(yield* sheet);
}

/** Stops the reading of a file, or is told of it: `whenRows` after every 2,000 rows of data. */
export type ReadingWatch = {
  signal?: AbortSignal | undefined;
  whenRows?: ((rows: number) => Promise<void>) | undefined;
};

const rowsATime = 2000;

/**
 * Reads header and data rows of a sheet, as they are seen: merged cells have the value that they show, totals and repeated
 * headers are left out. Throws InvalidFile when there is no header or no row.
 */
export const readRows = async (
  sheet: Sheet,
  aliases: HeaderAliases | undefined,
  sizes: SizeLimits,
  { signal, whenRows }: ReadingWatch = {},
): Promise<FileRows> => {
  const aliasFor = aliasFinder(aliases);
  /** A partner's own headers come before those of the template. */
  const findColumn = (header: string) => aliasFor(header) ?? columnFor(header);
  const above: SheetRow[] = [];
  let layout: Layout | undefined;
  let headerFields: number | undefined;
  let body: ReturnType<typeof createBody> | undefined;
  let end: SheetEnd | undefined;
  const whenRead = (read: SheetEnd): void => {
    end = read;
  };
  for await (const sheetRow of rowsOf(sheet, whenRead)) {
    if (signal?.aborted) throw new InvalidFile('TOO_SLOW');
    if (body) {
      const isData = body.add(sheetRow);
      if (isData && body.rows.length % rowsATime === 0) await whenRows?.(body.rows.length);
    } else {
      if (sheetRow.row > limits.headerRow) break;
      layout = layoutOf(sheetRow, findColumn);
      body = layout && createBody(layout, findColumn, sizes);
      headerFields = sheetRow.fields;
      if (!layout) above.push(sheetRow);
    }
  }
  if (!layout || !body) throw new InvalidFile('HEADER_MISSING');
  const { rows, skipped } = body;
  if (rows.length === 0 || !end) throw new InvalidFile('NO_ROWS');
  fillMerged(rows, end.merged, layout, sizes);
  assignReferences(rows, layout);
  findTornRows(rows, layout, headerFields);
  tellHiddenRows(rows, layout);
  tellSpoiltNotes(rows, layout);
  return {
    layout: end.name === undefined ? layout : { ...layout, sheet: end.name },
    rows,
    findings: [
      ...aboveHeaderFindings(above, findColumn),
      ...headerFindings(layout, strayColumns(rows, layout), aliasFor),
      ...sheetFindings(end, rows, layout),
      ...skipped,
    ],
    hasDecimalCommas: end.hasDecimalCommas,
    roundedColumns: roundedColumnsOf(rows, layout),
  };
};
