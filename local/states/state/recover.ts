import type { Retrier } from '../definition/state-schemas.ts';
import type { StateFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { stateOf } from '../frame-tree.ts';
import { scopeOf } from '../scope.ts';
import { removeChildren, type Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

const isTimeout = (error: string | undefined) =>
  error === 'States.Timeout' || error === 'States.HeartbeatTimeout';

/**
 * Tells whether an ErrorEquals list names the error. States.Runtime is never handled, and no wildcard covers
 * States.DataLimitExceeded; States.TaskFailed covers everything but time-outs.
 */
export const matchesError = (errorEquals: readonly string[], error: string | undefined): boolean => {
  if (error === 'States.Runtime') return false;
  return errorEquals.some((name) => {
    if (name === error) return true;
    if (error === 'States.DataLimitExceeded') return false;
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed') return !isTimeout(error);
    // AWS reports a missed heartbeat as States.Timeout and lets either name handle it.
    return name === 'States.HeartbeatTimeout' && error === 'States.Timeout';
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
  const index = state.Retry.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
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
  const index = state.Catch.findIndex(({ ErrorEquals }) => matchesError(ErrorEquals, failure.error));
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
