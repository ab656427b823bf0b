import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { CellSpec } from './cell-spec.ts';
import { columnsOf, type Grid, type GridStyle, gridOf, someStyle } from './grid.ts';
import { type IntendedOrder, intendedOrders } from './intended-orders.ts';
import { plainOrder } from './plain-order.ts';
import { type Seeded, seeded } from './seeded.ts';
import { type CsvStyle, csvText, plainCsv } from './write-csv.ts';
import { type BookSpec, writeWorkbook } from './write-workbook.ts';

/** A file with one damage, and all that has to be said of it. */
export type DamagedFile = {
  name: string;
  bytes: Buffer;
  orders: readonly IntendedOrder[];
  /** Each as `ERROR CODE H12`; a dash where there is no cell. */
  findings: readonly string[];
  /** What the first of them must propose. */
  suggestion?: string;
  /** What is told does no harm: the order is read as it was meant. */
  readsAsMeant?: boolean;
};

/** What has to be said of a damage. */
export type Told = Pick<DamagedFile, 'findings' | 'suggestion' | 'readsAsMeant'>;

export type FileFormat = 'csv' | 'xlsx';

/** The orders of a file of the corpus, laid out by chance. */
export type Scene = { choose: Seeded; orders: IntendedOrder[]; grid: Grid };

export type SceneOptions = {
  seed: number;
  /** Gives the orders what the damage needs. */
  prepare?: (order: IntendedOrder) => IntendedOrder;
  style?: Partial<GridStyle>;
  orders?: number;
};

/** Orders whose own values stand in their first row only, so that damage to it is not made up for by the next. */
export const sceneOf = ({
  seed,
  prepare = (order) => order,
  style = {},
  orders: count,
}: SceneOptions): Scene => {
  const choose = seeded(seed);
  const orders = intendedOrders(choose, count ?? 1 + choose.below(3)).map(prepare);
  const grid = gridOf(orders, { ...someStyle(choose, orders), repeats: false, ...style });
  return { choose, orders, grid };
};

/** Plain orders of so many lines each, in the template's order of columns. */
export const plainScene = (seed: number, lines: readonly number[], style: Partial<GridStyle> = {}): Scene => {
  const choose = seeded(seed);
  const orders = lines.map((count, index) => plainOrder(index + 1, count));
  const columns = columnsOf(orders);
  const plain: GridStyle = {
    language: choose.pick(['zh', 'en']),
    repeats: false,
    columns,
    titles: [],
    headers: {},
  };
  return { choose, orders, grid: gridOf(orders, { ...plain, ...style }) };
};

export const workbookOf = (grid: Grid, more: Partial<BookSpec> = {}): Promise<Buffer> =>
  writeWorkbook({ sheets: [{ name: '订单', rows: grid.rows.map((cells) => ({ cells })) }], ...more });

export const fileOf = async (grid: Grid, format: FileFormat, csv: CsvStyle = plainCsv): Promise<Buffer> =>
  format === 'xlsx' ? workbookOf(grid) : Buffer.from(csvText(grid.rows, csv));

/** A cell of one order that holds something else than was meant. */
export type CellDamage = {
  name: string;
  formats: readonly FileFormat[];
  column: ColumnName;
  /** What the sender meant in that cell, where the orders must have something in particular. */
  prepare?: (order: IntendedOrder) => IntendedOrder;
  cell: CellSpec | ((meant: string) => CellSpec);
  /** Each as `ERROR CODE`. */
  findings: readonly string[];
  suggestion?: string;
  readsAsMeant?: boolean;
  style?: Partial<GridStyle>;
  csv?: CsvStyle;
  book?: Partial<BookSpec>;
};

const meantText = (cell: CellSpec | undefined): string => {
  if (typeof cell !== 'string') throw new TypeError('the cell to damage has a text');
  return cell;
};

/** Damages a cell of one order in a file of some. */
export const damageCell = async (
  damage: CellDamage,
  format: FileFormat,
  seed: number,
): Promise<DamagedFile> => {
  const { name, column, cell, findings, prepare, style, csv, book, ...told } = damage;
  const { choose, orders, grid } = sceneOf({ seed, ...(prepare && { prepare }), ...(style && { style }) });
  const order = choose.below(orders.length);
  const lines = orders[order]?.lines.length ?? 1;
  const line = templateColumns[column].level === 'line' ? choose.below(lines) : 0;
  const row = grid.rows[grid.rowOf(order, line) - 1] ?? [];
  const before = row[grid.columnOf(column)];
  grid.set(order, line, column, typeof cell === 'function' ? cell(meantText(before)) : cell);
  const at = grid.reference(order, line, column);
  return {
    name: `${name} (${format}, seed ${seed})`,
    bytes: format === 'xlsx' ? await workbookOf(grid, book) : await fileOf(grid, format, csv),
    orders,
    findings: findings.map((finding) => `${finding} ${at}`),
    ...(told.suggestion !== undefined && { suggestion: told.suggestion }),
    ...(told.readsAsMeant && { readsAsMeant: true }),
  };
};

/** Any other damage: what it does to a scene of its own. */
export type SceneDamage = {
  name: string;
  damage: (seed: number) => Promise<Omit<DamagedFile, 'name'>>;
};
