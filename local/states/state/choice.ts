import * as z from 'zod';
import type { ChoiceState } from '../definition/state-schemas.ts';
import { ExecutionFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { scopeOf } from '../scope.ts';
import type { Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

/** Takes the first rule that holds, with the rule's Output and Assign; or the Default, with the state's. */
export const runChoice = async (turn: Turn, frame: Frame, state: ChoiceState): Promise<void> => {
  const { evaluator } = turn.surroundings;
  const scope = scopeOf(turn, frame);
  const type = state.Type;
  for (const [index, { Condition, Output, Assign, Next }] of state.Choices.entries()) {
    const field = `Choices[${index}]/Condition`;
    if (!(await evaluator.fillAs(z.boolean(), 'boolean', Condition, field, scope))) continue;
    const exit = { type, Output, Assign, Next, fieldPrefix: `Choices[${index}]/` };
    return leaveState(turn, frame, exit, frame.input, scope);
  }
  const { Output, Assign, Default } = state;
  if (Default === undefined) {
    const where = `the state '${frame.state}' (entered at the event id #${frame.enteredEventId})`;
    const cause =
      `An error occurred while executing ${where}. ` +
      'Failed to transition out of the state. The state does not point to a next state.';
    // The documentation calls it States.NoChoiceMatched; AWS ends the execution with States.Runtime.
    throw new ExecutionFailure('States.Runtime', cause, frame.beforeEntryEventId);
  }
  return leaveState(turn, frame, { type, Output, Assign, Next: Default }, frame.input, scope);
};
