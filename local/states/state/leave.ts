import type { JsonValue } from '../../json.ts';
import type { Scope } from '../expression/evaluate.ts';
import { dataLimitExceeded, StateFailure } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { isTooLarge, sizeOf, variablesLimitBytes } from '../limits.ts';
import { emit, finish, makeRunnable, type Turn } from '../turn.ts';

export type Exit = {
  type: string;
  Output?: JsonValue | undefined;
  Assign?: Record<string, JsonValue> | undefined;
  Next?: string | undefined;
  /** Where Output and Assign stand, such as `Choices[0]/`; '' for the state itself. */
  fieldPrefix?: string;
};

const sizes = new WeakMap<Record<string, JsonValue>, number>();

const sizeOfVariables = (variables: Record<string, JsonValue>): number => {
  const known = sizes.get(variables);
  if (known !== undefined) return known;
  const size = Object.keys(variables).length === 0 ? 0 : sizeOf(variables);
  sizes.set(variables, size);
  return size;
};

const refuseBeyondLimit = (turn: Turn, frame: Frame, variables: Record<string, JsonValue>): void => {
  let size = sizeOfVariables(variables);
  for (const other of turn.execution.frames.values()) {
    if (other !== frame) size += sizeOfVariables(other.variables);
  }
  if (size <= variablesLimitBytes) return;
  const cause = `The variables of the execution exceed the maximum of ${variablesLimitBytes} bytes.`;
  throw new StateFailure('States.DataLimitExceeded', cause);
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
  const variables = { ...frame.variables, ...assigned };
  if (exit.Assign !== undefined) refuseBeyondLimit(turn, frame, variables);

  emit(turn, frame, `${exit.type}StateExited`, {
    name: frame.state,
    output,
    ...(exit.Assign === undefined ? {} : { assignedVariables: assigned }),
  });
  frame.variables = variables;
  if (exit.Next === undefined) {
    finish(turn, frame, output);
    return;
  }
  frame.state = exit.Next;
  frame.input = output;
  makeRunnable(turn, frame);
};
