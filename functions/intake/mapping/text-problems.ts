import type { ColumnFormat } from '../../../domain/uploads/template-columns.ts';
import type { Cell } from '../readers/cell.ts';
import { cleanCode, cleanNote, hasInvisible } from './clean-text.ts';
import { type CellProblem, error, warning } from './conversion.ts';
import { isFormulaText } from './formula-text.ts';
import { misreadingOf } from './misread-text.ts';

/** Columns where a text that begins like a formula is read as text; in others it cannot be read at all. */
const textFormats: ReadonlySet<ColumnFormat> = new Set(['identifier', 'name', 'note', 'email', 'ordinal']);
const codeFormats: ReadonlySet<ColumnFormat> = new Set(['identifier', 'telephone', 'email', 'choice']);

/** True for the few texts that have to be looked at more closely. */
const maybeSpoilt =
  /[\u0080-\u00ff\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufffd]|锟斤拷|^[\s']*[=+\-@＝＋－＠]/;

const isFormula = (text: string, format: ColumnFormat): boolean =>
  textFormats.has(format) && isFormulaText(cleanCode(text));

/** What is wrong with a text whatever its column: spoilt encodings and quotes, invisible characters, formulas. */
export const textProblems = ({ kind, text, damage }: Cell, format: ColumnFormat): CellProblem[] => {
  if (damage === 'quotes') return [error('QUOTES_BROKEN')];
  if (damage === 'encoding')
    return [
      error('ENCODING_UNREADABLE', { suggestion: text.includes('\ufffd') ? undefined : cleanNote(text) }),
    ];
  if (kind !== 'text' || !maybeSpoilt.test(text)) return [];
  const misreading = misreadingOf(text);
  if (misreading) return [error('ENCODING_UNREADABLE', { suggestion: misreading.meant })];
  return [
    ...(hasInvisible(text, codeFormats.has(format)) ? [warning('INVISIBLE_CHARACTERS')] : []),
    ...(isFormula(text, format) ? [warning('FORMULA_TEXT')] : []),
  ];
};
