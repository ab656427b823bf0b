import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { LambdaPool } from '../../../local/lambda/pool.ts';
import { errorOf, type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

const outOfMemory = {
  errorType: 'Runtime.OutOfMemory',
  errorMessage: expect.stringContaining('Error: Runtime exited with error: signal: killed'),
};

const aWhile = 'await new Promise((go) => setTimeout(go, 5));';
const megabytes = (count: number) => `Buffer.alloc(${count} * 1024 * 1024, 1)`;

const hungry = [
  { name: 'objects without end', body: 'for (;;) kept.push({ n: kept.length });' },
  {
    name: 'one large array',
    body: 'let all = [0.5]; while (all.length < 2 ** 26) all = all.concat(all); for (;;);',
  },
  { name: 'buffers without end', body: `for (;;) kept.push(${megabytes(1)});` },
  { name: 'one large buffer', body: 'kept.push(Buffer.alloc(2 ** 29)); for (;;);' },
  {
    name: 'a little more than it has, slowly',
    body: `for (;;) { if (kept.length < 60) kept.push(${megabytes(1)}); ${aWhile} }`,
  },
];

const content = [
  { name: 'buffers soon forgotten', body: `for (let n = 0; n < 100; n += 1) { ${megabytes(5)}; ${aWhile} }` },
  {
    name: 'objects soon forgotten',
    body: 'let sum = 0; for (let n = 0; n < 500_000; n += 1) sum += JSON.parse(JSON.stringify({ n, s: "s".repeat(20) })).n;',
  },
];

let lab: LambdaLab;
let pool: LambdaPool;
beforeAll(async () => {
  lab = openLambdaLab();
  const changes = { memoryMb: 40, timeoutMs: 60_000 };
  pool = await lab.aPool([
    ...[...hungry, ...content].map(({ name, body }) =>
      lab.aFunction(
        `const kept = [];
         export const handler = async ({ well }) => { if (well) return kept.length; ${body} return 'content' }`,
        { name, ...changes },
      ),
    ),
    lab.aFunction(
      `const kept = [];
       export const handler = async () => {
         kept.push(${megabytes(15)});
         await new Promise((go) => setTimeout(go, 300));
         return kept.length;
       }`,
      { name: 'growing', ...changes },
    ),
    lab.aFunction('let calls = 0; export const handler = async () => ++calls', { name: 'neighbour' }),
  ]);
});
afterAll(() => lab.close());

const callNeighbour = async () => Number((await pool.invoke('neighbour', '{}')).payload);

describe('a function that takes too much is ended, and no other:', () => {
  test.for(hungry)('$name', async ({ name }) => {
    const before = await callNeighbour();
    const failing = pool.invoke(name, '{}');
    expect(await callNeighbour()).toBe(before + 1);
    expect(errorOf(await failing)).toEqual(outOfMemory);
    expect(await callNeighbour()).toBe(before + 2);
    expect((await pool.invoke(name, '{"well":true}')).payload).toBe('0');
  });
});

describe('a function that lets go of what it takes may take many times its memory:', () => {
  test.for(content)('$name', async ({ name }) => {
    expect((await pool.invoke(name, '{}')).payload).toBe('"content"');
  });
});

test('what a warm function keeps from event to event counts', async () => {
  const call = () => pool.invoke('growing', '{}');
  const answers = [await call()];
  while (answers.length < 10 && answers.at(-1)?.functionError === undefined) answers.push(await call());
  const [last, ...before] = answers.toReversed();
  expect(last && errorOf(last)).toEqual(outOfMemory);
  expect(before.at(-1)?.payload).toBe('1');
  expect((await call()).payload).toBe('1');
});
