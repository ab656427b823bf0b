import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/engine.ts';
import { lambda, machineArn, runOnce, startEngine, type TestEngine, typesOf } from './start-engine.ts';

const only = { Only: { Type: 'Pass', End: true } };
const hold = { Hold: { Type: 'Wait', Seconds: 60, End: true } };

const listSchema = z.object({
  executions: z.array(z.object({ name: z.string(), status: z.string() })),
  nextToken: z.string().optional(),
});

test('starting twice with one name and one input gives one execution while it runs', async () => {
  const engine = await startEngine({ states: hold });
  const [one, other] = await Promise.all([
    engine.start({ a: 1, b: 2 }, 'O1'),
    engine.startExecution({ stateMachineArn: machineArn, name: 'O1', input: '{ "b": 2, "a": 1 }' }),
  ]);
  expect(other.executionArn).toBe(one);
  expect(
    listSchema.parse(await engine.call('ListExecutions', { stateMachineArn: machineArn })).executions,
  ).toHaveLength(1);
});

test('many executions started at the same moment all run', async () => {
  const engine = await startEngine({ states: only });
  const arns = await Promise.all(Array.from({ length: 30 }, (_, number) => engine.start({ number })));
  await engine.idle();
  for (const [number, arn] of arns.entries()) {
    expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: { number } });
  }
});

