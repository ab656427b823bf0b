import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import * as z from 'zod';
import type { UploadCounts } from '../../domain/uploads/upload.ts';
import { dayIn } from '../../domain/values/calendar.ts';
import { withDays } from '../sample-days.ts';
import { encodeGb18030 } from './encode-gb18030.ts';
import { type WorkbookCell, writeWorkbook } from './write-workbook.ts';

export type SampleSpreadsheet = {
  name: string;
  partnerId: string;
  /** What it shows. */
  story: string;
  bytes: Buffer;
  /** What its result must count: held orders are not among the created. */
  expected: Pick<UploadCounts, 'rows' | 'orders' | 'created' | 'onHold' | 'rejected' | 'example'>;
};

type Source = Omit<SampleSpreadsheet, 'bytes'> & { source: string };

const sources: readonly Source[] = [
  {
    name: 'orders-clean.xlsx',
    source: 'orders-clean.csv',
    partnerId: 'example-mall',
    story:
      'Real date cells, full and split addresses, 9折, weights, bar codes, own article codes, a line above the header.',
    expected: { rows: 25, orders: 8, created: 8, onHold: 0, rejected: 0, example: 0 },
  },
  {
    name: 'orders-gb18030.csv',
    source: 'orders-gb18030.csv',
    partnerId: 'sample-wholesale',
    story: 'A CSV file as Chinese Excel saves it, in GB18030, with other names for the columns.',
    expected: { rows: 8, orders: 3, created: 3, onHold: 0, rejected: 0, example: 0 },
  },
  {
    name: 'orders-damaged.xlsx',
    source: 'orders-damaged.csv',
    partnerId: 'example-mall',
    story:
      'Two good orders, an example, an unknown article (held), and seven orders with one damaged cell each.',
    expected: { rows: 17, orders: 11, created: 2, onHold: 1, rejected: 7, example: 1 },
  },
];

const recordsSchema = z.array(z.array(z.string()));

/** A cell as one would type it into a spreadsheet: `'` keeps text as it is, `=` is a formula, digits are a number. */
const typedCell = (typed: string): WorkbookCell | undefined => {
  if (typed === '') return undefined;
  if (typed.startsWith("'")) return { kind: 'text', text: typed.slice(1) };
  if (typed.startsWith('=')) return { kind: 'formula', formula: typed.slice(1) };
  if (typed.startsWith('#')) return { kind: 'error', text: typed };
  if (/^\d{4}-\d\d-\d\d$/.test(typed)) return { kind: 'day', day: typed };
  return /^\d+(\.\d+)?$/.test(typed) ? { kind: 'number', text: typed } : { kind: 'text', text: typed };
};

/** A workbook of what a csv text writes as one would type it. */
export const workbookOf = (text: string): Promise<Buffer> => {
  const records = recordsSchema.parse(parse(text, { relax_column_count: true }));
  return writeWorkbook(
    '订单',
    records.map((record) => record.map(typedCell)),
  );
};

/**
 * The three sample files, dated from today in the company's zone: the same bytes all day, so that dropping one twice
 * makes no second order.
 */
export const makeSampleSpreadsheets = (now: Date, timeZone = 'Asia/Shanghai'): Promise<SampleSpreadsheet[]> =>
  Promise.all(
    sources.map(async ({ source, ...sample }) => {
      const text = withDays(await readFile(join(import.meta.dirname, source), 'utf8'), dayIn(timeZone, now));
      const bytes = sample.name.endsWith('.xlsx') ? await workbookOf(text) : encodeGb18030(text);
      return { ...sample, bytes };
    }),
  );
