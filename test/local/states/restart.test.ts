import { appendFileSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../local/clock.ts';
import type { JsonValue } from '../../../local/json.ts';
import { lambda, startEngine, startMs, type TestEngine, tempFolder, typesOf } from './start-engine.ts';

const journalFile = (stateDir: string): string => {
  const folder = join(stateDir, 'journal');
  return join(folder, readdirSync(folder)[0] ?? '');
};

const reopen = async (
  engine: TestEngine,
  setup: Omit<Parameters<typeof startEngine>[0], 'stateDir' | 'clock'>,
) => {
  await engine.close();
  return startEngine({ ...setup, stateDir: engine.stateDir });
};

const hold = { Type: 'Wait', Seconds: 600, Next: 'After' };
const after = { Type: 'Pass', End: true };

test('a wait that was under way ends at its time after a restart', async () => {
  const states = { Hold: hold, After: after };
  const first = await startEngine({ states });
  const arn = await first.start({ order: 'O1' });
  await first.clock.advance(200_000);
  const second = await reopen(first, { states });
  await second.clock.advance(599_999);
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({ status: 'RUNNING' });
  await second.clock.advance(1);
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: { order: 'O1' } });
});

test('a wait whose time passed while nothing ran ends at the restart', async () => {
  const states = { Hold: { Type: 'Wait', Timestamp: '2026-03-01T00:10:00Z', Next: 'After' }, After: after };
  const first = await startEngine({ states });
  const arn = await first.start();
  await first.idle();
  const clock = createVirtualClock(startMs + 86_400_000);
  await first.close();
  const second = await startEngine({ states, stateDir: first.stateDir, clock });
  await clock.advance(0);
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
});

test('a task that had no result yet is called again, with the same token and arguments', async () => {
  const states = {
    Ask: {
      Type: 'Task',
      Resource: `${lambda}.waitForTaskToken`,
      Arguments: {
        FunctionName: 'ask',
        Payload: { token: '{% $states.context.Task.Token %}', id: '{% $uuid() %}' },
      },
      End: true,
    },
  };
  const seen: JsonValue[] = [];
  const first = await startEngine({
    states,
    integrations: {
      [lambda]: (args) => {
        seen.push(args);
        return new Promise(() => undefined);
      },
    },
  });
  const arn = await first.start();
  await first.idle({ despiteTasks: true });
  const second = await reopen(first, {
    states,
    integrations: {
      [lambda]: async (args) => {
        seen.push(args);
        return { Payload: null };
      },
    },
  });
  await second.idle();
  expect(seen).toHaveLength(2);
  expect(seen[1]).toEqual(seen[0]);
  const token = /"token":"([^"]+)"/.exec(JSON.stringify(seen[0]))?.[1] ?? '';
  await second.call('SendTaskSuccess', { taskToken: token, output: '"yes"' });
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'yes' });
});

test('a token handed out before a restart is still good after it, and its task is not called again', async () => {
  let token = '';
  let calls = 0;
  const setup = {
    states: {
      Ask: {
        Type: 'Task',
        Resource: `${lambda}.waitForTaskToken`,
        Arguments: { FunctionName: 'ask', Payload: { token: '{% $states.context.Task.Token %}' } },
        HeartbeatSeconds: 100,
        End: true,
      },
    },
    integrations: {
      [lambda]: async (args: JsonValue) => {
        calls += 1;
        token = /"token":"([^"]+)"/.exec(JSON.stringify(args))?.[1] ?? '';
        return { Payload: null };
      },
    },
  };
  const first = await startEngine(setup);
  const arn = await first.start();
  await first.idle();
  await first.clock.advance(90_000);
  await first.call('SendTaskHeartbeat', { taskToken: token });
  const second = await reopen(first, setup);
  await second.clock.advance(150_000);
  expect(await second.describe(arn)).toMatchObject({ status: 'RUNNING' });
  await second.call('SendTaskSuccess', { taskToken: token, output: '1' });
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED' });
  expect(calls).toBe(1);
});

test('a Map half done goes on with the iterations that have not ended', async () => {
  const states = {
    Each: {
      Type: 'Map',
      Items: [1, 2, 3, 4],
      MaxConcurrency: 2,
      ItemProcessor: {
        StartAt: 'Do',
        States: {
          Do: {
            Type: 'Task',
            Resource: lambda,
            Arguments: { FunctionName: 'f', Payload: '{% $states.input %}' },
            Output: '{% $states.result.Payload %}',
            End: true,
          },
        },
      },
      End: true,
    },
  };
  const payloads: JsonValue[] = [];
  const note = (args: JsonValue): JsonValue => {
    const payload =
      args !== null && typeof args === 'object' && !Array.isArray(args) ? (args.Payload ?? null) : null;
    payloads.push(payload);
    return payload;
  };
  const first = await startEngine({
    states,
    integrations: {
      [lambda]: async (args) => {
        const payload = note(args);
        return payload === 1 ? { Payload: payload } : new Promise(() => undefined);
      },
    },
  });
  const arn = await first.start();
  await first.idle({ despiteTasks: true });
  await new Promise((resolve) => setTimeout(resolve, 20));
  await first.idle({ despiteTasks: true });
  expect(payloads).toEqual([1, 2, 3]);
  const second = await reopen(first, {
    states,
    integrations: { [lambda]: async (args) => ({ Payload: note(args) }) },
  });
  await second.idle();
  expect(payloads).toEqual([1, 2, 3, 2, 3, 4]);
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: [1, 2, 3, 4] });
});

