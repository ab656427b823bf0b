import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/engine.ts';
import { memoryS3 } from './memory-s3.ts';
import {
  lambda,
  machineArn,
  runOnce,
  startEngine,
  startMs,
  type TestEngine,
  typesOf,
} from './start-engine.ts';

const pass = { Do: { Type: 'Pass', End: true } };
const call = {
  Do: {
    Type: 'Task',
    Resource: lambda,
    Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    End: true,
  },
};

const distributed = (
  states: Record<string, JsonValue>,
  more: Record<string, JsonValue> = {},
): Record<string, JsonValue> => ({
  Type: 'Map',
  Label: 'lines',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
    StartAt: Object.keys(states)[0] ?? '',
    States: states,
  },
  End: true,
  ...more,
});

const payloadOf = (args: JsonValue): JsonValue => z.looseObject({ Payload: z.json() }).parse(args).Payload;

const echo = async (args: JsonValue): Promise<JsonValue> => ({ Payload: payloadOf(args) });

/** Fails for these items, and answers all others. */
const failingFor =
  (...items: JsonValue[]) =>
  async (args: JsonValue): Promise<JsonValue> => {
    if (items.includes(payloadOf(args))) throw new TaskError('Fatal', 'no');
    return echo(args);
  };

const runsSchema = z.object({ mapRuns: z.array(z.looseObject({ mapRunArn: z.string() })) });
const executionsSchema = z.object({ executions: z.array(z.looseObject({ executionArn: z.string() })) });

const mapRunOf = async (engine: TestEngine, executionArn: string): Promise<string> => {
  const { mapRuns } = runsSchema.parse(await engine.call('ListMapRuns', { executionArn }));
  return mapRuns[0]?.mapRunArn ?? '';
};

const describeRun = async (engine: TestEngine, executionArn: string) =>
  engine.call('DescribeMapRun', { mapRunArn: await mapRunOf(engine, executionArn) });

const childrenOf = async (engine: TestEngine, executionArn: string) => {
  const mapRunArn = await mapRunOf(engine, executionArn);
  const list = await engine.call('ListExecutions', { mapRunArn, maxResults: 1000 });
  return executionsSchema.parse(list).executions;
};

test('each item is an execution of its own, and the parent tells only of the run', async () => {
  const Output = '{% [$states.input, $states.context.Execution.Input, $exists($outer)] %}';
  const { engine, executionArn, status, output } = await runOnce({
    states: {
      Begin: { Type: 'Pass', Assign: { outer: 1 }, Output: ['a', 'b'], Next: 'Each' },
      Each: distributed({ Do: { Type: 'Pass', Output, End: true } }),
    },
  });
  expect({ status, output }).toEqual({
    status: 'SUCCEEDED',
    output: [
      ['a', 'a', false],
      ['b', 'b', false],
    ],
  });
  expect((await engine.history(executionArn)).slice(3)).toMatchObject([
    { type: 'MapStateEntered', id: 4, previousEventId: 3 },
    { type: 'MapStateStarted', previousEventId: 4, mapStateStartedEventDetails: { length: 2 } },
    { type: 'MapRunStarted', previousEventId: 5 },
    { type: 'MapRunSucceeded', previousEventId: 6 },
    { type: 'MapStateSucceeded', previousEventId: 7 },
    { type: 'MapStateExited', previousEventId: 6 },
    { type: 'ExecutionSucceeded', previousEventId: 9 },
  ]);
  const children = await childrenOf(engine, executionArn);
  expect(children).toHaveLength(2);
  const [{ executionArn: childArn } = { executionArn: '' }] = children;
  const mapRunArn = await mapRunOf(engine, executionArn);
  expect(mapRunArn).toContain(':mapRun:order/lines:');
  expect(await engine.call('DescribeExecution', { executionArn: childArn })).toMatchObject({
    executionArn: expect.stringContaining(':execution:order/lines:'),
    stateMachineArn: `${machineArn}/lines`,
    mapRunArn,
    status: 'SUCCEEDED',
  });
  expect(typesOf(await engine.history(childArn))).toEqual([
    'ExecutionStarted',
    'PassStateEntered',
    'PassStateExited',
    'ExecutionSucceeded',
  ]);
});

