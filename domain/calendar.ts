import { TZDate } from '@date-fns/tz';
import { addDays, format } from 'date-fns';

/** The calendar day (`YYYY-MM-DD`) of an instant in a time zone. */
export const dayIn = (timeZone: string, instant: Date): string =>
  format(new TZDate(instant, timeZone), 'yyyy-MM-dd');

/** `YYYY-MM-DD` plus a number of days. */
export const plusDays = (day: string, days: number): string =>
  format(addDays(new TZDate(`${day}T00:00:00Z`, 'UTC'), days), 'yyyy-MM-dd');
