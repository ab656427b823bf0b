import Big from 'big.js';
import type { ColumnName } from '../../../domain/uploads/template-columns.ts';
import type { Cell } from '../readers/cell.ts';
import { cleanCode, cleanLine, cleanNote } from './clean-text.ts';
import { type ConversionContext, type Convert, error, read, warning } from './conversion.ts';
import { isRounded, isRoundedTaxId, isScientific, reliableDigits, withLostZeros } from './lost-digits.ts';
import { decimalOfCell } from './read-number.ts';
import { meantTelephone, telephoneOf } from './read-telephone.ts';

/** What programs write for a whole number that was a fraction to them. */
const wholeFraction = /^(\d+)\.0+$/;
/** Into which spreadsheets turn codes such as MAR1 and 3-1. */
const dateLike =
  /^(\d{1,2}-(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)-\d{2}|\d{1,2}月\d{1,2}日|\d{4}[/年]\d{1,2}[/月]\d{1,2}日?)$/i;
const codesOfArticles: ReadonlySet<ColumnName> = new Set(['sku', 'buyerItemCode', 'gtin', 'specification']);

const numberAsText: Convert = (cell, { name }, context) => {
  const decimal = decimalOfCell(cell.text);
  if (decimal === undefined) return read(cell.text, error('TYPE_INVALID'));
  if (cell.shownAs && 'percent' in cell.shownAs)
    return read(`${new Big(decimal).times(100).toFixed()}%`, warning('NUMBER_IN_TEXT_COLUMN'));
  const width = cell.shownAs && 'digits' in cell.shownAs ? cell.shownAs.digits : 0;
  if (decimal.replace('-', '').split('.', 1).join('').length > reliableDigits)
    return read(decimal, error('NUMBER_PRECISION_LOST'));
  const lost = width === 0 ? withLostZeros(decimal, name, context) : undefined;
  return lost
    ? read(decimal, error('LEADING_ZERO_LOST', { suggestion: lost }))
    : read(decimal.padStart(width, '0'), warning('NUMBER_IN_TEXT_COLUMN'));
};

/** Text columns: a spreadsheet may have made a number of the text, or a date, which loses what was typed. */
const asText =
  (clean: (text: string) => string): Convert =>
  (cell, column, context) => {
    if (cell.kind === 'number') return numberAsText(cell, column, context);
    if (cell.kind !== 'text') return read(cell.text, error('TYPE_INVALID'));
    return read(clean(cell.text));
  };

const codeProblems = (code: string, name: ColumnName, context: ConversionContext) => {
  if (isScientific(code) || (name === 'taxId' && isRoundedTaxId(code)))
    return [error('NUMBER_PRECISION_LOST')];
  const lost = withLostZeros(code, name, context);
  if (lost) return [error('LEADING_ZERO_LOST', { suggestion: lost })];
  if (isRounded(code, 2) || (isRounded(code) && context.roundedColumns.has(name)))
    return [warning('NUMBER_PRECISION_LOST')];
  return codesOfArticles.has(name) && dateLike.test(code) ? [warning('DATE_IN_TEXT_COLUMN')] : [];
};

/** Codes that are of letters and digits only, however they are written. */
const compact: Partial<Record<ColumnName, (code: string) => string>> = {
  gtin: (code) => code.replaceAll(/(?<=\d)[ -](?=\d)/g, ''),
  taxId: (code) => code.replaceAll(/[ -]/g, '').toUpperCase(),
  orderReference: (code) => code.replaceAll(/[\u2010-\u2015\u2212]/g, '-'),
};

export const convertIdentifier: Convert = (cell, column, context) => {
  if (cell.kind !== 'text') return asText(cleanCode)(cell, column, context);
  const { name } = column;
  const clean = cleanCode(cell.text);
  const code = compact[name]?.(clean) ?? clean;
  const whole = wholeFraction.exec(code)?.[1];
  if (whole !== undefined && name !== 'qualificationNumber' && whole.length > 1)
    return numberAsText({ ...cell, kind: 'number', text: whole }, column, context);
  return read(code, ...codeProblems(code, name, context));
};

export const convertTelephone: Convert = (cell, column, context) => {
  const { value, problems } = convertIdentifier(cell, column, context);
  const text = String(value);
  const telephone = telephoneOf(text, context.countryCode);
  if (telephone)
    return read(telephone.number, ...problems, ...(telephone.isAssignable ? [] : [warning('PHONE_INVALID')]));
  const meant = meantTelephone(text, context.countryCode);
  const isTold = meant === undefined || problems.some(({ severity }) => severity === 'ERROR');
  return read(text, ...problems, ...(isTold ? [] : [error('PHONE_INVALID', { suggestion: meant })]));
};

export const convertName: Convert = (cell, column, context) => {
  const converted = asText(cleanLine)(cell, column, context);
  const isDateLike =
    cell.kind === 'text' && codesOfArticles.has(column.name) && dateLike.test(String(converted.value));
  return isDateLike ? { ...converted, problems: [warning('DATE_IN_TEXT_COLUMN')] } : converted;
};

export const convertNote: Convert = (cell, column, context) =>
  cell.kind === 'date'
    ? read(cell.text, warning('DATE_IN_TEXT_COLUMN'))
    : asText(cleanNote)(cell, column, context);

const mailboxOf = (text: string): string | undefined => /<([^<>\s]+@[^<>\s]+)>/.exec(text)?.[1];

export const convertEmail: Convert = (cell, column, context) => {
  const { value, problems } = asText(cleanCode)(cell, column, context);
  const address = String(value).replace(/^mailto:/i, '');
  const meant = mailboxOf(address);
  return read(address, ...problems, ...(meant ? [error('EMAIL_INVALID', { suggestion: meant })] : []));
};

/** A line number, which a writer may have stored as a number or as a text. */
export const convertOrdinal = (cell: Cell): ReturnType<Convert> => {
  if (cell.kind === 'date' || cell.kind === 'boolean') return read(cell.text, error('TYPE_INVALID'));
  const number = cell.kind === 'number' ? decimalOfCell(cell.text) : undefined;
  const code = cleanCode(cell.text);
  return read(number ?? wholeFraction.exec(code)?.[1] ?? code);
};
