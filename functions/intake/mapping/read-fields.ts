import { settleOrderValue } from '../../../domain/uploads/group-rows.ts';
import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import { type Cell, cellReference } from '../readers/cell.ts';
import type { Fields } from './assemble-body.ts';
import type {
  CellProblem,
  Conversion,
  ConversionContext,
  Convert,
  ConvertedColumn,
  FieldValue,
} from './conversion.ts';
import type { DataRow } from './data-row.ts';
import { headerHints } from './header-remark.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import { type LocatedFinding, pointerOf } from './locate.ts';

/** Values by column, and what was found in their cells. */
export type ReadFields = { fields: Fields; findings: LocatedFinding[] };

export type NamedColumn = LayoutColumn & ConvertedColumn & { position: number };

type Placed = { row: number; column: NamedColumn; cell: Cell; pointer: string };

const maxValueCharacters = 200;

/** The columns of the template that a file has, with what their headers say of the values below. */
export const namedColumns = ({ columns }: Layout): NamedColumn[] =>
  columns.flatMap(({ name, ...column }, position) => {
    if (name === undefined) return [];
    const { currency, unit } = headerHints(name, column.header);
    return [{ ...column, name, position, ...(currency && { currency }), ...(unit && { unit }) }];
  });

const finding = ({ row, column, cell, pointer }: Placed, problem: CellProblem): LocatedFinding => ({
  ...problem,
  row,
  cell: cell.merged?.from ?? cellReference(column.column, row),
  column: column.header,
  pointer,
  ...(cell.text !== '' && { value: cell.text.slice(0, maxValueCharacters) }),
});

const conflict = (placed: Placed, expected: string): LocatedFinding =>
  finding(placed, {
    severity: 'ERROR',
    code: 'ORDER_FIELD_CONFLICT',
    expected: expected.slice(0, maxValueCharacters),
  });

const ofLevel = (columns: readonly NamedColumn[], level: 'order' | 'line'): NamedColumn[] =>
  columns.filter(({ name }) => templateColumns[name].level === level);

const isAlike = (a: Cell, b: Cell): boolean =>
  a.text === b.text &&
  a.kind === b.kind &&
  a.formula === b.formula &&
  a.damage === b.damage &&
  a.merged?.isUncertain === b.merged?.isUncertain;

/** The different cells of a column within an order, each converted once, at the row where it first stands. */
const distinctCells = (
  rows: readonly DataRow[],
  column: NamedColumn,
  context: ConversionContext,
  convert: Convert,
): (Placed & Conversion)[] => {
  const distinct = new Map<string, Placed & Conversion>();
  let above: Cell | undefined;
  for (const { row, cells } of rows) {
    const cell = cells[column.position];
    if (!cell || cell === above || (above && isAlike(cell, above))) continue;
    above = cell;
    const key = `${cell.kind} ${cell.formula} ${cell.damage} ${cell.merged?.isUncertain} ${cell.text}`;
    if (distinct.has(key)) continue;
    const placed = { row, column, cell, pointer: pointerOf(column.name, 0) };
    distinct.set(key, { ...placed, ...convert(cell, column, context) });
  }
  return [...distinct.values()];
};

/** Values of columns that hold for the whole order: the first row that has one decides, a row that differs is a conflict. */
export const readOrderFields = (
  rows: readonly DataRow[],
  columns: readonly NamedColumn[],
  context: ConversionContext,
  convert: Convert,
): ReadFields => {
  const fields: Partial<Record<ColumnName, FieldValue>> = {};
  const findings: LocatedFinding[] = [];
  for (const column of ofLevel(columns, 'order')) {
    const distinct = distinctCells(rows, column, context, convert);
    for (const placed of distinct)
      for (const problem of placed.problems) findings.push(finding(placed, problem));
    const readable = distinct.filter(({ problems }) =>
      problems.every(({ severity }) => severity !== 'ERROR'),
    );
    const cells = readable.length > 0 ? readable : distinct;
    const settled = settleOrderValue(cells.map(({ value }) => value));
    if (!settled) continue;
    fields[column.name] = settled.value;
    if (readable.length === 0) continue;
    const expected = cells[settled.from]?.cell.text ?? '';
    for (const { from } of settled.conflicts) {
      const placed = cells[from];
      if (placed) findings.push(conflict(placed, expected));
    }
  }
  return { fields, findings };
};

const isDiscount = (value: FieldValue | undefined): boolean => value !== undefined && Number(value) !== 0;

/** A line may have a per cent or an amount off, not both. */
const discountConflict = (cells: ReadonlyMap<ColumnName, Placed>, fields: Fields): LocatedFinding[] => {
  const placed = cells.get('discountAmount');
  return placed && isDiscount(fields.discountAmount) && isDiscount(fields.discountPercent)
    ? [conflict(placed, String(fields.discountPercent))]
    : [];
};

/** Values of one row's own columns; a unit that stands in a header holds where the row names none. */
export const readLineFields = (
  { row, cells }: DataRow,
  index: number,
  columns: readonly NamedColumn[],
  context: ConversionContext,
  convert: Convert,
): ReadFields => {
  const fields: Partial<Record<ColumnName, FieldValue>> = {};
  const findings: LocatedFinding[] = [];
  const placedCells = new Map<ColumnName, Placed>();
  let headerUnit: string | undefined;
  for (const column of ofLevel(columns, 'line')) {
    headerUnit ??= column.unit;
    const cell = cells[column.position];
    if (!cell) continue;
    const placed = { row, column, cell, pointer: pointerOf(column.name, index) };
    placedCells.set(column.name, placed);
    const { value, problems } = convert(cell, column, context);
    for (const problem of problems) findings.push(finding(placed, problem));
    if (value !== undefined) fields[column.name] = value;
  }
  if (headerUnit !== undefined) fields.unit ??= headerUnit;
  return { fields, findings: [...findings, ...discountConflict(placedCells, fields)] };
};
