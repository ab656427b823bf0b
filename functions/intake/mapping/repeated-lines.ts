import { templateColumns } from '../../../domain/uploads/template-columns.ts';
import { cellReference } from '../readers/cell.ts';
import { withoutShield } from '../text-shield.ts';
import type { DataRow } from './data-row.ts';
import type { LocatedFinding } from './locate.ts';
import type { NamedColumn } from './read-fields.ts';
import { rowFinding } from './row-findings.ts';

/**
 * Warns of rows that say the same as an earlier one of their order: the same goods twice, or a row copied by mistake. Where
 * rows are numbered, a number used twice is an error of its own.
 */
export const repeatedLines = (
  rows: readonly DataRow[],
  columns: readonly NamedColumn[],
): LocatedFinding[] => {
  if (rows.length < 2 || columns.some(({ name }) => name === 'lineNumber')) return [];
  const ofLine = columns.filter(({ name }) => templateColumns[name].level === 'line');
  const seen = new Map<string, number>();
  const findings: LocatedFinding[] = [];
  for (const row of rows) {
    const texts = ofLine.map(({ position }) => withoutShield(row.cells[position]?.text ?? '').trim());
    const column = ofLine[texts.findIndex((text) => text !== '')];
    if (!column) continue;
    const key = texts.join('\n');
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, row.row);
    else {
      const expected = cellReference(column.column, earlier);
      findings.push(rowFinding(row, 'WARNING', 'DUPLICATE_ROW', column, { expected }));
    }
  }
  return findings;
};
