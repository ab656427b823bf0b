import { cellReference } from '../../../functions/intake/readers/cell.ts';
import type { CellSpec } from './cell-spec.ts';
import {
  type FileFormat,
  fileOf,
  plainScene,
  type Scene,
  type SceneDamage,
  type Told,
} from './damaged-file.ts';
import type { GridStyle } from './grid.ts';

/** A change to the rows of plain orders, in both formats alike. */
const inRows = (
  name: string,
  lines: readonly number[],
  damage: (scene: Scene) => Told,
  style: Partial<GridStyle> = {},
): SceneDamage[] =>
  (['csv', 'xlsx'] satisfies FileFormat[]).map((format) => ({
    name: `${name} (${format})`,
    damage: async (seed) => {
      const scene = plainScene(seed, lines, style);
      const told = damage(scene);
      return { bytes: await fileOf(scene.grid, format), orders: scene.orders, ...told };
    },
  }));

const rowWith = ({ grid }: Scene, cells: Readonly<Record<number, CellSpec>>): (CellSpec | undefined)[] =>
  grid.style.columns.map((_, column) => cells[column]);

const lastRow = ({ grid }: Scene): number => grid.rows.length;

/** Rows that are no lines of an order, and lines whose order cannot be told. */
export const damagedRows: readonly SceneDamage[] = [
  ...inRows('an order value that differs in a later row', [2], ({ grid }) => {
    grid.set(0, 1, 'customerName', '别的客户');
    return { findings: [`ERROR ORDER_FIELD_CONFLICT ${grid.reference(0, 1, 'customerName')}`] };
  }),
  ...inRows('two order values that differ', [3, 1], ({ grid }) => {
    grid.set(0, 2, 'requestedDate', '2025-11-21');
    grid.set(0, 1, 'paymentMethod', 'ALIPAY');
    return {
      findings: [
        `ERROR ORDER_FIELD_CONFLICT ${grid.reference(0, 2, 'requestedDate')}`,
        `ERROR ORDER_FIELD_CONFLICT ${grid.reference(0, 1, 'paymentMethod')}`,
      ],
    };
  }),
  ...inRows('a row with its reference only', [2, 1], ({ grid }) => {
    const columns = ['sku', 'itemName', 'quantity', 'unit', 'unitPrice', 'remarks'] as const;
    for (const column of columns) grid.set(0, 1, column, undefined);
    const at = (column: 'sku' | 'itemName' | 'quantity' | 'unitPrice') => grid.reference(0, 1, column);
    return {
      findings: [
        `ERROR ITEM_IDENTIFIER_MISSING ${at('sku')}`,
        `ERROR ITEM_NAME_MISSING ${at('itemName')}`,
        `ERROR QUANTITY_MISSING ${at('quantity')}`,
        `ERROR UNIT_PRICE_MISSING ${at('unitPrice')}`,
      ],
    };
  }),
  ...inRows('totals at the end', [2, 2], (scene) => {
    const { grid } = scene;
    grid.rows.push(
      rowWith(scene, {
        0: '合计',
        [grid.columnOf('quantity')]: '102',
        [grid.columnOf('unitPrice')]: '159.6',
      }),
    );
    return { findings: [`WARNING TOTALS_ROW A${lastRow(scene)}`], readsAsMeant: true };
  }),
  ...inRows('totals between orders, named in the column of goods', [1, 2], (scene) => {
    const { grid } = scene;
    const at = grid.rowOf(1) - 1;
    const label = grid.columnOf('itemName');
    grid.rows.splice(at, 0, rowWith(scene, { [label]: 'Subtotal:', [grid.columnOf('quantity')]: '25' }));
    return { findings: [`WARNING TOTALS_ROW ${cellReference(label, at + 1)}`], readsAsMeant: true };
  }),
  ...inRows('the header again in the middle', [2, 1], ({ grid }) => {
    const at = grid.rowOf(1) - 1;
    grid.rows.splice(at, 0, grid.rows[grid.headerRow - 1] ?? []);
    return { findings: [`WARNING HEADER_REPEATED A${at + 1}`], readsAsMeant: true };
  }),
  ...inRows('another header in the middle', [2, 1], ({ grid }) => {
    const at = grid.rowOf(1) - 1;
    grid.rows.splice(at, 0, [...(grid.rows[grid.headerRow - 1] ?? [])].toReversed());
    return { findings: [`ERROR HEADER_REPEATED A${at + 1}`] };
  }),
  ...inRows('a line twice', [2, 1], ({ grid }) => {
    const [first = 0, second = 0] = [grid.rowOf(0), grid.rowOf(0, 1)];
    const line = grid.rows[first - 1] ?? [];
    grid.rows[second - 1] = line;
    return { findings: [`WARNING DUPLICATE_ROW ${grid.reference(0, 1, 'sku')}`] };
  }),
  ...inRows(
    'a line number twice',
    [2],
    ({ grid }) => {
      grid.set(0, 0, 'lineNumber', '1');
      grid.set(0, 1, 'lineNumber', '1');
      return { findings: [`ERROR DUPLICATE_LINE_ID ${grid.reference(0, 1, 'lineNumber')}`] };
    },
    {
      columns: [
        ...([
          'orderReference',
          'customerName',
          'contactName',
          'contactPhone',
          'contactEmail',
          'province',
        ] as const),
        ...([
          'city',
          'address',
          'postalCode',
          'requestedDate',
          'paymentMethod',
          'lineNumber',
          'sku',
        ] as const),
        ...(['itemName', 'quantity', 'unit', 'unitPrice', 'remarks'] as const),
      ],
    },
  ),
  ...inRows('no reference behind a blank row', [2, 1], ({ grid }) => {
    const at = grid.rowOf(0, 1) - 1;
    grid.set(0, 1, 'orderReference', undefined);
    grid.rows.splice(at, 0, []);
    return { findings: [`WARNING REFERENCE_ASSUMED A${at + 2}`], readsAsMeant: true };
  }),
  ...inRows('no reference at all', [1], ({ grid }) => {
    grid.set(0, 0, 'orderReference', undefined);
    return { findings: [`ERROR REQUIRED_MISSING ${grid.reference(0, 0, 'orderReference')}`] };
  }),
  ...inRows('a missing value', [2], ({ grid }) => {
    grid.set(0, 1, 'itemName', undefined);
    return { findings: [`ERROR ITEM_NAME_MISSING ${grid.reference(0, 1, 'itemName')}`] };
  }),
  ...inRows('a line without an article', [2], ({ grid }) => {
    grid.set(0, 1, 'sku', undefined);
    return { findings: [`ERROR ITEM_IDENTIFIER_MISSING ${grid.reference(0, 1, 'sku')}`] };
  }),
];
