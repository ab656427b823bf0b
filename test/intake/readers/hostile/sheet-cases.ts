import { limits } from '../../../../functions/intake/readers/limits.ts';
import { anXlsx, textRows, worksheet } from '../../an-xlsx.ts';
import { type HostileCase, header, hostile, noise, orderRows, sheetPart } from './hostile-case.ts';

const lastSheetRow = 1_048_576;
const lastSheetColumn = 16_384;

const inlineRow = (texts: readonly string[], row: number): string =>
  `<row r="${row}">${texts.map((text) => `<c t="inlineStr"><is><t>${text}</t></is></c>`).join('')}</row>`;

/** Rows of these cells, from one row to the last of the sheet. */
const rowsFrom = (first: number, cells: string): string =>
  Array.from(
    { length: lastSheetRow - first + 1 },
    (_, index) => `<row r="${first + index}">${cells}</row>`,
  ).join('');

/** 36 million characters of shared strings that deflate like ordinary text. */
const repeatedStrings = (): string =>
  `<sst>${Array.from({ length: 1200 }, (_, seed) => `<si><t>${noise(3000, seed + 1).repeat(10)}</t></si>`).join('')}</sst>`;

const countedStrings = (count: number): string =>
  `<sst>${Array.from({ length: count }, (_, index) => `<si><t>${index}</t></si>`).join('')}</sst>`;

const merged = (rows: string, ranges: readonly string[]): Promise<Buffer> =>
  anXlsx('', {
    [sheetPart]: worksheet(rows).replace(
      '</worksheet>',
      `<mergeCells>${ranges.map((range) => `<mergeCell ref="${range}"/>`).join('')}</mergeCells></worksheet>`,
    ),
  });

/** Ten thousand rows, each of them wrong in many cells. */
const wrongEverywhere = (): string =>
  [header, ...Array.from({ length: 9_999 }, (_, row) => [`PO-${row}`, ...header.slice(1).map(() => '#N/A')])]
    .map((texts, index) => inlineRow(texts, index + 1))
    .join('');

/** Sheets that are larger than sheets of orders are, or that cannot be. */
export const sheetCases: readonly HostileCase[] = [
  hostile('1,048,576 rows', 'TOO_MANY_ROWS', () =>
    anXlsx(inlineRow(header, 1) + rowsFrom(2, '<c><v>1</v></c>')),
  ),
  hostile('1,048,576 rows of nothing', 'HEADER_MISSING', () => anXlsx(rowsFrom(1, '<c s="1"/>'))),
  hostile('16,384 columns', 'TOO_MANY_COLUMNS', () =>
    anXlsx(`<row>${'<c><v>1</v></c>'.repeat(lastSheetColumn)}</row>`),
  ),
  hostile('a value in column 201', 'TOO_MANY_COLUMNS', () =>
    anXlsx('<row r="1"><c r="GS1"><v>1</v></c></row>'),
  ),
  hostile('a value in the last cell', 'TOO_MANY_COLUMNS', () =>
    anXlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
  ),
  hostile('a cell longer than cells can be', 'CELL_TOO_LONG', () =>
    anXlsx(`<row><c t="inlineStr"><is><t>${'ab'.repeat(20_000)}</t></is></c></row>`),
  ),
  hostile('shared strings without measure', 'INFLATES_TOO_MUCH', () =>
    anXlsx('', { 'xl/sharedStrings.xml': repeatedStrings() }),
  ),
  hostile('shared strings without number', 'INFLATES_TOO_MUCH', () =>
    anXlsx('', { 'xl/sharedStrings.xml': countedStrings(limits.sharedStrings + 1) }),
  ),
  hostile('texts without measure', 'INFLATES_TOO_MUCH', () =>
    anXlsx(
      inlineRow(header, 1) +
        Array.from({ length: 1200 }, (_, row) => inlineRow([noise(3000, row).repeat(10)], row + 2)).join(''),
    ),
  ),
  ...(['7', '-1', '1e9', 'NaN', '1.5', 'x'] as const).map((index) =>
    hostile(`the shared string ${index}`, 'DAMAGED', () => anXlsx(`<row><c t="s"><v>${index}</v></c></row>`)),
  ),
  hostile('a row twice', 'DAMAGED', () =>
    anXlsx('<row r="2"><c><v>1</v></c></row><row r="2"><c><v>1</v></c></row>'),
  ),
  ...(['1048577', '0', '-1', '1.5', 'x', '1e99'] as const).map((row) =>
    hostile(`the row ${row}`, 'DAMAGED', () => anXlsx(`<row r="${row}"><c><v>1</v></c></row>`)),
  ),
  ...(['1A', 'A', 'ZZZZ1', 'a1', 'A1:B2', ''] as const).map((cell) =>
    hostile(`the cell “${cell}”`, 'DAMAGED', () => anXlsx(`<row r="1"><c r="${cell}"><v>1</v></c></row>`)),
  ),
  hostile('cells out of order', 'DAMAGED', () =>
    anXlsx('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>'),
  ),
  hostile('merged cells without number', 'DAMAGED', () =>
    merged(
      textRows(orderRows),
      Array.from({ length: limits.mergedRanges + 1 }, (_, index) => `A${index + 1}:B${index + 1}`),
    ),
  ),
  hostile('merged cells upside down', 'DAMAGED', () => merged(textRows(orderRows), ['B9:A2'])),
  hostile('merged cells that are none', 'DAMAGED', () => merged(textRows(orderRows), ['everything'])),
  hostile('merged cells over each other', 'DAMAGED', () =>
    merged(
      [header, ...Array.from({ length: 9_000 }, (_, row) => [`PO-${row}`])]
        .map((texts, index) => inlineRow(texts, index + 1))
        .join(''),
      Array.from({ length: 300 }, () => 'A2:P9001'),
    ),
  ),
  hostile('more findings than can be told', 'TOO_MANY_FINDINGS', () => anXlsx(wrongEverywhere())),
  hostile('an empty sheet', 'HEADER_MISSING', () => anXlsx('')),
];
