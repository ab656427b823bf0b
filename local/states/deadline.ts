import { StateFailure } from './failure.ts';
import type { Frame } from './frame.ts';
import { within } from './run.ts';
import { recordTimeout } from './state/task.ts';
import { endWait } from './state/wait.ts';
import { makeRunnable, type Turn } from './turn.ts';

/** When the frame goes on by itself, in epoch milliseconds. */
export const deadlineOf = ({ status, phase }: Frame): number | undefined => {
  if (status !== 'running') return undefined;
  if (phase.kind === 'waiting') return phase.untilMs;
  if (phase.kind === 'retrying') return phase.atMs;
  if (phase.kind !== 'task') return undefined;
  const { timeoutAtMs, heartbeatAtMs } = phase;
  if (timeoutAtMs === undefined) return heartbeatAtMs;
  return heartbeatAtMs === undefined ? timeoutAtMs : Math.min(timeoutAtMs, heartbeatAtMs);
};

const isLate = ({ phase }: Frame, nowMs: number): boolean =>
  phase.kind === 'task' && phase.timeoutAtMs !== undefined && phase.timeoutAtMs <= nowMs;

/** Lets every frame go on whose time has come. Time-outs are all written before the first is acted on. */
export const passDeadlines = async (turn: Turn): Promise<void> => {
  const due = [...turn.execution.frames.values()].filter((frame) => {
    const deadline = deadlineOf(frame);
    return deadline !== undefined && deadline <= turn.nowMs;
  });
  const timedOut = due.filter(({ phase }) => phase.kind === 'task');
  for (const frame of timedOut) recordTimeout(turn, frame);
  for (const frame of timedOut) {
    // The first failure may already have aborted or retried the others.
    if (turn.execution.frames.get(frame.id) !== frame || frame.status !== 'running') continue;
    const source = isLate(frame, turn.nowMs) ? 'task' : 'heartbeat';
    const failure = new StateFailure('States.Timeout', undefined, { source });
    await within(turn, frame, () => Promise.reject(failure));
  }
  for (const frame of due) {
    if (frame.status !== 'running') continue;
    if (frame.phase.kind === 'retrying' && frame.phase.atMs <= turn.nowMs) makeRunnable(turn, frame, true);
    if (frame.phase.kind === 'waiting') await within(turn, frame, () => endWait(turn, frame));
  }
};
