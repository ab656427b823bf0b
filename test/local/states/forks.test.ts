import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/engine.ts';
import { lambda, runOnce, startEngine, typesOf } from './start-engine.ts';

const callWithItem = {
  Type: 'Task',
  Resource: lambda,
  Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
  Output: '{% $states.result.Payload %}',
  End: true,
};

const mapOver = (state: JsonValue, more: Record<string, JsonValue> = {}): Record<string, JsonValue> => ({
  Type: 'Map',
  Items: '{% $states.input.items %}',
  ItemProcessor: { StartAt: 'Do', States: { Do: state } },
  End: true,
  ...more,
});

const payloadOf = (args: JsonValue): JsonValue =>
  args !== null && typeof args === 'object' && !Array.isArray(args) ? (args.Payload ?? null) : null;

test('a Map keeps the order of its items, whatever the order its iterations end in', async () => {
  const answers = new Map<JsonValue, () => void>();
  const items = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
  const engine = await startEngine({
    states: { Each: mapOver(callWithItem) },
    integrations: {
      [lambda]: (args) =>
        new Promise((resolve) =>
          answers.set(JSON.stringify(payloadOf(args)), () => resolve({ Payload: payloadOf(args) })),
        ),
    },
  });
  const arn = await engine.start({ items });
  await engine.idle({ despiteTasks: true });
  for (const id of ['c', 'a', 'b']) {
    answers.get(JSON.stringify({ id }))?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ output: items });
});

test.for([
  { limit: 1, items: 6 },
  { limit: 3, items: 10 },
  { limit: 0, items: 45, atMost: 40 },
])(
  'a Map with MaxConcurrency $limit runs no more than that side by side',
  async ({ limit, items, atMost }) => {
    let running = 0;
    let most = 0;
    const { output } = await runOnce(
      {
        states: { Each: mapOver(callWithItem, { MaxConcurrency: limit }) },
        integrations: {
          [lambda]: async (args) => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setImmediate(resolve));
            running -= 1;
            return { Payload: payloadOf(args) };
          },
        },
      },
      { items: Array.from({ length: items }, (_, index) => index) },
    );
    expect(most).toBe(atMost ?? limit);
    expect(output).toHaveLength(items);
  },
);

test('an iteration sees outer variables, its item and its index, and changes nothing outside', async () => {
  const { output } = await runOnce(
    {
      states: {
        Begin: { Type: 'Pass', Assign: { unit: 'kg' }, Next: 'Each' },
        Each: mapOver(
          {
            Type: 'Pass',
            Assign: { inner: '{% $states.input %}' },
            Output: '{% $states.context.Map.Item.Value & $unit & $states.context.Map.Item.Index %}',
            End: true,
          },
          { End: false, Next: 'After' },
        ),
        After: {
          Type: 'Pass',
          Output: { seen: '{% $states.input %}', leaked: '{% $exists($inner) %}' },
          End: true,
        },
      },
    },
    { items: [3, 5] },
  );
  expect(output).toEqual({ seen: ['3kg0', '5kg1'], leaked: false });
});

test('ItemSelector makes each input from the state input and the item', async () => {
  const { output } = await runOnce(
    {
      states: {
        Each: mapOver(
          { Type: 'Pass', End: true },
          { ItemSelector: { item: '{% $states.context.Map.Item.Value %}', of: '{% $states.input.order %}' } },
        ),
      },
    },
    { items: [1, 2], order: 'O1' },
  );
  expect(output).toEqual([
    { item: 1, of: 'O1' },
    { item: 2, of: 'O1' },
  ]);
});

test('a Map without items gives an empty list', async () => {
  const { output } = await runOnce({ states: { Each: mapOver({ Type: 'Pass', End: true }) } }, { items: [] });
  expect(output).toEqual([]);
});

test('a failed iteration stops the others and fails the Map with its error', async () => {
  const { engine, executionArn, status, error } = await runOnce(
    {
      states: { Each: mapOver(callWithItem) },
      integrations: {
        [lambda]: async (args) => {
          if (payloadOf(args) === 2) throw new TaskError('Fatal', 'no');
          return new Promise(() => undefined);
        },
      },
    },
    { items: [1, 2] },
  );
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'Fatal' });
  const types = typesOf(await engine.history(executionArn));
  expect(types.slice(-6)).toEqual([
    'MapIterationFailed',
    'TaskStateAborted',
    'MapIterationAborted',
    'TaskStateAborted',
    'MapStateFailed',
    'ExecutionFailed',
  ]);
});

test('a Map with Retry runs all its iterations again', async () => {
  let calls = 0;
  const engine = await startEngine({
    states: {
      Each: mapOver(callWithItem, {
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 5 }],
        MaxConcurrency: 1,
      }),
    },
    integrations: {
      [lambda]: async (args) => {
        calls += 1;
        if (calls === 2) throw new TaskError('Busy', '');
        return { Payload: payloadOf(args) };
      },
    },
  });
  const arn = await engine.start({ items: [1, 2] });
  await engine.idle();
  await engine.clock.advance(5_000);
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: [1, 2] });
  expect(calls).toBe(4);
});

test('what an iteration knows of its item is in its context, nested iterations of their own', async () => {
  const seen = (name: string): Record<string, JsonValue> => ({
    [name]: { Type: 'Pass', Output: '{% $states.context.Map.Item %}', End: true },
  });
  const { output } = await runOnce(
    {
      states: {
        Each: {
          Type: 'Map',
          Items: ['a'],
          ItemSelector: '{% [$states.context.Map.Item] %}',
          ItemProcessor: {
            StartAt: 'Show',
            States: {
              Show: {
                Type: 'Pass',
                Output: '{% [$states.input, $states.context.Map.Item] %}',
                Next: 'Inner',
              },
              Inner: {
                Type: 'Map',
                ItemProcessor: { StartAt: 'Deep', States: seen('Deep') },
                Output: '{% [$states.result, $states.context.Map.Item] %}',
                End: true,
              },
            },
          },
          End: true,
        },
      },
    },
    {},
  );
  const outer = { Index: 0, Value: 'a', Source: 'STATE_DATA' };
  expect(output).toEqual([
    [
      { Index: 0, Value: outer, Source: 'STATE_DATA' },
      { Index: 1, Value: outer, Source: 'STATE_DATA' },
      outer,
    ],
  ]);
});

