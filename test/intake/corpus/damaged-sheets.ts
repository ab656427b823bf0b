import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import { cellReference } from '../../../functions/intake/readers/cell.ts';
import { type Parts, zipOf } from '../an-xlsx.ts';
import type { CellSpec } from './cell-spec.ts';
import { plainScene, type Scene, type SceneDamage, type Told } from './damaged-file.ts';
import type { IntendedLine } from './intended-orders.ts';
import { type BookSpec, type SheetSpec, workbookParts } from './write-workbook.ts';

type Spoilt = Told & {
  sheet?: Partial<SheetSpec>;
  book?: Partial<BookSpec>;
  /** Attributes of `<row>` by the row's number. */
  attributes?: Readonly<Record<number, string>>;
  others?: readonly SheetSpec[];
  parts?: (parts: Parts) => Parts;
};

/** A change to the sheet or the parts of a workbook of plain orders. */
const inWorkbook = (
  name: string,
  lines: readonly number[],
  spoil: (scene: Scene) => Spoilt,
): SceneDamage => ({
  name,
  damage: async (seed) => {
    const scene = plainScene(seed, lines);
    const { sheet, book, attributes = {}, others = [], parts = (same) => same, ...told } = spoil(scene);
    const rows = scene.grid.rows.map((cells, index) => ({ cells, attributes: attributes[index + 1] ?? '' }));
    const written = workbookParts({ sheets: [{ name: '订单', rows, ...sheet }, ...others], ...book });
    return { bytes: await zipOf(parts(written)), orders: scene.orders, ...told };
  },
});

type Place = readonly [order: number, line: number];

/** Merges a column from one line to another; all but the first lose what they hold, or hide something else. */
const merge = ({ grid }: Scene, column: ColumnName, from: Place, to: Place, beneath?: CellSpec) => {
  for (let row = grid.rowOf(...from) + 1; row <= grid.rowOf(...to); row += 1)
    (grid.rows[row - 1] ?? [])[grid.columnOf(column)] = beneath;
  const first = grid.reference(...from, column);
  return { first, merged: [`${first}:${grid.reference(...to, column)}`] };
};

/** What all lines of the first order mean when one value is merged over them. */
const meanAlike = ({ orders }: Scene, part: keyof IntendedLine): void => {
  const [order] = orders;
  const [first] = order?.lines ?? [];
  if (order && first) order.lines = order.lines.map((line) => ({ ...line, [part]: first[part] }));
};

const mergedLines = (column: ColumnName, part: keyof IntendedLine): SceneDamage =>
  inWorkbook(`${column} merged over lines`, [3, 1], (scene) => {
    meanAlike(scene, part);
    const { first, merged } = merge(scene, column, [0, 0], [0, 2]);
    return {
      sheet: { merged },
      findings: [`WARNING MERGED_CELL ${first}`, `WARNING MERGED_CELL ${first}`],
      readsAsMeant: true,
    };
  });

const mergedNumbers = (column: ColumnName): SceneDamage =>
  inWorkbook(`${column} merged over lines`, [3, 1], (scene) => {
    const { first, merged } = merge(scene, column, [0, 0], [0, 2]);
    return { sheet: { merged }, findings: Array.from({ length: 3 }, () => `ERROR MERGED_CELL ${first}`) };
  });

const hiddenRow = (name: string, attribute: string): SceneDamage =>
  inWorkbook(name, [2, 1], ({ grid }) => ({
    attributes: { [grid.rowOf(0, 1)]: attribute },
    findings: [`WARNING HIDDEN_ROW A${grid.rowOf(0, 1)}`],
    readsAsMeant: true,
  }));

const hiddenColumn = (name: string, attribute: string): SceneDamage =>
  inWorkbook(name, [1, 2], ({ grid }) => {
    const column = grid.columnOf('remarks') + 1;
    return {
      sheet: { columns: `<col min="${column}" max="${column}" ${attribute}/>` },
      findings: [`WARNING HIDDEN_COLUMN ${cellReference(column - 1, 1)}`],
      readsAsMeant: true,
    };
  });

const sheetPart = 'xl/worksheets/sheet1.xml';

/** A part of the package with something in it replaced. */
const replaced =
  (part: string, from: string | RegExp, to: string) =>
  (parts: Parts): Parts => ({ ...parts, [part]: String(parts[part]).replace(from, to) });

const refusedPart = (name: string, parts: (parts: Parts) => Parts): SceneDamage =>
  inWorkbook(name, [1], () => ({ parts, findings: ['ERROR FILE_DAMAGED -'] }));

