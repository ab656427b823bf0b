import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/engine.ts';
import { matchesError, retryDelayMs } from '../../../local/states/state/recover.ts';
import { lambda, runOnce, startEngine, startMs, typesOf } from './start-engine.ts';

const call = { Type: 'Task', Resource: lambda, Arguments: { FunctionName: 'f' }, End: true };
const caught = { Type: 'Pass', End: true };

const failing = (errors: (string | undefined)[]) => async (): Promise<JsonValue> => {
  const error = errors.shift();
  if (error !== undefined) throw new TaskError(error, `because of ${error}`);
  return { Payload: 'done', StatusCode: 200 };
};

describe('which failure an ErrorEquals list names', () => {
  const state = 'state' as const;
  const task = 'task' as const;
  const heartbeat = 'heartbeat' as const;
  test.for([
    { names: ['Retryable'], error: 'Retryable', source: task, expected: true },
    { names: ['Retryable'], error: 'Fatal', source: task, expected: false },
    { names: ['States.ALL'], error: 'Fatal', source: task, expected: true },
    { names: ['States.ALL'], error: 'States.QueryEvaluationError', source: state, expected: true },
    { names: ['States.ALL'], error: 'States.Timeout', source: task, expected: true },
    { names: ['States.ALL'], error: undefined, source: state, expected: true },
    { names: ['States.ALL'], error: 'States.DataLimitExceeded', source: state, expected: false },
    { names: ['States.TaskFailed'], error: 'States.DataLimitExceeded', source: state, expected: false },
    { names: ['States.ALL'], error: 'States.DataLimitExceeded', source: task, expected: true },
    { names: ['States.DataLimitExceeded'], error: 'States.DataLimitExceeded', source: state, expected: true },
    { names: ['States.ALL'], error: 'States.Runtime', source: state, expected: false },
    { names: ['States.Runtime'], error: 'States.Runtime', source: state, expected: false },
    { names: ['States.TaskFailed'], error: 'Fatal', source: task, expected: true },
    { names: ['States.TaskFailed'], error: 'States.Timeout', source: task, expected: false },
    { names: ['States.HeartbeatTimeout'], error: 'States.Timeout', source: heartbeat, expected: true },
    { names: ['States.HeartbeatTimeout'], error: 'States.Timeout', source: task, expected: false },
    { names: ['States.Timeout'], error: 'States.Timeout', source: heartbeat, expected: true },
  ])('$names and $error of the $source: $expected', ({ names, error, source, expected }) => {
    expect(matchesError(names, { error, source })).toBe(expected);
  });
});

describe('the wait before a retry', () => {
  const retrier = {
    ErrorEquals: [],
    IntervalSeconds: 2,
    BackoffRate: 3,
    MaxAttempts: 9,
    JitterStrategy: 'NONE' as const,
  };

  test('grows by the rate from attempt to attempt', () => {
    expect([0, 1, 2].map((attempt) => retryDelayMs(retrier, attempt, () => 0.5))).toEqual([
      2_000, 6_000, 18_000,
    ]);
  });

  test('never exceeds MaxDelaySeconds, and full jitter only shortens it', () => {
    const attempts = fc.integer({ min: 0, max: 50 });
    const chance = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(attempts, chance, (attempt, random) => {
        const capped = { ...retrier, MaxDelaySeconds: 60 };
        const plain = retryDelayMs(capped, attempt, () => random);
        const jittered = retryDelayMs({ ...capped, JitterStrategy: 'FULL' }, attempt, () => random);
        expect(plain).toBeLessThanOrEqual(60_000);
        expect(jittered).toBeGreaterThanOrEqual(0);
        expect(jittered).toBeLessThanOrEqual(plain);
      }),
    );
  });
});

test('a task is tried again after its waits and can still succeed', async () => {
  const seenAtMs: number[] = [];
  const answers = failing(['Busy', 'Busy', undefined]);
  const Retry = [{ ErrorEquals: ['Busy'], IntervalSeconds: 2, BackoffRate: 2, MaxAttempts: 2 }];
  const engine = await startEngine({
    states: { Call: { ...call, Retry } },
    integrations: {
      [lambda]: () => {
        seenAtMs.push(engine.clock.now() - startMs);
        return answers();
      },
    },
  });
  const arn = await engine.start();
  await engine.clock.advance(60_000);
  expect(seenAtMs).toEqual([0, 2_000, 6_000]);
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a task fails with the last error once its attempts are used up', async () => {
  const Retry = [{ ErrorEquals: ['Busy'], MaxAttempts: 1 }];
  const engine = await startEngine({
    states: { Call: { ...call, Retry } },
    integrations: { [lambda]: failing(['Busy', 'Busy', undefined]) },
  });
  const arn = await engine.start();
  await engine.clock.advance(60_000);
  expect(await engine.describe(arn)).toMatchObject({
    status: 'FAILED',
    error: 'Busy',
    cause: 'because of Busy',
  });
});

