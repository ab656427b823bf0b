import { checkSubmission } from '../../../domain/check-submission.ts';
import type { Finding, Problem } from '../../../domain/finding.ts';
import { type RowGroup, settleOrderValue } from '../../../domain/group-rows.ts';
import type { Partner } from '../../../domain/partner.ts';
import { readSubmission } from '../../../domain/read-submission.ts';
import { type ColumnName, templateColumns } from '../../../domain/template-columns.ts';
import { type Cell, cellReference } from '../readers/cell.ts';
import { assembleBody, type Fields } from './assemble-body.ts';
import {
  type CellProblem,
  type Conversion,
  type ConversionContext,
  convertCell,
  type FieldValue,
} from './convert-cell.ts';
import type { Layout, LayoutColumn } from './layout.ts';
import { type LocatedFinding, locate, type OrderRow, pointerOf } from './locate.ts';

/** A data row of the file; `cells` stand by position in the layout's columns. */
export type DataRow = { row: number; hidden: boolean; reference: string; cells: (Cell | undefined)[] };

/** An order as read: its JSON body, and all that was found, at the cells where it stands. */
export type ReadOrder = { reference: string; body: unknown; rows: OrderRow[]; findings: LocatedFinding[] };

export type MapContext = { partner: Partner; now: Date; timeZone: string };

type NamedColumn = LayoutColumn & { name: ColumnName; position: number };
type Placed = { row: number; column: NamedColumn; cell: Cell; pointer: string };

const maxMetadata = 20;
const maxMetadataKey = 64;
const maxMetadataValue = 500;
/** Names that are no plain keys of an object. */
const unsafeNames = new Set(['__proto__', 'constructor', 'prototype']);

const finding = ({ row, column, cell, pointer }: Placed, problem: CellProblem): LocatedFinding => ({
  ...problem,
  row,
  cell: cellReference(column.column, row),
  column: column.header,
  pointer,
  ...(cell.text !== '' && { value: cell.text.slice(0, 200) }),
});

const isSameCell = (a: Cell, b: Cell): boolean =>
  a.kind === b.kind && a.text === b.text && a.formula === b.formula;

/** Values of columns that hold for the whole order: the first row that has one decides, a row that differs is a conflict. */
const readOrderFields = (
  rows: readonly DataRow[],
  columns: readonly NamedColumn[],
  context: ConversionContext,
) => {
  const fields: Partial<Record<ColumnName, FieldValue>> = {};
  const findings: LocatedFinding[] = [];
  for (const column of columns.filter(({ name }) => templateColumns[name].level === 'order')) {
    const distinct: (Placed & Conversion)[] = [];
    for (const { row, cells } of rows) {
      const cell = cells[column.position];
      if (!cell || distinct.some((placed) => isSameCell(placed.cell, cell))) continue;
      distinct.push({
        row,
        column,
        cell,
        pointer: pointerOf(column.name, 0),
        ...convertCell(cell, column.name, context),
      });
    }
    findings.push(
      ...distinct.flatMap((placed) => placed.problems.map((problem) => finding(placed, problem))),
    );
    const readable = distinct.filter(
      ({ problems }) => !problems.some(({ severity }) => severity === 'ERROR'),
    );
    const settled = settleOrderValue((readable.length > 0 ? readable : distinct).map(({ value }) => value));
    if (!settled) continue;
    fields[column.name] = settled.value;
    const conflicting = readable.filter((_, index) => settled.conflicts.some(({ from }) => from === index));
    const [{ cell: { text: expected = '' } = {} } = {}] = readable.slice(settled.from);
    findings.push(
      ...conflicting.map((placed) =>
        finding(placed, { severity: 'ERROR', code: 'ORDER_FIELD_CONFLICT', expected }),
      ),
    );
  }
  return { fields, findings };
};

const isDiscount = (value: FieldValue | undefined): boolean => value !== undefined && Number(value) !== 0;

