/** Periods in which a customer may buy only so much of an article; calendar ones of the company zone. */
export const limitPeriods = ['DAY', 'MONTH', 'YEAR'] as const;
export type LimitPeriod = (typeof limitPeriods)[number];

const lengths: Readonly<Record<LimitPeriod, number>> = { DAY: 10, MONTH: 7, YEAR: 4 };

/** The period that a day (`YYYY-MM-DD`) lies in: itself, its month or its year. */
export const periodOf = (period: LimitPeriod, day: string): string => day.slice(0, lengths[period]);
