import * as z from 'zod';
import type { FailState } from '../definition/state-schemas.ts';
import { StateFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { scopeOf } from '../scope.ts';
import type { Turn } from '../turn.ts';

/** Always throws: the failure it stands for, or that of its own expressions. */
export const runFail = async (
  turn: Turn,
  frame: Frame,
  { Error: error, Cause }: FailState,
): Promise<never> => {
  const { evaluator } = turn.surroundings;
  const scope = scopeOf(turn, frame);
  const text = async (template: string | undefined, field: string) =>
    template === undefined ? undefined : evaluator.fillAs(z.string(), 'string', template, field, scope);
  throw new StateFailure(await text(error, 'Error'), await text(Cause, 'Cause'));
};
