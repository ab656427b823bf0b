import type { Cell } from '../readers/cell.ts';
import { withoutShield } from '../text-shield.ts';
import { cleanNote } from './clean-text.ts';
import type { DataRow } from './data-row.ts';
import type { Layout } from './layout.ts';
import { decimalOfCell } from './read-number.ts';

/** What an order's metadata may hold, contract §2. */
const maxKeys = 20;
export const maxKeyCharacters = 64;
export const maxValueCharacters = 500;

/** Names that are no plain keys of an object. */
const unsafeNames = new Set(['__proto__', 'constructor', 'prototype']);

const textOf = (cell: Cell | undefined): string =>
  cleanNote((cell?.kind === 'number' && decimalOfCell(cell.text)) || withoutShield(cell?.text ?? ''));

/** Columns that the template does not have, by header; different values of one column are joined. */
export const metadataOf = (rows: readonly DataRow[], { columns }: Layout): Record<string, string> => {
  const valuesByHeader = new Map<string, Set<string>>();
  columns.forEach(({ name, header }, position) => {
    if (name !== undefined || unsafeNames.has(header)) return;
    const key = header.slice(0, maxKeyCharacters);
    for (const { cells } of rows) {
      const text = textOf(cells[position]);
      if (text) valuesByHeader.set(key, (valuesByHeader.get(key) ?? new Set()).add(text));
    }
  });
  return Object.fromEntries(
    [...valuesByHeader]
      .slice(0, maxKeys)
      .map(([key, values]) => [key, [...values].join('; ').slice(0, maxValueCharacters)]),
  );
};
