import { compileField, type FieldTest } from './cron-field.ts';

/** The first time after `afterMs` at which a schedule fires, both in epoch milliseconds; undefined when never. */
export type Schedule = (afterMs: number) => number | undefined;

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const unitMs: Record<string, number> = { minute: minuteMs, hour: 60 * minuteMs, day: dayMs };
const monthNames = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const dayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const lastYear = 2199;

type Day = { year: number; month: number; date: number; weekday: number; lastDate: number };
type DayTest = (day: Day) => boolean;

const toDay = (ms: number): Day => {
  const date = new Date(ms);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + 1];
  const lastDate = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { year, month, date: date.getUTCDate(), weekday: date.getUTCDay() + 1, lastDate };
};

/** The working day nearest to a date, within its month. */
const nearestWeekday = (wanted: number, { date, weekday, lastDate }: Day): number => {
  const weekdayOf = (other: number) => (((weekday - 1 + other - date) % 7) + 7) % 7;
  if (weekdayOf(wanted) === 6) return wanted > 1 ? wanted - 1 : wanted + 2;
  if (weekdayOf(wanted) === 0) return wanted < lastDate ? wanted + 1 : wanted - 2;
  return wanted;
};

const compileDate = (text: string): DayTest => {
  const nearest = /^(\d{1,2}|L)W$/.exec(text)?.[1];
  if (nearest !== undefined) {
    return (day) => day.date === nearestWeekday(nearest === 'L' ? day.lastDate : Number(nearest), day);
  }
  if (text === 'L') return (day) => day.date === day.lastDate;
  const test = compileField(text, { lowest: 1, highest: 31 });
  return (day) => test(day.date);
};

const compileWeekday = (text: string): DayTest => {
  const range = { lowest: 1, highest: 7, names: dayNames };
  const [, day = '', nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) {
    const test = compileField(day, range);
    return ({ weekday, date }) => test(weekday) && Math.ceil(date / 7) === Number(nth);
  }
  const last = /^(\w+)L$/.exec(text)?.[1];
  const test = compileField(last ?? (text === 'L' ? 'SAT' : text), range);
  return ({ weekday, date, lastDate }) => test(weekday) && (last === undefined || date + 7 > lastDate);
};

const compileDay = (dateText: string, month: FieldTest, weekdayText: string, year: FieldTest): DayTest => {
  if ((dateText === '?') === (weekdayText === '?')) {
    throw new Error('exactly one of day-of-month and day-of-week must be ?');
  }
  const isDay = weekdayText === '?' ? compileDate(dateText) : compileWeekday(weekdayText);
  return (day) => year(day.year) && month(day.month) && isDay(day);
};

const compileCron = (text: string): Schedule => {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 6) throw new Error('six fields are required');
  const [minutes = '', hours = '', date = '', month = '', weekday = '', year = ''] = fields;
  const isMinute = compileField(minutes, { lowest: 0, highest: 59 });
  const isHour = compileField(hours, { lowest: 0, highest: 23 });
  const isMonth = compileField(month, { lowest: 1, highest: 12, names: monthNames });
  const isYear = compileField(year, { lowest: 1970, highest: lastYear });
  const isDay = compileDay(date, isMonth, weekday, isYear);

  const firstOfDay = (midnightMs: number, fromMs: number): number | undefined => {
    for (let hour = 0; hour < 24; hour += 1) {
      if (!isHour(hour)) continue;
      for (let minute = 0; minute < 60; minute += 1) {
        const at = midnightMs + (hour * 60 + minute) * minuteMs;
        if (isMinute(minute) && at >= fromMs) return at;
      }
    }
    return undefined;
  };

  return (afterMs) => {
    const fromMs = (Math.floor(afterMs / minuteMs) + 1) * minuteMs;
    const endMs = Math.min(fromMs + 30 * 366 * dayMs, Date.UTC(lastYear + 1, 0));
    for (let midnight = Math.floor(fromMs / dayMs) * dayMs; midnight < endMs; midnight += dayMs) {
      const at = isDay(toDay(midnight)) ? firstOfDay(midnight, fromMs) : undefined;
      if (at !== undefined) return at;
    }
    return undefined;
  };
};

const compileRate = (text: string): Schedule => {
  const [, countText, unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text.trim()) ?? [];
  const period = Number(countText) * (unitMs[unit] ?? Number.NaN);
  if (!(period > 0)) throw new Error('a positive number of minutes, hours or days is required');
  return (afterMs) => afterMs + period;
};

/** Reads rate(…) or cron(…) in UTC; for a rate, `afterMs` is when it fired last. Throws on a malformed one. */
export const compileSchedule = (expression: string): Schedule => {
  const [, kind, content = ''] = /^(rate|cron)\((.*)\)$/.exec(expression.trim()) ?? [];
  try {
    if (kind === 'rate') return compileRate(content);
    if (kind === 'cron') return compileCron(content);
    throw new Error('neither rate(…) nor cron(…)');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`The schedule '${expression}' is not understood: ${reason}.`);
  }
};
