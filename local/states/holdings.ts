import type { LiveExecution } from './execution.ts';
import type { Frame, MapRunPhase, TaskPhase } from './frame.ts';
import type { MapRuns } from './map-run/map-runs.ts';
import type { MapRunOutcome } from './map-run/settle-map-run.ts';
import type { TaskOutcome } from './settle.ts';

export type HoldingDeps = {
  /** Tells, once the execution that a task awaits has ended, how that went. */
  awaitExecution(
    execution: LiveExecution,
    frame: Frame,
    awaitedArn: string,
    tell: (outcome: TaskOutcome) => void,
  ): void;
  mapRuns: Pick<MapRuns, 'ensure' | 'abandon'>;
  /** Stops an execution that is awaited no longer, if it still runs. */
  stop(executionArn: string): void;
};

/** What others do for the frames of one execution, at most one thing a frame: awaited executions and map runs. */
export type Holdings = {
  /** Sets going what the frame's phase asks for, unless that is done already; what it had before is let go. */
  look(frameId: string, frame: Frame | undefined, phase: Frame['phase'] | undefined): void;
  /** Forgets what the frame has without ending it. */
  forget(frameId: string): void;
  letGoOfAll(): void;
};

export const createHoldings = (
  execution: LiveExecution,
  { awaitExecution, mapRuns, stop }: HoldingDeps,
  settleTask: (frame: Frame, phase: TaskPhase, outcome: TaskOutcome) => void,
  settleMapRun: (frame: Frame, phase: MapRunPhase, outcome: MapRunOutcome) => void,
): Holdings => {
  const held = new Map<string, { key: string; letGo: () => void }>();

  const letGo = (frameId: string): void => {
    const holding = held.get(frameId);
    held.delete(frameId);
    holding?.letGo();
  };
  const keep = (frameId: string, key: string, begin: () => void, end: () => void): void => {
    if (held.get(frameId)?.key === key) return;
    letGo(frameId);
    held.set(frameId, { key, letGo: end });
    begin();
  };

  return {
    look(frameId, frame, phase) {
      if (frame !== undefined && phase?.kind === 'mapRun') {
        const { mapRunArn } = phase;
        const tell = (outcome: MapRunOutcome) => settleMapRun(frame, phase, outcome);
        const begin = () => mapRuns.ensure(execution, frame, phase, tell);
        keep(frameId, mapRunArn, begin, () => mapRuns.abandon(mapRunArn));
      } else if (frame !== undefined && phase?.kind === 'task' && phase.awaitedExecution !== undefined) {
        const { awaitedExecution } = phase;
        const tell = (outcome: TaskOutcome) => settleTask(frame, phase, outcome);
        const begin = () => awaitExecution(execution, frame, awaitedExecution, tell);
        keep(frameId, awaitedExecution, begin, () => stop(awaitedExecution));
      } else {
        letGo(frameId);
      }
    },
    forget: (frameId) => void held.delete(frameId),
    letGoOfAll() {
      for (const frameId of [...held.keys()]) letGo(frameId);
    },
  };
};
