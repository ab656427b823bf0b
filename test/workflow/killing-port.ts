import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type * as z from 'zod';
import { createFaultPort } from '../../local/calls/fault-port.ts';
import { appendPointSchema } from '../../local/durable/append-points.ts';
import { type KillReport, type killPlanSchema, type Moment, momentOf } from './kill-plan.ts';

const writeSynced = (file: string, flags: 'a' | 'w', text: string) => {
  const handle = openSync(file, flags);
  writeSync(handle, text);
  fsyncSync(handle);
  closeSync(handle);
};

/** Half of a record's line, as the file of a process looks that died while writing. */
const tear = (detail: unknown) => {
  const { file, record } = appendPointSchema.parse(detail);
  const line = Buffer.from(JSON.stringify(record));
  writeSynced(file, 'a', line.toString('utf8', 0, Math.ceil(line.length / 2)));
};

/** The database is a process of its own: it dies with the desk, not by the orderly end it would be given. */
export const killDatabase = (stateDir: string): void => {
  const pid = Number(readFileSync(join(stateDir, 'dynamodb', 'dynamodb.pid'), 'utf8'));
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
};

type Plan = z.infer<typeof killPlanSchema>;

/** A port that lets everything through until its plan's moment comes; then it writes a report, and database and process are killed. */
export const createKillingPort = (stateDir: string, reportFile: string) => {
  let plan: Plan | undefined;
  let fitting = 0;
  let newExecutions = new Set<string>();
  let moments: Moment[] = [];

  const fits = ({ point, label, newExecutionOf }: Plan, moment: Moment): boolean =>
    (point === undefined || point === moment.point) &&
    (label === undefined || label === moment.label) &&
    (newExecutionOf === undefined || newExecutions.has(moment.execution?.arn ?? ''));

  const isDue = (moment: Moment): boolean => {
    const { arn = '', isStart = false } = moment.execution ?? {};
    if (isStart && arn.includes(`:${plan?.newExecutionOf}:`)) newExecutions.add(arn);
    if (!plan || !fits(plan, moment)) return false;
    fitting += 1;
    return fitting === plan.nth;
  };

  const port = createFaultPort({
    die: () => {
      killDatabase(stateDir);
      process.kill(process.pid, 'SIGKILL');
    },
  });
  port.killAt((point, detail) => {
    const moment = momentOf(point, detail);
    if (!moment) return false;
    moments.push(moment);
    if (!isDue(moment)) return false;
    const torn = plan?.torn ?? false;
    if (torn) tear(detail);
    writeSynced(reportFile, 'w', JSON.stringify({ moment, torn, atMs: Date.now() } satisfies KillReport));
    return true;
  });

  return {
    port,
    /** Lays a plan, and counts from now on. */
    arm: (next: Plan) => {
      plan = next;
      fitting = 0;
      newExecutions = new Set();
    },
    /** What came since this was last asked. */
    takeMoments: (): Moment[] => {
      const taken = moments;
      moments = [];
      return taken;
    },
  };
};
