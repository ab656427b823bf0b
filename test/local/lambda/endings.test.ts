import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../../local/clock.ts';
import { startFunctionWorker } from '../../../local/lambda/function-worker.ts';
import type { LambdaPool } from '../../../local/lambda/pool.ts';
import { errorOf, type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

const timedOut = { errorType: 'Sandbox.Timedout', message: 'Error: Task timed out after 0.50 seconds' };
const exitedWith = (status: number) => ({
  errorType: 'Runtime.ExitError',
  message: `Error: Runtime exited with error: exit status ${status}`,
});
const exitedInSilence = {
  errorType: 'Runtime.ExitError',
  message: 'Error: Runtime exited without providing a reason',
};
const neverSettles = 'await new Promise(() => setInterval(() => {}, 1000));';

type Ending = { name: string; fault: string; errorType: string; message: string; prelude?: string };

/** After these the function goes on in another thread, with its module loaded anew. */
const endings: Ending[] = [
  { name: 'an endless loop', fault: 'for (;;);', ...timedOut },
  { name: 'an endless loop after a wait', fault: 'await null; for (;;);', ...timedOut },
  { name: 'a loop of promises', fault: 'for (;;) await null;', ...timedOut },
  { name: 'a loop that catches everything', fault: 'for (;;) try { for (;;); } catch {}', ...timedOut },
  { name: 'a regular expression gone astray', fault: `/(a+)+$/.test('a'.repeat(60) + 'b');`, ...timedOut },
  {
    name: 'a wait on memory that nobody writes',
    fault: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);',
    ...timedOut,
  },
  { name: 'a loop that prints', fault: `for (;;) console.log('again and again');`, ...timedOut },
  {
    name: 'a thread of its own that loops',
    prelude: `import { Worker } from 'node:worker_threads';`,
    fault: `new Worker('for (;;);', { eval: true }); ${neverSettles}`,
    ...timedOut,
  },
  {
    name: 'a process of its own that it waits for',
    prelude: `import { spawnSync } from 'node:child_process';`,
    fault: `spawnSync(process.execPath, ['-e', 'setTimeout(() => {}, 1500)']);`,
    ...timedOut,
  },
  {
    name: 'an exit that does not end',
    fault: `process.on('exit', () => { for (;;); }); process.exit(1);`,
    ...timedOut,
  },
  { name: 'a promise that never settles', fault: neverSettles, ...timedOut },
  {
    name: 'a promise that nobody is left to settle',
    fault: 'await new Promise(() => {});',
    ...exitedInSilence,
  },
  { name: 'process.exit', fault: 'process.exit(3);', ...exitedWith(3) },
  { name: 'process.exit without a word', fault: 'process.exit();', ...exitedInSilence },
  { name: 'process.abort', fault: 'process.abort();', ...exitedWith(134) },
  { name: 'a signal to itself', fault: 'process.kill(process.pid); for (;;);', ...exitedWith(143) },
  { name: 'SIGKILL to itself', fault: `process.kill(process.pid, 'SIGKILL');`, ...exitedWith(137) },
  { name: 'a signal to its group', fault: 'process.kill(0, 9);', ...exitedWith(137) },
  { name: 'a signal to all', fault: 'process.kill(-1);', ...exitedWith(143) },
  { name: 'a signal to its parent', fault: 'process.kill(process.ppid);', ...exitedWith(143) },
  {
    name: 'an unhandled rejection',
    fault: `Promise.reject(new TypeError('lost')); ${neverSettles}`,
    errorType: 'Runtime.UnhandledPromiseRejection',
    message: 'TypeError: lost',
  },
  {
    name: 'an exception in a timer',
    fault: `setTimeout(() => { throw new RangeError('late'); }); ${neverSettles}`,
    errorType: 'RangeError',
    message: 'late',
  },
  {
    name: 'an error event that nobody hears',
    prelude: `import { EventEmitter } from 'node:events';`,
    fault: `setImmediate(() => new EventEmitter().emit('error', new Error('unheard'))); ${neverSettles}`,
    errorType: 'Error',
    message: 'unheard',
  },
  {
    name: 'an error in a thread of its own',
    prelude: `import { Worker } from 'node:worker_threads';`,
    fault: `new Worker('throw new Error("in the thread")', { eval: true }); ${neverSettles}`,
    errorType: 'Error',
    message: 'in the thread',
  },
  {
    name: 'a closed port to the pool',
    prelude: `import { parentPort } from 'node:worker_threads';`,
    fault: 'parentPort.close();',
    ...exitedInSilence,
  },
];

/** After these the thread goes on: the handler failed, its process did not. */
const failures: Ending[] = [
  { name: 'a thrown error', fault: `throw new TypeError('no');`, errorType: 'TypeError', message: 'no' },
  {
    name: 'endless recursion',
    prelude: 'const down = () => down() + 1;',
    fault: 'down();',
    errorType: 'RangeError',
    message: 'Maximum call stack size exceeded',
  },
  {
    name: 'recursion while the arguments are written as JSON',
    prelude: 'const deep = { toJSON: () => JSON.stringify(deep) };',
    fault: 'JSON.stringify(deep);',
    errorType: 'RangeError',
    message: 'Maximum call stack size exceeded',
  },
  {
    name: 'a text that is too long',
    fault: `'x'.repeat(2 ** 30);`,
    errorType: 'RangeError',
    message: 'Invalid string length',
  },
  {
    name: 'process.chdir',
    fault: `process.chdir('/');`,
    errorType: 'TypeError',
    message: 'not supported in workers',
  },
];

