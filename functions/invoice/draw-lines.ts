import type { InvoiceModel, InvoiceRow } from './invoice-model.ts';
import { margin, type Sheet, soft, type TextStyle } from './sheet.ts';

type Column = { key: keyof InvoiceRow; width: number; align: 'left' | 'right' };

const columns: readonly Column[] = [
  { key: 'line', width: 32, align: 'left' },
  { key: 'article', width: 173, align: 'left' },
  { key: 'quantity', width: 64, align: 'right' },
  { key: 'unitPrice', width: 68, align: 'right' },
  { key: 'discount', width: 48, align: 'right' },
  { key: 'taxRate', width: 34, align: 'right' },
  { key: 'amount', width: 92, align: 'right' },
];
const gap = 6;
const padding = 4;
const detailStyle: TextStyle = { size: 8, color: soft };
const headingStyle: TextStyle = { size: 8, color: soft };

/** Cells keep their distance on the inner side, so that the table ends flush with the sums below. */
const xOf = (index: number): number =>
  columns.slice(0, index).reduce((x, { width }) => x + width, margin) +
  (columns[index]?.align === 'right' ? gap : 0);

const cellText = (row: InvoiceRow, key: keyof InvoiceRow): string =>
  key === 'article' ? row.article.name : row[key];

const heightOf = (sheet: Sheet, row: InvoiceRow): number =>
  Math.max(
    ...columns.map(({ key, width }) => {
      const detail = key === 'article' && row.article.detail;
      return (
        sheet.measure(cellText(row, key), width - gap) +
        (detail ? sheet.measure(detail, width - gap, detailStyle) : 0)
      );
    }),
  );

const writeHeading = (
  sheet: Sheet,
  { columns: names }: InvoiceModel,
  cell: (paint: () => void) => void,
): void => {
  const top = sheet.y;
  const height = Math.max(
    ...columns.map(({ key, width }) => sheet.measure(names[key], width - gap, headingStyle)),
  );
  columns.forEach(({ key, width, align }, index) => {
    cell(() => sheet.write(names[key], xOf(index), top, width - gap, { ...headingStyle, align }));
  });
  sheet.moveTo(top + height + padding);
  sheet.rule();
  sheet.moveTo(sheet.y + padding);
};

const writeCell = (
  sheet: Sheet,
  row: InvoiceRow,
  { key, width, align }: Column,
  x: number,
  top: number,
): void => {
  sheet.write(cellText(row, key), x, top, width - gap, { align });
  if (key === 'article' && row.article.detail) {
    const below = top + sheet.measure(row.article.name, width - gap);
    sheet.write(row.article.detail, x, below, width - gap, detailStyle);
  }
};

/** The table of lines, over as many pages as it takes; every page has the heading. */
export const drawLines = (sheet: Sheet, model: InvoiceModel): void => {
  const table = sheet.tag('Table');
  const headingRow = sheet.tag('TR', undefined, table);
  writeHeading(sheet, model, (paint) => sheet.tag('TH', paint, headingRow));
  headingRow.end();
  for (const row of model.rows) {
    const height = heightOf(sheet, row) + 2 * padding;
    if (sheet.makeRoom(height)) writeHeading(sheet, model, (paint) => sheet.decorate(paint, 'Pagination'));
    const top = sheet.y;
    const tableRow = sheet.tag('TR', undefined, table);
    columns.forEach((column, index) => {
      sheet.tag('TD', () => writeCell(sheet, row, column, xOf(index), top), tableRow);
    });
    tableRow.end();
    sheet.moveTo(top + height - padding);
    sheet.rule();
    sheet.moveTo(top + height);
  }
  table.end();
};
