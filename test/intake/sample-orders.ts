import { type ColumnName, templateColumns } from '../../domain/uploads/template-columns.ts';

/** The instant at which the tests read files. */
export const now = new Date('2025-10-14T02:00:00Z');
export const timeZone = 'Asia/Shanghai';

export type Line = Partial<Record<ColumnName, string>>;

/** A row of a file whose order has no problem. */
export const aLine = (changes: Line = {}): Line => ({
  orderReference: 'PO-1',
  customerName: '示例客户',
  contactName: '王敏',
  contactPhone: '13800138000',
  contactEmail: 'wang@example.com',
  province: '上海市',
  city: '上海市',
  address: '张江路 100 号',
  requestedDate: '2025-10-20',
  paymentMethod: '银行转账',
  sku: 'CUP-350-BL',
  itemName: '保温杯',
  specification: '350ml 蓝色',
  quantity: '24',
  unit: '个',
  unitPrice: '39.90',
  ...changes,
});

/** A header with these columns' Chinese names and one row of texts for each line. */
export const table = (
  lines: readonly Line[],
  columns: readonly ColumnName[] = columnsOf(lines),
): string[][] => [
  columns.map((name) => templateColumns[name].header['zh-CN']),
  ...lines.map((line) => columns.map((name) => line[name] ?? '')),
];

/** The template's columns that any of the lines fills, in the template's order. */
export const columnsOf = (lines: readonly Line[]): ColumnName[] =>
  (Object.keys(templateColumns) as ColumnName[]).filter((name) =>
    lines.some((line) => line[name] !== undefined),
  );

const quoted = (text: string): string =>
  /[",;\t|\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

export const csvOf = (rows: readonly (readonly string[])[], delimiter = ',', lineBreak = '\r\n'): string =>
  rows.map((cells) => cells.map(quoted).join(delimiter) + lineBreak).join('');
