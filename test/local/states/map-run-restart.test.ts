import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as z from 'zod';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/engine.ts';
import { memoryS3 } from './memory-s3.ts';
import { lambda, startEngine, type TestEngine } from './start-engine.ts';

const statesOf = (more: Record<string, JsonValue> = {}): Record<string, JsonValue> => ({
  Each: {
    Type: 'Map',
    MaxConcurrency: 2,
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
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
    ...more,
  },
});

const payloadOf = (args: JsonValue): JsonValue => z.looseObject({ Payload: z.json() }).parse(args).Payload;

const statusesOf = async (engine: TestEngine, executionArn: string): Promise<unknown[]> => {
  const runs = z.object({ mapRuns: z.array(z.looseObject({ mapRunArn: z.string() })) });
  const { mapRuns } = runs.parse(await engine.call('ListMapRuns', { executionArn }));
  const executions = z.object({ executions: z.array(z.looseObject({ status: z.string() })) });
  const listed = await engine.call('ListExecutions', { mapRunArn: mapRuns[0]?.mapRunArn ?? '' });
  return executions.parse(listed).executions.map(({ status }) => status);
};

const settle = async (engine: TestEngine) => {
  for (let turn = 0; turn < 5; turn += 1) {
    await engine.idle({ despiteTasks: true });
    await setImmediate();
  }
};

test('a map run half done goes on with the children that have not ended, and reads its items only once', async () => {
  const { objects, integrations } = memoryS3({ 'in/items': '[1,2,3,4,5]' });
  const states = statesOf({
    ItemReader: {
      Resource: 'arn:aws:states:::s3:getObject',
      ReaderConfig: { InputType: 'JSON' },
      Arguments: { Bucket: 'in', Key: 'items' },
    },
  });
  const seen: JsonValue[] = [];
  const first = await startEngine({
    states,
    integrations: {
      ...integrations,
      [lambda]: async (args) => {
        seen.push(payloadOf(args));
        return seen.length === 1 ? { Payload: payloadOf(args) } : new Promise(() => undefined);
      },
    },
  });
  const arn = await first.start();
  await settle(first);
  expect(seen).toEqual([1, 2, 3]);
  await first.close();
  objects['in/items'] = '["something else"]';
  const second = await startEngine({
    states,
    stateDir: first.stateDir,
    integrations: {
      ...integrations,
      [lambda]: async (args) => {
        seen.push(payloadOf(args));
        return { Payload: payloadOf(args) };
      },
    },
  });
  await second.idle();
  expect(seen).toEqual([1, 2, 3, 2, 3, 4, 5]);
  expect(await second.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: [1, 2, 3, 4, 5] });
});

test('failures from before a restart still count', async () => {
  const states = statesOf({ MaxConcurrency: 1, ToleratedFailureCount: 1 });
  const first = await startEngine({
    states,
    integrations: {
      [lambda]: async (args) => {
        if (payloadOf(args) === 1) throw new TaskError('Fatal', 'no');
        return new Promise(() => undefined);
      },
    },
  });
  const arn = await first.start([1, 2, 3]);
  await settle(first);
  await first.close();
  const second = await startEngine({
    states,
    stateDir: first.stateDir,
    integrations: {
      [lambda]: async () => {
        throw new TaskError('Fatal', 'no');
      },
    },
  });
  await second.idle();
  expect(await second.describe(arn)).toMatchObject({
    status: 'FAILED',
    error: 'States.ExceedToleratedFailureThreshold',
  });
});

test('wherever the journal is cut, every item is in the result once, in its place', async () => {
  const states = statesOf();
  const integrations = { [lambda]: async (args: JsonValue) => ({ Payload: payloadOf(args) }) };
  const first = await startEngine({ states, integrations });
  const arn = await first.start([1, 2, 3]);
  await first.idle();
  await first.close();
  const folder = join(first.stateDir, 'journal');
  const file = join(folder, readdirSync(folder)[0] ?? '');
  const whole = readFileSync(file);
  const firstLine = whole.indexOf('\n') + 1;
  for (let length = firstLine; length <= whole.length; length += 331) {
    writeFileSync(file, whole);
    truncateSync(file, length);
    const again = await startEngine({ states, integrations, stateDir: first.stateDir });
    await again.idle();
    expect(await again.describe(arn)).toMatchObject({ status: 'SUCCEEDED', output: [1, 2, 3] });
    expect(await statusesOf(again, arn)).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
    await again.close();
  }
});

test('children whose parent had ended before a crash are stopped at the next start', async () => {
  const states = statesOf();
  const integrations = { [lambda]: () => new Promise<JsonValue>(() => undefined) };
  const first = await startEngine({ states, integrations });
  const arn = await first.start([1, 2]);
  await settle(first);
  await first.call('StopExecution', { executionArn: arn });
  await settle(first);
  await first.close();
  const folder = join(first.stateDir, 'journal');
  const file = join(folder, readdirSync(folder)[0] ?? '');
  const lines = readFileSync(file, 'utf8').split('\n');
  // Of the end only the parent's was written when the machine went down.
  const stopped = lines.findIndex((line) => line.includes('ExecutionAborted'));
  writeFileSync(file, `${lines.slice(0, stopped + 1).join('\n')}\n`);
  const second = await startEngine({ states, integrations, stateDir: first.stateDir });
  await settle(second);
  expect(await statusesOf(second, arn)).toEqual(['ABORTED', 'ABORTED']);
});
