import type { Retrier } from '../definition/state-fields.ts';
import type { StateFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { stateOf } from '../frame-tree.ts';
import { scopeOf } from '../scope.ts';
import { removeChildren, type Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

const isTimeout = (error: string | undefined) =>
  error === 'States.Timeout' || error === 'States.HeartbeatTimeout';

/**
 * Tells whether an ErrorEquals list names the failure. States.Runtime is never handled; States.TaskFailed covers
 * everything but time-outs; a missed heartbeat is a States.Timeout that has a name of its own too. The wildcards
 * cover States.DataLimitExceeded only where it is a task's result that was too large: so it was recorded on AWS,
 * though the documentation says that they never do.
 */
export const matchesError = (
  errorEquals: readonly string[],
  { error, source }: Pick<StateFailure, 'error' | 'source'>,
): boolean => {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (error === 'States.DataLimitExceeded' && source !== 'task') return false;
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed') return !isTimeout(error);
    return name === 'States.HeartbeatTimeout' && source === 'heartbeat';
  });
};

/** The wait before the attempt after `attempts` failed ones, in milliseconds. */
export const retryDelayMs = (retrier: Retrier, attempts: number, random: () => number): number => {
  const seconds = Math.min(
    retrier.IntervalSeconds * retrier.BackoffRate ** attempts,
    retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY,
  );
  const spread = retrier.JitterStrategy === 'FULL' ? random() : 1;
  return Math.round(seconds * spread * 1000);
};

/** Sets the frame to try its state again, if a Retry matches and has attempts left. */
export const retryState = (turn: Turn, frame: Frame, failure: StateFailure): boolean => {
  const state = stateOf(turn.execution, frame);
  if (!('Retry' in state)) return false;
  const index = state.Retry.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
  const retrier = state.Retry[index];
  const attempts = frame.attempts[index] ?? 0;
  if (retrier === undefined || attempts >= retrier.MaxAttempts) return false;
  removeChildren(turn, frame);
  frame.attempts = state.Retry.map((_, at) => (frame.attempts[at] ?? 0) + (at === index ? 1 : 0));
  frame.phase = { kind: 'retrying', atMs: turn.nowMs + retryDelayMs(retrier, attempts, Math.random) };
  turn.touched.add(frame.id);
  return true;
};

/** Leaves the state by the Catch that matches, if any. Throws StateFailure if the Catch's own fields fail. */
export const catchFailure = async (turn: Turn, frame: Frame, failure: StateFailure): Promise<boolean> => {
  const state = stateOf(turn.execution, frame);
  if (!('Catch' in state)) return false;
  const index = state.Catch.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure));
  const catcher = state.Catch[index];
  if (catcher === undefined) return false;
  const errorOutput = {
    ...(failure.error === undefined ? {} : { Error: failure.error }),
    ...(failure.cause === undefined ? {} : { Cause: failure.cause }),
  };
  const { Output, Assign, Next } = catcher;
  const exit = { type: state.Type, Output, Assign, Next, fieldPrefix: `Catch[${index}]/` };
  await leaveState(turn, frame, exit, errorOutput, scopeOf(turn, frame, { errorOutput }));
  removeChildren(turn, frame);
  return true;
};
