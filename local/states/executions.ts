import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../http/service-error.ts';
import type { Archive } from './archive.ts';
import { createBeginner } from './beginner.ts';
import type { Machine } from './definition/load-machine.ts';
import { createEndings } from './endings.ts';
import type { ExecutionEntry, LiveExecution } from './execution.ts';
import type { Frame } from './frame.ts';
import { stateOfType } from './frame-tree.ts';
import type { Definitions } from './journal/definitions.ts';
import type { Outcome } from './journal/record.ts';
import { createLane, ExecutionEnded, type Lane, type LaneDeps } from './lane.ts';
import { executionArn } from './map-run/arns.ts';
import { childBeginning } from './map-run/child-beginning.ts';
import type { MapRunPlace } from './map-run/drive-map-run.ts';
import { createMapRuns, type MapRuns } from './map-run/map-runs.ts';
import { type NestedStart, nestedOutcome } from './nested.ts';
import { startNested } from './nested-start.ts';
import { isOrphan } from './orphan.ts';
import { redriveStatusOf } from './redrivable.ts';
import { redrive } from './redrive.ts';
import type { TaskOutcome } from './settle.ts';
import { readStart } from './start.ts';
import { resourceOf } from './state/task.ts';
import type { Store } from './store.ts';
import { endExecution } from './turn.ts';

export type StartInput = {
  stateMachineArn: string;
  name?: string | undefined;
  input?: string | undefined;
  owner?: NestedStart['owner'];
};

/** Every execution the engine knows: ended ones as entries, running ones with their lanes. */
export type Executions = {
  /** Throws ExecutionDoesNotExist. */
  find(arn: string): ExecutionEntry;
  ofMachine(machineArn: string): ExecutionEntry[];
  laneOf(arn: string): Lane | undefined;
  /** Same name and input as a running execution gives that one; throws ExecutionAlreadyExists and others. */
  start(input: StartInput): Promise<ExecutionEntry>;
  /** Aborts the execution, unless it has ended. */
  stop(arn: string, error?: string, cause?: string): Promise<void>;
  redrive(arn: string): Promise<ExecutionEntry>;
  readonly mapRuns: MapRuns;
  /** Takes up an execution that the journal leaves running. */
  takeUp(entry: ExecutionEntry, frames: Map<string, Frame>): Promise<void>;
  /** Ends what was awaited by, or part of, something that a crash found ended. */
  stopOrphans(): Promise<void>;
  /** Lets go of what ended long ago. */
  expire(): void;
  close(): Promise<void>;
};

type Deps = Pick<LaneDeps, 'journal' | 'surroundings' | 'activity' | 'onError'> & {
  store: Store;
  machines: ReadonlyMap<string, Machine>;
  definitions: Definitions;
  archive: Archive;
  callAs: Parameters<typeof createMapRuns>[0]['callAs'];
  /** Lets a child of a map run be started, or fails with TaskError. */
  admitChild<Answer>(place: MapRunPlace, name: string, perform: () => Promise<Answer>): Promise<Answer>;
  makeCaller(startNested: (start: NestedStart) => Promise<ExecutionEntry>): LaneDeps['callService'];
};

