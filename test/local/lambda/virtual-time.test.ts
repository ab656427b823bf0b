import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { type Activity, createActivity } from '../../../local/calls/activity.ts';
import { type Clock, createVirtualClock, systemClock, type VirtualClock } from '../../../local/clock.ts';
import { serve } from '../../../local/http/serve.ts';
import type { FunctionSpec } from '../../../local/lambda/function-spec.ts';
import { createLambdaPool, type LambdaPool, type LambdaPoolOptions } from '../../../local/lambda/pool.ts';

const startMs = Date.parse('2031-05-06T07:08:09.010Z');

let folder: string;
let clock: VirtualClock;
let activity: Activity;
const pools: LambdaPool[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lambda-time-'));
  activity = createActivity();
  clock = createVirtualClock(startMs, activity.idle);
});
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
  rmSync(folder, { recursive: true });
});

const poolOf = async (
  code: string,
  changes: Partial<FunctionSpec> = {},
  options: Partial<LambdaPoolOptions> = {},
): Promise<LambdaPool> => {
  const codeDir = mkdtempSync(join(folder, 'code-'));
  writeFileSync(join(codeDir, 'index.mjs'), code);
  const spec: FunctionSpec = {
    name: 'tell',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:tell',
    codeDir,
    handler: 'index.handler',
    environment: {},
    timeoutMs: 10_000,
    memoryMb: 128,
    maxRetryAttempts: 2,
    maxEventAgeMs: 21_600_000,
    ...changes,
  };
  const pool = await createLambdaPool({
    functions: [spec],
    stateDir: join(folder, 'state'),
    logDir: join(folder, 'logs'),
    clock,
    activity,
    region: 'us-east-1',
    endpoints: () => ({}),
    keyOf: () => ({ accessKeyId: 'AKIATEST', secretAccessKey: 'secret' }),
    sendToQueue: async () => {},
    ...options,
  });
  pools.push(pool);
  return pool;
};

const answerOf = async (pool: LambdaPool, event: unknown = {}): Promise<unknown> => {
  const { payload } = await pool.invoke('tell', JSON.stringify(event));
  return JSON.parse(payload);
};

const tellTheTime = `
  const loadedAt = Date.now();
  export const handler = async (_, context) => ({
    loadedAt,
    now: Date.now(),
    constructed: new Date().getTime(),
    text: Date(),
    iso: new Date().toISOString(),
    given: [new Date(0).toISOString(), new Date(2026, 1, 3).toISOString(), Date.UTC(2026, 0), Date.parse('1970-01-02')],
    isDate: [new Date() instanceof Date, structuredClone(new Date()) instanceof Date, new Date().constructor === Date],
    copied: new (new Date(7).constructor)().getTime(),
    left: context.getRemainingTimeInMillis(),
  })`;

test('a function’s Date tells the cloud’s time, and so does its remaining time', async () => {
  const pool = await poolOf(tellTheTime);
  const told = (at: number) => ({
    now: at,
    constructed: at,
    text: expect.stringContaining('May 06 2031'),
    iso: new Date(at).toISOString(),
    copied: at,
    left: 10_000,
  });
  expect(await answerOf(pool)).toMatchObject({
    ...told(startMs),
    loadedAt: startMs,
    given: ['1970-01-01T00:00:00.000Z', '2026-02-03T00:00:00.000Z', 1_767_225_600_000, 86_400_000],
    isDate: [true, true, true],
  });
  await clock.advance(3_600_000);
  expect(await answerOf(pool)).toMatchObject({ ...told(startMs + 3_600_000), loadedAt: startMs });
});

test('a class that extends Date keeps its own prototype and the cloud’s time', async () => {
  const pool = await poolOf(`
    class Day extends Date { name() { return this.toISOString().slice(0, 10) } }
    export const handler = async () => [new Day().name(), new Day(0).name(), new Day() instanceof Day]`);
  expect(await answerOf(pool)).toEqual(['2031-05-06', '1970-01-01', true]);
});

test('with the machine’s clock a function has the machine’s Date', async () => {
  const pool = await poolOf(
    'export const handler = async () => ({ now: Date.now(), isNative: /native code/.test(Date.now.toString()) })',
    {},
    { clock: systemClock },
  );
  const before = Date.now();
  const { now, isNative } = z.object({ now: z.number(), isNative: z.boolean() }).parse(await answerOf(pool));
  expect(isNative).toBe(true);
  expect(now).toBeGreaterThanOrEqual(before);
  expect(now).toBeLessThanOrEqual(Date.now());
});

const timeoutAfter = (seconds: string) => ({
  errorType: 'Sandbox.Timedout',
  errorMessage: expect.stringContaining(`Task timed out after ${seconds} seconds`),
});

