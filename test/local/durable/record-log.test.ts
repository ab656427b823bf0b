import { readFileSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import type { CallPort } from '../../../local/calls/call-port.ts';
import { appendPointSchema } from '../../../local/durable/append-points.ts';
import { openRecordLog } from '../../../local/durable/record-log.ts';

const recordSchema = z.object({ key: z.string(), value: z.number() });
type Entry = z.infer<typeof recordSchema>;

const temporaryFile = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-log-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, 'deep', 'log.jsonl');
};

/** A log whose state is the last value of each key. */
const open = async (file: string, reach?: CallPort['reach']) => {
  const state = new Map<string, number>();
  const log = await openRecordLog<Entry>({
    file,
    name: 'numbers',
    reach,
    parse: (line) => recordSchema.parse(line),
    apply: ({ key, value }) => state.set(key, value),
    snapshot: () => [...state].map(([key, value]) => ({ key, value })),
  });
  onTestFinished(() => log.close().catch(() => undefined));
  return { log, state };
};

test('a record is applied once it is written, and again at the next opening', async () => {
  const file = await temporaryFile();
  const { log, state } = await open(file);
  const appended = log.append({ key: 'a', value: 1 });
  expect(state.size).toBe(0);
  await appended;
  await log.note({ key: 'b', value: 2 });
  expect([...state]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect([...(await open(file)).state]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
});

test('records appended at once keep their order', async () => {
  const file = await temporaryFile();
  const { log } = await open(file);
  const values = Array.from({ length: 200 }, (_, index) => index);
  await Promise.all(values.map((value) => log.append({ key: 'a', value })));
  const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
  expect(lines.map((line) => recordSchema.parse(JSON.parse(line)).value)).toEqual(values);
});

test('a last line cut short by a crash is dropped, and later records follow cleanly', async () => {
  const file = await temporaryFile();
  const before = await open(file);
  await before.log.append({ key: 'a', value: 1 });
  await before.log.close();
  await appendFile(file, '{"key":"b","val');
  const after = await open(file);
  expect([...after.state]).toEqual([['a', 1]]);
  await after.log.append({ key: 'c', value: 3 });
  expect([...(await open(file)).state]).toEqual([
    ['a', 1],
    ['c', 3],
  ]);
});

test('a damaged line in the middle is not passed over in silence', async () => {
  const file = await temporaryFile();
  const before = await open(file);
  await before.log.append({ key: 'a', value: 1 });
  await before.log.close();
  await writeFile(file, `${await readFile(file, 'utf8')}{"key":7}\n{"key":"c","value":3}\n`);
  await expect(open(file)).rejects.toThrow('log.jsonl, line 2: not a record of this log');
});

test('a file that is mostly dead is rewritten, without losing what follows', async () => {
  const file = await temporaryFile();
  const { log, state } = await open(file);
  for (let round = 0; round < 3; round += 1) {
    const many = Array.from({ length: 10_000 }, (_, value) => log.append({ key: `k${value % 10}`, value }));
    await Promise.all(many);
  }
  await log.append({ key: 'last', value: 1 });
  await log.close();
  expect((await readFile(file, 'utf8')).trimEnd().split('\n').length).toBeLessThan(20_000);
  expect((await open(file)).state).toEqual(state);
});

test('a closed log takes no more', async () => {
  const { log } = await open(await temporaryFile());
  const last = log.append({ key: 'a', value: 1 });
  await log.close();
  await expect(last).resolves.toBeUndefined();
  await expect(log.append({ key: 'b', value: 2 })).rejects.toThrow('is closed');
});

test('a log tells of each record before it is in the file, and again before it takes effect', async () => {
  const file = await temporaryFile();
  const told: string[] = [];
  let lastOf = (_key: string): number | undefined => undefined;
  const { log, state } = await open(file, (point, detail) => {
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    const { record } = appendPointSchema.parse(detail);
    told.push(`${point} ${JSON.stringify(record)}: ${lines} written, a is ${lastOf('a')}`);
  });
  lastOf = (key) => state.get(key);
  await log.append({ key: 'a', value: 1 });
  await log.note({ key: 'a', value: 2 });
  expect(told).toEqual([
    'numbers.before-append {"key":"a","value":1}: 0 written, a is undefined',
    'numbers.after-append {"key":"a","value":1}: 1 written, a is undefined',
    'numbers.before-append {"key":"a","value":2}: 1 written, a is 1',
    'numbers.after-append {"key":"a","value":2}: 2 written, a is 1',
  ]);
});