test('each retrier counts its own attempts', async () => {
  const Retry = [
    { ErrorEquals: ['A'], IntervalSeconds: 1, MaxAttempts: 1 },
    { ErrorEquals: ['B'], IntervalSeconds: 1, MaxAttempts: 1 },
  ];
  const engine = await startEngine({
    states: { Call: { ...call, Retry } },
    integrations: { [lambda]: failing(['A', 'B', undefined]) },
  });
  const arn = await engine.start();
  await engine.clock.advance(10_000);
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
});

test('arguments see the retry count, and it starts anew in the next state', async () => {
  const counts: JsonValue[] = [];
  const counting = {
    ...call,
    Arguments: { FunctionName: 'f', Payload: '{% $states.context.State.RetryCount %}' },
  };
  const answers = failing(['Busy', undefined, undefined]);
  const engine = await startEngine({
    states: {
      First: { ...counting, End: false, Next: 'Second', Retry: [{ ErrorEquals: ['States.ALL'] }] },
      Second: counting,
    },
    integrations: {
      [lambda]: (args) => {
        counts.push(args);
        return answers();
      },
    },
  });
  await engine.start();
  await engine.clock.advance(10_000);
  expect(counts).toMatchObject([{ Payload: 0 }, { Payload: 1 }, { Payload: 0 }]);
});

test('the first Catch that names the error is taken, with its own Output and Assign', async () => {
  const { status, output } = await runOnce(
    {
      states: {
        Call: {
          ...call,
          Catch: [
            { ErrorEquals: ['Other'], Next: 'Wrong' },
            {
              ErrorEquals: ['Fatal'],
              Assign: { why: '{% $states.errorOutput.Error %}' },
              Output: { from: '{% $states.input.id %}', cause: '{% $states.errorOutput.Cause %}' },
              Next: 'Right',
            },
            { ErrorEquals: ['States.ALL'], Next: 'Wrong' },
          ],
        },
        Wrong: { Type: 'Fail' },
        Right: { Type: 'Pass', Output: '{% $merge([$states.input, {"why": $why}]) %}', End: true },
      },
      integrations: { [lambda]: failing(['Fatal']) },
    },
    { id: 7 },
  );
  expect({ status, output }).toEqual({
    status: 'SUCCEEDED',
    output: { from: 7, cause: 'because of Fatal', why: 'Fatal' },
  });
});

test('an expression that fails in a task can be caught', async () => {
  const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], Next: 'Caught' }];
  const { engine, executionArn, status } = await runOnce({
    states: { Call: { ...call, Arguments: '{% $missing %}', Catch }, Caught: caught },
    integrations: { [lambda]: failing([]) },
  });
  expect(status).toBe('SUCCEEDED');
  expect(typesOf(await engine.history(executionArn)).slice(1, 4)).toEqual([
    'TaskStateEntered',
    'EvaluationFailed',
    'TaskStateExited',
  ]);
});

test('a Catch whose own Output fails does not hide the failure', async () => {
  const Catch = [{ ErrorEquals: ['States.ALL'], Output: '{% $missing %}', Next: 'Caught' }];
  const { status, error, cause } = await runOnce({
    states: { Call: { ...call, Catch }, Caught: caught },
    integrations: { [lambda]: failing(['Fatal']) },
  });
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  expect(cause).toContain("specified for the field 'Catch[0]/Output' returned nothing (undefined).");
});

test.for(['States.ALL', 'States.TaskFailed', 'States.DataLimitExceeded'])(
  'a result beyond 256 KiB fails the task, which %s catches',
  async (name) => {
    const result = await runOnce({
      states: { Call: { ...call, Catch: [{ ErrorEquals: [name], Next: 'Caught' }] }, Caught: caught },
      integrations: { [lambda]: async () => ({ Payload: 'x'.repeat(262_144) }) },
    });
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.DataLimitExceeded' } });
  },
);

test.for([
  { name: 'States.ALL', status: 'FAILED' },
  { name: 'States.DataLimitExceeded', status: 'SUCCEEDED' },
])('an output of a state beyond 256 KiB is caught by its own name only: $name', async ({ name, status }) => {
  const result = await runOnce({
    states: {
      Call: {
        ...call,
        Output: '{% $pad("", 262144, "x") %}',
        Catch: [{ ErrorEquals: [name], Next: 'Caught' }],
      },
      Caught: caught,
    },
    integrations: { [lambda]: failing([]) },
  });
  expect(result.status).toBe(status);
});

test('a task cut off by its time limit ignores the answer that comes later', async () => {
  let answerLate: (value: JsonValue) => void = () => undefined;
  const engine = await startEngine({
    states: { Call: { ...call, TimeoutSeconds: 5 } },
    integrations: {
      [lambda]: () =>
        new Promise<JsonValue>((resolve) => {
          answerLate = resolve;
        }),
    },
  });
  const arn = await engine.start();
  await engine.clock.advance(5_000);
  answerLate({ Payload: 'late' });
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});
