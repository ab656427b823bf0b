import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import type { LambdaPool } from '../../../local/lambda/pool.ts';
import { type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

let lab: LambdaLab;
beforeEach(() => {
  lab = openLambdaLab();
});
afterEach(() => lab.close());

const answerOf = async (pool: LambdaPool, name: string, event: unknown = {}): Promise<unknown> => {
  const { payload, functionError } = await pool.invoke(name, JSON.stringify(event));
  if (functionError) throw new Error(payload);
  return JSON.parse(payload);
};
const environmentSchema = z.record(z.string(), z.string());

test('a function sees what Lambda sets, its own variables and the endpoints, and nothing else', async () => {
  process.env.HOST_SECRET_OF_THIS_TEST = 'visible';
  const spec = lab.aFunction('export const handler = async () => process.env', {
    environment: { TABLE: 'entries' },
    memoryMb: 256,
  });
  const pool = await lab.aPool([spec]);
  const environment = environmentSchema.parse(await answerOf(pool, 'greet'));
  delete process.env.HOST_SECRET_OF_THIS_TEST;
  expect(environment).toEqual({
    TABLE: 'entries',
    AWS_ACCESS_KEY_ID: 'AKIA-greet',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9',
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${process.versions.node.split('.')[0]}.x`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
    AWS_LAMBDA_FUNCTION_NAME: 'greet',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/greet',
    AWS_LAMBDA_LOG_STREAM_NAME: '[$LATEST]local',
    AWS_REGION: 'us-east-1',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LAMBDA_TASK_ROOT: spec.codeDir,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: 'index.handler',
  });
});

test('a function cannot set what the runtime sets, and each has its own key', async () => {
  const code = 'export const handler = async () => process.env';
  const pool = await lab.aPool([
    lab.aFunction(code, { environment: { AWS_ACCESS_KEY_ID: 'stolen', AWS_REGION: 'elsewhere' } }),
    lab.aFunction(code, { name: 'other' }),
  ]);
  expect(await answerOf(pool, 'greet')).toMatchObject({
    AWS_ACCESS_KEY_ID: 'AKIA-greet',
    AWS_REGION: 'us-east-1',
  });
  expect(await answerOf(pool, 'other')).toMatchObject({ AWS_ACCESS_KEY_ID: 'AKIA-other' });
});

const change = `
  export const handler = async ({ change, waitMs = 0 }) => {
    if (change) {
      process.env.TABLE = 'changed';
      process.env.MORE = 'more';
      delete process.env.AWS_REGION;
      Array.prototype.first = 'changed';
      globalThis.more = 'more';
      JSON.parse.changed = true;
    }
    await new Promise((go) => setTimeout(go, waitMs));
    const { TABLE, MORE, AWS_REGION } = process.env;
    return [TABLE, MORE, AWS_REGION, [].first, globalThis.more, JSON.parse.changed].map(String);
  }`;
const unchanged = ['entries', 'undefined', 'us-east-1', 'undefined', 'undefined', 'undefined'];
const changed = ['changed', 'more', 'undefined', 'changed', 'more', 'true'];

test('what a function changes of its environment and its globals stays in its thread', async () => {
  const environment = { TABLE: 'entries' };
  const pool = await lab.aPool([
    lab.aFunction(change, { environment }),
    lab.aFunction(change, { name: 'other', environment }),
  ]);
  const [here, beside] = await Promise.all([
    answerOf(pool, 'greet', { change: true, waitMs: 500 }),
    answerOf(pool, 'greet', { waitMs: 500 }),
  ]);
  expect(here).toEqual(changed);
  expect(beside).toEqual(unchanged);
  expect(await answerOf(pool, 'other')).toEqual(unchanged);
  expect(process.env).not.toHaveProperty('MORE');
  expect(Reflect.get(globalThis, 'more')).toBeUndefined();
});

test('in its own thread it stays for the next event, as on Lambda', async () => {
  const pool = await lab.aPool([lab.aFunction(change, { environment: { TABLE: 'entries' } })]);
  expect(await answerOf(pool, 'greet', { change: true })).toEqual(changed);
  expect(await answerOf(pool, 'greet')).toEqual(changed);
});

test('time is UTC, and a function that says otherwise moves nobody’s', async () => {
  const code = `
    const tell = () => [new Date(0).getHours(), new Date(2026, 0, 1).toISOString(), Intl.DateTimeFormat().resolvedOptions().timeZone];
    export const handler = async ({ zone }) => { if (zone) process.env.TZ = zone; return tell(); }`;
  const pool = await lab.aPool([lab.aFunction(code), lab.aFunction(code, { name: 'other' })]);
  const utc = [0, '2026-01-01T00:00:00.000Z', 'UTC'];
  const hostHour = new Date(0).getHours();
  expect(await answerOf(pool, 'greet')).toEqual(utc);
  await answerOf(pool, 'greet', { zone: 'Asia/Shanghai' });
  expect(await answerOf(pool, 'other')).toEqual(utc);
  expect(new Date(0).getHours()).toBe(hostHour);
});

test('a function sees no arguments of the process that runs it', async () => {
  const code = 'export const handler = async () => [process.argv.length, process.execArgv]';
  const pool = await lab.aPool([lab.aFunction(code)]);
  expect(await answerOf(pool, 'greet')).toEqual([2, []]);
});
