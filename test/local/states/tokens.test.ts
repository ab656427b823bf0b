import { expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { lambda, startEngine, type TestEngine, typesOf } from './start-engine.ts';

const waitForPayment = {
  Type: 'Task',
  Resource: `${lambda}.waitForTaskToken`,
  Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
};

const tokenOf = (args: JsonValue): string => {
  const found = /"token":"([^"]+)"/.exec(JSON.stringify(args))?.[1];
  if (found === undefined) throw new Error('There is no token in the arguments.');
  return found;
};

const startAsking = async (state: Record<string, JsonValue> = {}) => {
  const tokens: string[] = [];
  const engine = await startEngine({
    states: {
      Ask: { ...waitForPayment, ...state },
      ...('Catch' in state ? { Caught: { Type: 'Pass', End: true } } : {}),
    },
    integrations: {
      [lambda]: async (args) => {
        tokens.push(tokenOf(args));
        return { Payload: 'asked' };
      },
    },
  });
  const arn = await engine.start();
  await engine.idle();
  return { engine, arn, token: tokens[0] ?? '', tokens };
};

test('a task waits for its token after the function has answered', async () => {
  const { engine, arn, token } = await startAsking();
  expect(await engine.describe(arn)).toMatchObject({ status: 'RUNNING' });
  await engine.call('SendTaskSuccess', { taskToken: token, output: '{"paid":true}' });
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: { paid: true } });
  expect(typesOf(await engine.history(arn))).toContain('TaskSubmitted');
});

test('a token may be answered while the function is still at work', async () => {
  let engine: TestEngine | undefined;
  engine = await startEngine({
    states: { Ask: waitForPayment },
    integrations: {
      [lambda]: async (args) => {
        await engine?.call('SendTaskSuccess', { taskToken: tokenOf(args), output: '"early"' });
        throw new Error('what the function does afterwards no longer matters');
      },
    },
  });
  const arn = await engine.start();
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'early' });
});

test.for(['SendTaskSuccess', 'SendTaskFailure', 'SendTaskHeartbeat'])(
  '%s on a token that has been answered gets TaskTimedOut',
  async (operation) => {
    const { engine, arn, token } = await startAsking();
    await engine.call('SendTaskSuccess', { taskToken: token, output: '1' });
    await expect(engine.call(operation, { taskToken: token, output: '2' })).rejects.toMatchObject({
      code: 'TaskTimedOut',
    });
    expect(await engine.describe(arn)).toMatchObject({ output: 1 });
  },
);

test('of two answers at the same moment one wins and the other gets TaskTimedOut', async () => {
  const { engine, arn, token } = await startAsking();
  const answers = await Promise.allSettled([
    engine.call('SendTaskSuccess', { taskToken: token, output: '1' }),
    engine.call('SendTaskSuccess', { taskToken: token, output: '2' }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  expect(await engine.describe(arn)).toMatchObject({ output: 1 });
});

test('a text that is no token gets InvalidToken', async () => {
  const { engine } = await startAsking();
  await expect(engine.call('SendTaskSuccess', { taskToken: 'nonsense', output: '1' })).rejects.toMatchObject({
    code: 'InvalidToken',
  });
});

test('an answer that is no JSON gets InvalidOutput and the task goes on waiting', async () => {
  const { engine, arn, token } = await startAsking();
  await expect(engine.call('SendTaskSuccess', { taskToken: token, output: '{' })).rejects.toMatchObject({
    code: 'InvalidOutput',
  });
  expect(await engine.describe(arn)).toMatchObject({ status: 'RUNNING' });
});

test('a failure sent with the token can be caught', async () => {
  const Catch = [{ ErrorEquals: ['Refused'], Next: 'Caught' }];
  const { engine, arn, token } = await startAsking({ Catch });
  await engine.call('SendTaskFailure', { taskToken: token, error: 'Refused', cause: 'no credit' });
  await engine.idle();
  expect(await engine.describe(arn)).toMatchObject({ output: { Error: 'Refused', Cause: 'no credit' } });
});

test.for<{ operation: string; given: Record<string, string> }>([
  { operation: 'SendTaskFailure', given: { error: 'e'.repeat(257) } },
  { operation: 'SendTaskFailure', given: { cause: 'c'.repeat(32_769) } },
  { operation: 'SendTaskSuccess', given: {} },
])('$operation of what is too long, or of nothing, is refused', async ({ operation, given }) => {
  const { engine, arn, token } = await startAsking();
  await expect(engine.call(operation, { taskToken: token, ...given })).rejects.toMatchObject({
    code: 'ValidationException',
  });
  expect(await engine.describe(arn)).toMatchObject({ status: 'RUNNING' });
});

test('heartbeats keep a task alive, and a missed one fails it as States.Timeout', async () => {
  const { engine, arn, token } = await startAsking({ HeartbeatSeconds: 10 });
  for (let beat = 0; beat < 3; beat += 1) {
    await engine.clock.advance(9_000);
    await engine.call('SendTaskHeartbeat', { taskToken: token });
  }
  expect(await engine.describe(arn)).toMatchObject({ status: 'RUNNING' });
  await engine.clock.advance(10_000);
  expect(await engine.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

test.for([
  { beats: 0, HeartbeatSeconds: 10, TimeoutSeconds: 15 },
  { beats: 1, HeartbeatSeconds: 10, TimeoutSeconds: 15 },
])('the nearer of both limits ends a task: %o', async ({ beats, ...limits }) => {
  const { engine, arn, token } = await startAsking(limits);
  for (let beat = 0; beat < beats; beat += 1) {
    await engine.clock.advance(9_000);
    await engine.call('SendTaskHeartbeat', { taskToken: token });
  }
  await engine.clock.advance(beats === 0 ? 10_000 : 6_000);
  expect(await engine.describe(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
});

test.for(['States.HeartbeatTimeout', 'States.Timeout'])(
  'a missed heartbeat is caught as %s',
  async (name) => {
    const Catch = [{ ErrorEquals: [name], Next: 'Caught' }];
    const { engine, arn } = await startAsking({ HeartbeatSeconds: 10, Catch });
    await engine.clock.advance(10_000);
    expect(await engine.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
  },
);

test('a token that came too late for its deadline gets TaskTimedOut', async () => {
  const { engine, token } = await startAsking({ TimeoutSeconds: 5 });
  await engine.clock.advance(5_000);
  await expect(engine.call('SendTaskSuccess', { taskToken: token, output: '1' })).rejects.toMatchObject({
    code: 'TaskTimedOut',
  });
});

test('a retried task gets a new token and the old one is worth nothing', async () => {
  const Retry = [{ ErrorEquals: ['States.Timeout'], IntervalSeconds: 1 }];
  const { engine, arn, tokens } = await startAsking({ TimeoutSeconds: 5, Retry });
  await engine.clock.advance(6_000);
  expect(new Set(tokens).size).toBe(2);
  const [old = '', current = ''] = tokens;
  await expect(engine.call('SendTaskSuccess', { taskToken: old, output: '1' })).rejects.toMatchObject({
    code: 'TaskTimedOut',
  });
  await engine.call('SendTaskSuccess', { taskToken: current, output: '2' });
  expect(await engine.describe(arn)).toMatchObject({ output: 2 });
});
