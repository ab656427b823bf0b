import { TZDate } from '@date-fns/tz';
import Big from 'big.js';
import { formatISO } from 'date-fns';
import { isGtin } from '../../../domain/gtin.ts';
import { nearestName } from '../../../domain/nearest-name.ts';
import { type ColumnName, templateColumns } from '../../../domain/template-columns.ts';
import type { CellFinding } from '../../../domain/upload.ts';
import type { Cell } from '../readers/cell.ts';
import { dateOfSerial } from '../readers/xlsx/serial-date.ts';
import { readDate } from './read-date.ts';
import { discountPercentOf } from './read-discount.ts';
import { decimalOfCell, decimalOfText } from './read-number.ts';
import { telephoneOf } from './read-telephone.ts';
import { wordReaders } from './read-words.ts';

export type FieldValue = string | number | boolean;
export type CellProblem = Pick<CellFinding, 'severity' | 'code' | 'expected' | 'suggestion'>;

/** What a cell says in its column. A value that cannot be read stays as its text, beside the problem that says so. */
export type Conversion = { value?: FieldValue; problems: CellProblem[] };

export type ConversionContext = { countryCode: string; timeZone: string };

type Convert = (cell: Cell, name: ColumnName, context: ConversionContext) => Conversion;

const error = (
  code: CellProblem['code'],
  more: Omit<CellProblem, 'severity' | 'code'> = {},
): CellProblem => ({ severity: 'ERROR', code, ...more });
const warning = (code: CellProblem['code']): CellProblem => ({ severity: 'WARNING', code });
const read = (value: FieldValue, ...problems: CellProblem[]): Conversion => ({ value, problems });

const reliableDigits = 15;
/** Text that spreadsheets leave in a CSV file where a long number stood. */
const scientific = /^\d(\.\d+)?E\+\d+$/i;
const errorValue = /^#(N\/A|REF!|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)$/i;

const foldedText = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/[\u200b\ufeff]/g, '')
    .trim();
const oneLine = (text: string): string => text.normalize().replaceAll(/\s+/g, ' ').trim();

/** Leading zeros that a spreadsheet took from a number which must have had them. */
const lostZeros = (
  digits: string,
  name: ColumnName,
  { countryCode }: ConversionContext,
): string | undefined => {
  if (name === 'gtin' && !isGtin(digits))
    return [8, 12, 13, 14].map((length) => digits.padStart(length, '0')).find(isGtin);
  return name === 'postalCode' && countryCode === 'CN' && digits.length === 5 ? `0${digits}` : undefined;
};

const numberAsText: Convert = (cell, name, context) => {
  const decimal = decimalOfCell(cell.text);
  if (decimal === undefined) return read(cell.text, error('TYPE_INVALID'));
  const width = cell.shownAs && 'digits' in cell.shownAs ? cell.shownAs.digits : 0;
  if (decimal.replace('-', '').split('.', 1).join('').length > reliableDigits)
    return read(decimal, error('NUMBER_PRECISION_LOST'));
  const lost = width === 0 ? lostZeros(decimal, name, context) : undefined;
  return lost
    ? read(decimal, error('LEADING_ZERO_LOST', { suggestion: lost }))
    : read(decimal.padStart(width, '0'), warning('NUMBER_IN_TEXT_COLUMN'));
};

/** Text columns: a spreadsheet may have made a number of the text, or a date, which loses what was typed. */
const asText =
  (clean: (text: string) => string): Convert =>
  (cell, name, context) => {
    if (cell.kind === 'number') return numberAsText(cell, name, context);
    if (cell.kind === 'date') return read(cell.text, error('TYPE_INVALID'));
    return read(clean(cell.text));
  };

const identifier: Convert = (cell, name, context) => {
  const converted = asText(foldedText)(cell, name, context);
  return cell.kind === 'text' && scientific.test(foldedText(cell.text))
    ? read(cell.text, error('NUMBER_PRECISION_LOST'))
    : converted;
};

