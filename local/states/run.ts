import { ServiceError } from '../http/service-error.ts';
import { ExecutionFailure, StateFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import { parentOf, stateOf } from './frame-tree.ts';
import { runChoice } from './state/choice.ts';
import { runFail } from './state/fail.ts';
import { failState } from './state/fail-state.ts';
import { joinFork } from './state/fork.ts';
import { runMap } from './state/map.ts';
import { runParallel } from './state/parallel.ts';
import { runPass } from './state/pass.ts';
import { runSucceed } from './state/succeed.ts';
import { runTask } from './state/task.ts';
import { runWait } from './state/wait.ts';
import { emit, endExecution, type Turn } from './turn.ts';

/** Events after which a turn is written down even if the execution could go on. */
const turnLimitEvents = 200;

const runState = (turn: Turn, frame: Frame): Promise<void> => {
  const state = stateOf(turn.execution, frame);
  switch (state.Type) {
    case 'Pass':
      return runPass(turn, frame, state);
    case 'Task':
      return runTask(turn, frame, state);
    case 'Choice':
      return runChoice(turn, frame, state);
    case 'Wait':
      return runWait(turn, frame, state);
    case 'Succeed':
      return runSucceed(turn, frame, state);
    case 'Fail':
      return runFail(turn, frame, state);
    case 'Parallel':
      return runParallel(turn, frame, state);
    case 'Map':
      return runMap(turn, frame, state);
    default:
      return state satisfies never;
  }
};

const enter = async (turn: Turn, frame: Frame): Promise<void> => {
  if (frame.phase.kind === 'ready' && !frame.phase.isReentry) {
    const { Type } = stateOf(turn.execution, frame);
    frame.beforeEntryEventId = frame.lastEventId;
    frame.enteredEventId = emit(turn, frame, `${Type}StateEntered`, {
      name: frame.state,
      input: frame.input,
    });
    frame.enteredAtMs = turn.nowMs;
    frame.attempts = [];
    frame.phase = { kind: 'ready', isReentry: true };
  }
  await runState(turn, frame);
};

/** Does something in a frame's state; what fails there is the state's failure. */
export const within = async (turn: Turn, frame: Frame, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof StateFailure)) throw error;
    await failState(turn, frame, error);
  }
};

const join = async (turn: Turn, frame: Frame): Promise<void> => {
  // Where another part has failed at the same moment there may be nothing left to join.
  const isCurrent = turn.execution.frames.get(frame.id) === frame && frame.status === 'done';
  const parent = parentOf(turn.execution, frame);
  if (!isCurrent || (parent !== undefined && parent.status !== 'running')) return;
  if (parent !== undefined) return within(turn, parent, () => joinFork(turn, parent, frame));
  const output = frame.output ?? null;
  endExecution(turn, frame.lastEventId, 'ExecutionSucceeded', { status: 'SUCCEEDED', output });
};

const step = async (turn: Turn): Promise<boolean> => {
  const finished = turn.finished.shift();
  if (finished !== undefined) {
    await join(turn, finished);
    return true;
  }
  const frame = turn.runnable.shift();
  if (frame === undefined) return false;
  const isCurrent = turn.execution.frames.get(frame.id) === frame && frame.status === 'running';
  if (isCurrent && frame.phase.kind === 'ready') await within(turn, frame, () => enter(turn, frame));
  return true;
};

/**
 * Runs `act`, then every frame that can go on, until all wait, the execution ends or the turn is long enough
 * to be written down; what can still go on then stays in `turn.runnable`. A ServiceError, by which `act` refuses
 * before it has changed anything, is thrown on.
 */
export const runTurn = async (turn: Turn, act: () => Promise<void>): Promise<void> => {
  try {
    await act();
    while (turn.outcome === undefined) {
      if (turn.finished.length === 0 && turn.events.length >= turnLimitEvents) return;
      if (!(await step(turn))) return;
    }
  } catch (error) {
    if (error instanceof ServiceError) throw error;
    const failure =
      error instanceof ExecutionFailure ? error : new ExecutionFailure('States.Runtime', String(error));
    const { error: name, cause, previousEventId = turn.lastEventId } = failure;
    endExecution(turn, previousEventId, 'ExecutionFailed', { status: 'FAILED', error: name, cause });
  }
};