test('children run as many side by side as the state says, and as UpdateMapRun says later', async () => {
  const answers: (() => void)[] = [];
  const engine = await startEngine({
    states: { Each: distributed(call, { MaxConcurrency: 2 }) },
    integrations: {
      [lambda]: (args) => new Promise((resolve) => answers.push(() => resolve({ Payload: payloadOf(args) }))),
    },
  });
  const executionArn = await engine.start([1, 2, 3, 4, 5, 6]);
  await engine.clock.advance(0);
  expect(answers).toHaveLength(2);
  const mapRunArn = await mapRunOf(engine, executionArn);
  await engine.call('UpdateMapRun', { mapRunArn, maxConcurrency: 4 });
  await engine.clock.advance(0);
  expect(answers).toHaveLength(4);
  expect(await describeRun(engine, executionArn)).toMatchObject({
    status: 'RUNNING',
    maxConcurrency: 4,
    executionCounts: { running: 4, pending: 2, total: 6 },
  });
  for (const answer of answers) answer();
  await engine.clock.advance(0);
  for (const answer of answers.slice(4)) answer();
  await engine.idle();
  expect(await engine.describe(executionArn)).toMatchObject({ output: [1, 2, 3, 4, 5, 6] });
});

test('thousands of children come back in the order of their items', async () => {
  const items = Array.from({ length: 2_500 }, (_, index) => index);
  const { output } = await runOnce({
    states: { Each: distributed(pass, { Items: '{% $map([0..2499], function($n) { $n }) %}' }) },
  });
  expect(output).toEqual(items);
});

test('a Map without items has a run without children', async () => {
  const { engine, executionArn, output } = await runOnce({ states: { Each: distributed(pass) } }, []);
  expect(output).toEqual([]);
  expect(await describeRun(engine, executionArn)).toMatchObject({
    status: 'SUCCEEDED',
    itemCounts: { total: 0 },
  });
});

describe('of ten items three fail', () => {
  const items = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  const run = (more: Record<string, JsonValue>) =>
    runOnce(
      {
        states: { Each: distributed(call, { MaxConcurrency: 1, ...more }) },
        integrations: { [lambda]: failingFor(2, 5, 8) },
      },
      items,
    );

  test.for<Record<string, JsonValue>>([
    { ToleratedFailureCount: 3 },
    { ToleratedFailurePercentage: 30 },
    { ToleratedFailureCount: '{% 2 + 1 %}', ToleratedFailurePercentage: '{% "30" %}' },
  ])('which %o tolerates', async (more) => {
    const { engine, executionArn, status, output } = await run(more);
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: [1, 3, 4, 6, 7, 9, 10] });
    expect(await describeRun(engine, executionArn)).toMatchObject({
      status: 'SUCCEEDED',
      itemCounts: { succeeded: 7, failed: 3, pending: 0, total: 10 },
    });
  });

  test.for<{ more: Record<string, JsonValue>; failed: number }>([
    { more: {}, failed: 1 },
    { more: { ToleratedFailureCount: 1 }, failed: 2 },
    { more: { ToleratedFailurePercentage: 29.9 }, failed: 3 },
    { more: { ToleratedFailureCount: 9, ToleratedFailurePercentage: 10 }, failed: 2 },
  ])('which $more does not tolerate', async ({ more, failed }) => {
    const { engine, executionArn, status, error, cause } = await run(more);
    expect({ status, error, cause }).toEqual({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
    });
    expect(await describeRun(engine, executionArn)).toMatchObject({
      status: 'FAILED',
      itemCounts: { failed, running: 0, total: 10 },
    });
    expect((await engine.history(executionArn)).slice(-4)).toMatchObject([
      { type: 'MapRunStarted', id: 4 },
      { type: 'MapRunFailed', previousEventId: 4, mapRunFailedEventDetails: { error } },
      { type: 'MapStateFailed', previousEventId: 5 },
      { type: 'ExecutionFailed', previousEventId: 6 },
    ]);
  });
});

