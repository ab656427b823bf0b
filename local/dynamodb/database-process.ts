import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { writeFileDurably } from '../durable/write-file.ts';

export type DatabaseProcess = { url: string; pid: number; close(): Promise<void> };

const readyWithinMs = 20_000;
const endsWithinMs = 5_000;

/**
 * The binary does not look at its standard input, so a shell becomes it after leaving a watcher behind:
 * when our end of the pipe goes (we closed it, or were killed), the watcher ends the database.
 */
const endWithParent =
  'exec 3<&0; (cat <&3 >/dev/null; kill $$ 2>/dev/null) & exec 3<&-; exec "$@" </dev/null';

const launch = (binary: string, args: string[]): ChildProcess =>
  process.platform === 'win32'
    ? spawn(binary, args, { stdio: ['pipe', 'ignore', 'pipe'] })
    : spawn('/bin/sh', ['-c', endWithParent, 'sh', binary, ...args], {
        stdio: ['pipe', 'ignore', 'pipe'],
        // A Ctrl-C in the terminal is ours to handle: the database ends after the services that use it.
        detached: true,
      });

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const commandLineOf = (pid: number): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** A database left by a crash would hold the file: ended only if its command line names this very file. */
const endStale = async (pidFile: string, databaseFile: string) => {
  let pid: number;
  try {
    pid = Number.parseInt(readFileSync(pidFile, 'utf8'), 10);
  } catch {
    return;
  }
  if (Number.isInteger(pid) && pid > 1 && commandLineOf(pid).includes(databaseFile)) {
    process.kill(pid);
    for (const until = Date.now() + endsWithinMs; isAlive(pid) && Date.now() < until; ) await sleep(20);
  }
  rmSync(pidFile, { force: true });
};

const answers = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
    () => true,
    () => false,
  );

const end = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return void child.stdin?.destroy();
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), endsWithinMs);
  await exited;
  clearTimeout(killer);
  child.stdin?.destroy();
};

/** Starts the database over `{stateDir}/dynamodb.sqlite` and resolves when it answers. It ends with this process. */
export const startDatabase = async (options: {
  binary: string;
  stateDir: string;
  port: number;
  /** The database ended by itself. */
  onExit: (reason: string) => void;
}): Promise<DatabaseProcess> => {
  const { binary, stateDir, onExit } = options;
  await mkdir(stateDir, { recursive: true });
  const file = join(stateDir, 'dynamodb.sqlite');
  const pidFile = join(stateDir, 'dynamodb.pid');
  await endStale(pidFile, file);
  const port = options.port || (await freePort());
  const child = launch(binary, ['serve', '--host', '127.0.0.1', '--port', String(port), '--db-path', file]);
  let printed = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    printed = `${printed}${chunk}`.slice(-2_000);
  });
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure = `exited with ${code ?? signal}`;
  });
  const url = `http://127.0.0.1:${port}`;
  for (const until = Date.now() + readyWithinMs; failure === undefined && !(await answers(url)); ) {
    if (Date.now() > until) failure = `did not answer within ${readyWithinMs / 1000} s`;
    await sleep(10);
  }
  if (failure !== undefined || child.pid === undefined) {
    await end(child);
    throw new Error(`The database ${binary} ${failure ?? 'did not start'}. ${printed.trim()}`);
  }
  await writeFileDurably(pidFile, String(child.pid));
  let isClosing = false;
  child.once('exit', (code, signal) => {
    if (!isClosing) onExit(`The database exited with ${code ?? signal}. ${printed.trim()}`);
  });
  return {
    url,
    pid: child.pid,
    async close() {
      isClosing = true;
      await end(child);
      rmSync(pidFile, { force: true });
    },
  };
};
