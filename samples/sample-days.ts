import { plusDays } from '../domain/values/calendar.ts';

/** `{today}` and `{today+7}` stand for days in the samples, so that they never grow old. @param today `YYYY-MM-DD` */
export const withDays = (text: string, today: string): string =>
  text.replaceAll(/\{today(?:\+(\d+))?\}/g, (_, days: string | undefined) =>
    plusDays(today, Number(days ?? 0)),
  );