test('a failed run stops its other children, and the Map can catch it', async () => {
  const { engine, executionArn, output } = await runOnce(
    {
      states: {
        Each: distributed(call, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }),
        Caught: { Type: 'Pass', End: true },
      },
      integrations: {
        [lambda]: async (args) =>
          payloadOf(args) === 1 ? failingFor(1)(args) : new Promise(() => undefined),
      },
    },
    [1, 2, 3],
  );
  expect(output).toMatchObject({ Error: 'States.ExceedToleratedFailureThreshold' });
  expect(await describeRun(engine, executionArn)).toMatchObject({
    executionCounts: { failed: 1, aborted: 2, running: 0 },
  });
});

test('a Map that is tried again has a run of its own each time', async () => {
  let isBusy = true;
  const engine = await startEngine({
    states: { Each: distributed(call, { Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 5 }] }) },
    integrations: { [lambda]: (args) => (isBusy ? failingFor(1)(args) : echo(args)) },
  });
  const executionArn = await engine.start([1]);
  await engine.clock.advance(1_000);
  isBusy = false;
  await engine.clock.advance(5_000);
  await engine.idle();
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: [1] });
  expect(await engine.call('ListMapRuns', { executionArn })).toMatchObject({ mapRuns: [{}, {}] });
});

describe('what ends the parent ends the children', () => {
  const never = { [lambda]: () => new Promise<JsonValue>(() => undefined) };
  const inner = distributed(call, { Label: 'inner', Items: [1, 2] });
  const statesOf = (more: Record<string, JsonValue> = {}) => ({
    Each: distributed({ 'Each Inner': inner }, more),
  });

  const statusesOf = async (engine: TestEngine, executionArn: string) =>
    (await childrenOf(engine, executionArn)).map(({ status }) => status);

  test('when it is stopped, nested runs too', async () => {
    const engine = await startEngine({ states: statesOf(), integrations: never });
    const executionArn = await engine.start(['x']);
    await engine.clock.advance(0);
    const [child] = await childrenOf(engine, executionArn);
    await engine.call('StopExecution', { executionArn });
    await engine.clock.advance(0);
    expect(await statusesOf(engine, executionArn)).toEqual(['ABORTED']);
    expect(await statusesOf(engine, child?.executionArn ?? '')).toEqual(['ABORTED', 'ABORTED']);
    expect(await describeRun(engine, executionArn)).toMatchObject({ status: 'ABORTED' });
  });

  test('when its time is up', async () => {
    const engine = await startEngine({
      states: statesOf(),
      more: { TimeoutSeconds: 60 },
      integrations: never,
    });
    const executionArn = await engine.start(['x']);
    await engine.clock.advance(60_000);
    await engine.clock.advance(0);
    expect(await engine.describe(executionArn)).toMatchObject({ status: 'TIMED_OUT' });
    expect(await statusesOf(engine, executionArn)).toEqual(['ABORTED']);
  });

  test('when another branch of it fails', async () => {
    const states = {
      Both: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'Each', States: statesOf() },
          {
            StartAt: 'Hold',
            States: { Hold: { Type: 'Wait', Seconds: 5, Next: 'F' }, F: { Type: 'Fail', Error: 'Stop' } },
          },
        ],
        End: true,
      },
    };
    const engine = await startEngine({ states, integrations: never });
    const executionArn = await engine.start(['x']);
    await engine.clock.advance(5_000);
    await engine.clock.advance(0);
    expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'Stop' });
    expect(await statusesOf(engine, executionArn)).toEqual(['ABORTED']);
    expect(typesOf(await engine.history(executionArn))).toEqual(
      expect.arrayContaining(['MapRunAborted', 'MapStateAborted']),
    );
  });
});

