import { ExecutionFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import { childrenOf, stateOf } from './frame-tree.ts';
import { mapRunRedriveLimit } from './limits.ts';
import { startIterations } from './state/fork.ts';
import { emit, emitAside, makeRunnable, type Turn } from './turn.ts';

type RedriveCountOf = (mapRunArn: string) => number;

const restart = (turn: Turn, frame: Frame, redrivenEventId: number, redriveCountOf: RedriveCountOf): void => {
  turn.touched.add(frame.id);
  if (frame.status === 'done') return;
  frame.status = 'running';
  frame.lastEventId = redrivenEventId;
  frame.attempts = [];
  const { phase } = frame;
  const children = childrenOf(turn.execution, frame);
  if (children.length > 0) {
    for (const child of children) restart(turn, child, redrivenEventId, redriveCountOf);
    startIterations(turn, frame, children.length, redrivenEventId);
  } else if (phase.kind === 'mapRun') {
    const { mapRunArn } = phase;
    const redriveCount = redriveCountOf(mapRunArn) + 1;
    if (redriveCount > mapRunRedriveLimit) {
      const cause = `The Map Run reached the maximum number of redrives (${mapRunRedriveLimit}).`;
      throw new ExecutionFailure('States.Runtime', cause);
    }
    emit(turn, frame, 'MapRunRedriven', { mapRunArn, redriveCount });
    turn.mapRuns.push({ kind: 'redriven', arn: mapRunArn });
  } else if (phase.kind !== 'waiting') {
    const isEntered = phase.kind !== 'ready' || phase.isReentry;
    // A Fail is entered again, all others go on in their state.
    makeRunnable(turn, frame, isEntered && stateOf(turn.execution, frame).Type !== 'Fail');
  }
};

/** Runs again what did not succeed of an ended execution: only failed or stopped branches and iterations. */
export const redrive = (turn: Turn, redriveCountOf: RedriveCountOf): void => {
  const redriveCount = turn.execution.entry.redriveCount + 1;
  const root = turn.execution.frames.get('');
  turn.isRedrive = true;
  const id = emitAside(turn, turn.lastEventId, 'ExecutionRedriven', { redriveCount });
  if (root !== undefined) restart(turn, root, id, redriveCountOf);
  // The states run in a later turn, which sees the execution as redriven.
  turn.runnable.length = 0;
};
