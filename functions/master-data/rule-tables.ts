import type { RuleName } from '../../domain/rules/rules.ts';
import type { RowProblem } from './read-records.ts';
import type { Table } from './read-table.ts';
import type { CatalogueStore } from './store.ts';

/** What reading a table looks at. */
export type RuleTableStore = Pick<CatalogueStore, 'dynamodb' | 'tables'>;

/** Rules that are a table to staff, a row of which is `Row`; the table is the whole document. */
export type RuleTable<Row> = {
  name: RuleName;
  /** Every problem of the table; with one, its rows are not all. */
  read: (store: RuleTableStore, table: Table) => Promise<{ problems: RowProblem[]; rows: Row[] }>;
  keyOf: (row: Row) => string;
  contentOf: (rows: readonly Row[]) => unknown;
  rowsOf: (content: unknown) => Row[];
};
