import * as z from 'zod';
import { type Area, areaRulesSchema } from '../../domain/rules/area-rules.ts';
import { countryCodes } from '../../domain/values/countries.ts';
import { oneOf, text, yesNo } from './columns.ts';
import { located, readRecords, repeatedRows } from './read-records.ts';
import type { RuleTable } from './rule-tables.ts';

export const areaColumns = z.object({
  countryCode: oneOf(['*', ...countryCodes]).describe('ISO 3166-1: CN, US …; * is any country'),
  region: text(20).optional().describe('ISO 3166-2, such as CN-SH; blank: the whole country'),
  city: text(100).optional().describe('as addresses write it; blank: the whole region'),
  served: yesNo.describe('yes where we deliver; the narrowest row that holds an address decides'),
});

const keyOf = ({ countryCode, region = '', city = '' }: Area): string =>
  [countryCode, region, city].join(' ').trim();

/** Where we deliver: an address in no row is not served. */
export const areaTable: RuleTable<Area> = {
  name: 'areas',
  read: async (_store, table) => {
    const { problems, records, cellOf } = readRecords(table, areaColumns);
    problems.push(...repeatedRows(records, 'countryCode', keyOf));
    if (problems.length + records.length === 0)
      problems.push({ row: table.headerRow, code: 'ROWS_MISSING', message: 'has no rows below it' });
    return { problems: located(problems, cellOf), rows: records.map(({ record }) => record) };
  },
  keyOf,
  contentOf: (rows) => rows,
  rowsOf: (content) => areaRulesSchema.parse(content),
};
