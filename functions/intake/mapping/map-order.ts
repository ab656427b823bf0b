import type { Finding, Problem } from '../../../domain/findings/finding.ts';
import type { Partner } from '../../../domain/partner.ts';
import { checkSubmission } from '../../../domain/submissions/check-submission.ts';
import { readSubmission } from '../../../domain/submissions/read-submission.ts';
import type { RowGroup } from '../../../domain/uploads/group-rows.ts';
import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import { dayIn } from '../../../domain/values/calendar.ts';
import type { Cell } from '../readers/cell.ts';
import { assembleBody, type Fields } from './assemble-body.ts';
import { type ConversionContext, daysAround } from './conversion.ts';
import { createConverter } from './convert-cell.ts';
import type { DataRow } from './data-row.ts';
import { pricesIncludeTax } from './layout.ts';
import { type LocatedFinding, locate, type OrderRow } from './locate.ts';
import { metadataOf } from './metadata.ts';
import { namedColumns, readLineFields, readOrderFields } from './read-fields.ts';
import type { FileRows } from './read-rows.ts';
import { repeatedLines } from './repeated-lines.ts';

/** An order as read: its JSON body, and all that was found, at the cells where it stands. */
export type ReadOrder = { reference: string; body: unknown; rows: OrderRow[]; findings: LocatedFinding[] };

export type MapContext = { partner: Partner; now: Date; timeZone: string };

const defaultCountry = 'CN';
/** A file of nonsense may name a country for every order. */
const maxContexts = 10;

/** The cells' texts by position, blank where there is no cell. */
export const textsOf = (cells: readonly (Cell | undefined)[], length: number): string[] => {
  const texts: string[] = [];
  for (let position = 0; position < length; position += 1) texts.push(cells[position]?.text ?? '');
  return texts;
};

/** Where the texts stand that cells show of merged ranges. */
const mergedFrom = (cells: readonly (Cell | undefined)[]): Pick<OrderRow, 'mergedFrom'> => {
  const merged = cells.flatMap((cell, position) =>
    cell?.merged && !cell.merged.isOwn ? [[position, cell.merged.from]] : [],
  );
  return merged.length > 0 ? { mergedFrom: Object.fromEntries(merged) } : {};
};

/** Fields that take another's value where the file has no column for them: what is wrong is told of the other. */
const copies: Readonly<Record<string, ColumnName>> = {
  '#/delivery/recipientName': 'recipientName',
  '#/delivery/telephone': 'recipientPhone',
};

/** Problems of the order's own checks, except where reading the cell has already said what is wrong. */
const remaining = (
  problems: readonly Problem[],
  findings: readonly LocatedFinding[],
  fields: Fields,
): Finding[] => {
  const told = new Set(findings.filter(({ severity }) => severity === 'ERROR').map(({ pointer }) => pointer));
  const isCopy = (name: ColumnName | undefined) => name !== undefined && fields[name] === undefined;
  return problems
    .filter(({ pointer }) => !told.has(pointer) && !isCopy(copies[pointer]))
    .map((problem) => ({ severity: 'ERROR', ...problem }));
};

/** Where fields cannot be told apart, that is all there is to say of their row, and nothing can be said of the order. */
const withoutTorn = (rows: readonly DataRow[], findings: readonly LocatedFinding[]): LocatedFinding[] => {
  const torn = new Set(rows.filter(({ isTorn }) => isTorn).map(({ row }) => row));
  return findings.filter(
    ({ row, code }) =>
      code === 'RAGGED_ROW' ||
      code === 'QUOTES_BROKEN' ||
      (!torn.has(row) && code !== 'ORDER_FIELD_CONFLICT' && code !== 'DUPLICATE_ROW'),
  );
};

/** Reads the orders of a file from their rows, and checks each as a posted one is checked. */
export const createOrderMapper = (
  { layout, hasDecimalCommas, roundedColumns }: Omit<FileRows, 'rows' | 'findings'>,
  { partner, now, timeZone }: MapContext,
): ((group: RowGroup<DataRow>) => ReadOrder) => {
  const columns = namedColumns(layout);
  const decisive = columns.filter(({ name }) => name === 'country' || name === 'currency');
  const convert = createConverter();
  const taxIncluded = pricesIncludeTax(layout);
  const ofFile: ConversionContext = {
    countryCode: defaultCountry,
    timeZone,
    days: daysAround(dayIn(timeZone, now)),
    hasDecimalCommas,
    roundedColumns,
  };

  const contexts = new Map<string, ConversionContext>();

  /** How the order's other cells are read depends on its country and currency: one context for those that share them. */
  const contextOf = (rows: readonly DataRow[]): ConversionContext => {
    const { fields } = readOrderFields(rows, decisive, ofFile, convert);
    const countryCode = String(fields.country ?? defaultCountry);
    const currency = String(fields.currency ?? partner.currencies[0]);
    const key = `${countryCode} ${currency}`;
    const context = contexts.get(key) ?? { ...ofFile, countryCode, currency };
    if (contexts.size < maxContexts) contexts.set(key, context);
    return context;
  };

  return ({ reference, rows }) => {
    const context = contextOf(rows);
    const order = readOrderFields(rows, columns, context, convert);
    const lines = rows.map((row, index) => readLineFields(row, index, columns, context, convert));
    const lineFields = lines.map(({ fields }) => fields);
    const body = assembleBody(order.fields, lineFields, metadataOf(rows, layout), { partner, taxIncluded });
    const { problems, draft } = readSubmission(body);
    const read = [
      ...rows.flatMap(({ findings }) => findings),
      ...order.findings,
      ...lines.flatMap(({ findings }) => findings),
      ...repeatedLines(rows, columns),
    ];
    const orderRows = rows.map(({ row, cells }, index) => ({
      row,
      lineId: String(lineFields[index]?.lineNumber ?? index + 1),
      cells: textsOf(cells, layout.columns.length),
      ...mergedFrom(cells),
    }));
    if (rows.some(({ isTorn }) => isTorn))
      return { reference, body, rows: orderRows, findings: withoutTorn(rows, read) };
    const checked = remaining(
      [...problems, ...checkSubmission(draft, { partner, now, timeZone }, problems)],
      read,
      order.fields,
    );
    const located = checked.map((problem) => locate(problem, orderRows, layout));
    return { reference, body, rows: orderRows, findings: [...read, ...located] };
  };
};