test('a value made by chance is not made again', async () => {
  const states = {
    Draw: { Type: 'Pass', Assign: { drawn: '{% $uuid() %}' }, Next: 'Hold' },
    Hold: hold,
    After: { Type: 'Pass', Output: '{% $drawn %}', End: true },
  };
  const first = await startEngine({ states });
  const arn = await first.start();
  await first.idle();
  const drawn = JSON.stringify(await first.history(arn)).match(/[0-9a-f-]{36}/)?.[0];
  const second = await reopen(first, { states });
  await second.clock.advance(600_000);
  await second.idle();
  const { output } = await second.describe(arn);
  expect(drawn).toBeDefined();
  expect(output).toBe(drawn);
});

test('an execution keeps the definition it started with', async () => {
  const first = await startEngine({ states: { Hold: hold, After: { ...after, Output: 'old' } } });
  const arn = await first.start();
  await first.idle();
  const second = await reopen(first, { states: { Hold: hold, After: { ...after, Output: 'new' } } });
  const newer = await second.start({}, 'newer');
  await second.clock.advance(600_000);
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({ output: 'old' });
  expect(await second.describe(newer)).toMatchObject({ output: 'new' });
});

test('an ended execution can still be described, listed and read, and its name stays taken', async () => {
  const states = { Only: { Type: 'Pass', Output: 'done', End: true } };
  const first = await startEngine({ states });
  const arn = await first.start({ order: 'O1' }, 'O1');
  await first.idle();
  const before = await first.history(arn);
  const second = await reopen(first, { states });
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: 'done' });
  expect(await second.history(arn)).toEqual(before);
  await expect(second.start({ order: 'O1' }, 'O1')).rejects.toMatchObject({ code: 'ExecutionAlreadyExists' });
});

test('an awaited execution that ends after a restart goes to the one that waits for it', async () => {
  const nested = 'arn:aws:states:us-east-1:000000000000:stateMachine:nested';
  const setup = {
    states: {
      Run: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: nested, Input: { n: 1 } },
        Output: '{% $states.result.Output %}',
        End: true,
      },
    },
    others: { nested: { Hold: hold, After: after } },
  };
  const first = await startEngine(setup);
  const arn = await first.start();
  await first.idle();
  const second = await reopen(first, setup);
  await second.clock.advance(600_000);
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: { n: 1 } });
});

test('what a crash tore off the end of the journal is dropped and the rest goes on', async () => {
  const states = { Hold: hold, After: after };
  const first = await startEngine({ states });
  const arn = await first.start({ order: 'O1' });
  await first.idle();
  await first.close();
  const file = journalFile(first.stateDir);
  appendFileSync(file, '{"execution":"arn:aws:states:us-east-1:0000');
  const second = await startEngine({ states, stateDir: first.stateDir });
  await second.clock.advance(600_000);
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: { order: 'O1' } });
  const third = await reopen(second, { states });
  expect(typesOf(await third.history(arn)).at(-1)).toBe('ExecutionSucceeded');
});

test('wherever the journal is cut, the engine takes up what was whole and ends as it would have', async () => {
  const states = {
    One: { Type: 'Pass', Assign: { n: 1 }, Next: 'Two' },
    Two: { Type: 'Wait', Seconds: 1, Next: 'Three' },
    Three: { Type: 'Pass', Output: '{% $n + 1 %}', End: true },
  };
  const first = await startEngine({ states });
  const arn = await first.start();
  await first.clock.advance(5_000);
  await first.idle();
  await first.close();
  const whole = readFileSync(journalFile(first.stateDir));
  const firstLine = whole.indexOf('\n') + 1;
  for (let length = firstLine; length <= whole.length; length += 97) {
    const file = journalFile(first.stateDir);
    writeFileSync(file, whole);
    truncateSync(file, length);
    const again = await startEngine({ states, stateDir: first.stateDir });
    await again.clock.advance(5_000);
    await again.idle();
    expect(await again.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: 2 });
    const ids = (await again.history(arn)).map(({ id }) => id);
    expect(ids).toEqual(ids.map((_, index) => index + 1));
    await again.close();
  }
});

test('a journal damaged in its middle is refused, with file and place', async () => {
  const states = { Only: { Type: 'Pass', End: true } };
  const first = await startEngine({ states });
  await first.start({}, 'a');
  await first.start({}, 'b');
  await first.idle();
  await first.close();
  const file = journalFile(first.stateDir);
  const bytes = readFileSync(file);
  bytes.write('#', 0);
  writeFileSync(file, bytes);
  await expect(startEngine({ states, stateDir: first.stateDir })).rejects.toThrow(/damaged at byte 0/);
});

test('a start that is under way when the engine closes is on disk before the engine is gone', async () => {
  const states = { Hold: hold, After: after };
  const first = await startEngine({ states });
  const starting = first.start({ order: 'O1' });
  await first.close();
  const second = await startEngine({ states, stateDir: first.stateDir });
  expect(await second.describe(await starting)).toMatchObject({ status: 'RUNNING' });
  await expect(first.start()).rejects.toThrow('The engine is closing.');
});

test('an empty folder starts an empty engine', async () => {
  const engine = await startEngine({ states: { Only: { Type: 'Pass', End: true } }, stateDir: tempFolder() });
  await engine.idle();
  expect(engine.clock.nextTimer()).toBeUndefined();
});
