import type { JsonValue } from '../../json.ts';
import { dataLimitExceeded } from '../failure.ts';
import type { Frame } from '../frame.ts';
import { childrenOf, stateOf } from '../frame-tree.ts';
import { isTooLarge } from '../limits.ts';
import { scopeOf } from '../scope.ts';
import { emitAside, makeRunnable, putFrame, removeChildren, type Turn } from '../turn.ts';
import { leaveState } from './leave.ts';

const newChild = (
  turn: Turn,
  parent: Frame,
  index: number,
  branch: number,
  startAt: string,
  input: JsonValue,
  lastEventId: number,
): Frame => ({
  id: `${parent.id}/${index}`,
  parent: parent.id,
  index,
  region: [...parent.region, [parent.state, branch]],
  status: 'running',
  state: startAt,
  input,
  variables: {},
  phase: { kind: 'ready', isReentry: false },
  lastEventId,
  enteredEventId: lastEventId,
  beforeEntryEventId: lastEventId,
  enteredAtMs: turn.nowMs,
  attempts: [],
});

/** Starts the iterations from index `from` on that the Map's concurrency has room for. */
export const startIterations = (turn: Turn, parent: Frame, from: number, previousEventId: number): void => {
  const { phase } = parent;
  const state = stateOf(turn.execution, parent);
  if (phase.kind !== 'map' || state.Type !== 'Map') return;
  const running = childrenOf(turn.execution, parent).filter(({ status }) => status === 'running').length;
  const until = Math.min(phase.items.length, from + phase.concurrency - running);
  for (let index = from; index < until; index += 1) {
    const input = (phase.inputs ?? phase.items)[index] ?? null;
    const started = emitAside(turn, previousEventId, 'MapIterationStarted', { name: parent.state, index });
    const child = newChild(turn, parent, index, 0, state.processor.startAt, input, started);
    putFrame(turn, child);
    makeRunnable(turn, child);
  }
};

/** Starts every branch of a Parallel. */
export const startBranches = (turn: Turn, parent: Frame, input: JsonValue): void => {
  const state = stateOf(turn.execution, parent);
  if (state.Type !== 'Parallel') return;
  for (const [index, branch] of state.branches.entries()) {
    const child = newChild(turn, parent, index, index, branch.startAt, input, parent.lastEventId);
    putFrame(turn, child);
    makeRunnable(turn, child);
  }
};

/** Leaves a fork whose parts are all done; throws StateFailure if its own Output or Assign fails. */
export const completeFork = async (turn: Turn, parent: Frame, outputs: JsonValue[]): Promise<void> => {
  const state = stateOf(turn.execution, parent);
  if (state.Type !== 'Map' && state.Type !== 'Parallel') return;
  removeChildren(turn, parent);
  parent.phase = { kind: 'ready', isReentry: true };
  turn.touched.add(parent.id);
  if (isTooLarge(outputs)) throw dataLimitExceeded(parent.state);
  emitAside(turn, parent.lastEventId, `${state.Type}StateSucceeded`);
  const { Output, Assign, Next } = state;
  const scope = scopeOf(turn, parent, { result: outputs });
  await leaveState(turn, parent, { type: state.Type, Output, Assign, Next }, outputs, scope);
};

/** Takes in a part that is done: starts the iterations it made room for, or completes the fork. */
export const joinFork = async (turn: Turn, parent: Frame, child: Frame): Promise<void> => {
  const { phase } = parent;
  const lastEventId =
    phase.kind === 'map'
      ? emitAside(turn, child.lastEventId, 'MapIterationSucceeded', {
          name: parent.state,
          index: child.index,
        })
      : child.lastEventId;
  const children = childrenOf(turn.execution, parent);
  if (phase.kind === 'map' && children.length < phase.items.length) {
    startIterations(turn, parent, children.length, child.lastEventId);
    return;
  }
  // Parts that end at one moment join one after another, and only the last completes the fork.
  if (children.some((part) => part.status !== 'done' || turn.finished.includes(part))) return;
  parent.lastEventId = lastEventId;
  const outputs = children.map(({ output }) => output ?? null);
  await completeFork(turn, parent, outputs);
};
