import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LambdaPool } from '../../../local/lambda/pool.ts';
import { errorOf, type LambdaLab, openLambdaLab } from './a-lambda-pool.ts';

const faults = [
  { name: 'loops', fault: 'for (;;);', errorType: 'Sandbox.Timedout', timeoutMs: 1_000 },
  { name: 'exits', fault: 'process.exit(1);', errorType: 'Runtime.ExitError' },
  { name: 'kills', fault: 'process.kill(process.pid);', errorType: 'Runtime.ExitError' },
  {
    name: 'rejects',
    fault: 'Promise.reject(1); await new Promise((go) => setTimeout(go, 60_000));',
    errorType: 'Runtime.UnhandledPromiseRejection',
  },
  {
    name: 'eats',
    fault: 'const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 20, 1));',
    errorType: 'Runtime.OutOfMemory',
  },
];
const names = Array.from({ length: 15 }, (_, index) => `well-${index}`);

let lab: LambdaLab;
let pool: LambdaPool;
beforeAll(async () => {
  lab = openLambdaLab();
  pool = await lab.aPool(
    [
      ...faults.map(({ name, fault, timeoutMs = 60_000 }) =>
        lab.aFunction(`export const handler = async () => { ${fault} }`, {
          name,
          timeoutMs,
          memoryMb: 64,
        }),
      ),
      ...names.map((name) =>
        lab.aFunction(
          `export const handler = async ({ n }) => { await new Promise((go) => setTimeout(go, n % 7)); return process.env.AWS_LAMBDA_FUNCTION_NAME + n * n }`,
          { name, timeoutMs: 60_000 },
        ),
      ),
    ],
    { concurrency: 2 },
  );
});
afterAll(() => lab.close());

test('twenty functions under load: each event has its own answer, though five functions fail all the while', async () => {
  const failing = faults.flatMap(({ name, errorType }) =>
    [1, 2].map(async () => expect(errorOf(await pool.invoke(name, '{}')).errorType).toBe(errorType)),
  );
  const answering = names.flatMap((name) =>
    Array.from({ length: 20 }, async (_, n) =>
      expect((await pool.invoke(name, JSON.stringify({ n }))).payload).toBe(`"${name}${n * n}"`),
    ),
  );
  await Promise.all([...failing, ...answering]);
});
