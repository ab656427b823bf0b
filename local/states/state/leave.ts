import type { JsonValue } from '../../json.ts';
import type { Scope } from '../expression/evaluate.ts';
import { dataLimitExceeded } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { isTooLarge } from '../limits.ts';
import { emit, finish, makeRunnable, type Turn } from '../turn.ts';

export type Exit = {
  type: string;
  Output?: JsonValue | undefined;
  Assign?: Record<string, JsonValue> | undefined;
  Next?: string | undefined;
  /** Where Output and Assign stand, such as `Choices[0]/`; '' for the state itself. */
  fieldPrefix?: string;
};

/**
 * Leaves the frame's state: evaluates Output and Assign against the old variables, then goes to Next or
 * ends the frame. Throws StateFailure before anything of it is written.
 */
export const leaveState = async (
  turn: Turn,
  frame: Frame,
  exit: Exit,
  defaultOutput: JsonValue,
  scope: Scope,
): Promise<void> => {
  const { evaluator } = turn.surroundings;
  const prefix = exit.fieldPrefix ?? '';
  const assigned: Record<string, JsonValue> = {};
  for (const [name, template] of Object.entries(exit.Assign ?? {})) {
    assigned[name] = await evaluator.fill(template, `${prefix}Assign/${name}`, scope);
  }
  const output =
    exit.Output === undefined ? defaultOutput : await evaluator.fill(exit.Output, `${prefix}Output`, scope);
  if (isTooLarge(output) || isTooLarge(assigned)) throw dataLimitExceeded(frame.state);

  emit(turn, frame, `${exit.type}StateExited`, {
    name: frame.state,
    output,
    ...(exit.Assign === undefined ? {} : { assignedVariables: assigned }),
  });
  frame.variables = { ...frame.variables, ...assigned };
  if (exit.Next === undefined) {
    finish(turn, frame, output);
    return;
  }
  frame.state = exit.Next;
  frame.input = output;
  makeRunnable(turn, frame);
};
