import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import { createActivity } from './activity.ts';
import { createArchive } from './archive.ts';
import { createServiceCaller, isServed } from './call-service.ts';
import { loadMachine, tasksIn } from './definition/load-machine.ts';
import { parseResource } from './definition/resource.ts';
import { applyToEntry, applyToFrames, type ExecutionEntry } from './execution.ts';
import { createExecutions, type StartInput } from './executions.ts';
import { createEvaluator } from './expression/evaluate.ts';
import type { Frame } from './frame.ts';
import { type Integration, TaskError } from './integration.ts';
import { openDefinitions } from './journal/definitions.ts';
import { openJournal, type Position } from './journal/journal.ts';
import type { JournalRecord } from './journal/record.ts';
import { executionOperations } from './operations/execution-operations.ts';
import { findMachine, machineOperations, type NamedMachine } from './operations/machine-operations.ts';
import { tokenOperations } from './operations/token-operations.ts';
import { newToken } from './token.ts';

export type { Integration };
export { TaskError };

export type StateMachineSpec = {
  arn: string;
  name: string;
  /** ASL text, substitutions already applied. */
  definition: string;
  /** As whom its tasks call; the machine's ARN unless given. */
  roleArn?: string | undefined;
};

export type StatesEngineOptions = {
  machines: StateMachineSpec[];
  /** A folder of its own: journal and definitions. */
  stateDir: string;
  clock: Clock;
  region: string;
  accountId: string;
  /** By resource ARN without pattern suffix, such as `arn:aws:states:::lambda:invoke`. */
  integrations: Record<string, Integration>;
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

const loadMachines = (options: StatesEngineOptions): Map<string, NamedMachine> => {
  const machines = new Map<string, NamedMachine>();
  const refused: string[] = [];
  for (const { arn, name, definition, roleArn = arn } of options.machines) {
    const machine = loadMachine(name, definition);
    for (const task of tasksIn(machine.root)) {
      const resource = parseResource(task.resource);
      if (resource === undefined || !isServed(resource, options.integrations)) {
        refused.push(`${name}: the state '${task.name}' needs '${task.resource}', which is not served`);
      }
    }
    machines.set(arn, { ...machine, arn, name, roleArn, createdAtMs: options.clock.now() });
  }
  if (refused.length > 0) throw new Error(`State machines cannot be loaded:\n  ${refused.join('\n  ')}`);
  return machines;
};

/**
 * Starts the engine on its folder and takes up every execution its journal leaves running.
 * Throws if a definition holds anything it cannot run, or if the journal is damaged.
 */
export const createStatesEngine = async (options: StatesEngineOptions): Promise<StatesEngine> => {
  const { clock, region, stateDir } = options;
  const machines = loadMachines(options);
  const entries = new Map<string, ExecutionEntry>();
  const running = new Map<string, Map<string, Frame>>();

  const fold = (record: JournalRecord, position: Position) => {
    const arn = record.execution;
    entries.set(arn, applyToEntry(entries.get(arn), record, position));
    const frames = running.get(arn) ?? new Map<string, Frame>();
    applyToFrames(frames, record);
    if (record.outcome === undefined) running.set(arn, frames);
    else running.delete(arn);
  };
  const journal = await openJournal(join(stateDir, 'journal'), fold);
  const definitions = await openDefinitions(join(stateDir, 'definitions'));
  const archive = createArchive(journal);
  const activity = createActivity();

  const roleOf = (machineArn: string) => machines.get(machineArn)?.roleArn ?? machineArn;
  const executions = createExecutions({
    entries,
    machines,
    definitions,
    archive,
    journal,
    activity,
    surroundings: { clock, evaluator: createEvaluator(clock.now), region, roleOf, newToken },
    onError: options.onError ?? console.error,
    makeCaller: (startNested) =>
      createServiceCaller({ integrations: options.integrations, roleOf, startNested }),
  });
  for (const [arn, frames] of running) await executions.takeUp(executions.find(arn), frames);

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
      }),
      ...tokenOperations(executions),
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
