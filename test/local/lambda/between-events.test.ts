import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { errorOf, type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

/** A busy machine takes longer than a second. */
const soon = { timeout: 20_000 };

let lab: LambdaLab;
beforeEach(() => {
  lab = openLambdaLab();
});
afterEach(() => lab.close());

describe('a fault after the answer', () => {
  test.for([
    { name: 'an exception', fault: `throw new Error('late')`, says: '"errorMessage":"late"' },
    {
      name: 'a rejection',
      fault: `Promise.reject(new Error('late'))`,
      says: 'Runtime.UnhandledPromiseRejection',
    },
    { name: 'an exit', fault: 'process.exit(4)', says: 'exit status 4' },
  ])(
    '$name: the answer stands, the next event has another thread, and the log tells',
    async ({ fault, says }) => {
      const code = `let calls = 0;
      export const handler = async () => { setTimeout(() => { console.log('now'); ${fault} }, 20); return ++calls }`;
      const pool = await lab.aPool([lab.aFunction(code)]);
      expect((await pool.invoke('greet', '{}')).payload).toBe('1');
      // It is over when an event finds a new thread: until then the old one counts on.
      await expect.poll(async () => (await pool.invoke('greet', '{}')).payload, soon).toBe('1');
      await lab.closePools();
      const lines = lab.logOf('greet').map(({ text }) => text);
      expect(lines.some((line) => line.startsWith('ERROR ') && line.includes(says))).toBe(true);
    },
  );

  test('a fault that comes while the next event is handled fails that one, as on Lambda', async () => {
    const code = `
      export const handler = async ({ first }) => {
        if (first) return void setTimeout(() => { throw new Error('of the first') }, 200);
        await new Promise((go) => setTimeout(go, 5_000));
      }`;
    const pool = await lab.aPool([lab.aFunction(code)]);
    expect((await pool.invoke('greet', '{"first":true}')).payload).toBe('null');
    expect(errorOf(await pool.invoke('greet', '{}')).errorMessage).toBe('of the first');
  });
});

describe('what a function leaves open', () => {
  const listen = `
    import { createServer } from 'node:http';
    setInterval(() => {}, 1000);
    const server = createServer((_, response) => response.end('open'));
    await new Promise((go) => server.listen(0, '127.0.0.1', go));
    export const handler = async () => server.address().port`;
  const isOpen = (port: string) =>
    fetch(`http://127.0.0.1:${port}`).then(
      ({ ok }) => ok,
      () => false,
    );

  test('does not hold its answer up, and closes with its idle thread', async () => {
    const pool = await lab.aPool([lab.aFunction(listen)], { idleMs: 300 });
    const { payload: port } = await pool.invoke('greet', '{}');
    expect(await isOpen(port)).toBe(true);
    await expect.poll(() => isOpen(port), soon).toBe(false);
    expect((await pool.invoke('greet', '{}')).functionError).toBeUndefined();
  });

  test('closes with the pool', async () => {
    const pool = await lab.aPool([lab.aFunction(listen)]);
    const { payload: port } = await pool.invoke('greet', '{}');
    await lab.closePools();
    expect(await isOpen(port)).toBe(false);
  });

  test('a thread of its own goes with it', async () => {
    const code = `
      import { once } from 'node:events';
      import { Worker } from 'node:worker_threads';
      const inner = new Worker(
        "const { createServer } = require('node:http');" +
        "const server = createServer((_, response) => response.end('open')).listen(0, '127.0.0.1', () =>" +
        "require('node:worker_threads').parentPort.postMessage(server.address().port));", { eval: true });
      const [port] = await once(inner, 'message');
      export const handler = async () => port`;
    const pool = await lab.aPool([lab.aFunction(code)]);
    const { payload: port } = await pool.invoke('greet', '{}');
    expect(await isOpen(port)).toBe(true);
    await lab.closePools();
    expect(await isOpen(port)).toBe(false);
  });
});

describe('what a function prints', () => {
  const aLog = async (code: string, payloads: string[]) => {
    const pool = await lab.aPool([lab.aFunction(code)]);
    const answers = await Promise.all(payloads.map((payload) => pool.invoke('greet', payload)));
    await lab.closePools();
    return { ids: answers.map(({ requestId }) => requestId), log: lab.logOf('greet') };
  };

  test('stands under the event that was handled, though several are at the same time', async () => {
    const code = `
      export const handler = async ({ name }) => {
        for (let line = 1; line <= 5; line += 1) {
          console.log(name, line);
          await new Promise((go) => setTimeout(go, 10));
        }
      }`;
    const names = ['a', 'b', 'c'];
    const { ids, log } = await aLog(
      code,
      names.map((name) => JSON.stringify({ name })),
    );
    for (const [index, name] of names.entries())
      expect(log.filter(({ requestId }) => requestId === ids[index]).map(({ text }) => text)).toEqual(
        [1, 2, 3, 4, 5].map((line) => `${name} ${line}`),
      );
    expect(log).toHaveLength(15);
  });

  test('while its module is loaded stands under its first event', async () => {
    const { ids, log } = await aLog(`console.log('loading'); export const handler = async () => 1`, ['{}']);
    expect(log).toEqual([{ requestId: ids[0], text: 'loading' }]);
  });

  test('in every way of printing is told', async () => {
    const code = `
      import { Worker } from 'node:worker_threads';
      import { once } from 'node:events';
      export const handler = async () => {
        console.info('info'); console.warn('warn'); console.error(new Error('err').message); console.table([1]);
        process.stdout.write('out'); process.stderr.write(new TextEncoder().encode('bytes 茶'));
        await new Promise((go) => process.stdout.write('with callback', go));
        process.emitWarning('warned');
        await once(new Worker('console.log("inner")', { eval: true }), 'exit');
        await new Promise((go) => setTimeout(go, 50));
      }`;
    const { ids, log } = await aLog(code, ['{}']);
    const said = log.map(({ text }) => text).join('\n');
    for (const word of ['info', 'warn', 'err', '│', 'out', 'bytes 茶', 'with callback', 'warned', 'inner'])
      expect(said).toContain(word);
    expect(new Set(log.map(({ requestId }) => requestId))).toEqual(new Set(ids));
  });

  test('between events stands under none', async () => {
    const code = `export const handler = async () => { setTimeout(() => console.log('afterwards'), 20) }`;
    const pool = await lab.aPool([lab.aFunction(code)]);
    await pool.invoke('greet', '{}');
    await expect.poll(() => lab.logOf('greet'), soon).toEqual([{ requestId: '-', text: 'afterwards' }]);
  });
});

test('what a function says on its thread’s port is heard by nobody', async () => {
  const code = `
    import { parentPort } from 'node:worker_threads';
    export const handler = async () => {
      for (const said of [null, undefined, 'x', 7, {}, { kind: 'other' }, { kind: 'error' }, { kind: 'result', payload: 1 }])
        parentPort.postMessage(said);
      return 'mine';
    }`;
  const pool = await lab.aPool([lab.aFunction(code)]);
  expect((await pool.invoke('greet', '{}')).payload).toBe('"mine"');
  expect((await pool.invoke('greet', '{}')).payload).toBe('"mine"');
});

test('a thread handles one event at a time', async () => {
  const code = `
    let inside = 0;
    const id = crypto.randomUUID();
    export const handler = async () => {
      inside += 1;
      const seen = inside;
      await new Promise((go) => setTimeout(go, 20));
      inside -= 1;
      return { seen, id };
    }`;
  const pool = await lab.aPool([lab.aFunction(code)], { concurrency: 3 });
  const answers = await Promise.all(Array.from({ length: 30 }, () => pool.invoke('greet', '{}')));
  const seen = answers.map(({ payload }) =>
    z.object({ seen: z.number(), id: z.string() }).parse(JSON.parse(payload)),
  );
  expect(seen.every((one) => one.seen === 1)).toBe(true);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(3);
});
