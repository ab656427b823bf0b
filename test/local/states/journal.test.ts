import { mkdirSync, readdirSync, readFileSync, rmdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { appendPointSchema } from '../../../local/durable/append-points.ts';
import { openJournal } from '../../../local/states/journal/journal.ts';
import { type JournalRecord, recordSchema } from '../../../local/states/journal/record.ts';
import { tempFolder } from './start-engine.ts';

const record = (execution: string, size = 10): JournalRecord => ({
  execution,
  atMs: 1,
  events: [
    { id: 1, previousEventId: 0, type: 'ExecutionStarted', atMs: 1, details: { input: 'ü'.repeat(size) } },
  ],
  put: [],
  removed: [],
});

const linesIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1;

const reread = async (folder: string): Promise<string[]> => {
  const seen: string[] = [];
  const journal = await openJournal(folder, ({ execution }) => seen.push(execution));
  await journal.close();
  return seen;
};

test('records appended together are all read again, in order, each at its place', async () => {
  const folder = tempFolder();
  const journal = await openJournal(folder, () => undefined);
  const names = Array.from({ length: 50 }, (_, index) => `e${index}`);
  const positions = await Promise.all(names.map((name, index) => journal.append(record(name, index))));
  for (const [index, position] of positions.entries()) {
    expect(await journal.read(position)).toEqual(record(`e${index}`, index));
  }
  await journal.close();
  expect(await reread(folder)).toEqual(names);
});

test('a journal that has grown large goes on in another file and is read as one', async () => {
  const folder = tempFolder();
  const journal = await openJournal(folder, () => undefined, { segmentBytes: 1_000 });
  const names = Array.from({ length: 40 }, (_, index) => `e${index}`);
  for (const name of names) await journal.append(record(name));
  const last = await journal.append(record('last'));
  expect(await journal.read(last)).toEqual(record('last'));
  await journal.close();
  expect(readdirSync(folder).length).toBeGreaterThan(3);
  expect(await reread(folder)).toEqual([...names, 'last']);
});

test('after a write that failed nothing more is acknowledged', async () => {
  const folder = tempFolder();
  const journal = await openJournal(folder, () => undefined, { segmentBytes: 10 });
  await journal.append(record('before'));
  mkdirSync(join(folder, '00000002.jsonl'));
  await expect(journal.append(record('in the way'))).rejects.toThrow('EISDIR');
  // Another try might succeed, but what became of the record before is not known.
  await expect(journal.append(record('later'))).rejects.toThrow('EISDIR');
  await journal.close();
  rmdirSync(join(folder, '00000002.jsonl'));
  expect(await reread(folder)).toEqual(['before']);
});

test('a torn end is only believed in the last file', async () => {
  const folder = tempFolder();
  const journal = await openJournal(folder, () => undefined, { segmentBytes: 10 });
  for (const name of ['a', 'b', 'c']) await journal.append(record(name));
  await journal.close();
  truncateSync(join(folder, '00000003.jsonl'), 5);
  expect(await reread(folder)).toEqual(['a', 'b']);
  truncateSync(join(folder, '00000001.jsonl'), 5);
  await expect(reread(folder)).rejects.toThrow(/00000001\.jsonl is damaged at byte 0/);
});

test('a record is told of before it is in the file, and again before its writer goes on', async () => {
  const told: string[] = [];
  const journal = await openJournal(tempFolder(), () => undefined, {
    reach: (point, detail) => {
      const appended = appendPointSchema.parse(detail);
      const { execution } = recordSchema.parse(appended.record);
      told.push(`${point} ${execution}: ${linesIn(appended.file)} written`);
    },
  });
  for (const name of ['a', 'b']) {
    await journal.append(record(name));
    told.push(`${name} goes on`);
  }
  await journal.close();
  expect(told).toEqual([
    'journal.before-append a: 0 written',
    'journal.after-append a: 1 written',
    'a goes on',
    'journal.before-append b: 1 written',
    'journal.after-append b: 2 written',
    'b goes on',
  ]);
});
