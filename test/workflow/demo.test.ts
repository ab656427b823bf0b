import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import * as z from 'zod';

const root = join(import.meta.dirname, '..', '..');

const demoSchema = z.object({
  ok: z.boolean(),
  orders: z.array(z.object({ orderNumber: z.string(), status: z.string(), problem: z.string().optional() })),
  uploads: z.array(z.object({ name: z.string(), problem: z.string().optional() })),
  addresses: z.object({ apiUrl: z.url(), inboxUrl: z.url(), mailDir: z.string(), documentsDir: z.string() }),
});

test('the demo brings every sample order and file to its expected end', { timeout: 360_000 }, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'demo', 'demo.ts'),
    '--json',
    '--temporary',
  ]);
  const { ok, orders, uploads } = demoSchema.parse(JSON.parse(stdout));
  const problems = [...orders, ...uploads].filter(({ problem }) => problem !== undefined);
  expect(problems).toEqual([]);
  expect(ok).toBe(true);
  expect(orders.length).toBeGreaterThan(30);
  expect(uploads).toHaveLength(4);
});
