import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import type { LiveExecution } from './execution.ts';
import type { Evaluator } from './expression/evaluate.ts';
import { ExecutionFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import { childrenOf } from './frame-tree.ts';
import type { HistoryEvent } from './history.ts';
import type { JournalRecord, Outcome } from './journal/record.ts';
import { historyLimitEvents } from './limits.ts';
import type { MapRunChange } from './map-run/map-run-change.ts';

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
  readonly mapRuns: MapRunChange[];
  /** Frames whose task was answered by token: an execution that they awaited goes on by itself. */
  readonly released: Set<string>;
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
  mapRuns: [],
  released: new Set(),
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
    ...(turn.mapRuns.length === 0 ? {} : { mapRuns: turn.mapRuns }),
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

const detailsOfEnd = (outcome: Outcome): Record<string, JsonValue | undefined> => {
  if (outcome.status === 'SUCCEEDED') return { output: outcome.output };
  // Only the event names the time-out: the execution itself is described without an error.
  if (outcome.status === 'TIMED_OUT') return { error: 'States.Timeout' };
  return { error: outcome.error, cause: outcome.cause };
};

/** Writes the execution's last event, for which there is always room. */
export const endExecution = (turn: Turn, previousEventId: number, type: string, outcome: Outcome): void => {
  append(turn, type, previousEventId, detailsOfEnd(outcome));
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

/** Forgets every branch or iteration under a frame. */
export const removeChildren = (turn: Turn, frame: Frame): void => {
  for (const child of childrenOf(turn.execution, frame)) {
    removeChildren(turn, child);
    turn.execution.frames.delete(child.id);
    turn.touched.add(child.id);
  }
};
