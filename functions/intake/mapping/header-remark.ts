import {
  type ColumnName,
  columnFor,
  remarksOf,
  templateColumns,
} from '../../../domain/uploads/template-columns.ts';
import { markWithin } from '../../../domain/values/currency-marks.ts';
import { type UnitCode, unitCodeFor } from '../../../domain/values/units.ts';

/** What a header says of the numbers below it. `isUnread` when it says something else, too. */
export type HeaderHints = { currency?: string; unit?: UnitCode; isUnread: boolean };

const numberFormats: ReadonlySet<string> = new Set(['amount', 'quantity', 'percent']);
const ofUnit: ReadonlySet<ColumnName> = new Set(['quantity', 'unitPrice']);

const taxExcluded = /不含税|未税|excl|\bnet\b|before tax/i;
const taxIncluded = /含税|incl|\bgross\b/i;
/** Words that say how to fill in the column and nothing of what its numbers mean. */
const harmless =
  /^(必填|选填|必须|可选|required|mandatory|optional|数字|数值|整数|number|whole number|text|文本|%|％|如.*|例.*|e\.?g\.?.*|example.*|[*\d.,<>=~-]+)$/i;

/** Whether the header of a price says that it contains tax; undefined when it does not say. */
export const taxOfHeader = (header: string): boolean | undefined => {
  if (taxExcluded.test(header)) return false;
  return taxIncluded.test(header) ? true : undefined;
};

const meaningOf = (word: string, name: ColumnName): Omit<HeaderHints, 'isUnread'> | undefined => {
  if (harmless.test(word) || taxOfHeader(word) !== undefined || columnFor(word) === name) return {};
  const unit = ofUnit.has(name) ? unitCodeFor(word) : undefined;
  if (unit !== undefined) return { unit };
  const mark = templateColumns[name].format === 'amount' ? markWithin(word) : undefined;
  return mark === word ? { currency: mark } : undefined;
};

/** Reads the remarks in brackets of a column of numbers: its unit, its currency. */
export const headerHints = (name: ColumnName, header: string): HeaderHints => {
  if (!numberFormats.has(templateColumns[name].format)) return { isUnread: false };
  const words = remarksOf(header).flatMap((remark) => remark.split(/[,，;；、/]\s*/));
  const meanings = words.map((word) => meaningOf(word.trim(), name));
  return { ...Object.assign({}, ...meanings), isUnread: meanings.includes(undefined) };
};
