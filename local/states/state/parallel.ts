import type { ParallelState } from '../definition/state-schemas.ts';
import type { Frame } from '../frame.ts';
import { scopeOf } from '../scope.ts';
import { emit, type Turn } from '../turn.ts';
import { startBranches } from './fork.ts';

export const runParallel = async (turn: Turn, frame: Frame, { Arguments }: ParallelState): Promise<void> => {
  const { evaluator } = turn.surroundings;
  const input =
    Arguments === undefined
      ? frame.input
      : await evaluator.fill(Arguments, 'Arguments', scopeOf(turn, frame));
  emit(turn, frame, 'ParallelStateStarted');
  frame.phase = { kind: 'parallel', input };
  startBranches(turn, frame, input);
};
