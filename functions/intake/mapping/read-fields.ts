import { settleOrderValue } from '../../../domain/group-rows.ts';
import { type ColumnName, templateColumns } from '../../../domain/template-columns.ts';
import { type Cell, cellReference } from '../readers/cell.ts';
import type { Fields } from './assemble-body.ts';
import {
  type CellProblem,
  type Conversion,
  type ConversionContext,
  convertCell,
  type FieldValue,
} from './convert-cell.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import { type LocatedFinding, pointerOf } from './locate.ts';

/** A data row of the file; `cells` stand by position in the layout's columns. */
export type DataRow = { row: number; hidden: boolean; reference: string; cells: (Cell | undefined)[] };

/** Values by column, and what was found in their cells. */
export type ReadFields = { fields: Fields; findings: LocatedFinding[] };

export type NamedColumn = LayoutColumn & { name: ColumnName; position: number };

type Placed = { row: number; column: NamedColumn; cell: Cell; pointer: string };

const maxValueCharacters = 200;

/** The columns of the template that a file has. */
export const namedColumns = ({ columns }: Layout): NamedColumn[] =>
  columns.flatMap(({ name, ...column }, position) => (name ? [{ ...column, name, position }] : []));

const finding = ({ row, column, cell, pointer }: Placed, problem: CellProblem): LocatedFinding => ({
  ...problem,
  row,
  cell: cellReference(column.column, row),
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

/** The different cells of a column within an order, each converted once, at the row where it first stands. */
const distinctCells = (
  rows: readonly DataRow[],
  column: NamedColumn,
  context: ConversionContext,
): (Placed & Conversion)[] => {
  const distinct = new Map<string, Placed & Conversion>();
  for (const { row, cells } of rows) {
    const cell = cells[column.position];
    const key = cell && `${cell.kind} ${cell.formula ?? ''} ${cell.text}`;
    if (!cell || key === undefined || distinct.has(key)) continue;
    const placed = { row, column, cell, pointer: pointerOf(column.name, 0) };
    distinct.set(key, { ...placed, ...convertCell(cell, column.name, context) });
  }
  return [...distinct.values()];
};

/** Values of columns that hold for the whole order: the first row that has one decides, a row that differs is a conflict. */
export const readOrderFields = (
  rows: readonly DataRow[],
  columns: readonly NamedColumn[],
  context: ConversionContext,
): ReadFields => {
  const fields: Partial<Record<ColumnName, FieldValue>> = {};
  const findings: LocatedFinding[] = [];
  for (const column of ofLevel(columns, 'order')) {
    const distinct = distinctCells(rows, column, context);
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

/** Values of one row's own columns. */
export const readLineFields = (
  { row, cells }: DataRow,
  index: number,
  columns: readonly NamedColumn[],
  context: ConversionContext,
): ReadFields => {
  const fields: Partial<Record<ColumnName, FieldValue>> = {};
  const findings: LocatedFinding[] = [];
  const placedCells = new Map<ColumnName, Placed>();
  for (const column of ofLevel(columns, 'line')) {
    const cell = cells[column.position];
    if (!cell) continue;
    const placed = { row, column, cell, pointer: pointerOf(column.name, index) };
    placedCells.set(column.name, placed);
    const { value, problems } = convertCell(cell, column.name, context);
    findings.push(...problems.map((problem) => finding(placed, problem)));
    if (value !== undefined) fields[column.name] = value;
  }
  return { fields, findings: [...findings, ...discountConflict(placedCells, fields)] };
};
