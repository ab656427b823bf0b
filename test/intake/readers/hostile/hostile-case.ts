import type { Refusal } from '../../../../functions/intake/readers/invalid-file.ts';
import { aLine, table } from '../../sample-orders.ts';

/** A file that must be refused by name, whatever it does to a reader. */
export type HostileCase = { name: string; refusal: Refusal; file: () => Promise<Buffer> | Buffer };

export const hostile = (name: string, refusal: Refusal, file: HostileCase['file']): HostileCase => ({
  name,
  refusal,
  file,
});

/** A header and one order. */
export const orderRows = table([aLine()]);
export const header = orderRows[0] ?? [];

export const sheetPart = 'xl/worksheets/sheet1.xml';

/** Text that hardly deflates, the same for the same seed. */
export const noise = (length: number, seed = 1): string => {
  let state = seed;
  let text = '';
  while (text.length < length) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    text += state.toString(36).padStart(7, '0');
  }
  return text.slice(0, length);
};
