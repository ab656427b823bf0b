import type { SheetRow } from '../../functions/intake/readers/cell.ts';
import { readSheet } from '../../functions/intake/readers/read-sheet.ts';

/** All rows of a file. */
export const rowsOf = async (bytes: Buffer): Promise<SheetRow[]> => {
  const rows: SheetRow[] = [];
  for await (const row of readSheet(bytes)) rows.push(row);
  return rows;
};
