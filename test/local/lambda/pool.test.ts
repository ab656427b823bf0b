import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { createVirtualClock, systemClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import type { FunctionSpec } from '../../../local/lambda/function-spec.ts';
import { createLambdaPool, type LambdaPool, type LambdaPoolOptions } from '../../../local/lambda/pool.ts';

/** A busy machine takes longer than a second. */
const soon = { timeout: 20_000 };

let folder: string;
let pools: LambdaPool[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambda-'));
  pools = [];
});
afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
  rmSync(folder, { recursive: true });
});

const arnOf = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

const aFunction = (code: string, changes: Partial<FunctionSpec> = {}): FunctionSpec => {
  const name = changes.name ?? 'greet';
  const codeDir = mkdtempSync(join(folder, 'code-'));
  writeFileSync(join(codeDir, 'index.mjs'), code);
  return {
    name,
    arn: arnOf(name),
    codeDir,
    handler: 'index.handler',
    environment: {},
    timeoutMs: 10_000,
    memoryMb: 128,
    maxRetryAttempts: 2,
    maxEventAgeMs: 21_600_000,
    ...changes,
  };
};

const aPool = async (
  functions: FunctionSpec[],
  changes: Partial<LambdaPoolOptions> = {},
): Promise<LambdaPool> => {
  const pool = await createLambdaPool({
    functions,
    stateDir: join(folder, 'state'),
    logDir: join(folder, 'logs'),
    clock: systemClock,
    region: 'us-east-1',
    endpoints: () => ({ AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9' }),
    keyOf: (arn) => ({ accessKeyId: `AKIA-${arn.split(':').at(-1)}`, secretAccessKey: 'secret' }),
    sendToQueue: async () => {},
    ...changes,
  });
  pools.push(pool);
  return pool;
};

const errorSchema = z.object({ errorType: z.string(), errorMessage: z.string() });
const errorOf = (payload: string) => errorSchema.parse(JSON.parse(payload));

test('a handler answers its event with the context Lambda gives', async () => {
  const pool = await aPool([
    aFunction(`export const handler = async (event, context) => ({
      event, arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, id: context.awsRequestId,
      left: context.getRemainingTimeInMillis() > 0 })`),
  ]);
  const { payload, requestId } = await pool.invoke('greet', '{"name":"Ann"}');
  expect(JSON.parse(payload)).toEqual({
    event: { name: 'Ann' },
    arn: arnOf('greet'),
    memory: '128',
    id: requestId,
    left: true,
  });
});

test('a function sees its own variables, its own key and the endpoints, and nothing of the host', async () => {
  process.env.HOST_SECRET_OF_THIS_TEST = 'visible';
  const code = 'export const handler = async () => process.env';
  const pool = await aPool([
    aFunction(code, { environment: { TABLE: 'entries' } }),
    aFunction(code, { name: 'other' }),
  ]);
  const environment = z.record(z.string(), z.string());
  const own = environment.parse(JSON.parse((await pool.invoke('greet', '{}')).payload));
  const other = environment.parse(JSON.parse((await pool.invoke('other', '{}')).payload));
  delete process.env.HOST_SECRET_OF_THIS_TEST;
  expect(own).toMatchObject({
    TABLE: 'entries',
    AWS_REGION: 'us-east-1',
    AWS_LAMBDA_FUNCTION_NAME: 'greet',
    AWS_ACCESS_KEY_ID: 'AKIA-greet',
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:9',
  });
  expect(own).not.toHaveProperty('HOST_SECRET_OF_THIS_TEST');
  expect(own).not.toHaveProperty('PATH');
  expect(other).not.toHaveProperty('TABLE');
  expect(other.AWS_ACCESS_KEY_ID).toBe('AKIA-other');
});

test.for([
  {
    name: 'a thrown error',
    code: `class ShortOfStock extends Error { name = 'ShortOfStock' }
      export const handler = async () => { throw new ShortOfStock('no tea') }`,
    errorType: 'ShortOfStock',
    message: 'no tea',
  },
  {
    name: 'an endless loop',
    code: 'export const handler = async () => { for (;;); }',
    timeoutMs: 500,
    errorType: 'Sandbox.Timedout',
    message: 'Task timed out after 0.50 seconds',
  },
  {
    name: 'a promise that never settles',
    code: 'export const handler = () => new Promise(() => setInterval(() => {}, 1000))',
    timeoutMs: 500,
    errorType: 'Sandbox.Timedout',
    message: 'Task timed out after 0.50 seconds',
  },
  {
    name: 'process.exit',
    code: 'export const handler = async () => process.exit(3)',
    errorType: 'Runtime.ExitError',
    message: 'exit status 3',
  },
  {
    name: 'an unhandled rejection',
    code: `export const handler = () => { Promise.reject(new TypeError('lost')); return new Promise(() => {}) }`,
    errorType: 'Runtime.UnhandledPromiseRejection',
    message: 'TypeError: lost',
  },
  {
    name: 'an uncaught exception',
    code: `export const handler = () => new Promise(() => setTimeout(() => { throw new RangeError('late') }))`,
    errorType: 'RangeError',
    message: 'late',
  },
  {
    name: 'a module that is missing',
    code: `import 'vitest'; export const handler = async () => 1`,
    errorType: 'Runtime.ImportModuleError',
    message: 'vitest',
  },
  {
    name: 'a syntax error',
    code: 'export const handler = async () => {',
    errorType: 'Runtime.UserCodeSyntaxError',
    message: 'SyntaxError',
  },
  { name: 'a missing export', code: '', errorType: 'Runtime.HandlerNotFound', message: 'index.handler' },
])(
  '$name fails its own event as on AWS, and the cloud lives on',
  async ({ code, errorType, message, timeoutMs = 10_000 }) => {
    const pool = await aPool([
      aFunction(code, { timeoutMs }),
      aFunction('export const handler = async () => "well"', { name: 'other' }),
    ]);
    const failed = await pool.invoke('greet', '{}');
    expect(failed.functionError).toBe('Unhandled');
    expect(errorOf(failed.payload).errorType).toBe(errorType);
    expect(errorOf(failed.payload).errorMessage).toContain(message);
    expect((await pool.invoke('other', '{}')).payload).toBe('"well"');
  },
);

test('a function that eats its memory is ended, and its next event has a fresh worker', async () => {
  const pool = await aPool([
    aFunction(
      `const kept = [];
       export const handler = async ({ eat }) => { while (eat) kept.push(new Array(10_000).fill(kept.length)); return kept.length }`,
      { memoryMb: 32, timeoutMs: 60_000 },
    ),
  ]);
  const failed = await pool.invoke('greet', '{"eat":true}');
  expect(errorOf(failed.payload).errorType).toBe('Runtime.OutOfMemory');
  expect((await pool.invoke('greet', '{"eat":false}')).payload).toBe('0');
});

test('a warm worker keeps its module state; events at the same time have workers of their own', async () => {
  const pool = await aPool([
    aFunction(`let calls = 0;
      export const handler = async ({ waitMs }) => { await new Promise((go) => setTimeout(go, waitMs)); return ++calls }`),
  ]);
  expect((await pool.invoke('greet', '{"waitMs":0}')).payload).toBe('1');
  expect((await pool.invoke('greet', '{"waitMs":0}')).payload).toBe('2');
  const together = await Promise.all([
    pool.invoke('greet', '{"waitMs":300}'),
    pool.invoke('greet', '{"waitMs":300}'),
  ]);
  expect(together.map(({ payload }) => payload).sort()).toEqual(['1', '3']);
});

test('events beyond the worker limit wait in line and are all answered', async () => {
  const pool = await aPool([aFunction('export const handler = async ({ n }) => n * n')], { concurrency: 2 });
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const answers = await Promise.all(numbers.map((n) => pool.invoke('greet', JSON.stringify({ n }))));
  expect(answers.map(({ payload }) => Number(payload))).toEqual(numbers.map((n) => n * n));
});

test('reserved concurrency throttles what is beyond it', async () => {
  const code = 'export const handler = () => new Promise((go) => setTimeout(go, 300))';
  const pool = await aPool([
    aFunction(code, { reservedConcurrency: 1 }),
    aFunction(code, { name: 'off', reservedConcurrency: 0 }),
  ]);
  const first = pool.invoke('greet', '{}');
  await expect(pool.invoke('greet', '{}')).rejects.toMatchObject({
    code: 'TooManyRequestsException',
    status: 429,
  });
  await expect(pool.invoke('off', '{}')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  expect((await first).functionError).toBeUndefined();
});

test('payloads are limited to 6 MB both ways', async () => {
  const pool = await aPool([aFunction("export const handler = async ({ size }) => 'x'.repeat(size)")]);
  const tooLong = JSON.stringify('x'.repeat(6 * 1024 * 1024));
  await expect(pool.invoke('greet', tooLong)).rejects.toMatchObject({
    code: 'RequestTooLargeException',
    status: 413,
  });
  const result = await pool.invoke('greet', JSON.stringify({ size: 6 * 1024 * 1024 }));
  expect(errorOf(result.payload).errorType).toBe('Function.ResponseSizeTooLarge');
});

test('log lines carry the function and the request', async () => {
  const pool = await aPool([
    aFunction(`export const handler = async () => { console.log('hello\\nworld'); console.error('oh') }`),
  ]);
  const { requestId } = await pool.invoke('greet', '{}');
  await pool.close();
  pools = [];
  const lines = readFileSync(join(folder, 'logs', 'greet.log'), 'utf8')
    .trim()
    .split('\n');
  expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
    `greet ${requestId} hello`,
    `greet ${requestId} world`,
    `greet ${requestId} oh`,
  ]);
});

test('the AWS SDK of the runtime can be imported, as on Lambda', async () => {
  const pool = await aPool([
    aFunction(
      `import { S3Client } from '@aws-sdk/client-s3'; export const handler = async () => typeof S3Client`,
    ),
  ]);
  expect((await pool.invoke('greet', '{}')).payload).toBe('"function"');
});

test('a failed asynchronous event is retried after one and two minutes, then sent to its queue', async () => {
  const clock = createVirtualClock(Date.parse('2026-03-01T00:00:00Z'));
  const sent = Promise.withResolvers<{ arn: string; body: string }>();
  const calls = join(folder, 'calls');
  const spec = aFunction(
    `import { appendFileSync } from 'node:fs';
     export const handler = async () => { appendFileSync(${JSON.stringify(calls)}, 'x'); throw new Error('never') }`,
    { onFailure: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:dlq' } },
  );
  const pool = await aPool([spec], { clock, sendToQueue: async (arn, body) => sent.resolve({ arn, body }) });
  await pool.invokeAsync('greet', '{"n":1}');
  for (const delayMs of [60_000, 120_000]) {
    await expect.poll(() => clock.nextTimer(), soon).toBe(clock.now() + delayMs);
    await clock.advance(delayMs);
  }
  const { arn, body } = await sent.promise;
  expect(arn).toBe('arn:aws:sqs:us-east-1:000000000000:dlq');
  expect(JSON.parse(body)).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
    requestPayload: { n: 1 },
    responsePayload: { errorType: 'Error', errorMessage: 'never' },
  });
  expect(readFileSync(calls, 'utf8')).toBe('xxx');
});

