import { ServiceError } from '../http/service-error.ts';
import type { Activity } from './activity.ts';
import { deadlineOf, passDeadlines } from './deadline.ts';
import { EngineClosing } from './engine-closing.ts';
import type { LiveExecution } from './execution.ts';
import type { Frame, TaskPhase } from './frame.ts';
import { createHoldings, type HoldingDeps } from './holdings.ts';
import type { Journal } from './journal/journal.ts';
import { settleMapRun } from './map-run/settle-map-run.ts';
import { runTurn } from './run.ts';
import { createServiceCalls } from './service-calls.ts';
import { type Act, settleTask, type TaskOutcome } from './settle.ts';
import type { Store } from './store.ts';
import { beginTurn, endExecution, type Surroundings, type Turn, toRecord } from './turn.ts';

export type LaneDeps = HoldingDeps & {
  journal: Journal;
  store: Store;
  surroundings: Surroundings;
  activity: Activity;
  /** Calls the service of a task; resolves with how the call went, never rejects. */
  callService(execution: LiveExecution, frame: Frame, phase: TaskPhase): Promise<TaskOutcome>;
  onEnd(): void;
  onError(error: unknown): void;
};

/** Tells a caller that came too late that the execution has ended. */
export class ExecutionEnded extends Error {
  override readonly name = 'ExecutionEnded';
}

/** The one line of work of a running execution: its turns follow one another, each on disk before its effects. */
export type Lane = {
  readonly execution: LiveExecution;
  /** Runs `act` as a turn; resolves once it is on disk. Rejects with ServiceError or ExecutionEnded if it cannot. */
  perform(act: Act): Promise<void>;
  /** Takes up every frame from where the journal left it. */
  resume(): void;
  /** Lets go of timers; later signals are ignored. Resolves when the turn at work is on disk. */
  close(): Promise<void>;
};

export const createLane = (execution: LiveExecution, deps: LaneDeps): Lane => {
  const { journal, store, surroundings, activity } = deps;
  const { entry, machine, frames } = execution;
  const timers = new Map<string, () => void>();
  let state: 'open' | 'ended' | 'closed' = 'open';
  let cancelTimeout: (() => void) | undefined;
  let tail: Promise<void> = Promise.resolve();

  const commit = async (turn: Turn): Promise<void> => {
    if (turn.events.length === 0 && turn.touched.size === 0) return;
    const record = toRecord(turn);
    store.apply(record, await journal.append(record));
    for (const id of turn.released) holdings.forget(id);
    if (turn.outcome === undefined) {
      for (const id of turn.touched) activate(id);
      return;
    }
    release('ended');
    deps.onEnd();
  };

  const runToRest = async (act: Act, onDisk: () => void): Promise<void> => {
    if (state === 'ended') throw new ExecutionEnded();
    if (state === 'closed') throw new EngineClosing();
    let turn = beginTurn(execution, surroundings);
    await runTurn(turn, () => act(turn));
    await commit(turn);
    onDisk();
    while (turn.outcome === undefined && turn.runnable.length > 0) {
      const next = beginTurn(execution, surroundings);
      next.runnable.push(...turn.runnable);
      await runTurn(next, () => Promise.resolve());
      await commit(next);
      turn = next;
    }
  };

  const perform = (act: Act): Promise<void> => {
    activity.enter('turn');
    return new Promise<void>((resolve, reject) => {
      tail = tail
        .then(() => runToRest(act, resolve))
        .catch((error: unknown) => {
          reject(error);
          const isExpected = error instanceof ServiceError || state !== 'open';
          if (!isExpected) deps.onError(error);
        })
        .finally(() => activity.leave('turn'));
    });
  };

  const signal = (act: Act): void => {
    // What goes wrong has been reported in perform; nobody waits for a signal.
    if (state === 'open') perform(act).catch(() => undefined);
  };

  const settle = ({ id }: Frame, { scheduledEventId }: TaskPhase, outcome: TaskOutcome): void =>
    signal((turn) => settleTask(turn, id, scheduledEventId, outcome));

  const calls = createServiceCalls(
    activity,
    (frame, phase) => deps.callService(execution, frame, phase),
    settle,
  );

  const holdings = createHoldings(execution, deps, settle, ({ id }, phase, outcome) =>
    signal((turn) => settleMapRun(turn, id, phase, outcome)),
  );

  /** Sets going what the frame waits for. It is called again for a frame that changed, so it does nothing twice. */
  const activate = (id: string): void => {
    timers.get(id)?.();
    timers.delete(id);
    const frame = frames.get(id);
    const deadline = frame && deadlineOf(frame);
    if (deadline !== undefined) {
      const cancel = surroundings.clock.setTimer(deadline, () => signal(passDeadlines));
      timers.set(id, cancel);
    }
    const phase = frame?.status === 'running' ? frame.phase : undefined;
    if (frame === undefined || phase?.kind !== 'task') calls.abandon(id);
    else if (!phase.isSubmitted) calls.ensure(frame, phase);
    holdings.look(id, frame, phase);
  };

  const setTimeLimit = (): void => {
    if (machine.timeoutSeconds === undefined || entry.mapRun !== undefined) return;
    const from = entry.redrivenAtMs ?? entry.startedAtMs;
    const limit = from + machine.timeoutSeconds * 1000;
    cancelTimeout = surroundings.clock.setTimer(limit, () =>
      signal(async (turn) => endExecution(turn, 0, 'ExecutionTimedOut', { status: 'TIMED_OUT' })),
    );
  };

  const release = (as: 'ended' | 'closed'): void => {
    state = as;
    cancelTimeout?.();
    calls.abandon();
    for (const cancel of timers.values()) cancel();
    timers.clear();
    if (as === 'ended') holdings.letGoOfAll();
  };

  return {
    execution,
    perform,
    resume() {
      if (state !== 'open') return;
      setTimeLimit();
      for (const id of frames.keys()) activate(id);
      signal(async (turn) => {
        for (const frame of frames.values()) {
          if (frame.status === 'running' && frame.phase.kind === 'ready') turn.runnable.push(frame);
        }
      });
    },
    async close() {
      release('closed');
      await tail;
    },
  };
};
