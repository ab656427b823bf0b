import { cellReference } from '../readers/cell.ts';
import { convertCell } from './convert-cell.ts';
import type { DataRow } from './data-row.ts';
import { headerlessColumn, type Layout, type LayoutColumn } from './layout.ts';
import type { LocatedFinding } from './locate.ts';

const maxValueCharacters = 200;

/** A finding about a row, at one of its cells. */
export const rowFinding = (
  { row, cells }: DataRow,
  severity: LocatedFinding['severity'],
  code: LocatedFinding['code'],
  { column, header }: LayoutColumn,
  more: Pick<LocatedFinding, 'value' | 'expected'> = {},
): LocatedFinding => {
  const text = cells.find((cell) => cell?.column === column)?.text;
  return {
    severity,
    code,
    row,
    cell: cellReference(column, row),
    column: header,
    ...(text && { value: text.slice(0, maxValueCharacters) }),
    ...more,
  };
};

const firstColumn = ({ cells }: DataRow, { columns }: Layout): LayoutColumn | undefined =>
  columns[cells.findIndex((cell) => cell !== undefined)];

/** Tells of rows that the sheet does not show. */
export const tellHiddenRows = (rows: readonly DataRow[], layout: Layout): void => {
  for (const row of rows) {
    const column = row.hidden ? firstColumn(row, layout) : undefined;
    if (column) row.findings.push(rowFinding(row, 'WARNING', 'HIDDEN_ROW', column));
  }
};

/** Tells of spoilt cells in columns that the template does not have; those of its own columns are told as they are read. */
export const tellSpoiltNotes = (rows: readonly DataRow[], { columns }: Layout): void => {
  const unknown = columns
    .map((column, position) => ({ column, position }))
    .filter(({ column }) => !column.name);
  for (const row of rows)
    for (const { column, position } of unknown) {
      const damage = row.cells[position]?.damage;
      if (damage === 'quotes') row.findings.push(rowFinding(row, 'ERROR', 'QUOTES_BROKEN', column));
      else if (damage) row.findings.push(rowFinding(row, 'WARNING', 'ENCODING_UNREADABLE', column));
    }
};

/** Reading a code needs nothing of its order. */
const anyOrder = {
  countryCode: 'CN',
  timeZone: 'UTC',
  days: { earliest: '', today: '', latest: '' },
  hasDecimalCommas: false,
  roundedColumns: new Set<never>(),
};

/**
 * Gives each row its order's reference as the order will have it, blank where it inherits the one above; tells of a row that
 * does so across a gap.
 */
export const assignReferences = (rows: readonly DataRow[], { columns }: Layout): void => {
  const position = columns.findIndex(({ name }) => name === 'orderReference');
  const column = columns[position];
  if (!column) return;
  const references = new Map<string, string>();
  let current = '';
  let previous: DataRow | undefined;
  for (const row of rows) {
    const cell = row.cells[position];
    const key = cell && `${cell.kind} ${JSON.stringify(cell.shownAs ?? '')} ${cell.text}`;
    if (cell && key !== undefined) {
      const known = references.get(key);
      const converted =
        known ?? convertCell(cell, { ...column, name: 'orderReference' }, anyOrder).value ?? '';
      row.reference = String(converted);
      references.set(key, row.reference);
    }
    const isApart = previous !== undefined && row.row > previous.row + 1;
    if (row.reference === '' && current !== '' && isApart)
      row.findings.push(rowFinding(row, 'WARNING', 'REFERENCE_ASSUMED', column, { value: current }));
    current = row.reference || current;
    previous = row;
  }
};

const tear = (row: DataRow, fields: number, { columns }: Layout, expected: number): void => {
  const at = Math.min(fields, expected);
  const column = columns.find((one) => one.column === at) ?? headerlessColumn(at);
  row.isTorn = true;
  row.findings.push(
    rowFinding(row, 'ERROR', 'RAGGED_ROW', column, { value: String(fields), expected: String(expected) }),
  );
};

/** How many rows of a file have as many fields as the header before shorter ones are damage, and not a writer's habit. */
const leastWhole = 3;

/**
 * Finds rows of delimited text that have more fields than the header, as after a separator that was not quoted, or fewer in a
 * file whose other rows are whole.
 */
export const findTornRows = (rows: readonly DataRow[], layout: Layout, headerFields = 0): void => {
  const counts = rows.map(({ fields = headerFields }) => fields);
  const areAlike = rows.length > 1 && counts.every((fields) => fields === counts[0]);
  if (headerFields === 0 || areAlike) return;
  const whole = counts.filter((fields) => fields === headerFields).length;
  const isRectangular = whole >= leastWhole && whole >= counts.length * 0.9;
  for (const row of rows) {
    const { fields = headerFields } = row;
    if (fields > headerFields || (fields < headerFields && isRectangular))
      tear(row, fields, layout, headerFields);
  }
};
