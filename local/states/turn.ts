import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import type { Region, State } from './definition/state-schemas.ts';
import type { LiveExecution } from './execution.ts';
import type { Evaluator, Scope } from './expression/evaluate.ts';
import { ExecutionFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import type { HistoryEvent } from './history.ts';
import type { JournalRecord, Outcome } from './journal/record.ts';
import { historyLimitEvents } from './limits.ts';

/** What the states of one engine share. */
export type Surroundings = {
  clock: Clock;
  evaluator: Evaluator;
  region: string;
  /** The role of a state machine, as `$states.context` and the integrations see it. */
  roleOf(machineArn: string): string;
  newToken(executionArn: string, frameId: string): string;
};

/** One atomic step in the making: what it has written so far, and which frames can still go on. */
export type Turn = {
  readonly execution: LiveExecution;
  readonly surroundings: Surroundings;
  readonly nowMs: number;
  readonly events: HistoryEvent[];
  readonly touched: Set<string>;
  readonly runnable: Frame[];
  /** Frames that went through their last state and have still to join what is above them. */
  readonly finished: Frame[];
  lastEventId: number;
  outcome: Outcome | undefined;
  isRedrive: boolean;
};

export const beginTurn = (execution: LiveExecution, surroundings: Surroundings): Turn => ({
  execution,
  surroundings,
  nowMs: surroundings.clock.now(),
  events: [],
  touched: new Set(),
  runnable: [],
  finished: [],
  lastEventId: execution.entry.eventCount,
  outcome: undefined,
  isRedrive: false,
});

/** What the turn changed, as one record of the journal. */
export const toRecord = (turn: Turn): JournalRecord => {
  const frames = [...turn.touched].map((id) => ({ id, frame: turn.execution.frames.get(id) }));
  return {
    execution: turn.execution.entry.arn,
    atMs: turn.nowMs,
    ...(turn.isRedrive ? { redrive: true } : {}),
    events: turn.events,
    put: frames.flatMap(({ frame }) => (frame === undefined ? [] : [frame])),
    removed: frames.flatMap(({ id, frame }) => (frame === undefined ? [id] : [])),
    ...(turn.outcome === undefined ? {} : { outcome: turn.outcome }),
  };
};

const append = (
  turn: Turn,
  type: string,
  previousEventId: number,
  details?: Record<string, JsonValue | undefined>,
): number => {
  const id = turn.lastEventId + 1;
  turn.lastEventId = id;
  const known = Object.entries(details ?? {}).flatMap(([key, value]): [string, JsonValue][] =>
    value === undefined ? [] : [[key, value]],
  );
  turn.events.push({
    id,
    previousEventId,
    type,
    atMs: turn.nowMs,
    ...(details === undefined ? {} : { details: Object.fromEntries(known) }),
  });
  return id;
};

const refuseBeyondLimit = (turn: Turn) => {
  if (turn.lastEventId + 1 >= historyLimitEvents) {
    const cause = `The execution reached the maximum number of history events (${historyLimitEvents}).`;
    throw new ExecutionFailure('States.Runtime', cause);
  }
};

/** Writes an event of a frame and moves the frame's previousEventId on to it; answers the event's id. */
export const emit = (
  turn: Turn,
  frame: Frame,
  type: string,
  details?: Record<string, JsonValue | undefined>,
): number => {
  refuseBeyondLimit(turn);
  frame.lastEventId = append(turn, type, frame.lastEventId, details);
  turn.touched.add(frame.id);
  return frame.lastEventId;
};

/** Writes an event that stands beside the chain of previousEventIds, as AWS's iteration events do. */
export const emitAside = (
  turn: Turn,
  previousEventId: number,
  type: string,
  details?: Record<string, JsonValue | undefined>,
): number => {
  refuseBeyondLimit(turn);
  return append(turn, type, previousEventId, details);
};

/** Writes the execution's last event, for which there is always room. */
export const endExecution = (turn: Turn, previousEventId: number, type: string, outcome: Outcome): void => {
  const details =
    outcome.status === 'SUCCEEDED'
      ? { output: outcome.output }
      : { error: outcome.error, cause: outcome.cause };
  append(turn, type, previousEventId, details);
  turn.outcome = outcome;
};

/** Ends a frame with its output. */
export const finish = (turn: Turn, frame: Frame, output: JsonValue): void => {
  frame.status = 'done';
  frame.output = output;
  turn.touched.add(frame.id);
  turn.finished.push(frame);
};

export const putFrame = (turn: Turn, frame: Frame): void => {
  turn.execution.frames.set(frame.id, frame);
  turn.touched.add(frame.id);
};

/** Gives the frame the state to enter next. */
export const makeRunnable = (turn: Turn, frame: Frame, isReentry = false): void => {
  frame.phase = { kind: 'ready', isReentry };
  turn.touched.add(frame.id);
  turn.runnable.push(frame);
};

/** The branches or iterations under a frame, by index. */
export const childrenOf = (execution: LiveExecution, frame: Frame): Frame[] =>
  [...execution.frames.values()]
    .filter(({ parent }) => parent === frame.id)
    .sort((one, other) => one.index - other.index);

export const removeChildren = (turn: Turn, frame: Frame): void => {
  for (const child of childrenOf(turn.execution, frame)) {
    removeChildren(turn, child);
    turn.execution.frames.delete(child.id);
    turn.touched.add(child.id);
  }
};

const regionOf = (execution: LiveExecution, frame: Frame): Region => {
  let region = execution.machine.root;
  for (const [name, branch] of frame.region) {
    const fork = region.states.get(name);
    const inner = fork?.Type === 'Map' ? fork.processor : undefined;
    const next = fork?.Type === 'Parallel' ? fork.branches[branch] : inner;
    if (next === undefined) throw new Error(`The definition has no region '${name}'.`);
    region = next;
  }
  return region;
};

/** The definition of the frame's current state. */
export const stateOf = (execution: LiveExecution, frame: Frame): State => {
  const state = regionOf(execution, frame).states.get(frame.state);
  if (state === undefined) throw new Error(`The definition has no state '${frame.state}'.`);
  return state;
};

/** Like stateOf, for a frame known to be in a state of that type. */
export const stateOfType = <T extends State['Type']>(
  execution: LiveExecution,
  frame: Frame,
  type: T,
): Extract<State, { Type: T }> => {
  const state = stateOf(execution, frame);
  const isOfType = (candidate: State): candidate is Extract<State, { Type: T }> => candidate.Type === type;
  if (!isOfType(state)) throw new Error(`The state '${frame.state}' is no ${type}.`);
  return state;
};

/** The frame a branch or an iteration belongs to. */
export const parentOf = (execution: LiveExecution, frame: Frame): Frame | undefined =>
  frame.parent === undefined ? undefined : execution.frames.get(frame.parent);

const visibleVariables = (execution: LiveExecution, frame: Frame): Record<string, JsonValue> => {
  const parent = parentOf(execution, frame);
  return parent === undefined
    ? frame.variables
    : { ...visibleVariables(execution, parent), ...frame.variables };
};

const mapItem = (execution: LiveExecution, frame: Frame): { Index: number; Value: JsonValue } | undefined => {
  const parent = parentOf(execution, frame);
  if (parent === undefined) return undefined;
  if (parent.phase.kind !== 'map') return mapItem(execution, parent);
  return { Index: frame.index, Value: parent.phase.items[frame.index] ?? null };
};

const isoTime = (ms: number): string => new Date(ms).toISOString();

/** What the expressions of the frame's state can name. */
export const scopeOf = (
  turn: Turn,
  frame: Frame,
  more: {
    result?: JsonValue;
    errorOutput?: JsonValue;
    token?: string | undefined;
    item?: { Index: number; Value: JsonValue };
  } = {},
): Scope => {
  const { execution, surroundings } = turn;
  const { entry } = execution;
  const item = more.item ?? mapItem(execution, frame);
  const context: Record<string, JsonValue> = {
    Execution: {
      Id: entry.arn,
      Input: execution.input,
      Name: entry.name,
      RoleArn: surroundings.roleOf(entry.machineArn),
      StartTime: isoTime(entry.startedAtMs),
      RedriveCount: entry.redriveCount,
      ...(entry.redrivenAtMs === undefined ? {} : { RedriveTime: isoTime(entry.redrivenAtMs) }),
    },
    StateMachine: { Id: entry.machineArn, Name: entry.machineArn.split(':').at(-1) ?? '' },
    State: {
      Name: frame.state,
      EnteredTime: isoTime(frame.enteredAtMs),
      ...('Retry' in stateOf(execution, frame)
        ? { RetryCount: frame.attempts.reduce((sum, count) => sum + count, 0) }
        : {}),
    },
    ...(more.token === undefined ? {} : { Task: { Token: more.token } }),
    ...(item === undefined ? {} : { Map: { Item: item } }),
  };
  const states: Record<string, JsonValue> = { input: frame.input, context };
  if (more.result !== undefined) states.result = more.result;
  if (more.errorOutput !== undefined) states.errorOutput = more.errorOutput;
  return { states, variables: visibleVariables(execution, frame) };
};