const readLine = (
  { row, cells }: DataRow,
  index: number,
  columns: readonly NamedColumn[],
  context: ConversionContext,
) => {
  const fields: Partial<Record<ColumnName, FieldValue>> = {};
  const findings: LocatedFinding[] = [];
  for (const column of columns.filter(({ name }) => templateColumns[name].level === 'line')) {
    const cell = cells[column.position];
    if (!cell) continue;
    const { value, problems } = convertCell(cell, column.name, context);
    const placed = { row, column, cell, pointer: pointerOf(column.name, index) };
    findings.push(...problems.map((problem) => finding(placed, problem)));
    if (value !== undefined) fields[column.name] = value;
    if (column.name === 'discountAmount' && isDiscount(value) && isDiscount(fields.discountPercent))
      findings.push(
        finding(placed, {
          severity: 'ERROR',
          code: 'ORDER_FIELD_CONFLICT',
          expected: String(fields.discountPercent),
        }),
      );
  }
  return { fields, findings };
};

/** Columns that the template does not have, by header; different values of one column are joined. */
const metadataOf = (rows: readonly DataRow[], { columns }: Layout): Record<string, string> => {
  const valuesByHeader = new Map<string, Set<string>>();
  columns.forEach(({ name, header }, position) => {
    if (name !== undefined || unsafeNames.has(header)) return;
    const key = header.slice(0, maxMetadataKey);
    for (const { cells } of rows) {
      const text = cells[position]?.text.trim();
      if (text) valuesByHeader.set(key, (valuesByHeader.get(key) ?? new Set()).add(text));
    }
  });
  return Object.fromEntries(
    [...valuesByHeader]
      .slice(0, maxMetadata)
      .map(([key, values]) => [key, [...values].join('; ').slice(0, maxMetadataValue)]),
  );
};

/** The cells' texts by position, blank where there is no cell. */
export const textsOf = (cells: readonly (Cell | undefined)[], length: number): string[] =>
  Array.from({ length }, (_, position) => cells[position]?.text ?? '');

const hiddenRows = (rows: readonly DataRow[]): LocatedFinding[] =>
  rows.filter(({ hidden }) => hidden).map(({ row }) => ({ severity: 'WARNING', code: 'HIDDEN_ROW', row }));

/** Problems of the order's own checks, except where reading the cell has already said what is wrong. */
const remaining = (problems: readonly Problem[], findings: readonly LocatedFinding[]): Finding[] => {
  const told = new Set(findings.filter(({ severity }) => severity === 'ERROR').map(({ pointer }) => pointer));
  return problems
    .filter(({ pointer }) => !told.has(pointer))
    .map((problem) => ({ severity: 'ERROR', ...problem }));
};

/** Reads one order from its rows and checks it as a posted one is checked. */
export const mapOrder = (
  { reference, rows }: RowGroup<DataRow>,
  layout: Layout,
  { partner, now, timeZone }: MapContext,
): ReadOrder => {
  const columns = layout.columns.flatMap(({ name, ...column }, position) =>
    name ? [{ ...column, name, position }] : [],
  );
  const country = readOrderFields(
    rows,
    columns.filter(({ name }) => name === 'country'),
    { countryCode: 'CN', timeZone },
  );
  const context = { countryCode: String(country.fields.country ?? 'CN'), timeZone };
  const order = readOrderFields(rows, columns, context);
  const lines = rows.map((row, index) => readLine(row, index, columns, context));
  const body = assembleBody(
    order.fields satisfies Fields,
    lines.map(({ fields }) => fields),
    metadataOf(rows, layout),
    partner,
  );
  const { problems, draft } = readSubmission(body);
  const read = [...hiddenRows(rows), ...order.findings, ...lines.flatMap(({ findings }) => findings)];
  const orderRows = rows.map(({ row, cells }, index) => ({
    row,
    lineId: String(lines[index]?.fields.lineNumber ?? index + 1),
    cells: textsOf(cells, layout.columns.length),
  }));
  const checked = remaining([...problems, ...checkSubmission(draft, { partner, now, timeZone })], read);
  return {
    reference,
    body,
    rows: orderRows,
    findings: [...read, ...checked.map((problem) => locate(problem, orderRows, layout))],
  };
};
