import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { locateDatabase } from '../../../local/dynamodb/locate-database.ts';

/** A busy machine takes longer than a second. */
const soon = { timeout: 20_000 };

const isRunning = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
};

const bareHost = { platform: 'sunos', arch: 'sparc', findPackage: () => undefined };

test('an endpoint comes before a binary, a binary before the package', () => {
  const AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:8000/';
  expect(locateDatabase({ AWS_ENDPOINT_URL_DYNAMODB, DYNOXIDE_BIN: process.execPath }, bareHost)).toEqual({
    kind: 'endpoint',
    url: 'http://127.0.0.1:8000',
  });
  expect(locateDatabase({ DYNOXIDE_BIN: process.execPath }, bareHost)).toEqual({
    kind: 'binary',
    path: process.execPath,
  });
  const windows = { platform: 'win32', arch: 'x64', findPackage: (name: string) => join('packages', name) };
  expect(locateDatabase({}, windows)).toEqual({
    kind: 'binary',
    path: join('packages', '@dynoxide/win32-x64', 'dynoxide.exe'),
  });
});

test('without any, the error names the three ways', () => {
  const locate = () => locateDatabase({}, bareHost);
  for (const way of ['npm install @dynoxide/sunos-sparc', 'DYNOXIDE_BIN', 'AWS_ENDPOINT_URL_DYNAMODB']) {
    expect(locate).toThrow(way);
  }
});

test('a DYNOXIDE_BIN that is not there is an error, not a reason to take another', () => {
  expect(() => locateDatabase({ DYNOXIDE_BIN: '/no/such/file' }, bareHost)).toThrow('/no/such/file');
});

test.skipIf(process.platform === 'win32')('the database ends when its parent is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'orphan-'));
  const module = new URL('../../../local/dynamodb/', import.meta.url).href;
  const script = join(folder, 'parent.ts');
  writeFileSync(
    script,
    `import { locateDatabase } from '${module}locate-database.ts';
     import { startDatabase } from '${module}database-process.ts';
     const { path } = locateDatabase({});
     const { pid } = await startDatabase({ binary: path, stateDir: ${JSON.stringify(folder)}, port: 0, onExit() {} });
     process.stdout.write(String(pid));`,
  );
  const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = await once(parent.stdout, 'data');
  const pid = Number(String(chunk));
  process.kill(pid, 0);
  parent.kill('SIGKILL');
  // Where nobody reaps it, an ended process stays as a zombie: it answers no request any more.
  await expect.poll(() => isRunning(pid), soon).toBe(false);
  rmSync(folder, { recursive: true });
});
