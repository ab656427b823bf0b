import { cleanCode } from './clean-text.ts';

export type DateReading =
  /** `time` is `HH:MM:SS`, `offset` as written, both absent when the text has none. */
  | { outcome: 'date'; day: string; time?: string; offset?: string }
  /** The readings it could have, each `YYYY-MM-DD`. */
  | { outcome: 'ambiguous'; readings: string[] }
  | { outcome: 'unreadable' };

const dayOf = (year: string, month: string, day: string): string | undefined => {
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text) ? text : undefined;
};

const timePattern = /^(?:T|\s+)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

const withTime = (day: string, rest: string): DateReading => {
  if (rest === '') return { outcome: 'date', day };
  const [, hour, minute = '', second = '00', offset] = timePattern.exec(rest) ?? [];
  if (hour === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59)
    return { outcome: 'unreadable' };
  return {
    outcome: 'date',
    day,
    time: `${hour.padStart(2, '0')}:${minute}:${second}`,
    ...(offset && { offset }),
  };
};

const readYearFirst = (text: string): DateReading | undefined => {
  const match =
    /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年 ?(\d{1,2})月 ?(\d{1,2})日?|(\d{2})(\d{2}))(?!\d)(.*)$/.exec(
      text,
    );
  if (!match) return undefined;
  const [
    ,
    year = '',
    ,
    month,
    date,
    chineseMonth,
    chineseDate,
    compactMonth = '',
    compactDate = '',
    rest = '',
  ] = match;
  const day = dayOf(year, month ?? chineseMonth ?? compactMonth, date ?? chineseDate ?? compactDate);
  return day ? withTime(day, rest) : { outcome: 'unreadable' };
};

const either = (readings: readonly (string | undefined)[], isCertain: boolean): DateReading => {
  const possible = [...new Set(readings.filter((day) => day !== undefined))].sort();
  const [only] = possible;
  if (only === undefined) return { outcome: 'unreadable' };
  return isCertain && possible.length === 1
    ? { outcome: 'date', day: only }
    : { outcome: 'ambiguous', readings: possible };
};

const readYearLast = (text: string): DateReading | undefined => {
  const [, first = '', , second = '', year] = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})$/.exec(text) ?? [];
  return year === undefined
    ? undefined
    : either([dayOf(year, second, first), dayOf(year, first, second)], true);
};

/** A year of two digits may stand at either end, or be no year at all. */
const readShortYear = (text: string): DateReading | undefined => {
  const [, a = '', , b = '', c] = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{1,2})$/.exec(text) ?? [];
  const [, year = '', month = '', date] = /^(\d{2})年 ?(\d{1,2})月 ?(\d{1,2})日?$/.exec(text) ?? [];
  if (date !== undefined) return either([dayOf(`20${year}`, month, date)], false);
  if (c === undefined) return undefined;
  const years = (short: string) => (short.length === 2 ? `20${short}` : '');
  return either([dayOf(years(a), b, c), dayOf(years(c), b, a), dayOf(years(c), a, b)], false);
};

const months = [
  ...['january', 'february', 'march', 'april', 'may', 'june'],
  ...['july', 'august', 'september', 'october', 'november', 'december'],
];

const readNamedMonth = (text: string): DateReading | undefined => {
  const day = /^(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})\.?,?[ -](\d{4})$/i.exec(text);
  const month = /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})$/i.exec(text);
  const [date = '', name = '', year = ''] = day?.slice(1) ?? [month?.[2], month?.[1], month?.[3]];
  const number = months.findIndex((full) => name !== '' && full.startsWith(name.toLowerCase())) + 1;
  return number === 0 ? undefined : either([dayOf(year, String(number), date)], true);
};

/**
 * Reads 2025-10-20, 2025/10/20, 20251020, 2025年10月20日 (with or without a time), 20 October 2025, and 20/10/2025 where
 * only one reading exists.
 */
export const readDate = (text: string): DateReading => {
  const bare = cleanCode(text);
  return (
    readShortYear(bare) ??
    readYearFirst(bare) ??
    readYearLast(bare) ??
    readNamedMonth(bare) ?? { outcome: 'unreadable' }
  );
};
