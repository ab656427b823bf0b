import { StateFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { parentOf, stateOf } from '../frame-tree.ts';
import { emit, emitAside, endExecution, type Turn } from '../turn.ts';
import { abortFrame, abortOpenState } from './abort.ts';
import { catchFailure, retryState } from './recover.ts';

/** Adds the state's name to an evaluation's failure and writes its event. */
const recordEvaluation = (turn: Turn, frame: Frame, failure: StateFailure): StateFailure => {
  if (failure.evaluation === undefined) return failure;
  const { location, hasBegun } = failure.evaluation;
  const where = `the state '${frame.state}' (entered at the event id #${frame.enteredEventId})`;
  const cause = `An error occurred while executing ${where}. ${failure.cause}`;
  // AWS enters a state and evaluates its fields in one step, so the failure follows what was before the entry.
  if (!hasBegun && frame.lastEventId === frame.enteredEventId) frame.lastEventId = frame.beforeEntryEventId;
  emit(turn, frame, 'EvaluationFailed', { error: failure.error, cause, location, state: frame.state });
  return new StateFailure(failure.error, cause);
};

/** The frame's state has failed: it is retried or caught, or the failure goes up to its fork or its execution. */
export const failState = async (turn: Turn, frame: Frame, failure: StateFailure): Promise<void> => {
  let recorded = recordEvaluation(turn, frame, failure);
  if (retryState(turn, frame, recorded)) return;
  const { Type } = stateOf(turn.execution, frame);
  if (Type === 'Map' || Type === 'Parallel') emit(turn, frame, `${Type}StateFailed`);
  try {
    if (await catchFailure(turn, frame, recorded)) return;
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    recorded = recordEvaluation(turn, frame, error);
  }
  frame.status = 'failed';
  turn.touched.add(frame.id);
  const parent = parentOf(turn.execution, frame);
  if (parent === undefined) {
    const { error, cause } = recorded;
    endExecution(turn, frame.lastEventId, 'ExecutionFailed', { status: 'FAILED', error, cause });
    return;
  }
  if (parent.phase.kind === 'map') {
    emitAside(turn, frame.lastEventId, 'MapIterationFailed', { name: parent.state, index: frame.index });
  }
  if (frame.phase.kind === 'task') abortOpenState(turn, frame, frame.lastEventId);
  for (const sibling of turn.execution.frames.values()) {
    if (sibling.parent === parent.id) abortFrame(turn, sibling, frame.lastEventId);
  }
  parent.lastEventId = frame.lastEventId;
  await failState(turn, parent, recorded);
};