/** Merged cells, what a sheet does not show, and packages that do not fit together. */
export const damagedSheets: readonly SceneDamage[] = [
  mergedLines('unit', 'unit'),
  mergedLines('itemName', 'name'),
  mergedLines('remarks', 'remarks'),
  mergedLines('sku', 'item'),
  mergedNumbers('quantity'),
  mergedNumbers('unitPrice'),
  inWorkbook('an article merged with its name', [2], (scene) => {
    const { grid } = scene;
    grid.set(0, 1, 'itemName', undefined);
    const first = grid.reference(0, 1, 'sku');
    return {
      sheet: { merged: [`${first}:${grid.reference(0, 1, 'itemName')}`] },
      findings: [
        `WARNING MERGED_CELL ${first}`,
        `ERROR ITEM_NAME_MISSING ${grid.reference(0, 1, 'itemName')}`,
      ],
    };
  }),
  inWorkbook('a value that lies beneath another', [2], (scene) => {
    meanAlike(scene, 'unit');
    const { first, merged } = merge(scene, 'unit', [0, 0], [0, 1], '个');
    return { sheet: { merged }, findings: [`WARNING MERGED_CELL ${first}`], readsAsMeant: true };
  }),
  inWorkbook('an order value that lies beneath another', [2], (scene) => {
    const { first, merged } = merge(scene, 'customerName', [0, 0], [0, 1], '别的客户');
    return { sheet: { merged }, findings: [`WARNING MERGED_CELL ${first}`], readsAsMeant: true };
  }),
  inWorkbook('a value beneath a blank cell', [2], (scene) => {
    const { grid } = scene;
    const { first, merged } = merge(scene, 'remarks', [0, 0], [0, 1], '请轻放 2');
    grid.set(0, 0, 'remarks', undefined);
    return { sheet: { merged }, findings: [`WARNING MERGED_CELL ${first}`] };
  }),
  hiddenRow('a hidden row', 'hidden="1"'),
  hiddenRow('a row without height', 'ht="0" customHeight="1"'),
  hiddenColumn('a hidden column', 'hidden="1"'),
  hiddenColumn('a column without width', 'width="0" customWidth="1"'),
  inWorkbook('a hidden sheet', [2], () => ({
    sheet: { state: 'hidden' },
    others: [{ name: 'Sheet2', rows: [{ cells: ['x'] }] }],
    findings: ['WARNING HIDDEN_SHEET -'],
    readsAsMeant: true,
  })),
  inWorkbook('orders on a second sheet', [1], ({ grid }) => ({
    others: [{ name: '十一月', rows: grid.rows.map((cells) => ({ cells })) }],
    findings: ['WARNING SHEET_NOT_READ -'],
    readsAsMeant: true,
  })),
  inWorkbook('a misnamed sheet behind a cover', [1], ({ grid }) => ({
    sheet: { name: '封面', rows: [{ cells: ['采购订单'] }] },
    others: [{ name: '订单明细', rows: grid.rows.map((cells) => ({ cells })) }],
    findings: ['ERROR HEADER_MISSING -'],
  })),
  inWorkbook('a result of many cells', [2], (scene) => {
    const { grid } = scene;
    meanAlike(scene, 'quantity');
    const [first, last] = [grid.reference(0, 0, 'quantity'), grid.reference(0, 1, 'quantity')];
    const range = `t="array" ref="${first}:${last}"`;
    grid.set(0, 0, 'quantity', { formula: 'A1:A2', attributes: range, result: { number: '25' } });
    grid.set(0, 1, 'quantity', { number: '25' });
    return {
      findings: [`WARNING FORMULA_VALUE_USED ${first}`, `WARNING FORMULA_VALUE_USED ${last}`],
      readsAsMeant: true,
    };
  }),
  inWorkbook('dates whose format is lost', [1], ({ grid }) => {
    grid.set(0, 0, 'requestedDate', { date: '2025-11-20' });
    return {
      parts: replaced('xl/styles.xml', /<numFmts>.*<\/numFmts>/, ''),
      findings: [`ERROR TYPE_INVALID ${grid.reference(0, 0, 'requestedDate')}`],
      suggestion: '2025-11-20',
    };
  }),
  inWorkbook('a column of two cells in one place', [1], () => ({
    parts: replaced(sheetPart, '</row>', '<c r="A1"><v>1</v></c></row>'),
    findings: ['ERROR FILE_DAMAGED -'],
  })),
  inWorkbook('a cell longer than cells can be', [1], ({ grid }) => {
    grid.set(0, 0, 'remarks', '长'.repeat(32_768));
    return { findings: [`ERROR CELL_TOO_LONG ${grid.reference(0, 0, 'remarks')}`] };
  }),
  refusedPart('strings that are missing', replaced('xl/sharedStrings.xml', /<si>.*<\/si>/s, '')),
  refusedPart('rows out of order', replaced(sheetPart, '<row r="2"', '<row r="1"')),
  refusedPart('cells in columns that no sheet has', replaced(sheetPart, 'r="B2"', 'r="ZZZZ2"')),
  refusedPart('a sheet that ends in the middle', replaced(sheetPart, /<\/row>.*/s, '')),
  refusedPart('a sheet that is not there', ({ [sheetPart]: _sheet, ...others }) => others),
];
