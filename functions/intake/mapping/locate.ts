import * as z from 'zod';
import type { Finding } from '../../../domain/findings/finding.ts';
import { type ColumnName, columnNames, templateColumns } from '../../../domain/uploads/template-columns.ts';
import { cellFindingSchema } from '../../../domain/uploads/upload.ts';
import { cellReference } from '../readers/cell.ts';
import type { Layout, LayoutColumn } from './layout.ts';

/** A row as read, with its line's id: `cells` are texts by position in the layout's columns, blank where there was nothing. */
export const orderRowSchema = z.object({
  row: z.int(),
  lineId: z.string().optional(),
  cells: z.array(z.string()),
  /** By position: where a cell's text really stands, when it shows that of a merged range. */
  mergedFrom: z.record(z.string(), z.string()).optional(),
});
export type OrderRow = z.infer<typeof orderRowSchema>;

/** A finding with the row of the sender's file that it stands in. */
export const locatedFindingSchema = cellFindingSchema.extend({ row: z.int() });
export type LocatedFinding = z.infer<typeof locatedFindingSchema>;

/** The pointer of a column in an order, or in its line at that index. */
export const pointerOf = (name: ColumnName, lineIndex: number): string => {
  const { level, field } = templateColumns[name];
  return level === 'line' ? `#/lines/${lineIndex}/${field}` : `#/${field}`;
};

const isWithin = (inner: string, outer: string): boolean => inner === outer || inner.startsWith(`${outer}/`);

/** Columns whose field is the pointer's, or holds it, or lies in it: the nearest come first. */
const columnsFor = (field: string, level: 'order' | 'line'): ColumnName[] =>
  columnNames
    .filter((name) => templateColumns[name].level === level)
    .filter(
      (name) => isWithin(field, templateColumns[name].field) || isWithin(templateColumns[name].field, field),
    )
    .sort((a, b) => Number(templateColumns[b].field === field) - Number(templateColumns[a].field === field));

/** A line that names no article lacks one of these. */
const itemColumns: readonly ColumnName[] = ['sku', 'buyerItemCode', 'gtin'];

type Place = { row: number; cell?: string; column?: string; value?: string };

const placeIn = (rows: readonly OrderRow[], layout: Layout, names: readonly ColumnName[]): Place => {
  const candidates = layout.columns
    .map((column, position): { column: LayoutColumn; position: number } => ({ column, position }))
    .filter(({ column: { name } }) => name !== undefined && names.includes(name));
  const filled = rows.flatMap(({ row, cells }) =>
    candidates.map(({ column, position }) => ({ row, column, value: cells[position] ?? '' })),
  );
  const [first] = rows;
  const place = filled.find(({ value }) => value !== '') ?? filled[0];
  if (place) {
    const { row, column, value } = place;
    return {
      row,
      cell: cellReference(column.column, row),
      column: column.header,
      ...(value !== '' && { value }),
    };
  }
  const [absent] = names;
  return {
    row: first?.row ?? layout.headerRow,
    ...(absent && { column: templateColumns[absent].header[layout.language] }),
  };
};

/** The row, cell, header and text in the sender's file that a finding's pointer means. Values are cut at 200 characters. */
export const locate = (finding: Finding, rows: readonly OrderRow[], layout: Layout): LocatedFinding => {
  const [, index, lineField = ''] = /^#\/lines\/(\d+)(?:\/(.*))?$/.exec(finding.pointer) ?? [];
  const line = index === undefined ? undefined : rows[Number(index)];
  const field = finding.pointer.replace(/^#\/?/, '');
  const place = line
    ? placeIn([line], layout, lineField === '' ? itemColumns : columnsFor(lineField, 'line'))
    : placeIn(rows, layout, columnsFor(field, 'order'));
  const value = (place.value ?? finding.value)?.slice(0, 200);
  return { ...finding, ...place, ...(value !== undefined && { value }) };
};
