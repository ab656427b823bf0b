import type { Frame } from '../frame.ts';
import { childrenOf, parentOf, stateOf } from '../frame-tree.ts';
import { emitAside, type Turn } from '../turn.ts';

const abortable = new Set(['Task', 'Wait', 'Map', 'Parallel']);

/** Writes the abort of the state a frame is in, its branches first. */
export const abortOpenState = (turn: Turn, frame: Frame, previousEventId: number): void => {
  const { Type } = stateOf(turn.execution, frame);
  for (const child of childrenOf(turn.execution, frame)) abortFrame(turn, child, previousEventId);
  if (frame.phase.kind === 'mapRun') {
    emitAside(turn, previousEventId, 'MapRunAborted');
    const ended = { kind: 'ended' as const, status: 'ABORTED' as const, resultsWritten: false };
    turn.mapRuns.push({ ...ended, arn: frame.phase.mapRunArn });
  }
  const isEntered = frame.phase.kind !== 'ready';
  if (isEntered && abortable.has(Type)) emitAside(turn, previousEventId, `${Type}StateAborted`);
};

/** Stops a running branch or iteration; it does nothing to one that has ended. */
export const abortFrame = (turn: Turn, frame: Frame, previousEventId: number): void => {
  if (frame.status !== 'running') return;
  const parent = parentOf(turn.execution, frame);
  if (parent?.phase.kind === 'map') {
    const { index } = frame;
    emitAside(turn, previousEventId, 'MapIterationAborted', { name: parent.state, index });
  }
  abortOpenState(turn, frame, previousEventId);
  frame.status = 'aborted';
  turn.touched.add(frame.id);
};
