import * as z from 'zod';
import { nearestName } from '../domain/customers/nearest-name.ts';
import type { Table, TableCell } from './read-table.ts';

/** Something wrong in a file: `row` as the file counts (the header is a row too), `column` as the header names it. */
export type RowProblem = { row: number; column?: string; value?: string; message: string };

export type RowRecord<T> = { row: number; record: T };

export type Records<T> = { problems: RowProblem[]; records: RowRecord<T>[] };

const fold = (name: string): string =>
  name
    .normalize('NFKC')
    .replaceAll(/[\s_*-]/g, '')
    .toLowerCase();

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
        message: `is not a known column${meant ? `; did you mean ${meant}?` : ''}`,
      },
    ];
  });
  const missing = Object.entries(schema.shape)
    .filter(([name, column]) => isRequired(column) && !columns.includes(name))
    .map(
      ([name]): RowProblem => ({ row: headerRow, column: name, message: 'is a column this file must have' }),
    );
  const twice = columns
    .filter((name, index) => name !== undefined && columns.indexOf(name) !== index)
    .map(
      (name): RowProblem => ({ row: headerRow, column: name ?? '', message: 'stands in the header twice' }),
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
    stray: filled.filter(({ index }) => !header[index]).map(({ cell }) => cell),
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
    ? { row, column, message: 'is missing' }
    : { row, column, value, message: issue.message };
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
    const flaws = named.flatMap(({ column, cell: { text: value, flaw: message } }) =>
      message ? [{ row, column, value, message }] : [],
    );
    const values = Object.fromEntries(named.map(({ column, cell }) => [column, cell.text]));
    const parsed = schema.safeParse(values);
    const issues = parsed.success ? [] : parsed.error.issues.map((issue) => problemOf(row, values, issue));
    problems.push(
      ...stray.map(({ text: value }) => ({ row, value, message: 'stands under no header' })),
      ...flaws,
      ...issues.filter(
        ({ column }) => columns.includes(column) && !flaws.some((flaw) => flaw.column === column),
      ),
    );
    if (parsed.success && flaws.length + stray.length === 0) records.push({ row, record: parsed.data });
  }
  return { problems, records };
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
    if (first !== undefined) return [{ row, column, value, message: `stands in row ${first} already` }];
    firstRows.set(value, row);
    return [];
  });
};
