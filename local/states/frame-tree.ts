import type { Region, State } from './definition/state-schemas.ts';
import type { LiveExecution } from './execution.ts';
import type { Frame } from './frame.ts';

/** The branches or iterations under a frame, by index. */
export const childrenOf = (execution: LiveExecution, frame: Frame): Frame[] =>
  [...execution.frames.values()]
    .filter(({ parent }) => parent === frame.id)
    .sort((one, other) => one.index - other.index);

const regionOf = (execution: LiveExecution, frame: Frame): Region => {
  let region = execution.machine.root;
  for (const [name, branch] of frame.region) {
    const fork = region.states.get(name);
    const inner = fork?.Type === 'Map' ? fork.processor : undefined;
    const next = fork?.Type === 'Parallel' ? fork.branches[branch] : inner;
    if (next === undefined) throw new Error(`The definition has no region '${name}'.`);
    region = next;
  }
  return region;
};

/** The definition of the frame's current state. */
export const stateOf = (execution: LiveExecution, frame: Frame): State => {
  const state = regionOf(execution, frame).states.get(frame.state);
  if (state === undefined) throw new Error(`The definition has no state '${frame.state}'.`);
  return state;
};

/** Like stateOf, for a frame known to be in a state of that type. */
export const stateOfType = <T extends State['Type']>(
  execution: LiveExecution,
  frame: Frame,
  type: T,
): Extract<State, { Type: T }> => {
  const state = stateOf(execution, frame);
  const isOfType = (candidate: State): candidate is Extract<State, { Type: T }> => candidate.Type === type;
  if (!isOfType(state)) throw new Error(`The state '${frame.state}' is no ${type}.`);
  return state;
};

/** The frame a branch or an iteration belongs to. */
export const parentOf = (execution: LiveExecution, frame: Frame): Frame | undefined =>
  frame.parent === undefined ? undefined : execution.frames.get(frame.parent);
