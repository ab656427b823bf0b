import ExcelJS from 'exceljs';
import writeXlsxFile from 'write-excel-file/node';
import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { CellSpec } from './cell-spec.ts';
import { plainText } from './cell-spec.ts';
import { gb18030, utf16be, utf16le } from './encodings.ts';
import { type Grid, gridOf, someStyle } from './grid.ts';
import { type IntendedOrder, intendedOrders } from './intended-orders.ts';
import { type Seeded, seeded } from './seeded.ts';
import { csvText } from './write-csv.ts';
import { type Dialect, writeWorkbook } from './write-workbook.ts';

/** A file without any damage, and the orders it means. */
export type CleanFile = { name: string; bytes: Buffer; orders: readonly IntendedOrder[] };

type Rows = readonly (readonly (CellSpec | undefined)[])[];
type Writer = {
  name: string;
  isTyped: boolean;
  write: (rows: Rows, choose: Seeded) => Promise<Buffer> | Buffer;
};

/** Numbers and dates as spreadsheets store them where people type them. */
const typed = (name: ColumnName, text: string): CellSpec => {
  const { format } = templateColumns[name];
  if (format === 'date') return { date: text };
  return format === 'quantity' || format === 'amount' || format === 'percent' ? { number: text } : text;
};

const withTypes = (grid: Grid): Rows =>
  grid.rows.map((cells, row) =>
    cells.map((cell, column) => {
      const name = grid.style.columns[column];
      return row >= grid.headerRow && name && typeof cell === 'string' ? typed(name, cell) : cell;
    }),
  );

const exceljsValue = (cell: CellSpec | undefined): ExcelJS.CellValue => {
  if (cell === undefined || typeof cell === 'string') return cell ?? null;
  if ('date' in cell) return new Date(`${cell.date}T00:00:00Z`);
  return 'number' in cell ? Number(cell.number) : plainText(cell);
};

const byExceljs: Writer = {
  name: 'exceljs',
  isTyped: true,
  write: async (rows) => {
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('Orders');
    for (const cells of rows) sheet.addRow(cells.map(exceljsValue));
    return Buffer.from(await book.xlsx.writeBuffer());
  },
};

const byWriteExcelFile: Writer = {
  name: 'write-excel-file',
  isTyped: true,
  write: (rows) =>
    writeXlsxFile(
      rows.map((cells) =>
        cells.map((cell) => {
          if (cell === undefined) return null;
          if (typeof cell === 'object' && 'date' in cell)
            return { value: new Date(`${cell.date}T00:00:00Z`), type: Date, format: 'yyyy/m/d' };
          if (typeof cell === 'object' && 'number' in cell)
            return { value: Number(cell.number), type: Number };
          return { value: plainText(cell), type: String };
        }),
      ),
      { sheet: '订单' },
    ).toBuffer(),
};

const ownDialects: Readonly<Record<string, Partial<Dialect> & { date1904?: boolean }>> = {
  'shared strings': {},
  'inline strings': { strings: 'inline' },
  'strings as results': { strings: 'str' },
  'strict and prefixed': { strict: true, prefix: 'x' },
  'without references': { references: false, strings: 'inline' },
  'without compression': { compress: false },
  'counting from 1904': { date1904: true },
};

const byOwn = (name: string, { date1904 = false, ...dialect }: (typeof ownDialects)[string]): Writer => ({
  name: `a workbook with ${name}`,
  isTyped: true,
  write: (rows, choose) =>
    writeWorkbook({
      sheets: [{ name: choose.pick(['订单', 'Orders', 'Sheet1']), rows: rows.map((cells) => ({ cells })) }],
      date1904,
      dialect,
    }),
});

const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\ufeff${text}`),
  GB18030: gb18030,
  'UTF-16 with a mark': (text) => utf16le(`\ufeff${text}`),
  'UTF-16 big endian with a mark': (text) => utf16be(`\ufeff${text}`),
  'UTF-16 without a mark': utf16le,
  'UTF-16 big endian without a mark': utf16be,
};
const delimiters: Readonly<Record<string, string>> = {
  commas: ',',
  semicolons: ';',
  tabs: '\t',
  bars: '|',
};

const byCsv = (encoding: string, separator: string): Writer => ({
  name: `delimited text with ${separator} in ${encoding}`,
  isTyped: false,
  write: (rows, choose) => {
    const text = csvText(rows, {
      delimiter: delimiters[separator] ?? ',',
      lineBreak: choose.pick(['\r\n', '\n', '\r']),
      quotesAll: choose.chance(0.2),
    });
    return (encodings[encoding] ?? Buffer.from)(text);
  },
});

const writers: readonly Writer[] = [
  byExceljs,
  byWriteExcelFile,
  ...Object.entries(ownDialects).map(([name, dialect]) => byOwn(name, dialect)),
  ...Object.keys(encodings).flatMap((encoding) =>
    Object.keys(delimiters).map((separator) => byCsv(encoding, separator)),
  ),
];

export type CleanCase = { name: string; file: () => Promise<CleanFile> };

/** Files by every writer in turn, each of other orders in another layout. */
export const cleanCases = (count: number, firstSeed: number): CleanCase[] =>
  Array.from({ length: count }, (_, index) => {
    const [first] = writers;
    const writer = writers[index % writers.length] ?? first;
    if (!writer) throw new RangeError('there are writers');
    const seed = firstSeed + index;
    const name = `${writer.name}, seed ${seed}`;
    return {
      name,
      file: async () => {
        const choose = seeded(seed);
        const orders = intendedOrders(choose, 1 + choose.below(6));
        const grid = gridOf(orders, someStyle(choose, orders));
        const rows = writer.isTyped ? withTypes(grid) : grid.rows;
        return { name, bytes: await writer.write(rows, choose), orders };
      },
    };
  });
