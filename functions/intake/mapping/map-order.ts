import { checkSubmission } from '../../../domain/check-submission.ts';
import type { Finding, Problem } from '../../../domain/finding.ts';
import type { RowGroup } from '../../../domain/group-rows.ts';
import type { Partner } from '../../../domain/partner.ts';
import { readSubmission } from '../../../domain/read-submission.ts';
import type { Cell } from '../readers/cell.ts';
import { assembleBody } from './assemble-body.ts';
import type { Layout } from './layout.ts';
import { type LocatedFinding, locate, type OrderRow } from './locate.ts';
import { metadataOf } from './metadata.ts';
import { type DataRow, namedColumns, readLineFields, readOrderFields } from './read-fields.ts';

/** An order as read: its JSON body, and all that was found, at the cells where it stands. */
export type ReadOrder = { reference: string; body: unknown; rows: OrderRow[]; findings: LocatedFinding[] };

export type MapContext = { partner: Partner; now: Date; timeZone: string };

const defaultCountry = 'CN';

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

const readGroup = (rows: readonly DataRow[], layout: Layout, timeZone: string) => {
  const columns = namedColumns(layout);
  const countryColumn = columns.filter(({ name }) => name === 'country');
  const { country } = readOrderFields(rows, countryColumn, { countryCode: defaultCountry, timeZone }).fields;
  const context = { countryCode: String(country ?? defaultCountry), timeZone };
  return {
    order: readOrderFields(rows, columns, context),
    lines: rows.map((row, index) => readLineFields(row, index, columns, context)),
  };
};

/** Reads one order from its rows and checks it as a posted one is checked. */
export const mapOrder = (
  { reference, rows }: RowGroup<DataRow>,
  layout: Layout,
  { partner, now, timeZone }: MapContext,
): ReadOrder => {
  const { order, lines } = readGroup(rows, layout, timeZone);
  const lineFields = lines.map(({ fields }) => fields);
  const body = assembleBody(order.fields, lineFields, metadataOf(rows, layout), partner);
  const { problems, draft } = readSubmission(body);
  const read = [...hiddenRows(rows), ...order.findings, ...lines.flatMap(({ findings }) => findings)];
  const checked = remaining(
    [...problems, ...checkSubmission(draft, { partner, now, timeZone }, problems)],
    read,
  );
  const orderRows = rows.map(({ row, cells }, index) => ({
    row,
    lineId: String(lineFields[index]?.lineNumber ?? index + 1),
    cells: textsOf(cells, layout.columns.length),
  }));
  const located = checked.map((problem) => locate(problem, orderRows, layout));
  return { reference, body, rows: orderRows, findings: [...read, ...located] };
};
