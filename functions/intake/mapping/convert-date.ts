import { TZDate } from '@date-fns/tz';
import { formatISO } from 'date-fns';
import { dayIn, plusDays } from '../../../domain/values/calendar.ts';
import type { Cell } from '../readers/cell.ts';
import { dateOfSerial, daysBetweenSystems } from '../readers/xlsx/serial-date.ts';
import {
  type CellProblem,
  type ConversionContext,
  type Convert,
  error,
  read,
  warning,
} from './conversion.ts';
import { type DateReading, readDate } from './read-date.ts';

const dateExpected = 'YYYY-MM-DD';

const isBetween = (day: string, first: string, last: string): boolean => day >= first && day <= last;

/** The day that a date would be had its days been counted in the other system of spreadsheets. */
const shifted = (day: string, first: string, last: string): string | undefined =>
  [daysBetweenSystems, -daysBetweenSystems]
    .map((days) => plusDays(day, days))
    .find((other) => isBetween(other, first, last));

/** A date of delivery that cannot be, and a date of order that hardly can. */
const dayProblems = (day: string, name: string, { days }: ConversionContext): CellProblem[] => {
  const { earliest, today, latest } = days;
  if (name === 'orderDate') {
    if (isBetween(day, earliest, latest)) return [];
    return [warning('DATE_UNLIKELY', { suggestion: shifted(day, earliest, today) })];
  }
  if (isBetween(day, today, latest)) return [];
  const suggestion = shifted(day, today, latest);
  if (suggestion === undefined) return [];
  return day < today
    ? [error('DATE_PAST', { expected: `>= ${today}`, suggestion })]
    : [error('DATE_TOO_FAR', { expected: `<= ${latest}`, suggestion })];
};

/** A number that is a day only to a spreadsheet. */
const serialDay = (cell: Cell): string | undefined =>
  /^\d{5}(\.\d+)?$/.test(cell.text.trim())
    ? dateOfSerial(Number(cell.text), cell.countsFrom1904 ?? false)?.split('T')[0]
    : undefined;

const instantOf = (day: string, time: string, offset: string): string =>
  `${day}T${time}${offset.toUpperCase().replace(/^([+-]\d{2})(\d{2})$/, '$1:$2')}`;

type DateAndTime = Extract<DateReading, { outcome: 'date' }>;

const orderInstant = ({ day, time = '00:00:00', offset }: DateAndTime, timeZone: string): string => {
  if (offset) return instantOf(day, time, offset);
  const [year = 0, month = 1, dayOfMonth = 1, hour = 0, minute = 0, second = 0] = `${day}:${time}`
    .split(/[-:]/)
    .map(Number);
  return formatISO(new TZDate(year, month - 1, dayOfMonth, hour, minute, second, timeZone));
};

/** The days that a moment of another time zone is there and here. */
const daysOf = ({ day, time = '00:00:00', offset }: DateAndTime, timeZone: string): string[] =>
  offset ? [...new Set([day, dayIn(timeZone, new Date(instantOf(day, time, offset)))])] : [day];

export const convertDate: Convert = (cell, { name }, context) => {
  const serial = cell.kind === 'date' ? undefined : serialDay(cell);
  if ((cell.kind === 'number' && !/^\d{8}$/.test(cell.text)) || serial !== undefined)
    return read(cell.text, error('TYPE_INVALID', { expected: dateExpected, suggestion: serial }));
  const reading = readDate(cell.text);
  switch (reading.outcome) {
    case 'ambiguous':
      return read(cell.text, error('DATE_AMBIGUOUS', { expected: reading.readings.join(' / ') }));
    case 'unreadable':
      return read(cell.text, error('FORMAT_INVALID', { expected: dateExpected }));
    case 'date': {
      const { day } = reading;
      if (cell.shownAs && 'month' in cell.shownAs && day.endsWith('-01'))
        return read(day, error('DATE_AMBIGUOUS', { expected: day.slice(0, -3) }));
      if (name === 'orderDate')
        return read(orderInstant(reading, context.timeZone), ...dayProblems(day, name, context));
      const days = daysOf(reading, context.timeZone);
      return days.length > 1
        ? read(cell.text, error('DATE_AMBIGUOUS', { expected: days.sort().join(' / ') }))
        : read(day, ...dayProblems(day, name, context));
    }
    default:
      return reading satisfies never;
  }
};
