import type { Language } from '../../../domain/values/languages.ts';
import { locales } from './amounts.ts';

/** A calendar day `YYYY-MM-DD`: "Monday, 20 October 2025", without its weekday when `long`. */
export const showDay = (day: string, language: Language, dateStyle: 'full' | 'long' = 'full'): string =>
  new Intl.DateTimeFormat(locales[language], { dateStyle, timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/** An instant in the company's zone, with the zone named: "15 October 2025, 18:30 (China Standard Time)". */
export const showInstant = (instant: string | Date, timeZone: string, language: Language): string => {
  const date = new Date(instant);
  const when = new Intl.DateTimeFormat(locales[language], {
    year: 'numeric',
    month: 'long',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone,
  });
  const zone = new Intl.DateTimeFormat(locales[language], { timeZone, timeZoneName: 'long' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return language === 'en'
    ? `${when.format(date)} (${zone ?? timeZone})`
    : `${when.format(date)}（${zone ?? timeZone}）`;
};

/** A day or a span of days on which goods are wanted. */
export const showDelivery = (
  delivery: {
    requestedDate?: string | undefined;
    requestedPeriod?: { start: string; end: string } | undefined;
  },
  language: Language,
): string => {
  if (delivery.requestedDate) return showDay(delivery.requestedDate, language);
  const period = delivery.requestedPeriod;
  if (!period) return '';
  const [start, end] = [showDay(period.start, language), showDay(period.end, language)];
  return language === 'en' ? `${start} to ${end}` : `${start}至${end}`;
};
