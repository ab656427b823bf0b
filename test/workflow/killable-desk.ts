import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Endpoints, endpointsSchema } from '../../demo/desk.ts';

const program = fileURLToPath(new URL('./desk-process.ts', import.meta.url));

/** What a kill left: how the process ended, and whether anything still answers where its API was. */
export type Death = { signal: unknown; portRefuses: boolean };

const refuses = (apiUrl: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(apiUrl);
    const socket = connect(Number(port), hostname);
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });

/** The database is a process of its own; it dies with the rest, not by the orderly end it would be given. */
const killDatabase = async (stateDir: string): Promise<void> => {
  const pid = Number(await readFile(join(stateDir, 'dynamodb', 'dynamodb.pid'), 'utf8'));
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

/** A desk in a process of its own that can be killed and started again over the same state. */
export const openKillableDesk = async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'rudan-crash-'));
  const log = createWriteStream(`${stateDir}.log`);
  let child: ChildProcess | undefined;
  let endpoints: Endpoints | undefined;

  const start = async (): Promise<Endpoints> => {
    const started = spawn(process.execPath, [program, stateDir], { stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    started.stderr.pipe(log, { end: false });
    for await (const line of createInterface({ input: started.stdout })) {
      endpoints = endpointsSchema.parse(JSON.parse(line));
      return endpoints;
    }
    throw new Error(`the desk did not start: ${await readFile(`${stateDir}.log`, 'utf8')}`);
  };

  return {
    stateDir,
    start,
    /** Where the desk answers, or did before it was killed. */
    endpoints: (): Endpoints => {
      if (!endpoints) throw new Error('the desk was never started');
      return endpoints;
    },

    kill: async (): Promise<Death> => {
      if (!child || !endpoints) throw new Error('the desk is not running');
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await killDatabase(stateDir);
      const [, signal] = await exited;
      return { signal, portRefuses: await refuses(endpoints.apiUrl) };
    },

    close: async () => {
      if (child && child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      await new Promise<void>((done) => log.end(() => done()));
      for (const path of [stateDir, `${stateDir}.log`]) await rm(path, { recursive: true, force: true });
    },
  };
};

export type KillableDesk = Awaited<ReturnType<typeof openKillableDesk>>;
