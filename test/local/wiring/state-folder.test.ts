import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStateFolder } from '../../../local/wiring/state-folder.ts';

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'state-'));
  folder = join(parent, 'state');
});
afterEach(() => rmSync(parent, { recursive: true }));

test('the folder is held by one cloud at a time, and free again when that one closes', async () => {
  const first = await openStateFolder(folder, { fresh: false });
  await expect(openStateFolder(folder, { fresh: true })).rejects.toThrow(/Another local cloud/);
  await first.close();
  const second = await openStateFolder(folder, { fresh: false });
  await second.close();
});

test('a fresh start empties the folder, any other keeps it', async () => {
  const note = join(folder, 'note');
  await (await openStateFolder(folder, { fresh: false })).close();
  writeFileSync(note, 'kept');
  await (await openStateFolder(folder, { fresh: false })).close();
  expect(existsSync(note)).toBe(true);
  await (await openStateFolder(folder, { fresh: true })).close();
  expect(existsSync(note)).toBe(false);
});

test('a folder that holds anything else is neither used nor emptied', async () => {
  const thesis = join(parent, 'thesis.txt');
  writeFileSync(thesis, 'years of work');
  for (const fresh of [false, true]) {
    await expect(openStateFolder(parent, { fresh })).rejects.toThrow(/no state of this local cloud/);
  }
  expect(existsSync(thesis)).toBe(true);
});