test('an asynchronous event that is throttled past its age is given up without having run', async () => {
  const clock = createVirtualClock(Date.parse('2026-03-01T00:00:00Z'));
  const sent: string[] = [];
  const spec = aFunction('export const handler = async () => 1', {
    reservedConcurrency: 0,
    maxEventAgeMs: 90_000,
    onFailure: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:dlq' },
    deadLetter: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:bare' },
  });
  const pool = await aPool([spec], { clock, sendToQueue: async (_, body) => void sent.push(body) });
  await pool.invokeAsync('greet', '{"n":1}');
  for (let minutes = 0; minutes < 2; minutes += 1) {
    await expect.poll(() => clock.nextTimer(), soon).toBe(clock.now() + 60_000);
    await clock.advance(60_000);
  }
  await expect
    .poll(() => sent.map((body) => JSON.parse(body)), soon)
    .toMatchObject([
      {
        requestContext: { condition: 'EventAgeExceeded', approximateInvokeCount: 0 },
        requestPayload: { n: 1 },
      },
      { n: 1 },
    ]);
});

test('an accepted asynchronous event outlives the pool that took it', async () => {
  const mark = join(folder, 'mark');
  const slow = aFunction('export const handler = () => new Promise(() => setInterval(() => {}, 1000))');
  const first = await aPool([slow]);
  await first.invokeAsync('greet', '{"n":7}');
  await first.close();
  pools = [];
  await aPool([
    aFunction(`import { writeFileSync } from 'node:fs';
      export const handler = async ({ n }) => writeFileSync(${JSON.stringify(mark)}, String(n))`),
  ]);
  await expect.poll(() => readFileSync(mark, 'utf8'), { timeout: 10_000 }).toBe('7');
});

