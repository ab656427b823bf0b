import type { ExecutionEntry } from './execution.ts';
import type { Frame } from './frame.ts';
import type { MapRun } from './map-run/map-run.ts';

const isStillAwaited = (owner: NonNullable<ExecutionEntry['owner']>, frames: Iterable<Frame>): boolean =>
  [...frames].some(
    ({ status, phase }) =>
      status === 'running' && phase.kind === 'task' && phase.scheduledEventId === owner.scheduledEventId,
  );

/** Tells whether what an execution was started for is over: the task that awaits it, or its map run. */
export const isOrphan = (
  { owner, mapRun }: ExecutionEntry,
  framesOf: (executionArn: string) => ReadonlyMap<string, Frame> | undefined,
  mapRuns: ReadonlyMap<string, MapRun>,
): boolean => {
  if (mapRun !== undefined) return mapRuns.get(mapRun.arn)?.status !== 'RUNNING';
  return owner !== undefined && !isStillAwaited(owner, framesOf(owner.execution)?.values() ?? []);
};
