import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../http/service-error.ts';
import type { Archive } from './archive.ts';
import type { Machine } from './definition/load-machine.ts';
import { applyToEntry, type ExecutionEntry, type LiveExecution } from './execution.ts';
import type { Frame } from './frame.ts';
import { stateOfType } from './frame-tree.ts';
import type { Definitions } from './journal/definitions.ts';
import { createLane, type Lane, type LaneDeps } from './lane.ts';
import { type NestedStart, nestedOutcome } from './nested.ts';
import { startNested } from './nested-start.ts';
import { redriveStatusOf } from './redrivable.ts';
import { redrive } from './redrive.ts';
import type { TaskOutcome } from './settle.ts';
import { readStart, startRecord } from './start.ts';
import { resourceOf } from './state/task.ts';

export type StartInput = { stateMachineArn: string; name?: string | undefined; input?: string | undefined };

/** Every execution the engine knows: ended ones as entries, running ones with their lanes. */
export type Executions = {
  /** Throws ExecutionDoesNotExist. */
  find(arn: string): ExecutionEntry;
  ofMachine(machineArn: string): ExecutionEntry[];
  laneOf(arn: string): Lane | undefined;
  /** Same name and input as a running execution gives that one; throws ExecutionAlreadyExists and others. */
  start(input: StartInput): Promise<ExecutionEntry>;
  redrive(arn: string): Promise<ExecutionEntry>;
  /** Takes up an execution that the journal leaves running. */
  takeUp(entry: ExecutionEntry, frames: Map<string, Frame>): Promise<void>;
  close(): Promise<void>;
};

type Deps = Pick<LaneDeps, 'journal' | 'surroundings' | 'activity' | 'onError'> & {
  entries: Map<string, ExecutionEntry>;
  machines: ReadonlyMap<string, Machine>;
  definitions: Definitions;
  archive: Archive;
  makeCaller(startNested: (start: NestedStart) => Promise<ExecutionEntry>): LaneDeps['callService'];
};

const executionArn = (machineArn: string, name: string) =>
  `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;

export const createExecutions = (deps: Deps): Executions => {
  const { entries, machines, definitions, archive, journal, surroundings } = deps;
  const lanes = new Map<string, Lane>();
  const starting = new Map<string, Promise<ExecutionEntry>>();
  const watchers = new Map<string, (() => void)[]>();

  let isClosing = false;

  const find = (arn: string): ExecutionEntry => {
    const entry = entries.get(arn);
    if (entry !== undefined) return entry;
    throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  };

  const outcomeOf = async (arn: string, asJson: boolean): Promise<TaskOutcome> => {
    const entry = find(arn);
    const outcome = await archive.outcome(entry);
    if (outcome === undefined) throw new Error(`The execution ${arn} has not ended.`);
    const redriveStatus = redriveStatusOf(entry, surroundings.clock.now());
    return nestedOutcome(entry, await archive.input(entry), outcome, asJson, redriveStatus);
  };

  const awaitExecution: LaneDeps['awaitExecution'] = (execution, frame, awaitedArn, tell) => {
    const resource = resourceOf(stateOfType(execution, frame, 'Task'));
    const asJson = resource.kind === 'service' && resource.pattern === 'sync:2';
    const tellOutcome = () => {
      deps.activity.enter('turn');
      outcomeOf(awaitedArn, asJson)
        .then(tell, deps.onError)
        .finally(() => deps.activity.leave('turn'));
    };
    if (!lanes.has(awaitedArn) && entries.get(awaitedArn)?.status !== 'RUNNING') tellOutcome();
    else watchers.set(awaitedArn, [...(watchers.get(awaitedArn) ?? []), tellOutcome]);
  };

  const onEnd = ({ entry: { arn } }: LiveExecution): void => {
    lanes.delete(arn);
    for (const tell of watchers.get(arn) ?? []) tell();
    watchers.delete(arn);
  };

  const openLane = (execution: LiveExecution): Lane => {
    const lane = createLane(execution, { ...deps, callService, awaitExecution, onEnd });
    lanes.set(execution.entry.arn, lane);
    return lane;
  };

  const begin = async (
    arn: string,
    machineArn: string,
    machine: Machine,
    given: ReturnType<typeof readStart>,
  ) => {
    await definitions.keep(machine);
    const { name, input } = given;
    const role = surroundings.roleOf(machineArn);
    const record = startRecord(arn, machineArn, machine, name, input, role, surroundings.clock.now());
    const entry = applyToEntry(undefined, record, await journal.append(record));
    entries.set(arn, entry);
    const frames = new Map(record.put.map((frame) => [frame.id, frame]));
    openLane({ entry, machine, input, frames }).resume();
    return entry;
  };

  const start = async ({ stateMachineArn, ...given }: StartInput): Promise<ExecutionEntry> => {
    if (isClosing) throw new Error('The engine is closing.');
    const machine = machines.get(stateMachineArn);
    if (machine === undefined) {
      throw new ServiceError(
        'StateMachineDoesNotExist',
        `State Machine Does Not Exist: '${stateMachineArn}'`,
      );
    }
    const read = readStart(given);
    const arn = executionArn(stateMachineArn, read.name);
    for (let other = starting.get(arn); other !== undefined; other = starting.get(arn)) {
      await other.catch(() => undefined);
    }
    const existing = entries.get(arn);
    if (existing !== undefined) {
      const running = lanes.get(arn)?.execution;
      if (running !== undefined && isDeepStrictEqual(running.input, read.input)) return existing;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    }
    deps.activity.enter('turn');
    const begun = begin(arn, stateMachineArn, machine, read).finally(() => {
      starting.delete(arn);
      deps.activity.leave('turn');
    });
    starting.set(arn, begun);
    return begun;
  };
  const findNamed = (machineArn: string, name: string) => entries.get(executionArn(machineArn, name));
  const callService = deps.makeCaller(startNested({ start, findNamed }));

  return {
    find,
    ofMachine: (machineArn) => [...entries.values()].filter((entry) => entry.machineArn === machineArn),
    laneOf: (arn) => lanes.get(arn),
    start,
    async redrive(arn) {
      const entry = find(arn);
      const { status, reason } = redriveStatusOf(entry, surroundings.clock.now());
      if (status === 'NOT_REDRIVABLE' || lanes.has(arn)) {
        throw new ServiceError('ExecutionNotRedrivable', reason ?? 'Execution is being redriven');
      }
      const machine = await definitions.find(entry.definitionHash);
      const frames = await archive.frames(entry);
      const execution = { entry, machine, input: await archive.input(entry), frames };
      if (lanes.has(arn)) throw new ServiceError('ExecutionNotRedrivable', 'Execution is being redriven');
      const lane = openLane(execution);
      await lane.perform(async (turn) => redrive(turn));
      lane.resume();
      return entry;
    },
    async takeUp(entry, frames) {
      const machine = await definitions.find(entry.definitionHash);
      openLane({ entry, machine, input: await archive.input(entry), frames }).resume();
    },
    async close() {
      isClosing = true;
      await Promise.allSettled(starting.values());
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
};
