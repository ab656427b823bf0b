import { leavesOf } from '../../../domain/provenance/leaves.ts';
import type { CellOrigin } from '../../../domain/provenance/sheet-provenance.ts';
import { valueAt } from '../../../domain/submissions/schema-problems.ts';
import { type ColumnName, columnNames, templateColumns } from '../../../domain/uploads/template-columns.ts';
import { cellReference } from '../readers/cell.ts';
import { headerHints, taxOfHeader } from './header-remark.ts';
import type { Layout } from './layout.ts';
import type { OrderRow } from './locate.ts';
import { maxKeyCharacters, maxValueCharacters } from './metadata.ts';

/** Columns of the fields that are not one column's own, as assemble-body.ts reads them: the first that says something. */
const otherColumns: Readonly<Record<string, readonly ColumnName[]>> = {
  'delivery/recipientName': ['recipientName', 'contactName'],
  'delivery/telephone': ['recipientPhone', 'contactPhone'],
  'delivery/address/region': ['province', 'address'],
  'delivery/address/city': ['city', 'province', 'address'],
  'delivery/address/district': ['district', 'address'],
};

const columnsOf = (field: string, level: 'order' | 'line'): readonly ColumnName[] => {
  if (level === 'order' && otherColumns[field]) return otherColumns[field];
  if (field.startsWith('promotionCodes/')) return ['promotionCode'];
  return columnNames.filter(
    (name) => templateColumns[name].level === level && templateColumns[name].field === field,
  );
};

type Place = { cell: string; raw: string };

/** Finds the cells of one order's rows, by column of the template or by position in the layout. */
const cellFinder = (rows: readonly OrderRow[], layout: Layout) => {
  const positions = new Map(layout.columns.map(({ name }, position) => [name, position]));
  const inRow = ({ row, cells, mergedFrom }: OrderRow, position: number): Place | undefined => {
    const raw = cells[position] ?? '';
    const column = layout.columns[position]?.column ?? 0;
    return raw.trim() === ''
      ? undefined
      : { cell: mergedFrom?.[String(position)] ?? cellReference(column, row), raw };
  };
  return {
    inRows: (name: ColumnName, among = rows): Place | undefined => {
      const position = positions.get(name);
      if (position === undefined) return undefined;
      for (const row of among) {
        const place = inRow(row, position);
        if (place) return place;
      }
      return undefined;
    },
    /** The cells of a column that the template does not have, each text once. */
    inUnknownColumns: (key: string): Place[] => {
      const found = new Map<string, Place>();
      let characters = 0;
      layout.columns.forEach(({ name, header }, position) => {
        if (name !== undefined || header.slice(0, maxKeyCharacters) !== key) return;
        for (const row of rows) {
          const place = inRow(row, position);
          if (!place || found.has(place.raw) || characters > maxValueCharacters) continue;
          found.set(place.raw, place);
          characters += place.raw.trim().length;
        }
      });
      return [...found.values()];
    },
    inHeaders: (says: (name: ColumnName, header: string) => boolean): Place | undefined => {
      const column = layout.columns.find(({ name, header }) => name !== undefined && says(name, header));
      return column && { cell: cellReference(column.column, layout.headerRow), raw: column.header };
    },
  };
};

const namesUnit = (name: ColumnName, header: string): boolean => headerHints(name, header).unit !== undefined;
const namesTax = (name: ColumnName, header: string): boolean =>
  name === 'unitPrice' && taxOfHeader(header) !== undefined;

const discountColumn = (type: unknown): ColumnName[] =>
  type === 'AMOUNT' ? ['discountAmount'] : ['discountPercent'];

const unescaped = (name: string): string => name.replaceAll('~1', '/').replaceAll('~0', '~');

/**
 * The cells that the fields of an order were read from, by field of its body; a field that no cell says is not among them.
 * Mirrors read-fields.ts: of the rows of an order the first that is not blank decides.
 */
export const cellOrigins = (body: unknown, rows: readonly OrderRow[], layout: Layout): CellOrigin[] => {
  const { inRows, inUnknownColumns, inHeaders } = cellFinder(rows, layout);

  const inLine = (index: number, field: string): Place[] => {
    const row = rows[index];
    if (!row) return [];
    const names =
      field === 'discount/value'
        ? discountColumn(valueAt(body, ['lines', index, 'discount', 'type']))
        : columnsOf(field, 'line');
    const places = names.map((name) => inRows(name, [row])).filter((place) => place !== undefined);
    const unit = places.length === 0 && field === 'unitCode' ? inHeaders(namesUnit) : undefined;
    return unit ? [unit] : places.slice(0, 1);
  };

  const inOrder = (field: string): Place[] => {
    if (field.startsWith('metadata/')) return inUnknownColumns(unescaped(field.slice('metadata/'.length)));
    const tax = field === 'pricesIncludeTax' ? inHeaders(namesTax) : undefined;
    if (tax) return [tax];
    const places = columnsOf(field, 'order').map((name) => inRows(name));
    return places.filter((place) => place !== undefined).slice(0, 1);
  };

  return leavesOf(body).flatMap(({ field }) => {
    const [, index, inside] = /^#\/lines\/(\d+)\/(.+)$/.exec(field) ?? [];
    const places = inside === undefined ? inOrder(field.slice(2)) : inLine(Number(index), inside);
    return places.map(({ cell, raw }): CellOrigin => [field, cell, raw]);
  });
};
