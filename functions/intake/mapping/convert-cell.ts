import { nearestName } from '../../../domain/customers/nearest-name.ts';
import { type ColumnName, templateColumns } from '../../../domain/uploads/template-columns.ts';
import type { Cell } from '../readers/cell.ts';
import { withoutShield } from '../text-shield.ts';
import { cleanCode } from './clean-text.ts';
import {
  type CellProblem,
  type Conversion,
  type ConversionContext,
  type Convert,
  type ConvertedColumn,
  error,
  read,
  warning,
} from './conversion.ts';
import { convertDate } from './convert-date.ts';
import { convertAmount, convertPercent, convertQuantity } from './convert-number.ts';
import {
  convertEmail,
  convertIdentifier,
  convertName,
  convertNote,
  convertOrdinal,
  convertTelephone,
} from './convert-text.ts';
import { quotedConstant } from './formula-text.ts';
import { isShareable } from './merged-cells.ts';
import { decimalOfCell, decimalOfText } from './read-number.ts';
import { wordReaders } from './read-words.ts';
import { textProblems } from './text-problems.ts';

type Format = (typeof templateColumns)[ColumnName]['format'];

const errorValue =
  /^#(N\/A( N\/A)?|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|UNKNOWN!|BUSY!|ERROR!|GETTING_DATA|#{2,})$|^Err:\d{3}$/i;
/** What programs write where they had nothing to write. A clerk writes none of it, except as a word of a choice or a note. */
const nothing = /^(nan|null|undefined|none|nil|\(null\)|\\N)$/i;

/** Longer than any word; comparing a text with all known words costs time by its length. */
const maxWordCharacters = 64;

const convertChoice: Convert = (cell, { name }) => {
  const decimal = cell.kind === 'number' ? decimalOfCell(cell.text) : decimalOfText(cell.text);
  const word = cleanCode(decimal ?? cell.text).slice(0, maxWordCharacters);
  const words = wordReaders[name];
  const code = words?.read(word);
  if (code !== undefined) return read(code);
  return read(
    word,
    error('ENUM_UNKNOWN', {
      expected: words?.known.join(', ').slice(0, 200) ?? '',
      suggestion: nearestName(word, words?.known ?? []),
    }),
  );
};

const converters: Readonly<Record<Format, Convert>> = {
  identifier: convertIdentifier,
  telephone: convertTelephone,
  date: convertDate,
  amount: convertAmount,
  quantity: convertQuantity,
  percent: convertPercent,
  choice: convertChoice,
  name: convertName,
  note: convertNote,
  email: convertEmail,
  ordinal: convertOrdinal,
};

const isErrorValue = ({ kind, text }: Cell, format: Format): boolean =>
  kind === 'error' ||
  errorValue.test(text.trim()) ||
  (format !== 'choice' && format !== 'note' && nothing.test(text.trim()));

/** A merged value is told where rows have values of their own, and wherever the sheet does not show what it holds. */
const mergedProblems = ({ merged }: Cell, name: ColumnName): CellProblem[] => {
  if (!merged || (templateColumns[name].level === 'order' && !merged.isUncertain)) return [];
  return [isShareable(name) ? warning('MERGED_CELL') : error('MERGED_CELL')];
};

const withoutShieldIn = (cell: Cell): Cell => {
  const text = cell.kind === 'text' ? withoutShield(cell.text) : cell.text;
  return text === cell.text ? cell : { ...cell, text };
};

/** Reads a cell that is not blank in the way of its column. */
export const convertCell = (shown: Cell, column: ConvertedColumn, context: ConversionContext): Conversion => {
  const { format } = templateColumns[column.name];
  const cell = withoutShieldIn(shown);
  if (cell.formula === 'without-value') return { problems: [error('FORMULA_NO_VALUE')] };
  if (isErrorValue(cell, format)) return read(cell.text, error('CELL_ERROR'));
  const constant = cell.kind === 'text' ? quotedConstant(cell.text) : undefined;
  const stored: Cell = constant === undefined ? cell : { ...cell, text: constant, formula: 'cached' };
  const { value, problems } = converters[format](stored, column, context);
  const ofText = textProblems(stored, format);
  const isSpoilt = ofText.some(({ severity }) => severity === 'ERROR');
  const found = [
    ...(stored.formula === 'cached' ? [warning('FORMULA_VALUE_USED')] : []),
    ...mergedProblems(cell, column.name),
    ...ofText,
    ...(isSpoilt ? [] : problems),
  ];
  return { ...(value !== undefined && { value }), problems: found };
};

/** Different cells of a column that are remembered. */
const maxRemembered = 1000;

/**
 * Reads cells like convertCell, the same cell of a column once in each context: a file says most things many times, and
 * readers make one cell of those that are equal.
 */
export const createConverter = (): Convert => {
  const known = new WeakMap<ConversionContext, Map<ColumnName, Map<Cell, Conversion>>>();
  return (cell, column, context) => {
    const inContext = known.get(context) ?? new Map<ColumnName, Map<Cell, Conversion>>();
    if (inContext.size === 0) known.set(context, inContext);
    const ofColumn = inContext.get(column.name) ?? new Map<Cell, Conversion>();
    if (ofColumn.size === 0) inContext.set(column.name, ofColumn);
    const remembered = ofColumn.get(cell);
    if (remembered) return remembered;
    const conversion = convertCell(cell, column, context);
    if (ofColumn.size < maxRemembered) ofColumn.set(cell, conversion);
    return conversion;
  };
};
