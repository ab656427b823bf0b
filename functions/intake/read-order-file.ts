import type { Readable } from 'node:stream';
import { groupRows, type RowGroup } from '../../domain/group-rows.ts';
import type { CellFinding } from '../../domain/upload.ts';
import type { DataRow } from './mapping/data-row.ts';
import type { Layout } from './mapping/layout.ts';
import type { OrderRow } from './mapping/locate.ts';
import { createOrderMapper, type MapContext, type ReadOrder, textsOf } from './mapping/map-order.ts';
import { type ReadingWatch, readRows } from './mapping/read-rows.ts';
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

const exampleOf = ({ reference, rows }: RowGroup<DataRow>, { columns }: Layout) => ({
  reference,
  rows: rows.map(({ row, cells }) => ({ row, cells: textsOf(cells, columns.length) })),
});

const readAll = (
  groups: readonly RowGroup<DataRow>[],
  mapOrder: (group: RowGroup<DataRow>) => ReadOrder,
  signal?: AbortSignal,
): ReadOrder[] => {
  let findings = 0;
  return groups.map((group) => {
    if (signal?.aborted) throw new InvalidFile('TOO_SLOW');
    const order = mapOrder(group);
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
  { signal, whenRows, ...context }: MapContext & ReadingWatch,
): Promise<OrderFile> => {
  const sheet = readSheet(await collectFile(content), signal);
  const { rows, findings, ...file } = await readRows(sheet, context.partner.headerAliases, {
    signal,
    whenRows,
  });
  const { layout } = file;
  const { orders, examples } = groupRows(rows);
  return {
    layout,
    orders: readAll(orders, createOrderMapper(file, context), signal),
    examples: examples.map((group) => exampleOf(group, layout)),
    findings,
  };
};
