import type { JsonValue } from '../../json.ts';
import { dataLimitExceeded, StateFailure } from '../failure.ts';
import type { Frame, MapRunPhase } from '../frame.ts';
import { stateOfType } from '../frame-tree.ts';
import { isTooLarge } from '../limits.ts';
import { within } from '../run.ts';
import { scopeOf } from '../scope.ts';
import { leaveState } from '../state/leave.ts';
import { emit, emitAside, type Turn } from '../turn.ts';

/** How a map run went. */
export type MapRunOutcome =
  | { kind: 'succeeded'; result: JsonValue; resultsWritten: boolean }
  | { kind: 'failed'; error: string; cause: string; resultsWritten: boolean };

const complete = async (turn: Turn, frame: Frame, result: JsonValue): Promise<void> => {
  const succeeded = emitAside(turn, frame.lastEventId, 'MapRunSucceeded');
  frame.phase = { kind: 'ready', isReentry: true };
  turn.touched.add(frame.id);
  if (isTooLarge(result)) throw dataLimitExceeded(frame.state);
  emitAside(turn, succeeded, 'MapStateSucceeded');
  const { Type, Output, Assign, Next } = stateOfType(turn.execution, frame, 'Map');
  const scope = scopeOf(turn, frame, { result });
  await leaveState(turn, frame, { type: Type, Output, Assign, Next }, result, scope);
};

/** Goes on with what became of the frame's map run, unless the frame is no longer in it. */
export const settleMapRun = async (
  turn: Turn,
  frameId: string,
  { mapRunArn }: MapRunPhase,
  outcome: MapRunOutcome,
): Promise<void> => {
  const frame = turn.execution.frames.get(frameId);
  if (frame?.status !== 'running' || frame.phase.kind !== 'mapRun') return;
  if (frame.phase.mapRunArn !== mapRunArn) return;
  const { resultsWritten } = outcome;
  await within(turn, frame, async () => {
    const status = outcome.kind === 'succeeded' ? 'SUCCEEDED' : 'FAILED';
    turn.mapRuns.push({ kind: 'ended', arn: mapRunArn, status, resultsWritten });
    if (outcome.kind === 'succeeded') return complete(turn, frame, outcome.result);
    const { error, cause } = outcome;
    emit(turn, frame, 'MapRunFailed', { error, cause });
    throw new StateFailure(error, cause);
  });
};