test('the Invoke API answers, accepts and refuses as Lambda does', async () => {
  const pool = await aPool([
    aFunction("export const handler = async ({ bad }) => { if (bad) throw new Error('bad'); return 'ok' }"),
  ]);
  const server = await serve(pool.handler, { port: 0 });
  const post = (body: string, headers: Record<string, string> = {}, name = 'greet') =>
    fetch(`${server.url}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`, {
      method: 'POST',
      headers,
      body,
    });
  try {
    const fine = await post('{}', {}, arnOf('greet'));
    expect([fine.status, fine.headers.get('x-amz-function-error'), await fine.text()]).toEqual([
      200,
      null,
      '"ok"',
    ]);
    const bad = await post('{"bad":true}');
    expect([bad.status, bad.headers.get('x-amz-function-error')]).toEqual([200, 'Unhandled']);
    expect(errorOf(await bad.text())).toMatchObject({ errorType: 'Error', errorMessage: 'bad' });
    expect((await post('{}', { 'x-amz-invocation-type': 'Event' })).status).toBe(202);
    expect((await post('{}', { 'x-amz-invocation-type': 'DryRun' })).status).toBe(204);
    const unknown = await post('{}', {}, 'nobody');
    expect([unknown.status, unknown.headers.get('x-amzn-errortype')]).toEqual([
      404,
      'ResourceNotFoundException',
    ]);
    expect((await post('no json')).status).toBe(400);
  } finally {
    await server.close();
  }
});

test('an unknown function is not found', async () => {
  const pool = await aPool([]);
  await expect(pool.invoke(arnOf('nobody'), '{}')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 404,
  });
});
