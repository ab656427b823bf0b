import type { ColumnName } from '../../../domain/template-columns.ts';
import type { CellFinding } from '../../../domain/upload.ts';
import { type Cell, cellReference, isBlank, type SheetRow } from '../readers/cell.ts';

const maxLabelCharacters = 40;

/** True for "币种: USD", or for a label such as 币种 beside a cell that has its value. */
const saysValue = (
  { text }: Cell,
  next: Cell | undefined,
  columnFor: (header: string) => ColumnName | undefined,
): boolean => {
  const [, label = '', value = ''] = /^([^:：]+)[:：]?\s*(.*)$/s.exec(text.trim()) ?? [];
  const hasValue = value !== '' || (next !== undefined && columnFor(next.text) === undefined);
  return hasValue && label.length <= maxLabelCharacters && columnFor(label) !== undefined;
};

/** Warns of values in the rows above the header, which are not read: only titles belong there. */
export const aboveHeaderFindings = (
  rows: readonly SheetRow[],
  columnFor: (header: string) => ColumnName | undefined,
): CellFinding[] =>
  rows.flatMap(({ row, cells }) => {
    const filled = cells.filter((cell) => !isBlank(cell));
    return filled
      .filter((cell, index) => saysValue(cell, filled[index + 1], columnFor))
      .map(({ column, text }) => ({
        severity: 'WARNING' as const,
        code: 'TEXT_ABOVE_HEADER' as const,
        cell: cellReference(column, row),
        value: text.trim().slice(0, 200),
      }));
  });
