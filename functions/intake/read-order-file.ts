import type { Readable } from 'node:stream';
import { groupRows, type RowGroup } from '../../domain/group-rows.ts';
import type { CellFinding } from '../../domain/upload.ts';
import {
  headerlessColumn,
  isResultColumn,
  type Layout,
  layoutOf,
  maxHeaderRow,
  unknownColumnFindings,
} from './mapping/layout.ts';
import type { OrderRow } from './mapping/locate.ts';
import { type MapContext, mapOrder, type ReadOrder, textsOf } from './mapping/map-order.ts';
import type { DataRow } from './mapping/read-fields.ts';
import { type Cell, isBlank, type SheetRow } from './readers/cell.ts';
import { InvalidFile, tooLarge } from './readers/invalid-file.ts';
import { limits } from './readers/limits.ts';
import { readSheet } from './readers/read-sheet.ts';

/** A file as read: orders in the order of their first rows, example rows apart, and what was found about the file itself. */
export type OrderFile = {
  layout: Layout;
  orders: ReadOrder[];
  examples: { reference: string; rows: OrderRow[] }[];
  findings: CellFinding[];
};

const maxFindings = 100_000;

/** The whole of a stream, unless it is longer than a file may be. */
export const collectFile = async (content: Readable | Buffer): Promise<Buffer> => {
  if (Buffer.isBuffer(content)) return content;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > limits.fileBytes) throw tooLarge(bytes);
    chunks.push(part);
  }
  return Buffer.concat(chunks);
};

const referenceOf = (cell: Cell | undefined): string => cell?.text.normalize('NFKC').trim() ?? '';

/** Reads header and data rows; the layout gains a column when data stands below no header. */
const readRows = async (
  rows: AsyncIterable<SheetRow>,
  signal?: AbortSignal,
): Promise<{ layout: Layout; rows: DataRow[] }> => {
  let layout: Layout | undefined;
  let positions = new Map<number, number>();
  const dataRows: DataRow[] = [];

  const positionOf = (column: number, columns: Layout['columns']): number => {
    const position = positions.get(column) ?? columns.push(headerlessColumn(column)) - 1;
    positions.set(column, position);
    return position;
  };

  for await (const sheetRow of rows) {
    if (signal?.aborted) throw new InvalidFile('TOO_SLOW');
    if (!layout) {
      if (sheetRow.row > maxHeaderRow) break;
      layout = layoutOf(sheetRow);
      positions = new Map(layout?.columns.map(({ column }, position) => [column, position]));
      continue;
    }
    const { columns, resultColumns } = layout;
    const filled = sheetRow.cells.filter(
      (cell) => !isBlank(cell) && !isResultColumn(cell.column, { resultColumns }),
    );
    if (filled.length === 0) continue;
    if (dataRows.length === limits.dataRows)
      throw new InvalidFile('TOO_MANY_ROWS', { expected: `<= ${limits.dataRows}` });
    const cells: (Cell | undefined)[] = [];
    for (const cell of filled) cells[positionOf(cell.column, columns)] = cell;
    const reference = columns.findIndex(({ name }) => name === 'orderReference');
    dataRows.push({
      row: sheetRow.row,
      hidden: sheetRow.hidden,
      reference: referenceOf(cells[reference]),
      cells,
    });
  }
  if (!layout) throw new InvalidFile('HEADER_MISSING');
  if (dataRows.length === 0) throw new InvalidFile('NO_ROWS');
  return { layout, rows: dataRows };
};

const exampleOf = ({ reference, rows }: RowGroup<DataRow>, { columns }: Layout) => ({
  reference,
  rows: rows.map(({ row, cells }) => ({ row, cells: textsOf(cells, columns.length) })),
});

const readAll = (
  groups: readonly RowGroup<DataRow>[],
  layout: Layout,
  context: MapContext,
  signal?: AbortSignal,
): ReadOrder[] => {
  let findings = 0;
  return groups.map((group) => {
    if (signal?.aborted) throw new InvalidFile('TOO_SLOW');
    const order = mapOrder(group, layout, context);
    findings += order.findings.length;
    if (findings > maxFindings) throw new InvalidFile('TOO_MANY_FINDINGS', { expected: `<= ${maxFindings}` });
    return order;
  });
};

/**
 * Reads a file of orders and checks every one as a posted order is checked, without catalogue and stock. Uses no AWS.
 * Throws InvalidFile when the file as a whole cannot be read, whatever its bytes are.
 */
export const readOrderFile = async (
  content: Readable | Buffer,
  { signal, ...context }: MapContext & { signal?: AbortSignal },
): Promise<OrderFile> => {
  const { layout, rows } = await readRows(readSheet(await collectFile(content), signal), signal);
  const { orders, examples } = groupRows(rows);
  return {
    layout,
    orders: readAll(orders, layout, context, signal),
    examples: examples.map((group) => exampleOf(group, layout)),
    findings: unknownColumnFindings(layout),
  };
};