const all = [...endings, ...failures];

let lab: LambdaLab;
let pool: LambdaPool;
beforeAll(async () => {
  lab = openLambdaLab();
  pool = await lab.aPool([
    ...all.map(({ name, fault, prelude = '' }) =>
      lab.aFunction(
        `${prelude}
         let calls = 0;
         export const handler = async ({ well }) => { calls += 1; if (well) return calls; ${fault} return 'survived'; }`,
        { name, timeoutMs: 500 },
      ),
    ),
    lab.aFunction('let calls = 0; export const handler = async () => ++calls', { name: 'neighbour' }),
  ]);
});
afterAll(() => lab.close());

const callNeighbour = async () => Number((await pool.invoke('neighbour', '{}')).payload);

/** The function fails as told, while and after which its neighbour goes on in its own thread. */
const fails = async ({ name, errorType, message }: Ending) => {
  const before = await callNeighbour();
  const failing = pool.invoke(name, '{}');
  expect(await callNeighbour()).toBe(before + 1);
  const error = errorOf(await failing);
  expect(error.errorType).toBe(errorType);
  expect(error.errorMessage).toContain(message);
  expect(await callNeighbour()).toBe(before + 2);
};
const nextAnswer = async (name: string) => (await pool.invoke(name, '{"well":true}')).payload;

describe('the thread ends, and no other:', () => {
  test.for(endings)('$name', async (ending) => {
    await fails(ending);
    expect(await nextAnswer(ending.name)).toBe('1');
  });
});

describe('the event fails, and its thread goes on:', () => {
  test.for(failures)('$name', async (failure) => {
    await fails(failure);
    expect(await nextAnswer(failure.name)).toBe('2');
  });
});

test('a signal that asks whether a process is there is answered', async () => {
  const probe = lab.aFunction('export const handler = async () => process.kill(process.pid, 0)', {
    name: 'probe',
  });
  const probing = await lab.aPool([probe]);
  expect((await probing.invoke('probe', '{}')).payload).toBe('true');
});

test('a process that a function has started is its own to end', async () => {
  const starter = lab.aFunction(
    `import { spawn } from 'node:child_process';
     import { once } from 'node:events';
     export const handler = async () => {
       const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
       await once(child, 'spawn');
       process.kill(child.pid, 'SIGKILL');
       const [, signal] = await once(child, 'exit');
       return signal;
     }`,
    { name: 'starter' },
  );
  const starting = await lab.aPool([starter]);
  expect((await starting.invoke('starter', '{}')).payload).toBe('"SIGKILL"');
});

describe('while its module is loaded', () => {
  const anInvocation = { requestId: 'r1', payload: '{}', clientContext: undefined };
  const firstAnswer = async (code: string) => {
    const { codeDir, handler, name, arn, memoryMb, environment } = lab.aFunction(code);
    const worker = startFunctionWorker({
      settings: { codeDir, handler, functionName: name, functionArn: arn, memoryMb, time: undefined },
      environment,
      compileCacheDir: undefined,
      timeoutMs: 3_000,
      initTimeoutMs: 500,
      clock: systemClock,
      onLog: () => {},
    });
    const outcome = await worker.run(anInvocation);
    expect(worker.isAlive()).toBe(false);
    await worker.end();
    return outcome;
  };

  test.for([
    { name: 'an endless loop', code: 'for (;;);' },
    { name: 'a wait for nothing', code: 'await new Promise(() => setInterval(() => {}, 1000));' },
  ])('$name times out in the function’s own time', async ({ code }) => {
    expect(await firstAnswer(`${code} export const handler = async () => 1`)).toEqual({
      ok: false,
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: r1 Error: Task timed out after 3.00 seconds',
      },
    });
  });

  test.for([
    { name: 'process.exit', code: 'process.exit(5);', errorType: 'Runtime.ExitError' },
    {
      name: 'an error of its own',
      code: `class NoTable extends Error { name = 'NoTable' } throw new NoTable('x');`,
      errorType: 'NoTable',
    },
    { name: 'a module that is missing', code: `import 'vitest';`, errorType: 'Runtime.ImportModuleError' },
    {
      name: 'a file that is missing',
      code: `import './nowhere.mjs';`,
      errorType: 'Runtime.ImportModuleError',
    },
    { name: 'a syntax error', code: 'const;', errorType: 'Runtime.UserCodeSyntaxError' },
    {
      name: 'a response that would be a stream',
      code: 'awslambda.streamifyResponse();',
      errorType: 'ReferenceError',
    },
  ])('$name fails the first event', async ({ code, errorType }) => {
    expect(await firstAnswer(`${code}\nexport const handler = async () => 1`)).toMatchObject({
      ok: false,
      error: { errorType },
    });
  });

  test('a handler that is missing fails the first event', async () => {
    expect(await firstAnswer('export const other = 1')).toMatchObject({
      ok: false,
      error: { errorType: 'Runtime.HandlerNotFound', errorMessage: expect.stringContaining('index.handler') },
    });
  });
});