export const createExecutions = (deps: Deps): Executions => {
  const { store, machines, definitions, archive, journal, surroundings } = deps;
  const lanes = new Map<string, Lane>();
  const endings = createEndings();

  const expire = (): void => {
    const gone = store.expire(surroundings.clock.now());
    if (gone.length > 0) journal.forget(gone).catch(deps.onError);
  };

  const find = (arn: string): ExecutionEntry => {
    expire();
    const entry = store.entries.get(arn);
    if (entry !== undefined) return entry;
    throw new ServiceError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
  };

  const whenEnded = (arn: string, tell: () => void): void => {
    if (!lanes.has(arn) && store.entries.get(arn)?.status !== 'RUNNING') tell();
    else endings.watch(arn, tell);
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
    whenEnded(awaitedArn, () => {
      deps.activity.enter('turn');
      outcomeOf(awaitedArn, asJson)
        .then(tell, deps.onError)
        .finally(() => deps.activity.leave('turn'));
    });
  };

  const stop = async (arn: string, error?: string, cause?: string): Promise<void> => {
    const outcome: Outcome = { status: 'ABORTED', error, cause };
    try {
      await lanes.get(arn)?.perform(async (turn) => endExecution(turn, 0, 'ExecutionAborted', outcome));
    } catch (reason) {
      // It ended by itself a moment before: there is nothing left to stop.
      if (!(reason instanceof ExecutionEnded)) throw reason;
    }
  };

  const openLane = (execution: LiveExecution): Lane => {
    const { arn } = execution.entry;
    const lane = createLane(execution, {
      ...deps,
      callService,
      awaitExecution,
      mapRuns,
      // Nobody waits for it to end; what goes wrong has been reported.
      stop: (other) => void stop(other).catch(() => undefined),
      onEnd: () => {
        lanes.delete(arn);
        endings.ended(arn);
      },
    });
    lanes.set(arn, lane);
    return lane;
  };

  const beginner = createBeginner({ ...deps, openLane });

  const start = async ({ stateMachineArn, owner, ...given }: StartInput): Promise<ExecutionEntry> => {
    expire();
    const machine = machines.get(stateMachineArn);
    if (machine === undefined) {
      throw new ServiceError(
        'StateMachineDoesNotExist',
        `State Machine Does Not Exist: '${stateMachineArn}'`,
      );
    }
    const { name, input } = readStart(given);
    const arn = executionArn(stateMachineArn, name);
    const roleArn = surroundings.roleOf(stateMachineArn);
    const beginning = { arn, machineArn: stateMachineArn, machine, roleArn, name, input, owner };
    return beginner.begin(beginning, (existing) => {
      const running = lanes.get(arn)?.execution;
      if (running !== undefined && isDeepStrictEqual(running.input, input)) return existing;
      throw new ServiceError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
    });
  };

  const redriveExecution = async (arn: string): Promise<ExecutionEntry> => {
    const entry = find(arn);
    const machine = await definitions.find(entry.definitionHash);
    const frames = await archive.frames(entry);
    const execution = { entry, machine, input: await archive.input(entry), frames };
    if (lanes.has(arn)) throw new ServiceError('ExecutionNotRedrivable', 'Execution is being redriven');
    const lane = openLane(execution);
    await lane.perform(async (turn) =>
      redrive(turn, (mapRunArn) => store.mapRuns.get(mapRunArn)?.redriveCount ?? 0),
    );
    lane.resume();
    return entry;
  };

  const mapRuns = createMapRuns({
    ...deps,
    children: {
      start(place, index, input) {
        const beginning = childBeginning(place, index, input, surroundings.roleOf);
        const begin = () => beginner.begin(beginning, (known) => known);
        return deps.admitChild(place, beginning.name, begin);
      },
      redrive: redriveExecution,
      stop,
      whenEnded,
    },
  });
  const findNamed = (machineArn: string, name: string) => store.entries.get(executionArn(machineArn, name));
  const callService = deps.makeCaller(startNested({ start, findNamed }));

  return {
    find,
    ofMachine(machineArn) {
      expire();
      return [...store.entries.values()].filter((entry) => entry.machineArn === machineArn);
    },
    laneOf: (arn) => lanes.get(arn),
    start,
    stop,
    async redrive(arn) {
      const { status, reason } = redriveStatusOf(find(arn), surroundings.clock.now());
      if (status !== 'REDRIVABLE' || lanes.has(arn)) {
        throw new ServiceError(
          'ExecutionNotRedrivable',
          reason ?? 'Execution is being redriven, or by its Map Run only',
        );
      }
      return redriveExecution(arn);
    },
    mapRuns,
    async takeUp(entry, frames) {
      const machine = await definitions.find(entry.definitionHash);
      openLane({ entry, machine, input: await archive.input(entry), frames }).resume();
    },
    async stopOrphans() {
      const running = [...lanes.values()].map(({ execution }) => execution);
      const framesOf = (arn: string) => lanes.get(arn)?.execution.frames;
      const orphans = running.filter(({ entry }) => isOrphan(entry, framesOf, store.mapRuns));
      for (const { entry } of orphans) await stop(entry.arn);
    },
    expire,
    async close() {
      const begun = beginner.close();
      await mapRuns.close();
      await begun;
      await Promise.all([...lanes.values()].map((lane) => lane.close()));
    },
  };
};
