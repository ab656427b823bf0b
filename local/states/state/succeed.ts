import type { SucceedState } from '../definition/state-schemas.ts';
import type { Frame } from '../frame.ts';
import { scopeOf } from '../scope.ts';
import type { Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

export const runSucceed = (turn: Turn, frame: Frame, { Type, Output }: SucceedState): Promise<void> =>
  leaveState(turn, frame, { type: Type, Output }, frame.input, scopeOf(turn, frame));