test('starting with a taken name and another input gets ExecutionAlreadyExists', async () => {
  const engine = await startEngine({ states: hold });
  await engine.start({ a: 1 }, 'O1');
  await expect(engine.start({ a: 2 }, 'O1')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
});

test('a name stays taken after its execution has ended', async () => {
  const engine = await startEngine({ states: only });
  await engine.start({}, 'O1');
  await engine.idle();
  await expect(engine.start({}, 'O1')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
});

const refusals: { given: Record<string, JsonValue>; code: string }[] = [
  { given: { stateMachineArn: `${machineArn}x` }, code: 'StateMachineDoesNotExist' },
  { given: { stateMachineArn: machineArn, name: 'a b' }, code: 'InvalidName' },
  { given: { stateMachineArn: machineArn, name: 'n'.repeat(81) }, code: 'InvalidName' },
  { given: { stateMachineArn: machineArn, input: '{' }, code: 'InvalidExecutionInput' },
  {
    given: { stateMachineArn: machineArn, input: JSON.stringify('x'.repeat(262_144)) },
    code: 'InvalidExecutionInput',
  },
  { given: {}, code: 'ValidationException' },
];

test.for(refusals)('StartExecution refuses with $code', async ({ given, code }) => {
  const engine = await startEngine({ states: only });
  await expect(engine.call('StartExecution', given)).rejects.toMatchObject({ code });
});

test.for(['DescribeExecution', 'GetExecutionHistory', 'StopExecution', 'RedriveExecution'])(
  '%s of an unknown execution gets ExecutionDoesNotExist',
  async (operation) => {
    const engine = await startEngine({ states: only });
    await expect(engine.call(operation, { executionArn: 'arn:none' })).rejects.toMatchObject({
      code: 'ExecutionDoesNotExist',
    });
  },
);

test('a stopped execution is aborted, with the error and cause given, and stays so', async () => {
  const engine = await startEngine({ states: hold });
  const executionArn = await engine.start();
  await engine.call('StopExecution', { executionArn, error: 'Cancelled', cause: 'by the customer' });
  await engine.clock.advance(120_000);
  expect(await engine.describe(executionArn)).toMatchObject({
    status: 'ABORTED',
    error: 'Cancelled',
    cause: 'by the customer',
  });
  expect((await engine.history(executionArn)).at(-1)).toMatchObject({
    type: 'ExecutionAborted',
    previousEventId: 0,
  });
  await engine.call('StopExecution', { executionArn, error: 'Again' });
  expect(await engine.describe(executionArn)).toMatchObject({ error: 'Cancelled' });
});

test('executions are listed newest first, by status and page by page', async () => {
  const engine = await startEngine({ states: hold });
  for (const name of ['a', 'b', 'c']) {
    await engine.start({}, name);
    await engine.clock.advance(1_000);
  }
  const executionArn = machineArn.replace(':stateMachine:', ':execution:');
  await engine.call('StopExecution', { executionArn: `${executionArn}:b` });
  const list = async (more: Record<string, JsonValue>) =>
    listSchema.parse(await engine.call('ListExecutions', { stateMachineArn: machineArn, ...more }));
  const first = await list({ maxResults: 2 });
  expect(first.executions.map(({ name }) => name)).toEqual(['c', 'b']);
  const second = await list({ maxResults: 2, nextToken: first.nextToken ?? '' });
  expect(second).toEqual({ executions: [expect.objectContaining({ name: 'a' })] });
  expect((await list({ statusFilter: 'ABORTED' })).executions.map(({ name }) => name)).toEqual(['b']);
});

test('a history can be read backwards, in pages and without payloads', async () => {
  const { engine, executionArn } = await runOnce({ states: only });
  const page = await engine.call('GetExecutionHistory', {
    executionArn,
    reverseOrder: true,
    maxResults: 1,
    includeExecutionData: false,
  });
  expect(page).toMatchObject({
    events: [{ type: 'ExecutionSucceeded', id: 4 }],
    nextToken: expect.any(String),
  });
  expect(JSON.stringify(page)).not.toContain('"output"');
});

test('machines are listed and described with their text', async () => {
  const engine = await startEngine({ states: only });
  expect(await engine.call('ListStateMachines', {})).toMatchObject({
    stateMachines: [{ stateMachineArn: machineArn }],
  });
  expect(await engine.call('DescribeStateMachine', { stateMachineArn: machineArn })).toMatchObject({
    status: 'ACTIVE',
    type: 'STANDARD',
    definition: expect.stringContaining('"Only"'),
  });
});

test('an execution that never ends is stopped at 25,000 events, the last of which says so', async () => {
  const { engine, executionArn, status, error, cause } = await runOnce({
    states: {
      Round: { Type: 'Choice', Choices: [{ Condition: true, Next: 'Round' }], Default: 'Never' },
      Never: { Type: 'Succeed' },
    },
  });
  expect({ status, error }).toEqual({ status: 'FAILED', error: 'States.Runtime' });
  expect(cause).toBe('The execution reached the maximum number of history events (25000).');
  expect(
    await engine.call('GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1 }),
  ).toMatchObject({ events: [{ id: 25_000, previousEventId: 24_999, type: 'ExecutionFailed' }] });
});

test('a state output beyond 256 KiB fails the execution', async () => {
  const states = { Grow: { Type: 'Pass', Output: '{% $pad("", 262144, "x") %}', End: true } };
  expect(await runOnce({ states })).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
});

test('all variables together hold 10 MiB and no more', async () => {
  // Each iteration keeps a text of 250 KiB until all have theirs.
  const inner = {
    Keep: { Type: 'Pass', Assign: { kept: '{% $pad("", 250 * 1024, "x") %}' }, Next: 'Hold' },
    Hold: { Type: 'Wait', Seconds: 10, Output: 1, End: true },
  };
  const keeping = async (count: number) => {
    const engine = await startEngine({
      states: { Each: { Type: 'Map', ItemProcessor: { StartAt: 'Keep', States: inner }, End: true } },
    });
    const arn = await engine.start(Array.from({ length: count }, () => 1));
    await engine.clock.advance(10_000);
    await engine.idle();
    return engine.describe(arn);
  };
  expect(await keeping(39)).toMatchObject({ status: 'SUCCEEDED' });
  const states = {
    Fill: {
      Type: 'Pass',
      Assign: { outer: '{% $pad("", 250 * 1024, "x") %}' },
      Output: [1, 2, 3],
      Next: 'Twice',
    },
    Twice: {
      Type: 'Map',
      ItemProcessor: {
        StartAt: 'Each',
        States: {
          Each: {
            Type: 'Map',
            Items: '{% [1..14] %}',
            ItemProcessor: { StartAt: 'Keep', States: inner },
            End: true,
          },
        },
      },
      End: true,
    },
  };
  const result = await runOnce({ states });
  expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  expect(result.cause).toContain('The variables of the execution exceed the maximum of 10485760 bytes');
});

test('a task with Credentials is called in the name of their role, which the history tells', async () => {
  const callers: string[] = [];
  const roleArn = 'arn:aws:iam::111111111111:role/other';
  const { engine, executionArn } = await runOnce(
    {
      states: {
        Call: {
          Type: 'Task',
          Resource: lambda,
          Arguments: { FunctionName: 'f' },
          Credentials: { RoleArn: '{% $states.input.role %}' },
          End: true,
        },
      },
      integrations: {
        [lambda]: async (_, { caller }) => {
          callers.push(caller);
          return {};
        },
      },
    },
    { role: roleArn },
  );
  expect(callers).toEqual([roleArn]);
  expect((await engine.history(executionArn))[2]).toMatchObject({
    taskScheduledEventDetails: { taskCredentials: { roleArn } },
  });
});

test('a redriven execution runs again only what had failed', async () => {
  const calls: JsonValue[] = [];
  let isBroken = true;
  const engine = await startEngine({
    states: {
      Begin: { Type: 'Pass', Assign: { id: '{% $uuid() %}' }, Next: 'Each' },
      Each: {
        Type: 'Map',
        Items: [1, 2, 3],
        MaxConcurrency: 1,
        ItemProcessor: {
          StartAt: 'Do',
          States: {
            Do: {
              Type: 'Task',
              Resource: lambda,
              Arguments: { FunctionName: 'f', Payload: { item: '{% $states.input %}' } },
              Output: '{% $states.result.Payload.item %}',
              End: true,
            },
          },
        },
        Output: {
          id: '{% $id %}',
          items: '{% $states.result %}',
          redrives: '{% $states.context.Execution.RedriveCount %}',
        },
        End: true,
      },
    },
    integrations: {
      [lambda]: async (args) => {
        const { Payload } = z.object({ Payload: z.object({ item: z.number() }) }).parse(args);
        calls.push(Payload.item);
        if (isBroken && Payload.item === 2) throw new TaskError('Fatal', 'down');
        return { Payload };
      },
    },
  });
  const executionArn = await engine.start();
  await engine.idle();
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'Fatal' });
  isBroken = false;
  await engine.call('RedriveExecution', { executionArn });
  await engine.idle();
  expect(calls).toEqual([1, 2, 2, 3]);
  expect(await engine.describe(executionArn)).toMatchObject({
    status: 'SUCCEEDED',
    redriveCount: 1,
    output: { items: [1, 2, 3], redrives: 1, id: expect.any(String) },
  });
  const types = typesOf(await engine.history(executionArn));
  expect(types).toContain('ExecutionRedriven');
  expect(types.filter((type) => type === 'PassStateEntered')).toHaveLength(1);
});

test('a redriven execution enters its Fail again, and fails again', async () => {
  const { engine, executionArn } = await runOnce({ states: { Stop: { Type: 'Fail', Error: 'Stop' } } });
  await engine.call('RedriveExecution', { executionArn });
  await engine.idle();
  expect(await engine.describe(executionArn)).toMatchObject({ status: 'FAILED', error: 'Stop' });
  expect(typesOf(await engine.history(executionArn)).slice(3)).toEqual([
    'ExecutionRedriven',
    'FailStateEntered',
    'ExecutionFailed',
  ]);
});

test('what succeeded, runs, or ended long ago cannot be redriven', async () => {
  const succeeded = await runOnce({ states: only });
  const { executionArn } = succeeded;
  await expect(succeeded.engine.call('RedriveExecution', { executionArn })).rejects.toMatchObject({
    code: 'ExecutionNotRedrivable',
  });
  const failed = await runOnce({ states: { Only: { Type: 'Fail', Error: 'No' } } });
  await failed.engine.clock.advance(15 * 24 * 3_600_000);
  await expect(
    failed.engine.call('RedriveExecution', { executionArn: failed.executionArn }),
  ).rejects.toMatchObject({ code: 'ExecutionNotRedrivable' });
});

const nestedArn = machineArn.replace(/order$/, 'nested');
const startNested = (pattern: string, more: Record<string, JsonValue> = {}) => ({
  Run: {
    Type: 'Task',
    Resource: `arn:aws:states:::states:startExecution${pattern}`,
    Arguments: { StateMachineArn: nestedArn, Input: { n: 1 } },
    End: true,
    ...more,
  },
  ...('Catch' in more ? { Caught: { Type: 'Pass', End: true } } : {}),
});

test.for([
  { pattern: '.sync', output: '{"n":1}' },
  { pattern: '.sync:2', output: { n: 1 } },
])(
  'startExecution$pattern waits for the other execution and gives its output',
  async ({ pattern, output }) => {
    const result = await runOnce({ states: startNested(pattern), others: { nested: only } });
    expect(result.output).toMatchObject({ Status: 'SUCCEEDED', Output: output });
  },
);

test('a retried task takes the result of its own execution, not of the one it gave up', async () => {
  const engine = await startEngine({
    states: startNested('.sync:2', {
      TimeoutSeconds: '{% $states.context.State.RetryCount = 0 ? 5 : 1000 %}',
      Retry: [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }],
      Output: '{% $states.result.Output.startedAt %}',
    }),
    others: {
      nested: {
        Note: { Type: 'Pass', Output: { startedAt: '{% $millis() %}' }, Next: 'Hold' },
        Hold: { Type: 'Wait', Seconds: 60, End: true },
      },
    },
  });
  const startedAtMs = engine.clock.now();
  const arn = await engine.start();
  await engine.clock.advance(120_000);
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: startedAtMs + 6_000 });
});