test('a Parallel gives the outputs of its branches in their order, nested forks included', async () => {
  const pass = (name: string, output: JsonValue) => ({
    StartAt: name,
    States: { [name]: { Type: 'Pass', Output: output, End: true } },
  });
  const { output } = await runOnce({
    states: {
      Both: {
        Type: 'Parallel',
        Arguments: { items: [1, 2] },
        Branches: [
          pass('First', '{% $states.input.items[0] %}'),
          {
            StartAt: 'Each',
            States: { Each: mapOver({ Type: 'Pass', Output: '{% $states.input * 10 %}', End: true }) },
          },
          {
            StartAt: 'Inner',
            States: { Inner: { Type: 'Parallel', Branches: [pass('Innermost', 'x')], End: true } },
          },
        ],
        End: true,
      },
    },
  });
  expect(output).toEqual([1, [10, 20], ['x']]);
});

test('a failed branch stops a sibling that waits, and Catch takes the failure', async () => {
  const { engine, executionArn, status, output } = await runOnce({
    states: {
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 1000, End: true } } },
          { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Stop', Cause: 'here' } } },
        ],
        Catch: [{ ErrorEquals: ['Stop'], Next: 'Caught' }],
        End: true,
      },
      Caught: { Type: 'Pass', End: true },
    },
  });
  expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: { Error: 'Stop', Cause: 'here' } });
  expect(typesOf(await engine.history(executionArn))).toEqual(
    expect.arrayContaining(['WaitStateAborted', 'ParallelStateFailed', 'ParallelStateExited']),
  );
  await engine.clock.advance(2_000_000);
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED' });
});

describe('parts that end at one moment', () => {
  const wait = (name: string, Output: JsonValue) => ({
    StartAt: name,
    States: { [name]: { Type: 'Wait', Seconds: 5, Output, End: true } },
  });
  const afterFive = async (states: Record<string, JsonValue>, input: JsonValue = {}) => {
    const engine = await startEngine({ states });
    const arn = await engine.start(input);
    await engine.clock.advance(20_000);
    await engine.idle();
    return { ...(await engine.describe(arn)), types: typesOf(await engine.history(arn)) };
  };

  test('complete a Parallel once, with all their outputs', async () => {
    const { output, types } = await afterFive({
      Both: { Type: 'Parallel', Branches: [wait('One', 1), wait('Other', 2)], End: true },
    });
    expect(output).toEqual([1, 2]);
    expect(types.slice(-5)).toEqual([
      'WaitStateExited',
      'WaitStateExited',
      'ParallelStateSucceeded',
      'ParallelStateExited',
      'ExecutionSucceeded',
    ]);
  });

  test.for([1, 2, 3, 0])('complete a Map once, %i side by side', async (MaxConcurrency) => {
    const { output, types } = await afterFive({
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency,
        ItemProcessor: wait('Hold', '{% $states.input * 10 %}'),
        End: true,
      },
    });
    expect(output).toEqual([10, 20, 30]);
    const count = (wanted: string) => types.filter((type) => type === wanted).length;
    expect([count('MapIterationStarted'), count('MapIterationSucceeded')]).toEqual([3, 3]);
    expect(types.slice(-4)).toEqual([
      'MapIterationSucceeded',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ]);
  });

  const all = { ErrorEquals: ['States.ALL'] };
  test.for<{
    name: string;
    more: Record<string, JsonValue>;
    beside: Record<string, JsonValue>;
    expected: { status: string; succeeded: number; failed: number };
  }>([
    {
      name: 'is caught',
      more: { Catch: [{ ...all, Next: 'Caught' }] },
      beside: { Caught: { Type: 'Succeed' } },
      expected: { status: 'SUCCEEDED', succeeded: 1, failed: 1 },
    },
    {
      name: 'is tried again',
      more: { Retry: [{ ...all, MaxAttempts: 1 }] },
      beside: {},
      expected: { status: 'FAILED', succeeded: 0, failed: 2 },
    },
    {
      name: 'fails the fork around it',
      more: {},
      beside: {},
      expected: { status: 'FAILED', succeeded: 0, failed: 2 },
    },
  ])('and one of which fails: the fork fails once, which $name', async ({ more, beside, expected }) => {
    const Branches = [wait('Ends', 1), wait('Fails', '{% $missing %}')];
    const States = { Both: { Type: 'Parallel', Branches, ...more, End: true }, ...beside };
    const { status, types } = await afterFive({
      Outer: { Type: 'Parallel', Branches: [{ StartAt: 'Both', States }], End: true },
    });
    const count = (wanted: string) => types.filter((type) => type === wanted).length;
    const [succeeded, failed] = [count('ParallelStateSucceeded'), count('ParallelStateFailed')];
    expect({ status, succeeded, failed }).toEqual(expected);
  });
});

test('outputs that are too large together fail the fork', async () => {
  const half = { Type: 'Pass', Output: '{% $pad("", 140000, "x") %}', End: true };
  expect(await runOnce({ states: { Each: mapOver(half) } }, { items: [1, 2] })).toMatchObject({
    status: 'FAILED',
    error: 'States.DataLimitExceeded',
  });
});
