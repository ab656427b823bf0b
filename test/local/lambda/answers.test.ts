import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LambdaPool } from '../../../local/lambda/pool.ts';
import { errorOf, type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

const results = [
  { result: 'undefined', payload: 'null' },
  { result: 'null', payload: 'null' },
  { result: '() => 1', payload: 'null' },
  { result: 'Symbol("s")', payload: 'null' },
  { result: 'NaN', payload: 'null' },
  { result: '"text 茶 \\u2028"', payload: '"text 茶 \u2028"' },
  { result: '[1, undefined, () => 1]', payload: '[1,null,null]' },
  { result: '{ a: undefined, b: new Date(0) }', payload: '{"b":"1970-01-01T00:00:00.000Z"}' },
  { result: 'new Map([[1, 2]])', payload: '{}' },
  { result: '{ toJSON: () => "itself" }', payload: '"itself"' },
  { result: 'Buffer.from("ab")', payload: '{"type":"Buffer","data":[97,98]}' },
  { result: '({ then: (settle) => settle("awaited") })', payload: '"awaited"' },
];

const unwritable = [
  { result: '(() => { const circle = {}; circle.self = circle; return circle; })()' },
  { result: '10n' },
  { result: '{ toJSON() { throw new Error("not now"); } }' },
  { result: '{ get broken() { throw new Error("not now"); } }' },
  { result: 'JSON.parse("[".repeat(1_000_000) + "]".repeat(1_000_000))' },
];

const thrown = [
  { value: 'new RangeError("out")', errorType: 'RangeError', errorMessage: 'out' },
  {
    value: 'Object.assign(new Error("m"), { name: "ShortOfStock" })',
    errorType: 'ShortOfStock',
    errorMessage: 'm',
  },
  { value: '"text"', errorType: 'string', errorMessage: 'text' },
  { value: '7', errorType: 'number', errorMessage: '7' },
  { value: 'undefined', errorType: 'undefined', errorMessage: 'undefined' },
  { value: 'null', errorType: 'object', errorMessage: 'null' },
  { value: '{ a: 1 }', errorType: 'object', errorMessage: '[object Object]' },
  { value: 'Symbol("s")', errorType: 'symbol', errorMessage: 'Symbol(s)' },
  { value: 'Object.assign(new Error("m"), { name: 5, stack: 7 })', errorType: '5', errorMessage: 'm' },
  {
    value: '{ toString() { throw 1 } }',
    errorType: 'handled',
    errorMessage: expect.stringContaining('problem'),
  },
  {
    value: 'Object.defineProperty(new Error(), "message", { get() { throw 1 } })',
    errorType: 'handled',
    errorMessage: expect.stringContaining('problem'),
  },
];

let lab: LambdaLab;
let pool: LambdaPool;
beforeAll(async () => {
  lab = openLambdaLab();
  pool = await lab.aPool([
    lab.aFunction('export const handler = async ({ code }) => (0, eval)("(" + code + ")")', {
      name: 'return',
    }),
    lab.aFunction('export const handler = async ({ code }) => { throw (0, eval)("(" + code + ")"); }', {
      name: 'throw',
    }),
    lab.aFunction('export const handler = (event) => event.length', { name: 'measure' }),
    lab.aFunction(`export const handler = async ({ text, times }) => text.repeat(times)`, { name: 'repeat' }),
  ]);
});
afterAll(() => lab.close());

const call = (name: string, event: unknown) => pool.invoke(name, JSON.stringify(event));

describe('a result is answered as JSON', () => {
  test.for(results)('$result', async ({ result, payload }) => {
    expect(await call('return', { code: result })).toEqual({ payload, requestId: expect.any(String) });
  });
});

describe('a result that is no JSON fails the event', () => {
  test.for(unwritable)('$result', async ({ result }) => {
    expect(errorOf(await call('return', { code: result }))).toEqual({
      errorType: 'Runtime.JSONStringifyError',
      errorMessage: 'Unable to stringify response body',
    });
  });
});

describe('whatever is thrown is told', () => {
  test.for(thrown)('$value', async ({ value, errorType, errorMessage }) => {
    expect(errorOf(await call('throw', { code: value }))).toEqual({ errorType, errorMessage });
  });
});

const megabyte = 1024 * 1024;
/** JSON text of so many bytes. */
const textOf = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
const tooLarge = (message: string) => ({ code: 'RequestEntityTooLargeException', status: 413, message });

describe('sizes, in bytes of UTF-8', () => {
  test('an event has 6 MB at most', async () => {
    const most = 6 * megabyte;
    expect((await pool.invoke('measure', textOf(most))).payload).toBe(String(most - 2));
    const message = 'Request must be smaller than 6291456 bytes for the InvokeFunction operation';
    await expect(pool.invoke('measure', textOf(most + 1))).rejects.toMatchObject(tooLarge(message));
    await expect(pool.invoke('measure', `"${'茶'.repeat(most / 3)}"`)).rejects.toMatchObject(
      tooLarge(message),
    );
  });

  test('an asynchronous event has 1 MB at most', async () => {
    await expect(pool.invokeAsync('measure', textOf(megabyte))).resolves.toBeUndefined();
    const message = '1048577 byte payload is too large for the Event invocation type (limit 1048576 bytes)';
    await expect(pool.invokeAsync('measure', textOf(megabyte + 1))).rejects.toMatchObject(tooLarge(message));
  });

  test('an answer has 6 MB and a hundred bytes at most', async () => {
    const most = 6_291_556;
    expect((await call('repeat', { text: 'x', times: most - 2 })).payload).toHaveLength(most);
    const tooLong = [
      { text: 'x', times: most - 1, bytes: most + 1 },
      { text: '茶', times: 2_100_000, bytes: 6_300_002 },
    ];
    for (const { bytes, ...event } of tooLong)
      expect(errorOf(await call('repeat', event))).toEqual({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size (${bytes} bytes) exceeded maximum allowed payload size (6291556 bytes).`,
      });
  });

  test('an answer of any size that is refused leaves the function well', async () => {
    expect(errorOf(await call('repeat', { text: 'x', times: 20 * megabyte })).errorType).toBe(
      'Function.ResponseSizeTooLarge',
    );
    expect((await call('repeat', { text: 'ab', times: 2 })).payload).toBe('"abab"');
  });
});
