import { join } from 'node:path';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import { createActivity } from './activity.ts';
import { createArchive } from './archive.ts';
import { type AdmitStart, callIntegration, createServiceCaller } from './call-service.ts';
import { applyToFrames, type LiveExecution } from './execution.ts';
import { createExecutions, type StartInput } from './executions.ts';
import { createEvaluator } from './expression/evaluate.ts';
import type { Frame } from './frame.ts';
import { type Integration, type TaskContext, TaskError } from './integration.ts';
import { openDefinitions } from './journal/definitions.ts';
import { openJournal, type Position } from './journal/journal.ts';
import type { JournalRecord } from './journal/record.ts';
import { loadMachines, type StateMachineSpec } from './load-machines.ts';
import { rootMachineArn } from './map-run/arns.ts';
import { executionOperations } from './operations/execution-operations.ts';
import { findMachine, machineOperations } from './operations/machine-operations.ts';
import { mapRunOperations } from './operations/map-run-operations.ts';
import { tokenOperations } from './operations/token-operations.ts';
import { createStore } from './store.ts';
import { newToken } from './token.ts';

export type { Integration, StateMachineSpec };
export { TaskError };

export type StatesEngineOptions = {
  machines: StateMachineSpec[];
  /** A folder of its own: journal and definitions. */
  stateDir: string;
  clock: Clock;
  /** Where its turns and calls count as in motion. */
  activity?: Activity;
  region: string;
  accountId: string;
  /** By resource ARN without pattern suffix, such as `arn:aws:states:::lambda:invoke`. */
  integrations: Record<string, Integration>;
  /** What a task that starts another execution has to pass. */
  admitStart?: AdmitStart;
  reach?: CallPort['reach'] | undefined;
  /** Told of a failing journal; the default writes to stderr. */
  onError?: (error: unknown) => void;
};

export type StatesEngine = {
  /** Resolves once the execution is on disk; startDate is in epoch seconds. Throws ServiceError. */
  startExecution(input: StartInput): Promise<{ executionArn: string; startDate: number }>;
  /** The AWSStepFunctions operations, for awsJsonHandler. */
  operations: Record<string, JsonOperation>;
  /** Resolves when every execution waits or has ended; with `despiteTasks`, called services may still be at work. */
  idle(options?: { despiteTasks: boolean }): Promise<void>;
  close(): Promise<void>;
};

/**
 * Starts the engine on its folder and takes up every execution its journal leaves running.
 * Throws if a definition holds anything it cannot run, or if the journal is damaged.
 */
export const createStatesEngine = async (options: StatesEngineOptions): Promise<StatesEngine> => {
  const { clock, region, stateDir, activity: cloud } = options;
  const { integrations, admitStart = (_context, _start, perform) => perform() } = options;
  const machines = loadMachines(options.machines, integrations, clock.now());
  const store = createStore();
  const running = new Map<string, Map<string, Frame>>();
  const unknown: Position[] = [];

  const fold = (record: JournalRecord, position: Position) => {
    const arn = record.execution;
    if (store.apply(record, position) === undefined) {
      unknown.push(position);
      return;
    }
    const frames = (record.start === undefined ? running.get(arn) : undefined) ?? new Map<string, Frame>();
    applyToFrames(frames, record);
    if (store.entries.get(arn)?.status === 'RUNNING') running.set(arn, frames);
    else running.delete(arn);
  };
  const journal = await openJournal(join(stateDir, 'journal'), fold, { reach: options.reach });
  await journal.forget(unknown);
  const definitions = await openDefinitions(join(stateDir, 'definitions'));
  const archive = createArchive(journal);
  const activity = createActivity(cloud);

  const roleOf = (machineArn: string) => {
    const root = rootMachineArn(machineArn);
    return machines.get(root)?.roleArn ?? root;
  };
  const contextOf = ({ entry }: LiveExecution, stateName: string): TaskContext => ({
    executionArn: entry.arn,
    stateName,
    caller: roleOf(entry.machineArn),
  });
  const executions = createExecutions({
    store,
    machines,
    definitions,
    archive,
    journal,
    activity,
    surroundings: { clock, evaluator: createEvaluator(clock.now), region, roleOf, newToken },
    onError: options.onError ?? console.error,
    callAs: (execution, stateName, key, args) => {
      const context = contextOf(execution, stateName);
      const call = async () => callIntegration(integrations, key, args, context);
      return cloud ? cloud.during(call) : call();
    },
    admitChild: ({ execution, frame }, name, perform) => {
      const stateMachineArn = rootMachineArn(execution.entry.machineArn);
      return admitStart(contextOf(execution, frame.state), { stateMachineArn, name }, perform);
    },
    makeCaller: (startNested) => {
      const call = createServiceCaller({ integrations, roleOf, startNested, admitStart });
      return cloud ? (...task) => cloud.during(() => call(...task)) : call;
    },
  });
  executions.expire();
  for (const [arn, frames] of running) await executions.takeUp(executions.find(arn), frames);
  await executions.stopOrphans();

  return {
    async startExecution(input) {
      const { arn, startedAtMs } = await executions.start(input);
      return { executionArn: arn, startDate: startedAtMs / 1000 };
    },
    operations: {
      ...executionOperations({
        executions,
        archive,
        clock,
        requireMachine: (arn) => findMachine(machines, arn),
        mapRuns: store.mapRuns,
      }),
      ...tokenOperations(executions),
      ...mapRunOperations({ executions, store, journal, clock }),
      ...machineOperations(machines),
    },
    idle: ({ despiteTasks } = { despiteTasks: false }) =>
      activity.settled(despiteTasks ? ['turn'] : ['turn', 'task']),
    async close() {
      await executions.close();
      await journal.close();
    },
  };
};
