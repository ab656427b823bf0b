import { expect, test } from 'vitest';
import { compileSchedule } from '../../../local/events/schedule.ts';

const iso = (ms: number | undefined) =>
  ms === undefined ? undefined : new Date(ms).toISOString().slice(0, 16);

// 2026-01-30 is a Friday; its month ends on a Saturday.
test.for([
  { expression: 'rate(5 minutes)', from: '2026-01-30T10:07', next: ['2026-01-30T10:12', '2026-01-30T10:17'] },
  { expression: 'rate(1 hour)', from: '2026-01-30T23:30', next: ['2026-01-31T00:30'] },
  { expression: 'rate(7 days)', from: '2026-01-30T10:00', next: ['2026-02-06T10:00'] },
  {
    expression: 'cron(0 8 * * ? *)',
    from: '2026-01-30T08:00',
    next: ['2026-01-31T08:00', '2026-02-01T08:00'],
  },
  {
    expression: 'cron(0/15 9-10 * * ? *)',
    from: '2026-01-30T10:31',
    next: ['2026-01-30T10:45', '2026-01-31T09:00'],
  },
  { expression: 'cron(30 18 ? * MON-FRI *)', from: '2026-01-30T18:30', next: ['2026-02-02T18:30'] },
  {
    expression: 'cron(0 0 ? * SUN,3 *)',
    from: '2026-01-30T00:00',
    next: ['2026-02-01T00:00', '2026-02-03T00:00'],
  },
  {
    expression: 'cron(0 6 1 * ? *)',
    from: '2026-01-30T00:00',
    next: ['2026-02-01T06:00', '2026-03-01T06:00'],
  },
  {
    expression: 'cron(0 6 L * ? *)',
    from: '2026-01-30T07:00',
    next: ['2026-01-31T06:00', '2026-02-28T06:00'],
  },
  {
    expression: 'cron(0 6 LW * ? *)',
    from: '2026-01-01T00:00',
    next: ['2026-01-30T06:00', '2026-02-27T06:00'],
  },
  {
    expression: 'cron(0 6 15W * ? *)',
    from: '2026-02-01T00:00',
    next: ['2026-02-16T06:00', '2026-03-16T06:00'],
  },
  { expression: 'cron(0 6 1W * ? *)', from: '2026-01-30T00:00', next: ['2026-02-02T06:00'] },
  {
    expression: 'cron(0 6 ? * 2#1 *)',
    from: '2026-01-30T00:00',
    next: ['2026-02-02T06:00', '2026-03-02T06:00'],
  },
  {
    expression: 'cron(0 6 ? * 6L *)',
    from: '2026-01-01T00:00',
    next: ['2026-01-30T06:00', '2026-02-27T06:00'],
  },
  {
    expression: 'cron(0 0 29 FEB ? *)',
    from: '2026-01-30T00:00',
    next: ['2028-02-29T00:00', '2032-02-29T00:00'],
  },
  {
    expression: 'cron(0 0 1 1 ? 2027-2028)',
    from: '2026-01-30T00:00',
    next: ['2027-01-01T00:00', '2028-01-01T00:00', undefined],
  },
])('$expression fires next as AWS says', ({ expression, from, next }) => {
  const schedule = compileSchedule(expression);
  let at: number | undefined = Date.parse(`${from}:00Z`);
  const found = next.map(() => {
    at = at === undefined ? undefined : schedule(at);
    return iso(at);
  });
  expect(found).toEqual(next);
});

test.for([
  'rate(0 minutes)',
  'rate(5 seconds)',
  'rate(minutes)',
  'cron(0 8 * * *)',
  'cron(0 8 * * * *)',
  'cron(0 8 ? * ? *)',
  'cron(60 8 * * ? *)',
  'cron(0 8 * JANUARY ? *)',
  'cron(0/0 8 * * ? *)',
  'at(2026-01-30T00:00:00)',
  'every day',
])('%s is refused', (expression) => {
  expect(() => compileSchedule(expression)).toThrow(`'${expression}' is not understood`);
});