test('startExecution without .sync goes on at once', async () => {
  const result = await runOnce({ states: startNested(''), others: { nested: hold } });
  expect(result).toMatchObject({
    status: 'SUCCEEDED',
    output: { ExecutionArn: expect.stringContaining(':nested:') },
  });
});

describe('an execution that is awaited', () => {
  const awaiting = startNested('.sync:2', { TimeoutSeconds: 100 });
  const statusOf = async (engine: TestEngine): Promise<string | undefined> =>
    listSchema.parse(await engine.call('ListExecutions', { stateMachineArn: nestedArn })).executions[0]
      ?.status;
  const endless = { Hold: { Type: 'Wait', Seconds: 1_000, End: true } };

  test('is stopped with the one that awaits it', async () => {
    const engine = await startEngine({ states: awaiting, others: { nested: endless } });
    const executionArn = await engine.start();
    await engine.clock.advance(1_000);
    expect(await statusOf(engine)).toBe('RUNNING');
    await engine.call('StopExecution', { executionArn });
    await engine.idle();
    expect(await statusOf(engine)).toBe('ABORTED');
  });

  test('is stopped when the task that awaits it has taken too long', async () => {
    const engine = await startEngine({ states: awaiting, others: { nested: endless } });
    const executionArn = await engine.start();
    await engine.clock.advance(100_000);
    await engine.idle();
    expect(await engine.describe(executionArn)).toMatchObject({ error: 'States.Timeout' });
    expect(await statusOf(engine)).toBe('ABORTED');
  });

  test('is stopped at the next start, if a crash kept it from being stopped', async () => {
    const setup = { states: awaiting, others: { nested: endless } };
    const first = await startEngine(setup);
    const executionArn = await first.start();
    await first.clock.advance(1_000);
    await first.call('StopExecution', { executionArn });
    await first.idle();
    await first.close();
    const folder = join(first.stateDir, 'journal');
    const file = join(folder, readdirSync(folder)[0] ?? '');
    const lines = readFileSync(file, 'utf8').split('\n');
    const stopped = lines.findIndex((line) => line.includes('ExecutionAborted'));
    writeFileSync(file, `${lines.slice(0, stopped + 1).join('\n')}\n`);
    const second = await startEngine({ ...setup, stateDir: first.stateDir });
    await second.idle();
    expect(await statusOf(second)).toBe('ABORTED');
  });

  test('may answer by the token of the task that awaits it, and goes on by itself', async () => {
    const tokens: string[] = [];
    const input = { token: '{% $states.context.Task.Token %}' };
    const engine = await startEngine({
      states: {
        Run: {
          Type: 'Task',
          Resource: 'arn:aws:states:::states:startExecution.sync:2',
          Arguments: { StateMachineArn: nestedArn, Input: input },
          Next: 'Hold',
        },
        Hold: hold.Hold,
      },
      others: {
        nested: {
          Tell: {
            Type: 'Task',
            Resource: lambda,
            Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
            Next: 'Hold',
          },
          Hold: { Type: 'Wait', Seconds: 1_000, End: true },
        },
      },
      integrations: {
        [lambda]: async (args) => {
          tokens.push(z.object({ Payload: z.object({ token: z.string() }) }).parse(args).Payload.token);
          return {};
        },
      },
    });
    const executionArn = await engine.start();
    await engine.clock.advance(1);
    await engine.call('SendTaskSuccess', { taskToken: tokens[0] ?? '', output: '"done"' });
    await engine.clock.advance(1);
    expect(typesOf(await engine.history(executionArn)).at(-1)).toBe('WaitStateEntered');
    expect(await statusOf(engine)).toBe('RUNNING');
  });

  test('goes on when nobody awaits it', async () => {
    const states = { ...startNested('', { End: false, Next: 'Hold' }), Hold: hold.Hold };
    const engine = await startEngine({ states, others: { nested: endless } });
    const executionArn = await engine.start();
    await engine.clock.advance(1_000);
    await engine.call('StopExecution', { executionArn });
    await engine.idle();
    expect(await statusOf(engine)).toBe('RUNNING');
  });
});

