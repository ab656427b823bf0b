import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { DataRow } from './data-row.ts';
import type { Layout } from './layout.ts';
import { isRounded, reliableDigits } from './lost-digits.ts';

/**
 * Columns of codes whose long numbers, all of them, end in zeros. One code in ten of 16 digits ends so by chance; a column of
 * them has been through a spreadsheet.
 */
export const roundedColumnsOf = (rows: readonly DataRow[], { columns }: Layout): ReadonlySet<ColumnName> => {
  const rounded = new Set<ColumnName>();
  columns.forEach(({ name }, position) => {
    if (name === undefined || templateColumns[name].format !== 'identifier') return;
    const long = rows.flatMap(({ cells }) => {
      const cell = cells[position];
      return cell?.kind === 'text' && cell.text.length > reliableDigits && /^\d+$/.test(cell.text)
        ? [cell.text]
        : [];
    });
    if (long.length > 0 && long.every((digits) => isRounded(digits))) rounded.add(name);
  });
  return rounded;
};
