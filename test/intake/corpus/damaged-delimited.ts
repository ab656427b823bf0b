import { cellReference } from '../../../functions/intake/readers/cell.ts';
import { plainScene, type Scene, type SceneDamage, type Told } from './damaged-file.ts';
import { csvText } from './write-csv.ts';

/** A change to the text of a file of plain orders. */
const inText = (
  name: string,
  lines: readonly number[],
  spoil: (text: string, scene: Scene) => Told & { text: string },
): SceneDamage => ({
  name,
  damage: async (seed) => {
    const scene = plainScene(seed, lines);
    const { text, ...told } = spoil(csvText(scene.grid.rows), scene);
    return { bytes: Buffer.from(text), orders: scene.orders, ...told };
  },
});

/** The text with one of its lines changed; lines count from 1 like rows. */
const withRow = (text: string, row: number, change: (line: string) => string): string =>
  text
    .split(/(?<=\r\n)/)
    .map((line, index) => (index + 1 === row ? change(line) : line))
    .join('');

const width = ({ grid }: Scene): number => grid.style.columns.length;

/** Fields that run into each other, rows that are too long or too short, and quotes that do not match. */
export const damagedDelimited: readonly SceneDamage[] = [
  inText('a separator in an address without quotes', [1, 1, 1], (text, scene) => ({
    text: withRow(text, 3, (line) => line.replace('示例路 100', '示例路,100')),
    findings: [`ERROR RAGGED_ROW ${cellReference(width(scene), 3)}`],
  })),
  inText('thousands in a price without quotes', [1, 2], (text, scene) => ({
    text: withRow(text, 4, (line) => line.replace('39.9', '1,200')),
    findings: [`ERROR RAGGED_ROW ${cellReference(width(scene), 4)}`],
  })),
  inText('a separator at the end of one row', [1, 1, 1], (text, scene) => ({
    text: withRow(text, 2, (line) => line.replace('\r\n', ',\r\n')),
    findings: [`ERROR RAGGED_ROW ${cellReference(width(scene), 2)}`],
  })),
  inText('a separator that is missing', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], (text, scene) => ({
    text: withRow(text, 5, (line) => line.replace('上海市,上海市', '上海市上海市')),
    findings: [`ERROR RAGGED_ROW ${cellReference(width(scene) - 1, 5)}`],
  })),
  inText('a file that ends in the middle of a row', [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], (text, scene) => ({
    text: text.slice(0, text.lastIndexOf(',')),
    findings: [`ERROR RAGGED_ROW ${cellReference(width(scene) - 1, 12)}`],
  })),
  inText('a quote that is never closed', [1, 1], (text, { grid }) => ({
    text: withRow(text, 3, (line) => line.replace('示例路', '"示例路')),
    findings: [`ERROR FILE_DAMAGED ${cellReference(grid.columnOf('address'), 3)}`],
  })),
  inText('a quote that swallows the next order', [1, 1, 1], (text, scene) => ({
    text: withRow(
      withRow(text, 2, (line) => line.replace('请轻放 1', '"请轻放 1')),
      3,
      (line) => line.replace('请轻放 1', '请轻放 1"'),
    ),
    findings: [`ERROR QUOTES_BROKEN ${scene.grid.reference(0, 0, 'remarks')}`],
  })),
  inText('text behind a closing quote', [1, 1], (text, { grid }) => ({
    text: withRow(text, 3, (line) => line.replace('示例路 100 号', '"示例路" 100 号')),
    findings: [`ERROR QUOTES_BROKEN ${grid.reference(1, 0, 'address')}`],
  })),
  inText('text behind a closing quote in a column that is not known', [1, 1], (text, { grid }) => ({
    text: withRow(
      withRow(text, 1, (line) => line.replace('\r\n', ',业务员\r\n')),
      3,
      (line) => line.replace('\r\n', ',"李"雷\r\n'),
    ),
    findings: [
      `WARNING UNKNOWN_COLUMN ${cellReference(grid.style.columns.length, 1)}`,
      `ERROR QUOTES_BROKEN ${cellReference(grid.style.columns.length, 3)}`,
    ],
  })),
  inText('an inch in a quoted name', [1, 1], (text, { grid }) => ({
    text: withRow(text, 2, (line) => line.replace('保温杯 1', '"27" 显示器"')),
    findings: [`ERROR QUOTES_BROKEN ${grid.reference(0, 0, 'itemName')}`],
  })),
  inText('rows with another separator than the header', [1], (text) => ({
    text: withRow(text, 2, (line) => line.replaceAll(',', ';')),
    findings: [
      'ERROR FORMAT_INVALID A2',
      'ERROR CONTACT_MISSING C2',
      'ERROR ITEM_IDENTIFIER_MISSING L2',
      'ERROR CUSTOMER_NAME_MISSING B2',
      ...['F2', 'G2', 'H2'].map((cell) => `ERROR ADDRESS_INCOMPLETE ${cell}`),
      'ERROR DELIVERY_DATE_MISSING J2',
      'ERROR PAYMENT_METHOD_MISSING K2',
      'ERROR ITEM_NAME_MISSING M2',
      'ERROR QUANTITY_MISSING N2',
      'ERROR UNIT_PRICE_MISSING P2',
    ],
  })),
  inText('HTML under the name of a CSV', [1], (text) => ({
    text: `<html><table><tr><td>${text.replaceAll(',', '</td><td>')}</td></tr></table></html>`,
    findings: ['ERROR FILE_TYPE_UNSUPPORTED -'],
  })),
  inText('a field longer than cells can be', [1], (text, { grid }) => ({
    text: withRow(text, 2, (line) => line.replace('请轻放 1', '长'.repeat(32_768))),
    findings: [`ERROR CELL_TOO_LONG ${grid.reference(0, 0, 'remarks')}`],
  })),
];
