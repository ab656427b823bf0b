import type { Frame } from './frame.ts';
import { childrenOf } from './frame-tree.ts';
import { startIterations } from './state/fork.ts';
import { emitAside, makeRunnable, type Turn } from './turn.ts';

const restart = (turn: Turn, frame: Frame, redrivenEventId: number): void => {
  turn.touched.add(frame.id);
  if (frame.status === 'done') return;
  frame.status = 'running';
  frame.lastEventId = redrivenEventId;
  frame.attempts = [];
  const { phase } = frame;
  const children = childrenOf(turn.execution, frame);
  if (children.length > 0) {
    for (const child of children) restart(turn, child, redrivenEventId);
    startIterations(turn, frame, children.length, redrivenEventId);
  } else if (phase.kind !== 'waiting') {
    makeRunnable(turn, frame, phase.kind !== 'ready' || phase.isReentry);
  }
};

/** Runs again what did not succeed of an ended execution: only failed or stopped branches and iterations. */
export const redrive = (turn: Turn): void => {
  const redriveCount = turn.execution.entry.redriveCount + 1;
  const root = turn.execution.frames.get('');
  const id = emitAside(turn, turn.lastEventId, 'ExecutionRedriven', { redriveCount });
  if (root !== undefined) restart(turn, root, id);
  turn.isRedrive = true;
  // The states run in a later turn, which sees the execution as redriven.
  turn.runnable.length = 0;
};
