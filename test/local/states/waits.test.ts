import { expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { runOnce, startEngine, startMs } from './start-engine.ts';

const inThirtyDays = new Date(startMs + 30 * 24 * 3_600_000).toISOString();

const waits: { name: string; wait: Record<string, JsonValue>; untilMs: number }[] = [
  { name: 'a literal number of seconds', wait: { Seconds: 90 }, untilMs: 90_000 },
  {
    name: 'seconds by expression',
    wait: { Seconds: '{% $states.input.days * 86400 %}' },
    untilMs: 172_800_000,
  },
  { name: 'a literal time', wait: { Timestamp: inThirtyDays }, untilMs: 30 * 24 * 3_600_000 },
  { name: 'a time to the second', wait: { Timestamp: '2026-03-01T01:00:30.999+01:00' }, untilMs: 30_000 },
  { name: 'a time by expression', wait: { Timestamp: '{% $states.input.due %}' }, untilMs: 60_000 },
];

test.for(waits)('a Wait ends at $name and not before', async ({ wait, untilMs }) => {
  const engine = await startEngine({ states: { Hold: { Type: 'Wait', ...wait, End: true } } });
  const arn = await engine.start({ days: 2, due: new Date(startMs + 60_000).toISOString() });
  await engine.clock.advance(untilMs - 1);
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'RUNNING' });
  await engine.clock.advance(1);
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a Wait for a time that has passed goes on at once', async () => {
  const engine = await startEngine({
    states: { Hold: { Type: 'Wait', Timestamp: '2020-01-01T00:00:00Z', End: true } },
  });
  const arn = await engine.start();
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
});

test.for([
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-03-01T24:00:00Z',
  '2026-03-01T00:00:60Z',
  '2026-03-01T00:00:00+19:00',
  '2026-03-01t00:00:00z',
  '2026-03-01',
])('a Wait for %s fails, as there is no such time', async (due) => {
  const states = { Hold: { Type: 'Wait', Timestamp: '{% $states.input.due %}', End: true } };
  expect(await runOnce({ states }, { due })).toMatchObject({
    status: 'FAILED',
    error: 'States.QueryEvaluationError',
    cause: expect.stringContaining(`extended offset date-time format string: ${due}`),
  });
});

test('waits one after another take the sum of their times', async () => {
  const engine = await startEngine({
    states: {
      First: { Type: 'Wait', Seconds: 10, Next: 'Second' },
      Second: { Type: 'Wait', Seconds: 20, Output: '{% $millis() %}', End: true },
    },
  });
  const arn = await engine.start();
  await engine.clock.advance(60_000);
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: startMs + 30_000 });
});

test('an execution that takes longer than its machine allows is timed out', async () => {
  const engine = await startEngine({
    states: { Hold: { Type: 'Wait', Seconds: 100, End: true } },
    more: { TimeoutSeconds: 60 },
  });
  const arn = await engine.start();
  await engine.clock.advance(59_999);
  expect(await engine.describe(arn)).toMatchObject({ status: 'RUNNING' });
  await engine.clock.advance(1);
  expect(await engine.describe(arn)).toEqual({ status: 'TIMED_OUT', redriveCount: 0 });
  expect((await engine.history(arn)).at(-1)).toMatchObject({
    type: 'ExecutionTimedOut',
    previousEventId: 0,
    executionTimedOutEventDetails: { error: 'States.Timeout' },
  });
});

test('an ended execution leaves no timer behind', async () => {
  const engine = await startEngine({
    states: { Hold: { Type: 'Wait', Seconds: 10, End: true } },
    more: { TimeoutSeconds: 60 },
  });
  await engine.start();
  await engine.clock.advance(10_000);
  await engine.idle();
  expect(engine.clock.nextTimer()).toBeUndefined();
});