const telephone: Convert = (cell, name, context) => {
  const { value, problems } = identifier(cell, name, context);
  return { value: telephoneOf(String(value), context.countryCode) ?? String(value), problems };
};

const dateExpected = 'YYYY-MM-DD';

const date: Convert = (cell, name, { timeZone }) => {
  if (cell.kind === 'number' && !/^\d{8}$/.test(cell.text)) {
    const [suggestion] = dateOfSerial(Number(cell.text), false)?.split('T') ?? [];
    return read(
      cell.text,
      error('TYPE_INVALID', { expected: dateExpected, ...(suggestion && { suggestion }) }),
    );
  }
  const reading = readDate(cell.text);
  switch (reading.outcome) {
    case 'ambiguous':
      return read(
        cell.text,
        error('DATE_AMBIGUOUS', { expected: reading.readings.join(' / ') || dateExpected }),
      );
    case 'unreadable':
      return read(cell.text, error('FORMAT_INVALID', { expected: dateExpected }));
    case 'date': {
      const { day, time = '00:00:00', offset } = reading;
      if (name !== 'orderDate') return read(day);
      if (offset)
        return read(`${day}T${time}${offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`);
      const [year = 0, month = 1, dayOfMonth = 1, hour = 0, minute = 0, second = 0] = `${day}:${time}`
        .split(/[-:]/)
        .map(Number);
      return read(formatISO(new TZDate(year, month - 1, dayOfMonth, hour, minute, second, timeZone)));
    }
    default:
      return reading satisfies never;
  }
};

const decimalOf = (cell: Cell): string | undefined =>
  cell.kind === 'number' ? decimalOfCell(cell.text) : decimalOfText(cell.text);

const amount: Convert = (cell) => read(decimalOf(cell) ?? foldedText(cell.text));

const quantity: Convert = (cell) => {
  const decimal = decimalOf(cell);
  return read(decimal === undefined ? foldedText(cell.text) : Number(decimal));
};

const percent: Convert = (cell) => {
  if (cell.kind !== 'number') return read(discountPercentOf(cell.text) ?? foldedText(cell.text));
  const decimal = decimalOfCell(cell.text);
  if (decimal === undefined) return read(cell.text);
  const isFraction = cell.shownAs && 'percent' in cell.shownAs;
  return read(isFraction ? new Big(decimal).times(100).toFixed() : decimal);
};

/** Longer than any word; comparing a text with all known words costs time by its length. */
const maxWordCharacters = 64;

const choice: Convert = (cell, name) => {
  const word = foldedText(decimalOf(cell) ?? cell.text).slice(0, maxWordCharacters);
  const words = wordReaders[name];
  const code = words?.read(word);
  if (code !== undefined) return read(code);
  const suggestion = nearestName(word, words?.known ?? []);
  return read(
    word,
    error('ENUM_UNKNOWN', {
      expected: words?.known.join(', ').slice(0, 200) ?? '',
      ...(suggestion && { suggestion }),
    }),
  );
};

const converters: Readonly<Record<(typeof templateColumns)[ColumnName]['format'], Convert>> = {
  identifier,
  telephone,
  date,
  amount,
  quantity,
  percent,
  choice,
  name: asText(oneLine),
  note: asText((text) => text.normalize().trim()),
  email: asText(foldedText),
  ordinal: (cell) => read((cell.kind === 'number' && decimalOfCell(cell.text)) || foldedText(cell.text)),
};

/** Reads a cell that is not blank in the way of its column. */
export const convertCell = (cell: Cell, name: ColumnName, context: ConversionContext): Conversion => {
  if (cell.formula === 'without-value') return { problems: [error('FORMULA_NO_VALUE')] };
  if (cell.kind === 'error' || errorValue.test(cell.text.trim())) return read(cell.text, error('CELL_ERROR'));
  const { value, problems } = converters[templateColumns[name].format](cell, name, context);
  const used = cell.formula === 'cached' ? [warning('FORMULA_VALUE_USED')] : [];
  return { ...(value !== undefined && { value }), problems: [...used, ...problems] };
};
