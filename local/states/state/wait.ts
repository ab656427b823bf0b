import * as z from 'zod';
import type { WaitState } from '../definition/state-schemas.ts';
import { parseTimestamp } from '../definition/timestamp.ts';
import { queryFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { stateOfType } from '../frame-tree.ts';
import { scopeOf } from '../scope.ts';
import type { Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

const timestampMs = (text: string): number => {
  const ms = parseTimestamp(text);
  if (ms !== undefined) return ms;
  const message = `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${text}`;
  throw queryFailure(message, 'Timestamp', true);
};

const endOf = async (turn: Turn, frame: Frame, { Seconds, Timestamp }: WaitState): Promise<number> => {
  const { evaluator } = turn.surroundings;
  const scope = scopeOf(turn, frame);
  if (Timestamp !== undefined) {
    return timestampMs(await evaluator.fillAs(z.string(), 'string', Timestamp, 'Timestamp', scope));
  }
  const wholeSeconds = z.int().min(0).max(99_999_999);
  const seconds = await evaluator.fillAs(wholeSeconds, 'number', Seconds ?? 0, 'Seconds', scope);
  return turn.nowMs + seconds * 1000;
};

/** Leaves a Wait whose time has come. */
export const endWait = (turn: Turn, frame: Frame): Promise<void> => {
  const { Type, Output, Assign, Next } = stateOfType(turn.execution, frame, 'Wait');
  return leaveState(turn, frame, { type: Type, Output, Assign, Next }, frame.input, scopeOf(turn, frame));
};

export const runWait = async (turn: Turn, frame: Frame, state: WaitState): Promise<void> => {
  const untilMs = await endOf(turn, frame, state);
  if (untilMs <= turn.nowMs) return endWait(turn, frame);
  frame.phase = { kind: 'waiting', untilMs };
  turn.touched.add(frame.id);
};
