import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAccessKeys } from '../../../local/lambda/access-keys.ts';

const aFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'keys-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
};

test('a key leads back to its caller and to its secret, any other to nobody', async () => {
  const keys = await openAccessKeys(aFolder());
  const [clerk, porter] = ['clerk', 'porter'].map((caller) => ({ caller, ...keys.keyOf(caller) }));
  for (const one of [clerk, porter]) {
    expect(keys.callerOf(one?.accessKeyId ?? '')).toBe(one?.caller);
    expect(keys.secretOf(one?.accessKeyId ?? '')).toBe(one?.secretAccessKey);
  }
  expect(clerk?.accessKeyId).not.toBe(porter?.accessKeyId);
  expect([keys.callerOf('AKIASTRANGER'), keys.secretOf('AKIASTRANGER')]).toEqual([undefined, undefined]);
});

test('a caller’s key is the same after a restart, and another one in another folder', async () => {
  const folder = aFolder();
  const key = (await openAccessKeys(folder)).keyOf('clerk');
  expect((await openAccessKeys(folder)).keyOf('clerk')).toEqual(key);
  expect((await openAccessKeys(aFolder())).keyOf('clerk')).not.toEqual(key);
});
