import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { type Endpoints, endpointsSchema } from '../../demo/desk.ts';
import {
  type DeskRequest,
  type KillPlan,
  type KillReport,
  killReportSchema,
  type Moment,
  momentSchema,
} from './kill-plan.ts';
import { killDatabase } from './killing-port.ts';

const program = fileURLToPath(new URL('./desk-process.ts', import.meta.url));

/** What a kill left: how the process ended, whether anything still answers where its API was, what it wrote before it died. */
export type Death = {
  signal: unknown;
  portRefuses: boolean;
  at: Date;
  report: KillReport | undefined;
};

const refuses = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    socket.once('error', () => resolve(true));
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });

/** A desk in a process of its own that can be killed, or told to kill itself, and started again over the same state. */
export const openKillableDesk = async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'rudan-crash-'));
  const [logFile, reportFile] = [`${stateDir}.log`, `${stateDir}.killed.json`];
  const log = createWriteStream(logFile);
  let running: { child: ChildProcess; death: Promise<Death> } | undefined;
  let endpoints: Endpoints | undefined;
  let startedAt = new Date();

  const readReport = async (): Promise<KillReport | undefined> => {
    const text = await readFile(reportFile, 'utf8').catch(() => undefined);
    return text === undefined ? undefined : killReportSchema.parse(JSON.parse(text));
  };
  const lookAtDead = async (child: ChildProcess): Promise<Death> => {
    const [, signal] = await once(child, 'exit');
    const at = new Date();
    const urls = endpoints ? [endpoints.apiUrl, endpoints.endpoints.AWS_ENDPOINT_URL_DYNAMODB ?? ''] : [];
    const refusals = await Promise.all(urls.map(refuses));
    return { signal, portRefuses: !refusals.includes(false), at, report: await readReport() };
  };
  const aDesk = () => {
    if (!running) throw new Error('the desk is not running');
    return running;
  };
  const ask = async (request: DeskRequest): Promise<Moment[]> => {
    const { child } = aDesk();
    const answer = once(child, 'message');
    child.send(request);
    return z.array(momentSchema).parse((await answer)[0]);
  };

  return {
    stateDir,

    /** Starts the desk; undefined when it died before it answered, as one may that has a plan from its start. */
    start: async (plan?: KillPlan): Promise<Endpoints | undefined> => {
      await rm(reportFile, { force: true });
      startedAt = new Date();
      const child = spawn(process.execPath, [program, stateDir, reportFile], {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      });
      if (!child.stdout || !child.stderr) throw new Error('a desk has pipes to speak through');
      child.stderr.pipe(log, { end: false });
      running = { child, death: lookAtDead(child) };
      if (plan) await ask({ ask: 'arm', plan });
      for await (const line of createInterface({ input: child.stdout })) {
        endpoints = endpointsSchema.parse(JSON.parse(line));
        return endpoints;
      }
      if (plan) return undefined;
      throw new Error(`the desk did not start: ${await readFile(logFile, 'utf8')}`);
    },

    startedAt: (): Date => startedAt,

    /** Where the desk answers, or did before it was killed. */
    endpoints: (): Endpoints => {
      if (!endpoints) throw new Error('the desk was never started');
      return endpoints;
    },

    /** Lays the plan at which the running desk kills itself. */
    arm: async (plan: KillPlan): Promise<void> => {
      await ask({ ask: 'arm', plan });
    },

    /** What lasting work the desk did since this was last asked. */
    takeMoments: () => ask({ ask: 'moments' }),

    /** The end of the running desk, whoever brings it about. */
    death: (): Promise<Death> => aDesk().death,

    kill: (): Promise<Death> => {
      const { child, death } = aDesk();
      child.kill('SIGKILL');
      killDatabase(stateDir);
      return death;
    },

    close: async () => {
      if (running && running.child.exitCode === null && running.child.signalCode === null) {
        running.child.kill('SIGTERM');
        await running.death;
      }
      await new Promise<void>((done) => log.end(() => done()));
      for (const path of [stateDir, logFile, reportFile]) await rm(path, { recursive: true, force: true });
    },
  };
};

export type KillableDesk = Awaited<ReturnType<typeof openKillableDesk>>;
