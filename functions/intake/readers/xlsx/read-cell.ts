import type { Cell } from '../cell.ts';
import type { CellPool } from '../cell-pool.ts';
import { InvalidFile } from '../invalid-file.ts';
import type { NumberFormat } from './number-format.ts';
import { dateOfSerial } from './serial-date.ts';

/** A `<c>` element as written: `value` is the text of `<v>`, `string` that of `<is>`; absent where there is none. */
export type RawCell = {
  column: number;
  type: string;
  style: number;
  hasFormula: boolean;
  value?: string;
  string?: string;
};

export type CellContext = {
  strings: readonly string[];
  styles: readonly NumberFormat[];
  date1904: boolean;
  share: CellPool;
};

type Content = Pick<Cell, 'kind' | 'text' | 'shownAs' | 'countsFrom1904'>;

const shownAsOf = (format: NumberFormat): Cell['shownAs'] => {
  if (format === 'percent') return { percent: true };
  if (format === 'month') return { month: true };
  return typeof format === 'object' ? format : undefined;
};

const numberCell = (value: string, format: NumberFormat, date1904: boolean): Content => {
  const text = value.trim();
  const shownAs = shownAsOf(format);
  const more = { ...(shownAs && { shownAs }), ...(date1904 && { countsFrom1904: true as const }) };
  const isDate = format === 'date' || format === 'month';
  const date = isDate ? dateOfSerial(Number(text), date1904) : undefined;
  return date === undefined ? { kind: 'number', text, ...more } : { kind: 'date', text: date, ...more };
};

const contentOf = (raw: RawCell, value: string, { strings, styles, date1904 }: CellContext): Content => {
  switch (raw.type) {
    case 's': {
      const text = strings[Number(value)];
      if (text === undefined)
        throw new InvalidFile('DAMAGED', { technical: `shared string ${value.slice(0, 20)}` });
      return { kind: 'text', text };
    }
    case 'str':
    case 'inlineStr':
      return { kind: 'text', text: value };
    case 'b':
      return { kind: 'boolean', text: value.trim() === '1' || value.trim() === 'true' ? 'TRUE' : 'FALSE' };
    case 'e':
      return { kind: 'error', text: value };
    case 'd':
      return { kind: 'date', text: value.trim().replace(/T00:00(:00(\.0+)?)?$/, '') };
    default:
      return numberCell(value, styles[raw.style] ?? 'general', date1904);
  }
};

/** An empty value counts for a text alone: some writers leave one beside a formula that was never computed. */
const storedValue = ({ type, value, string }: RawCell): string | undefined => {
  const stored = type === 'inlineStr' ? (string ?? value) : value;
  return stored?.trim() === '' && type !== 'str' && type !== 'inlineStr' ? undefined : stored;
};

/** What a cell holds; undefined when it holds nothing (a style alone is nothing). */
export const readCell = (raw: RawCell, context: CellContext): Cell | undefined => {
  const { column, hasFormula } = raw;
  const value = storedValue(raw);
  if (value === undefined)
    return hasFormula ? { column, kind: 'text', text: '', formula: 'without-value' } : undefined;
  const content = contentOf(raw, value, context);
  const { kind, text, shownAs, countsFrom1904 } = content;
  if (text === '') return undefined;
  if (!hasFormula && !shownAs && !countsFrom1904 && kind !== 'boolean' && kind !== 'error')
    return context.share(column, kind, text);
  return { column, ...content, ...(hasFormula && { formula: 'cached' as const }) };
};
