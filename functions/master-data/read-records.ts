import * as z from 'zod';
import { nearestName } from '../../domain/customers/nearest-name.ts';
import { type FindingCode, findingCodeSchema } from '../../domain/findings/finding.ts';
import { cellReference } from '../intake/readers/cell.ts';
import { codeFlaw } from './cell-flaws.ts';
import type { Table, TableCell } from './read-table.ts';

/**
 * Something wrong in a file: `row` as the file counts (the header is a row too), `column` as we call it, `cell` as
 * spreadsheets do; a message that completes the sentence "row 7, price: …"; without a code it is FORMAT_INVALID.
 */
export type RowProblem = {
  row: number;
  column?: string;
  cell?: string;
  value?: string;
  suggestion?: string;
  code?: FindingCode;
  message: string;
};

export type RowRecord<T> = { row: number; record: T };

export type Records<T> = { problems: RowProblem[]; records: RowRecord<T>[]; cellOf: CellOf };

type CellOf = (row: number, column: string | undefined) => string | undefined;

/** Problems with the cells that they are in. */
export const located = (problems: readonly RowProblem[], cellOf: CellOf): RowProblem[] =>
  problems.map((problem) => {
    const cell = problem.cell ?? cellOf(problem.row, problem.column);
    return cell === undefined ? problem : { ...problem, cell };
  });

const fold = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s_*-]/g, '')
    .toLowerCase();

/** Columns whose number is a fraction even where it is shown as a percentage. */
const fractions: ReadonlySet<string> = new Set(['taxRate']);

const isRequired = (column: z.core.$ZodType): boolean => !z.safeParse(column, undefined).success;

const readHeader = (
  { header, headerRow }: Table,
  schema: z.ZodObject,
): { columns: (string | undefined)[]; problems: RowProblem[] } => {
  const names = Object.keys(schema.shape);
  const columns = header.map((title) => names.find((name) => fold(name) === fold(title)));
  const unknown = header.flatMap((title, index): RowProblem[] => {
    if (columns[index] || title === '') return [];
    const meant = nearestName(title, names);
    return [
      {
        row: headerRow,
        column: title,
        cell: cellReference(index, headerRow),
        code: 'UNKNOWN_COLUMN',
        ...(meant && { suggestion: meant }),
        message: `is not a known column${meant ? `; did you mean ${meant}?` : ''}`,
      },
    ];
  });
  const missing = Object.entries(schema.shape)
    .filter(([name, column]) => isRequired(column) && !columns.includes(name))
    .map(
      ([name]): RowProblem => ({
        row: headerRow,
        column: name,
        code: 'REQUIRED_MISSING',
        message: 'is a column this file must have',
      }),
    );
  const twice = columns
    .filter((name, index) => name !== undefined && columns.indexOf(name) !== index)
    .map(
      (name): RowProblem => ({
        row: headerRow,
        column: name ?? '',
        code: 'DUPLICATE_COLUMN',
        message: 'stands in the header twice',
      }),
    );
  return { columns, problems: [...unknown, ...missing, ...twice] };
};

type Named = { column: string; cell: TableCell };

const isFilled = ({ text, flaw }: TableCell): boolean => text !== '' || flaw !== undefined;

/** The cells of a row by their columns, and those that stand under no header at all. */
const nameCells = (
  cells: readonly TableCell[],
  columns: readonly (string | undefined)[],
  header: readonly string[],
) => {
  const filled = cells.map((cell, index) => ({ cell, index })).filter(({ cell }) => isFilled(cell));
  return {
    named: filled.flatMap(({ cell, index }): Named[] => {
      const column = columns[index];
      return column ? [{ column, cell }] : [];
    }),
    stray: filled.filter(({ index }) => !header[index]),
  };
};

const problemOf = (
  row: number,
  values: Readonly<Record<string, string>>,
  issue: z.core.$ZodIssue,
): RowProblem => {
  const column = String(issue.path[0] ?? '');
  const value = values[column];
  return value === undefined
    ? { row, column, code: 'REQUIRED_MISSING', message: 'is missing' }
    : { row, column, value, code: codeOf(issue), message: issue.message };
};

const codeOf = (issue: z.core.$ZodIssue): FindingCode => {
  if (issue.code === 'custom')
    return findingCodeSchema.safeParse(issue.params?.code).data ?? 'FORMAT_INVALID';
  if (issue.code === 'too_big') return 'TOO_LONG';
  return issue.code === 'invalid_value' ? 'ENUM_UNKNOWN' : 'FORMAT_INVALID';
};

/**
 * Reads each row by the schema, whose keys are the columns; a blank cell is an absent value. All problems at once, and the
 * rows that are well-formed for the checks that follow.
 */
export const readRecords = <Schema extends z.ZodObject>(
  table: Table,
  schema: Schema,
): Records<z.infer<Schema>> => {
  const { columns, problems } = readHeader(table, schema);
  const records: RowRecord<z.infer<Schema>>[] = [];
  for (const { row, cells } of table.rows) {
    const { named, stray } = nameCells(cells, columns, table.header);
    const flaws = named.flatMap(({ column, cell: { text: value, flaw = codeFlaw(column, value) } }) =>
      flaw ? [{ row, column, value, ...flaw }] : [],
    );
    const values = Object.fromEntries(
      named.map(({ column, cell: { text, percentage } }) => [
        column,
        fractions.has(column) ? text : (percentage ?? text),
      ]),
    );
    const parsed = schema.safeParse(values);
    const issues = parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(row, values, issue));
    problems.push(
      ...stray.map(
        ({ cell: { text: value }, index }): RowProblem => ({
          row,
          cell: cellReference(index, row),
          value,
          code: 'RAGGED_ROW',
          message: 'stands under no header',
        }),
      ),
      ...flaws,
      ...issues.filter(
        ({ column }) => columns.includes(column) && !flaws.some((flaw) => flaw.column === column),
      ),
    );
    if (parsed.success && flaws.length + stray.length === 0) records.push({ row, record: parsed.data });
  }
  const cellOf: CellOf = (row, column) => {
    const index = columns.findIndex((name) => name !== undefined && name === column);
    return index === -1 ? undefined : cellReference(index, row);
  };
  return { problems, records, cellOf };
};

/** Rows that repeat the key of an earlier row. */
export const repeatedRows = <T>(
  records: readonly RowRecord<T>[],
  column: string,
  keyOf: (record: T) => string | undefined,
): RowProblem[] => {
  const firstRows = new Map<string, number>();
  return records.flatMap(({ row, record }): RowProblem[] => {
    const value = keyOf(record);
    if (value === undefined) return [];
    const first = firstRows.get(value);
    if (first !== undefined)
      return [{ row, column, value, code: 'DUPLICATE_ROW', message: `stands in row ${first} already` }];
    firstRows.set(value, row);
    return [];
  });
};
