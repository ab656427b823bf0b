import type { PassState } from '../definition/state-schemas.ts';
import type { Frame } from '../frame.ts';
import { scopeOf } from '../scope.ts';
import type { Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

export const runPass = (turn: Turn, frame: Frame, { Type, Output, Assign, Next }: PassState): Promise<void> =>
  leaveState(turn, frame, { type: Type, Output, Assign, Next }, frame.input, scopeOf(turn, frame));
