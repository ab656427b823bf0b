import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createVirtualClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import { functionName } from '../../../local/lambda/pool.ts';
import { arnOf, type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

/** A busy machine takes longer than a second. */
const soon = { timeout: 20_000 };

let lab: LambdaLab;
beforeEach(() => {
  lab = openLambdaLab();
});
afterEach(() => lab.close());

test.for([
  'greet',
  'greet:live',
  arnOf('greet'),
  `${arnOf('greet')}:7`,
  '000000000000:function:greet',
  '000000000000:function:greet:$LATEST',
])('%s names the function greet', (name) => {
  expect(functionName(name)).toBe('greet');
});

test('a handler answers its event with the context Lambda gives', async () => {
  const pool = await lab.aPool([
    lab.aFunction(`export const handler = async (event, context) => ({
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

test('a warm worker keeps its module state; events at the same time have workers of their own', async () => {
  const pool = await lab.aPool([
    lab.aFunction(`let calls = 0;
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
  const pool = await lab.aPool([lab.aFunction('export const handler = async ({ n }) => n * n')], {
    concurrency: 2,
  });
  const numbers = Array.from({ length: 20 }, (_, n) => n);
  const answers = await Promise.all(numbers.map((n) => pool.invoke('greet', JSON.stringify({ n }))));
  expect(answers.map(({ payload }) => Number(payload))).toEqual(numbers.map((n) => n * n));
});

test('reserved concurrency throttles what is beyond it', async () => {
  const code = 'export const handler = () => new Promise((go) => setTimeout(go, 300))';
  const pool = await lab.aPool([
    lab.aFunction(code, { reservedConcurrency: 1 }),
    lab.aFunction(code, { name: 'off', reservedConcurrency: 0 }),
  ]);
  const first = pool.invoke('greet', '{}');
  await expect(pool.invoke('greet', '{}')).rejects.toMatchObject({
    code: 'TooManyRequestsException',
    status: 429,
  });
  await expect(pool.invoke('off', '{}')).rejects.toMatchObject({ code: 'TooManyRequestsException' });
  expect((await first).functionError).toBeUndefined();
});

test('log lines carry the function and the request', async () => {
  const pool = await lab.aPool([
    lab.aFunction(`export const handler = async () => { console.log('hello\\nworld'); console.error('oh') }`),
  ]);
  const { requestId } = await pool.invoke('greet', '{}');
  await lab.closePools();
  const lines = readFileSync(join(lab.folder, 'logs', 'greet.log'), 'utf8')
    .trim()
    .split('\n');
  expect(lines.map((line) => line.split(' ').slice(1).join(' '))).toEqual([
    `greet ${requestId} hello`,
    `greet ${requestId} world`,
    `greet ${requestId} oh`,
  ]);
});

test('compiled code is kept for the next worker, and a function is not told where', async () => {
  const compileCacheDir = join(lab.folder, 'compiled');
  const code =
    'export const handler = async () => Object.keys(process.env).filter((name) => /CACHE/.test(name))';
  const pool = await lab.aPool([lab.aFunction(code)], { compileCacheDir });
  expect((await pool.invoke('greet', '{}')).payload).toBe('[]');
  await expect.poll(() => readdirSync(compileCacheDir), soon).toHaveLength(1);
});

test('the AWS SDK of the runtime can be imported, as on Lambda', async () => {
  const pool = await lab.aPool([
    lab.aFunction(
      `import { S3Client } from '@aws-sdk/client-s3'; export const handler = async () => typeof S3Client`,
    ),
  ]);
  expect((await pool.invoke('greet', '{}')).payload).toBe('"function"');
});

test('a failed asynchronous event is retried after one and two minutes, then sent to its queue', async () => {
  const clock = createVirtualClock(Date.parse('2026-03-01T00:00:00Z'));
  const sent = Promise.withResolvers<{ arn: string; body: string }>();
  const calls = join(lab.folder, 'calls');
  const spec = lab.aFunction(
    `import { appendFileSync } from 'node:fs';
     export const handler = async () => { appendFileSync(${JSON.stringify(calls)}, 'x'); throw new Error('never') }`,
    { onFailure: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:dlq' } },
  );
  const pool = await lab.aPool([spec], {
    clock,
    sendToQueue: async (arn, body) => sent.resolve({ arn, body }),
  });
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
  const spec = lab.aFunction('export const handler = async () => 1', {
    reservedConcurrency: 0,
    maxEventAgeMs: 90_000,
    onFailure: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:dlq' },
    deadLetter: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:bare' },
  });
  const pool = await lab.aPool([spec], { clock, sendToQueue: async (_, body) => void sent.push(body) });
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
  const mark = join(lab.folder, 'mark');
  const slow = lab.aFunction('export const handler = () => new Promise(() => setInterval(() => {}, 1000))');
  const first = await lab.aPool([slow]);
  await first.invokeAsync('greet', '{"n":7}');
  await lab.closePools();
  await lab.aPool([
    lab.aFunction(`import { writeFileSync } from 'node:fs';
      export const handler = async ({ n }) => writeFileSync(${JSON.stringify(mark)}, String(n))`),
  ]);
  await expect.poll(() => readFileSync(mark, 'utf8'), { timeout: 10_000 }).toBe('7');
});

test('the Invoke API answers, accepts and refuses as Lambda does', async () => {
  const pool = await lab.aPool([
    lab.aFunction(
      "export const handler = async ({ bad }) => { if (bad) throw new Error('bad'); return 'ok' }",
    ),
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
    expect(JSON.parse(await bad.text())).toMatchObject({ errorType: 'Error', errorMessage: 'bad' });
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
  const pool = await lab.aPool([]);
  await expect(pool.invoke(arnOf('nobody'), '{}')).rejects.toMatchObject({
    code: 'ResourceNotFoundException',
    status: 404,
  });
});
