import { columnFor } from '../../../../domain/uploads/template-columns.ts';
import { isBlank, type SheetRow } from '../cell.ts';
import { InvalidFile, type Refusal } from '../invalid-file.ts';
import { limits } from '../limits.ts';

const isHeader = ({ cells }: SheetRow): boolean =>
  new Set(cells.map(({ text }) => columnFor(text)).filter((name) => name !== undefined)).size >=
  limits.knownHeaders;

/** What ends the reading of the whole file, whichever sheet it is met in. */
const endsAll: ReadonlySet<Refusal> = new Set(['TOO_SLOW', 'INFLATES_TOO_MUCH']);

/** True when a sheet has a header among its first rows and anything below it. A damaged sheet has none. */
export const holdsOrders = async (rows: AsyncIterable<SheetRow>): Promise<boolean> => {
  let hasHeader = false;
  try {
    for await (const row of rows) {
      if (hasHeader && !row.cells.every(isBlank)) return true;
      if (!hasHeader && row.row > limits.headerRow) return false;
      hasHeader ||= isHeader(row);
    }
    return false;
  } catch (error) {
    if (error instanceof InvalidFile && !endsAll.has(error.refusal)) return false;
    throw error;
  }
};
