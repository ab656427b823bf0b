import type { JsonValue } from '../json.ts';
import type { Frame, TaskPhase } from './frame.ts';
import { within } from './run.ts';
import { completeTask, failTask, recordSubmission } from './state/task.ts';
import type { Turn } from './turn.ts';

/** What a turn does first. */
export type Act = (turn: Turn) => Promise<void>;

/** How a call of a service, a callback or an awaited execution went. */
export type TaskOutcome =
  | { kind: 'succeeded'; result: JsonValue }
  /** The request is taken; the result comes by token, or when the awaited execution ends. */
  | { kind: 'submitted'; output: JsonValue; awaitedExecution: string | undefined }
  | {
      kind: 'failed';
      error: string | undefined;
      cause: string | undefined;
      /** The request was not taken by a service whose answer would have come later. */
      isRefused?: boolean;
    };

/** The frame, if it still waits for exactly this task. */
export const waitingFrame = (
  turn: Turn,
  frameId: string,
  isTheTask: (phase: TaskPhase) => boolean,
): Frame | undefined => {
  const frame = turn.execution.frames.get(frameId);
  const isWaiting = frame?.status === 'running' && frame.phase.kind === 'task' && isTheTask(frame.phase);
  return isWaiting ? frame : undefined;
};

/** Goes on with what became of a frame's task. */
export const applyOutcome = (turn: Turn, frame: Frame, outcome: TaskOutcome): Promise<void> =>
  within(turn, frame, async () => {
    if (outcome.kind === 'failed') return failTask(turn, frame, outcome);
    if (outcome.kind === 'succeeded') return completeTask(turn, frame, outcome.result);
    recordSubmission(turn, frame, outcome.output, outcome.awaitedExecution);
  });

/** Like applyOutcome, unless the frame no longer waits for this task: it timed out, or its token was answered. */
export const settleTask = async (
  turn: Turn,
  frameId: string,
  scheduledEventId: number,
  outcome: TaskOutcome,
): Promise<void> => {
  const frame = waitingFrame(turn, frameId, (phase) => phase.scheduledEventId === scheduledEventId);
  if (frame !== undefined) await applyOutcome(turn, frame, outcome);
};
