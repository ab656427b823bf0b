import { TZDate } from '@date-fns/tz';
import { format } from 'date-fns';

/** Thousands of orders of a file ask for the day of one instant. */
let last = { timeZone: '', time: Number.NaN, day: '' };

/** The calendar day (`YYYY-MM-DD`) of an instant in a time zone. */
export const dayIn = (timeZone: string, instant: Date): string => {
  const time = instant.getTime();
  if (last.time !== time || last.timeZone !== timeZone)
    last = { timeZone, time, day: format(new TZDate(instant, timeZone), 'yyyy-MM-dd') };
  return last.day;
};

const dayMilliseconds = 86_400_000;

/** `YYYY-MM-DD` plus a number of days. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMilliseconds).toISOString().slice(0, 10);