test('a failed awaited execution fails the task as States.TaskFailed', async () => {
  const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }];
  const failing = { Only: { Type: 'Fail', Error: 'No', Cause: 'nested' } };
  const { output } = await runOnce({ states: startNested('.sync', { Catch }), others: { nested: failing } });
  expect(output).toMatchObject({
    Error: 'States.TaskFailed',
    Cause: expect.stringContaining('"Error":"No"'),
  });
});

test.for([
  { pattern: '', type: 'TaskFailed' },
  { pattern: '.sync', type: 'TaskSubmitFailed' },
])(
  'a task that starts an unknown machine$pattern fails with AWS’s name for it',
  async ({ pattern, type }) => {
    const { engine, executionArn, error } = await runOnce({ states: startNested(pattern) });
    expect(error).toBe('StepFunctions.StateMachineDoesNotExistException');
    expect(typesOf(await engine.history(executionArn)).at(-2)).toBe(type);
  },
);

test('an integration that breaks fails its task instead of the engine', async () => {
  const { status, error, cause } = await runOnce({
    states: { Call: { Type: 'Task', Resource: lambda, Arguments: { FunctionName: 'f' }, End: true } },
    integrations: {
      [lambda]: async () => {
        throw new Error('connection refused');
      },
    },
  });
  expect({ status, error, cause }).toEqual({
    status: 'FAILED',
    error: 'States.TaskFailed',
    cause: 'Error: connection refused',
  });
});

