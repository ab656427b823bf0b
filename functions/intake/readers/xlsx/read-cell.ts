import type { Cell } from '../cell.ts';
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

export type CellContext = { strings: readonly string[]; styles: readonly NumberFormat[]; date1904: boolean };

type Content = Pick<Cell, 'kind' | 'text' | 'shownAs'>;

const numberCell = (value: string, format: NumberFormat, date1904: boolean): Content => {
  const text = value.trim();
  if (format === 'date') {
    const date = dateOfSerial(Number(text), date1904);
    if (date) return { kind: 'date', text: date };
  }
  if (format === 'percent') return { kind: 'number', text, shownAs: { percent: true } };
  return typeof format === 'object' ? { kind: 'number', text, shownAs: format } : { kind: 'number', text };
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

/** What a cell holds; undefined when it holds nothing (a style alone is nothing). */
export const readCell = (raw: RawCell, context: CellContext): Cell | undefined => {
  const value = raw.type === 'inlineStr' ? (raw.string ?? raw.value) : raw.value;
  if (value === undefined)
    return raw.hasFormula
      ? { column: raw.column, kind: 'text', text: '', formula: 'without-value' }
      : undefined;
  const content = contentOf(raw, value, context);
  if (content.text === '') return undefined;
  return { column: raw.column, ...content, ...(raw.hasFormula && { formula: 'cached' as const }) };
};
