import { cellReference } from '../../../functions/intake/readers/cell.ts';
import {
  type FileFormat,
  fileOf,
  plainScene,
  type Scene,
  type SceneDamage,
  type Told,
} from './damaged-file.ts';

const inHeader = (
  name: string,
  damage: (scene: Scene, header: (string | undefined)[]) => Told,
  formats: readonly FileFormat[] = ['csv', 'xlsx'],
): SceneDamage[] =>
  formats.map((format) => ({
    name: `${name} (${format})`,
    damage: async (seed) => {
      const scene = plainScene(seed, [2, 1], { language: 'zh' });
      const header = (scene.grid.rows[0] ?? []).map((cell) => (typeof cell === 'string' ? cell : undefined));
      const told = damage(scene, header);
      const at = scene.grid.rows.findIndex((row) => row.length > 5);
      scene.grid.rows[at] = header;
      return { bytes: await fileOf(scene.grid, format), orders: scene.orders, ...told };
    },
  }));

/** One more column of texts at the end of every row. */
const addColumn = ({ grid, orders }: Scene, text: string, header?: string): number => {
  const column = grid.style.columns.length;
  if (header !== undefined) for (const order of orders) order.metadata = { [header]: text };
  for (const order of orders.keys()) (grid.rows[grid.rowOf(order) - 1] ?? [])[column] = text;
  return column;
};

/** A header for the column of that name in the template. */
const rename = (
  { grid }: Scene,
  header: (string | undefined)[],
  name: 'unitPrice' | 'quantity' | 'remarks',
  to: string,
): string => {
  const column = grid.columnOf(name);
  header[column] = to;
  return cellReference(column, 1);
};

/** Headers that are missing, doubled, unknown or say more than their column. */
export const damagedColumns: readonly SceneDamage[] = [
  ...inHeader('a column that is not known', (scene, header) => {
    const column = addColumn(scene, '李雷', '业务员');
    header[column] = '业务员';
    return { findings: [`WARNING UNKNOWN_COLUMN ${cellReference(column, 1)}`] };
  }),
  ...inHeader('a misspelt column', (scene, header) => {
    const column = addColumn(scene, '0', 'Shiping Fee');
    header[column] = 'Shiping Fee';
    return { findings: [`WARNING UNKNOWN_COLUMN ${cellReference(column, 1)}`], suggestion: 'Shipping Fee' };
  }),
  ...inHeader(
    'values below no header',
    (scene) => {
      const column = addColumn(scene, '?', 'R');
      return { findings: [`WARNING UNKNOWN_COLUMN ${cellReference(column, 1)}`] };
    },
    ['xlsx'],
  ),
  ...inHeader('a column twice', (scene, header) => {
    const column = addColumn(scene, '1');
    header[column] = '订购数量';
    return { findings: [`ERROR DUPLICATE_COLUMN ${cellReference(column, 1)}`] };
  }),
  ...inHeader('amounts in ten thousands', (scene, header) => ({
    findings: [`WARNING HEADER_REMARK ${rename(scene, header, 'unitPrice', '单价(万元)')}`],
  })),
  ...inHeader('quantities of something else', (scene, header) => ({
    findings: [`WARNING HEADER_REMARK ${rename(scene, header, 'quantity', '数量(上月)')}`],
  })),
  ...inHeader('prices in another currency', (scene, header) => {
    rename(scene, header, 'unitPrice', '单价(USD)');
    const { grid } = scene;
    return {
      findings: [
        `ERROR ORDER_FIELD_CONFLICT ${grid.reference(0, 0, 'unitPrice')}`,
        `ERROR ORDER_FIELD_CONFLICT ${grid.reference(0, 1, 'unitPrice')}`,
        `ERROR ORDER_FIELD_CONFLICT ${grid.reference(1, 0, 'unitPrice')}`,
      ],
    };
  }),
  ...inHeader('a value above the header', ({ grid }) => {
    grid.rows.unshift(['采购订单'], ['币种: USD']);
    return { findings: ['WARNING TEXT_ABOVE_HEADER A2'] };
  }),
  ...inHeader('a label and its value above the header', ({ grid }) => {
    grid.rows.unshift([undefined, '付款方式', '支付宝']);
    return { findings: ['WARNING TEXT_ABOVE_HEADER B1'] };
  }),
  ...inHeader('a column that orders must have is missing', (scene, header) => {
    rename(scene, header, 'quantity', '件数');
    const { grid } = scene;
    return {
      findings: [
        `WARNING UNKNOWN_COLUMN ${cellReference(grid.columnOf('quantity'), 1)}`,
        'ERROR QUANTITY_MISSING -',
        'ERROR QUANTITY_MISSING -',
        'ERROR QUANTITY_MISSING -',
      ],
    };
  }),
  ...inHeader('no header', ({ grid }, header) => {
    header.fill('x');
    grid.rows.length = 2;
    return { findings: ['ERROR HEADER_MISSING -'] };
  }),
  ...inHeader('a header below the tenth row', ({ grid }) => {
    grid.rows.unshift(...Array.from({ length: 10 }, () => ['x']));
    return { findings: ['ERROR HEADER_MISSING -'] };
  }),
  ...inHeader('a header alone', ({ grid }) => {
    grid.rows.length = 1;
    return { findings: ['ERROR ROWS_MISSING -'] };
  }),
];