test('a redriven run runs again only the children that had not succeeded', async () => {
  const calls: JsonValue[] = [];
  let isBroken = true;
  const engine = await startEngine({
    states: { Each: distributed(call, { MaxConcurrency: 1 }) },
    integrations: {
      [lambda]: async (args) => {
        calls.push(payloadOf(args));
        return isBroken ? failingFor(2)(args) : echo(args);
      },
    },
  });
  const executionArn = await engine.start([1, 2, 3]);
  await engine.idle();
  expect(calls).toEqual([1, 2]);
  const failed = (await childrenOf(engine, executionArn)).find(({ status }) => status === 'FAILED');
  expect(await engine.call('DescribeExecution', { executionArn: failed?.executionArn ?? '' })).toMatchObject({
    redriveStatus: 'REDRIVABLE_BY_MAP_RUN',
  });
  await expect(
    engine.call('RedriveExecution', { executionArn: failed?.executionArn ?? '' }),
  ).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
  isBroken = false;
  await engine.call('RedriveExecution', { executionArn });
  await engine.idle();
  expect(calls).toEqual([1, 2, 2, 3]);
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'SUCCEEDED', output: [1, 2, 3] });
  expect(await describeRun(engine, executionArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
  expect(typesOf(await engine.history(executionArn)).slice(-6)).toEqual([
    'ExecutionRedriven',
    'MapRunRedriven',
    'MapRunSucceeded',
    'MapStateSucceeded',
    'MapStateExited',
    'ExecutionSucceeded',
  ]);
});

test('a redriven run that fails again is failed', async () => {
  const { engine, executionArn } = await runOnce(
    { states: { Each: distributed(call) }, integrations: { [lambda]: failingFor(1) } },
    [1],
  );
  await engine.call('RedriveExecution', { executionArn });
  await engine.idle();
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED', redriveCount: 1 });
});

test('items are put into batches, each an execution, and failures are counted by item', async () => {
  const { engine, executionArn, output } = await runOnce(
    {
      states: {
        Each: distributed(pass, {
          ItemSelector: { n: '{% $states.context.Map.Item.Value %}' },
          ItemBatcher: { MaxItemsPerBatch: '{% 2 %}', BatchInput: { of: '{% $count($states.input) %}' } },
        }),
      },
    },
    [1, 2, 3],
  );
  expect(output).toEqual([
    { BatchInput: { of: 3 }, Items: [{ n: 1 }, { n: 2 }] },
    { BatchInput: { of: 3 }, Items: [{ n: 3 }] },
  ]);
  expect(await describeRun(engine, executionArn)).toMatchObject({
    itemCounts: { succeeded: 3, total: 3 },
    executionCounts: { succeeded: 2, total: 2 },
  });
});

test('a child fails its run before it is started, if its input cannot be made', async () => {
  const { status, error } = await runOnce(
    { states: { Each: distributed(pass, { ItemSelector: '{% $missing %}' }) } },
    [1],
  );
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.QueryEvaluationError' });
});

type Reading = { name: string; config: Record<string, JsonValue>; key: string };