test.for([
  { name: 'a text is the payload itself', payload: '{"a":1}', expected: { a: 1 } },
  { name: 'null stands for an empty object', payload: null, expected: {} },
  { name: 'an object is sent as it is', payload: { a: 1 }, expected: { a: 1 } },
])('lambda:invoke sends what AWS sends: $name', async ({ payload, expected }) => {
  const seen: JsonValue[] = [];
  await runOnce({
    states: {
      Call: { Type: 'Task', Resource: lambda, Arguments: { FunctionName: 'f', Payload: payload }, End: true },
    },
    integrations: {
      [lambda]: async (args) => {
        seen.push(args);
        return {};
      },
    },
  });
  expect(seen).toEqual([{ FunctionName: 'f', Payload: expected }]);
});

test('a Task that names a function is called through lambda:invoke and gets the bare payload', async () => {
  const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:price';
  const seen: unknown[] = [];
  const { output } = await runOnce(
    {
      states: { Call: { Type: 'Task', Resource: functionArn, End: true } },
      integrations: {
        [lambda]: async (args, context) => {
          seen.push(args, context.stateName);
          return { Payload: { total: 3 }, StatusCode: 200 };
        },
      },
    },
    { sku: 'tea' },
  );
  expect(output).toEqual({ total: 3 });
  expect(seen).toEqual([{ FunctionName: functionArn, Payload: { sku: 'tea' } }, 'Call']);
});
