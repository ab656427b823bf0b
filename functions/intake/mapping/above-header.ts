import type { CellFinding } from '../../../domain/uploads/upload.ts';
import { type Cell, cellReference, isBlank, type SheetRow } from '../readers/cell.ts';
import { withoutShield } from '../text-shield.ts';
import type { FindColumn } from './layout.ts';

const maxLabelCharacters = 40;

/** True for "币种: USD", or for a label such as 币种 beside a cell that has its value. */
const saysValue = ({ text }: Cell, next: Cell | undefined, findColumn: FindColumn): boolean => {
  const [, label = '', value = ''] = /^([^:：]+)[:：]?\s*(.*)$/s.exec(withoutShield(text).trim()) ?? [];
  const hasValue = value !== '' || (next !== undefined && findColumn(withoutShield(next.text)) === undefined);
  return hasValue && label.length <= maxLabelCharacters && findColumn(label) !== undefined;
};

/** Warns of values in the rows above the header, which are not read: only titles belong there. */
export const aboveHeaderFindings = (rows: readonly SheetRow[], findColumn: FindColumn): CellFinding[] =>
  rows.flatMap(({ row, cells }) => {
    const filled = cells.filter((cell) => !isBlank(cell));
    return filled
      .filter((cell, index) => saysValue(cell, filled[index + 1], findColumn))
      .map(({ column, text }) => ({
        severity: 'WARNING' as const,
        code: 'TEXT_ABOVE_HEADER' as const,
        cell: cellReference(column, row),
        value: text.trim().slice(0, 200),
      }));
  });