describe('a Map that reads its items from S3', () => {
  const reading = (ReaderConfig: Record<string, JsonValue>, more: Record<string, JsonValue> = {}) =>
    distributed(pass, {
      ItemReader: {
        Resource: 'arn:aws:states:::s3:getObject',
        ReaderConfig,
        Arguments: { Bucket: 'in', Key: '{% $states.input.key %}' },
      },
      ...more,
    });
  const { integrations } = memoryS3({
    'in/a.json': '[1,{"b":2}]',
    'in/o.json': '{"x":1,"y":{"z":2}}',
    'in/deep.json': '{"data":[{"rows":[7,8]}]}',
    'in/l.jsonl': '{"a":1}\n\n[2]\n',
    'in/c.csv': 'sku,qty\nmug,2\n"tea, green",1\n',
    'in/p.csv': 'mug|2\n',
  });

  test.for<Reading & { expected: JsonValue }>([
    { name: 'a list', config: { InputType: 'JSON' }, key: 'a.json', expected: [1, { b: 2 }] },
    {
      name: 'an object',
      config: { InputType: 'JSON' },
      key: 'o.json',
      expected: [
        { Key: 'x', Value: 1 },
        { Key: 'y', Value: { z: 2 } },
      ],
    },
    {
      name: 'a part of an object',
      config: { InputType: 'JSON', ItemsPointer: '/data/0/rows' },
      key: 'deep.json',
      expected: [7, 8],
    },
    { name: 'lines of JSON', config: { InputType: 'JSONL' }, key: 'l.jsonl', expected: [{ a: 1 }, [2]] },
    {
      name: 'a CSV file with its headers',
      config: { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' },
      key: 'c.csv',
      expected: [
        { sku: 'mug', qty: '2' },
        { sku: 'tea, green', qty: '1' },
      ],
    },
    {
      name: 'a CSV file with headers given',
      config: {
        InputType: 'CSV',
        CSVDelimiter: 'PIPE',
        CSVHeaderLocation: 'GIVEN',
        CSVHeaders: ['sku', 'qty', 'note'],
      },
      key: 'p.csv',
      expected: [{ sku: 'mug', qty: '2', note: '' }],
    },
    {
      name: 'no more than told',
      config: { InputType: 'JSON', MaxItems: '{% 1 %}' },
      key: 'a.json',
      expected: [1],
    },
  ])('takes $name', async ({ config, key, expected }) => {
    const { status, output } = await runOnce({ states: { Each: reading(config) }, integrations }, { key });
    expect({ status, output }).toEqual({ status: 'SUCCEEDED', output: expected });
  });

  test('knows of each item where it comes from', async () => {
    const ItemSelector = '{% $states.context.Map.Item %}';
    const states = { Each: reading({ InputType: 'JSON' }, { ItemSelector }) };
    const { output } = await runOnce({ states, integrations }, { key: 'o.json' });
    expect(output).toEqual([
      { Index: 0, Key: 'x', Value: 1, Source: 's3://in/o.json' },
      { Index: 1, Key: 'y', Value: { z: 2 }, Source: 's3://in/o.json' },
    ]);
  });

  test.for<Reading>([
    { name: 'an object that is not there', config: { InputType: 'JSON' }, key: 'none' },
    { name: 'an object that is no JSON', config: { InputType: 'JSON' }, key: 'c.csv' },
    { name: 'a pointer to nothing', config: { InputType: 'JSON', ItemsPointer: '/no' }, key: 'o.json' },
  ])('fails for $name', async ({ config, key }) => {
    const { engine, executionArn, error } = await runOnce(
      { states: { Each: reading(config) }, integrations },
      { key },
    );
    expect(error).toBe('States.ItemReaderFailed');
    expect(typesOf(await engine.history(executionArn)).slice(2)).toEqual([
      'MapStateStarted',
      'MapRunStarted',
      'MapRunFailed',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
  });

  test('names the field of an argument that cannot be made', async () => {
    const { error, cause } = await runOnce({
      states: { Each: reading({ InputType: 'JSON' }) },
      integrations,
    });
    expect(error).toBe('States.QueryEvaluationError');
    expect(cause).toContain("specified for the field 'ItemReader/Arguments/Key' returned nothing");
  });

  const listing = (ReaderConfig: Record<string, JsonValue>) => ({
    Each: distributed(pass, {
      ItemReader: {
        Resource: 'arn:aws:states:::s3:listObjectsV2',
        ReaderConfig,
        Arguments: { Bucket: 'in', Prefix: '' },
      },
    }),
  });

  test('lists objects, page after page', async () => {
    const { output } = await runOnce({ states: listing({}), integrations });
    expect(output).toHaveLength(6);
    expect(output).toContainEqual({
      Etag: '"e"',
      Key: 'a.json',
      LastModified: startMs / 1000,
      Size: 11,
      StorageClass: 'STANDARD',
    });
  });

  test('takes the items of all listed objects together', async () => {
    const lists = memoryS3({ 'in/1': '[1,2]', 'in/2': '[3]', 'in/3': '[]', 'in/4': '[4]' });
    const states = listing({ InputType: 'JSON', Transformation: 'LOAD_AND_FLATTEN' });
    const { output } = await runOnce({ states, integrations: lists.integrations });
    expect(output).toEqual([1, 2, 3, 4]);
  });
});

describe('a Map that writes its results to S3', () => {
  const writing = (WriterConfig?: Record<string, JsonValue>, Bucket = 'out') => ({
    Each: distributed(call, {
      ToleratedFailureCount: 1,
      ResultWriter: {
        Resource: 'arn:aws:states:::s3:putObject',
        Arguments: { Bucket, Prefix: 'runs' },
        ...(WriterConfig === undefined ? {} : { WriterConfig }),
      },
    }),
  });
  const run = (states: Record<string, JsonValue>, s3 = memoryS3()) =>
    runOnce({ states, integrations: { ...s3.integrations, [lambda]: failingFor(2) } }, [1, 2, [3, 4]]);

  test('gives a manifest, which names a file of each status', async () => {
    const s3 = memoryS3();
    const { engine, executionArn, output } = await run(writing(), s3);
    const mapRunArn = await mapRunOf(engine, executionArn);
    const folder = `runs/${mapRunArn.split(':').at(-1)}`;
    expect(output).toEqual({
      MapRunArn: mapRunArn,
      ResultWriterDetails: { Bucket: 'out', Key: `${folder}/manifest.json` },
    });
    const read = (name: string): JsonValue => JSON.parse(s3.objects[`out/${folder}/${name}`] ?? '');
    expect(read('manifest.json')).toEqual({
      DestinationBucket: 'out',
      MapRunArn: mapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${folder}/FAILED_0.json`, Size: expect.any(Number) }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json`, Size: expect.any(Number) }],
      },
    });
    expect(read('FAILED_0.json')).toMatchObject([
      {
        Status: 'FAILED',
        Input: '2',
        Error: 'Fatal',
        Cause: 'no',
        RedriveStatus: 'REDRIVABLE_BY_MAP_RUN',
      },
    ]);
    expect(read('SUCCEEDED_0.json')).toMatchObject([
      {
        ExecutionArn: expect.stringContaining(':execution:order/lines:'),
        Input: '1',
        InputDetails: { Included: true },
        Output: '1',
        OutputDetails: { Included: true },
        StartDate: new Date(startMs).toISOString(),
        StateMachineArn: `${machineArn}/lines`,
        Status: 'SUCCEEDED',
      },
      { Output: '[3,4]' },
    ]);
    expect(await describeRun(engine, executionArn)).toMatchObject({ itemCounts: { resultsWritten: 3 } });
  });

  test.for<{ config: Record<string, JsonValue>; expected: string }>([
    { config: { Transformation: 'COMPACT' }, expected: '[1,[3,4]]' },
    { config: { Transformation: 'FLATTEN' }, expected: '[1,3,4]' },
    { config: { Transformation: 'FLATTEN', OutputType: 'JSONL' }, expected: '1\n3\n4' },
  ])('writes them as $config', async ({ config, expected }) => {
    const s3 = memoryS3();
    await run(writing(config), s3);
    const file = Object.entries(s3.objects).find(([key]) => key.endsWith('/SUCCEEDED_0.json'));
    expect(file?.[1]).toBe(expected);
  });

  test('fails if they cannot be written', async () => {
    const { error, cause } = await run(writing(undefined, 'forbidden'));
    expect({ error, cause }).toEqual({ error: 'States.ResultWriterFailed', cause: 'Access Denied' });
  });

  test('may shape its output without writing it', async () => {
    const ResultWriter = { WriterConfig: { Transformation: 'FLATTEN' } };
    const { output } = await run({ Each: distributed(call, { ToleratedFailureCount: 1, ResultWriter }) });
    expect(output).toEqual([1, 3, 4]);
  });
});

test('outputs that are too large together fail the state, though the run has succeeded', async () => {
  const half = { Do: { Type: 'Pass', Output: '{% $pad("", 140000, "x") %}', End: true } };
  const { engine, executionArn, error } = await runOnce({ states: { Each: distributed(half) } }, [1, 2]);
  expect(error).toBe('States.DataLimitExceeded');
  expect(await describeRun(engine, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
});
