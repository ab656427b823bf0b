import type { Readable } from 'node:stream';
import { groupRows, type RowGroup } from '../../domain/uploads/group-rows.ts';
import type { CellFinding } from '../../domain/uploads/upload.ts';
import type { DataRow } from './mapping/data-row.ts';
import type { Layout } from './mapping/layout.ts';
import type { OrderRow } from './mapping/locate.ts';
import { createOrderMapper, type MapContext, type ReadOrder, textsOf } from './mapping/map-order.ts';
import { type ReadingWatch, readRows } from './mapping/read-rows.ts';
import { InvalidFile, tooLarge } from './readers/invalid-file.ts';
import { type SizeLimits, sizeLimits } from './readers/limits.ts';
import { readSheet } from './readers/read-sheet.ts';

/** A file as read: orders in the order of their first rows, example rows apart, and what was found about the file itself. */
export type OrderFile = {
  layout: Layout;
  rowCount: number;
  orderCount: number;
  orders: ReadOrder[];
  examples: { reference: string; rows: OrderRow[] }[];
  findings: CellFinding[];
};

/** The same with orders that are made as they are taken, once, so that a long file is never held whole. */
export type OpenOrderFile = Omit<OrderFile, 'orders'> & { orders: Iterable<ReadOrder> };

type Reading = MapContext &
  ReadingWatch & {
    /** As configured; 10,000 unless told. */
    maxRows?: number;
  };

/** The whole of a stream, unless it is longer than a file may be. */
export const collectFile = async (content: Readable | Buffer, mostBytes: number): Promise<Buffer> => {
  if (Buffer.isBuffer(content)) return content;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes > mostBytes) throw tooLarge(bytes, mostBytes);
    chunks.push(part);
  }
  return Buffer.concat(chunks);
};

const exampleOf = ({ reference, rows }: RowGroup<DataRow>, { columns }: Layout) => ({
  reference,
  rows: rows.map(({ row, cells }) => ({ row, cells: textsOf(cells, columns.length) })),
});

/** Makes the orders one by one; `groups` is used up, so that the rows of an order are gone with it. */
function* makeOrders(
  groups: RowGroup<DataRow>[],
  mapOrder: (group: RowGroup<DataRow>) => ReadOrder,
  sizes: SizeLimits,
  ofFile: number,
  signal?: AbortSignal,
): Generator<ReadOrder> {
  let findings = ofFile;
  groups.reverse();
  for (let group = groups.pop(); group; group = groups.pop()) {
    if (signal?.aborted) throw new InvalidFile('TOO_SLOW');
    const order = mapOrder(group);
    findings += order.findings.length;
    if (findings > sizes.findings)
      throw new InvalidFile('TOO_MANY_FINDINGS', { expected: `<= ${sizes.findings}` });
    yield order;
  }
}

/**
 * Reads a file of orders, each of which is checked as a posted order is checked, without catalogue and stock. Uses no AWS.
 * Throws InvalidFile when the file as a whole cannot be read, whatever its bytes are; so does taking the orders.
 */
export const openOrderFile = async (
  content: Readable | Buffer,
  { signal, whenRows, maxRows, ...context }: Reading,
): Promise<OpenOrderFile> => {
  const sizes = sizeLimits(maxRows);
  const sheet = readSheet(await collectFile(content, sizes.fileBytes), signal, sizes);
  const { rows, findings, ...file } = await readRows(sheet, context.partner.headerAliases, sizes, {
    signal,
    whenRows,
  });
  const { layout } = file;
  const { orders, examples } = groupRows(rows);
  return {
    layout,
    rowCount: rows.length,
    orderCount: orders.length,
    orders: makeOrders(orders, createOrderMapper(file, context), sizes, findings.length, signal),
    examples: examples.map((group) => exampleOf(group, layout)),
    findings,
  };
};

/** Reads a file of orders to its end, like openOrderFile. */
export const readOrderFile = async (content: Readable | Buffer, reading: Reading): Promise<OrderFile> => {
  const file = await openOrderFile(content, reading);
  return { ...file, orders: [...file.orders] };
};