/** A service that takes calls of the function and holds them open; tells when it has one. */
const holdingService = async () => {
  const isCalled = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const server = await serve(
    async () => {
      isCalled.resolve();
      await activity.held('arn:aws:lambda:us-east-1:000000000000:function:tell', () => release.promise);
      return { status: 500 };
    },
    { port: 0 },
  );
  onTestFinished(async () => {
    release.resolve();
    await server.close();
  });
  return { url: server.url, isCalled: isCalled.promise };
};

test('a function whose call is held open ends at its timeout on the cloud’s clock', async () => {
  const service = await holdingService();
  const pool = await poolOf(`export const handler = () => fetch('${service.url}')`, { timeoutMs: 900_000 });
  const answer = answerOf(pool);
  await service.isCalled;
  await clock.advance(899_999);
  expect(clock.nextTimer()).toBe(startMs + 900_000);
  await clock.advance(1);
  expect(await answer).toEqual(timeoutAfter('900.00'));
});

test('an endless loop ends after as long in real time, though the cloud’s clock stands still', async () => {
  const pool = await poolOf('export const handler = async () => { for (;;); }', { timeoutMs: 300 });
  expect(await answerOf(pool)).toEqual(timeoutAfter('0.30'));
  expect(clock.now()).toBe(startMs);
  expect(clock.nextTimer()).toBeUndefined();
});

test('the clock does not move while a function runs', async () => {
  const pool = await poolOf(
    `export const handler = async () => {
      const before = Date.now();
      await new Promise((go) => setTimeout(go, 50));
      return Date.now() - before;
    }`,
  );
  const answer = answerOf(pool);
  await clock.advance(60_000);
  expect(await answer).toBe(0);
  expect(clock.now()).toBe(startMs + 60_000);
});

test('three attempts at an asynchronous event take three minutes of the cloud’s time', async () => {
  const attempts = join(folder, 'attempts');
  const sent: { at: number; body: unknown }[] = [];
  const pool = await poolOf(
    `import { appendFileSync } from 'node:fs';
     export const handler = async () => {
       appendFileSync(${JSON.stringify(attempts)}, new Date().toISOString().slice(11, 19) + ' ');
       throw new Error('never');
     }`,
    { onFailure: { sqsArn: 'arn:aws:sqs:us-east-1:000000000000:failed' } },
    { sendToQueue: async (_, body) => void sent.push({ at: clock.now(), body: JSON.parse(body) }) },
  );
  await pool.invokeAsync('tell', '{}');
  await clock.advance(180_000);
  expect(readFileSync(attempts, 'utf8')).toBe('07:08:09 07:09:09 07:11:09 ');
  expect(sent).toMatchObject([
    { at: startMs + 180_000, body: { timestamp: new Date(startMs + 180_000).toISOString() } },
  ]);
});

test('an event that waits in line behind a held one keeps the clock from nothing', async () => {
  const service = await holdingService();
  const pool = await poolOf(
    `export const handler = async ({ calls }) => { if (calls) await fetch('${service.url}'); return 'done' }`,
    { timeoutMs: 60_000 },
    { concurrency: 1 },
  );
  const first = answerOf(pool, { calls: true });
  const second = answerOf(pool, { calls: false });
  await service.isCalled;
  await clock.advance(60_000);
  expect(await first).toEqual(timeoutAfter('60.00'));
  expect(await second).toBe('done');
});

test('idle waits for the function of an accepted event', async () => {
  const mark = join(folder, 'mark');
  const pool = await poolOf(`
    import { writeFileSync } from 'node:fs';
    export const handler = async () => {
      await new Promise((go) => setTimeout(go, 50));
      writeFileSync(${JSON.stringify(mark)}, 'done');
    }`);
  await pool.invokeAsync('tell', '{}');
  await activity.idle();
  expect(readFileSync(mark, 'utf8')).toBe('done');
});

test.for<{ name: string; of: () => Clock }>([
  { name: 'virtual', of: () => clock },
  { name: 'machine’s', of: () => systemClock },
])('a run leaves no timer on the $name clock', async ({ of }) => {
  const set = new Set<object>();
  const watched: Clock = {
    ...of(),
    setTimer(atMs, run) {
      const timer = {};
      set.add(timer);
      const cancel = of().setTimer(atMs, run);
      return () => {
        set.delete(timer);
        cancel();
      };
    },
  };
  const pool = await poolOf('export const handler = async () => 1', {}, { clock: watched });
  expect(await answerOf(pool)).toBe(1);
  expect(set.size).toBe(0);
});
