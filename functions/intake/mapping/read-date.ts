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

const readYearFirst = (text: string): DateReading | undefined => {
  const match =
    /^(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年\s*(\d{1,2})月\s*(\d{1,2})日?|(\d{2})(\d{2}))(.*)$/.exec(text);
  if (!match) return undefined;
  const [
    ,
    year = '',
    month,
    date,
    chineseMonth,
    chineseDate,
    compactMonth = '',
    compactDate = '',
    rest = '',
  ] = match;
  const day = dayOf(year, month ?? chineseMonth ?? compactMonth, date ?? chineseDate ?? compactDate);
  if (!day) return { outcome: 'unreadable' };
  if (!rest) return { outcome: 'date', day };
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

const readYearLast = (text: string): DateReading | undefined => {
  const [, first = '', second = '', year] = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text) ?? [];
  if (!year) return undefined;
  const readings = new Set(
    [dayOf(year, second, first), dayOf(year, first, second)].filter((day) => day !== undefined),
  );
  const [only] = readings;
  if (!only) return { outcome: 'unreadable' };
  return readings.size === 1
    ? { outcome: 'date', day: only }
    : { outcome: 'ambiguous', readings: [...readings].sort() };
};

/** Reads 2025-10-20, 2025/10/20, 20251020, 2025年10月20日 (with or without a time), and 20/10/2025 where only one reading exists. */
export const readDate = (text: string): DateReading => {
  const bare = text.normalize('NFKC').trim();
  if (/^\d{2}[-/.]\d{1,2}[-/.]\d{1,2}$|^\d{1,2}[-/.]\d{1,2}[-/.]\d{2}$/.test(bare))
    return { outcome: 'ambiguous', readings: [] };
  return readYearFirst(bare) ?? readYearLast(bare) ?? { outcome: 'unreadable' };
};
