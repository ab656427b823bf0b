import type { JsonValue } from '../../json.ts';
import type { ExecutionEntry, LiveExecution } from '../execution.ts';
import type { Frame, MapRunPhase } from '../frame.ts';
import { TaskError } from '../integration.ts';
import { distributedConcurrencyLimit } from '../limits.ts';
import { redriveStatusOf } from '../redrivable.ts';
import type { ChildInput } from './child-inputs.ts';
import { childrenIn, isBeyondTolerance, type MapRun } from './map-run.ts';
import { MapRunError } from './map-run-error.ts';
import type { MapRunOutcome } from './settle-map-run.ts';

/** A map run and the frame that is in it. */
export type MapRunPlace = { run: MapRun; execution: LiveExecution; frame: Frame; phase: MapRunPhase };

/** What driving a map run needs of the executions around it. */
export type ChildExecutions = {
  start(place: MapRunPlace, index: number, input: ChildInput): Promise<ExecutionEntry>;
  redrive(arn: string): Promise<ExecutionEntry>;
  /** Resolves once it is aborted, or has ended otherwise. */
  stop(arn: string): Promise<void>;
  /** Calls back when the execution has ended, or at once if it has. */
  whenEnded(arn: string, tell: () => void): void;
};

export type DriveDeps = {
  children: ChildExecutions;
  nowMs(): number;
  prepare(place: MapRunPlace): Promise<void>;
  inputsOf(run: MapRun): (index: number) => Promise<ChildInput>;
  /** What the state gets, after the results are written where they are to be; throws MapRunError. */
  resultOf(place: MapRunPlace): Promise<JsonValue>;
  /** Counts the work as under way, and reports what goes wrong in it. */
  work(work: () => Promise<void>): void;
};

export type MapRunDriver = {
  /** Starts more children, if there is room for more now. */
  refill(): void;
  /** Starts no more; ends those that run unless told to let them be. */
  end(options: { isStopping: boolean }): void;
};

const asMapRunError = (error: unknown): MapRunError => {
  if (error instanceof MapRunError) return error;
  if (error instanceof TaskError) return new MapRunError(error.error, error.cause);
  throw error;
};

const thresholdExceeded = (): MapRunError =>
  new MapRunError(
    'States.ExceedToleratedFailureThreshold',
    'The specified tolerated failure threshold was exceeded',
  );

/** Runs the children of a map run, as many side by side as it may, and tells once how it went. */
export const driveMapRun = (
  place: MapRunPlace,
  deps: DriveDeps,
  tell: (outcome: MapRunOutcome) => void,
): MapRunDriver => {
  const { run, phase } = place;
  const { children, work } = deps;
  const isWriting = phase.destination !== undefined;
  const inputAt = deps.inputsOf(run);
  const active = new Set<number>();
  const queue: number[] = [];
  let queued = 0;
  let failedItems = 0;
  let isOver = false;
  let afterLast: (() => void) | undefined;

  const tellFailed = ({ error, cause }: MapRunError, resultsWritten: boolean): void =>
    tell({ kind: 'failed', error, cause, resultsWritten });

  const stop = (index: number): void => {
    const child = run.children.get(index);
    if (child !== undefined) work(() => children.stop(child.arn));
  };

  /** Starts no more, stops those that run, and goes on when the last of them has ended. */
  const endChildren = (then: () => void): void => {
    isOver = true;
    afterLast = then;
    for (const index of active) stop(index);
    if (active.size === 0) then();
  };

  /** Of a failed run the results are written too; that it failed weighs more than that they could not be. */
  const writesResults = (): Promise<boolean> =>
    deps.resultOf(place).then(
      () => true,
      (error: unknown) => {
        asMapRunError(error);
        return false;
      },
    );

  const fail = (failure: MapRunError): void => {
    if (isOver) return;
    const tellIt = async () => tellFailed(failure, isWriting && run.isPrepared && (await writesResults()));
    endChildren(() => work(tellIt));
  };

  const complete = (): void => {
    isOver = true;
    work(async () => {
      try {
        tell({ kind: 'succeeded', result: await deps.resultOf(place), resultsWritten: isWriting });
      } catch (error) {
        tellFailed(asMapRunError(error), false);
      }
    });
  };

  const countFailure = ({ status, mapRun }: ExecutionEntry): void => {
    if (status === 'FAILED' || status === 'TIMED_OUT') failedItems += mapRun?.items ?? 1;
  };

  const leave = (index: number): void => {
    active.delete(index);
    if (isOver) {
      if (active.size === 0) afterLast?.();
    } else if (isBeyondTolerance(run, failedItems)) fail(thresholdExceeded());
    else fill();
  };

  const watch = (index: number, child: ExecutionEntry): void =>
    children.whenEnded(child.arn, () => {
      countFailure(child);
      leave(index);
    });

  const begin = async (index: number): Promise<void> => {
    try {
      const known = run.children.get(index);
      const child = known ?? (await children.start(place, index, await inputAt(index)));
      if (known !== undefined) await children.redrive(known.arn);
      watch(index, child);
      if (afterLast !== undefined) stop(index);
    } catch (error) {
      fail(asMapRunError(error));
      leave(index);
    }
  };

  const fill = (): void => {
    const limit = Math.min(run.maxConcurrency || distributedConcurrencyLimit, distributedConcurrencyLimit);
    while (!isOver && active.size < limit) {
      const index = queue[queued];
      if (index === undefined) break;
      queued += 1;
      active.add(index);
      work(() => begin(index));
    }
    if (!isOver && active.size === 0) complete();
  };

  const needsRedrive = (child: ExecutionEntry): boolean => {
    const rounds = (child.mapRun?.redrives ?? 0) + child.redriveCount;
    return rounds < run.redriveCount && redriveStatusOf(child, deps.nowMs()).status !== 'NOT_REDRIVABLE';
  };

  const takeUp = (): void => {
    const running: [number, ExecutionEntry][] = [];
    const count = childrenIn(run);
    for (let index = 0; index < count; index += 1) {
      const child = run.children.get(index);
      if (child === undefined) queue.push(index);
      else if (child.status === 'RUNNING') running.push([index, child]);
      else if (child.status !== 'SUCCEEDED' && needsRedrive(child)) queue.push(index);
      else countFailure(child);
    }
    for (const [index] of running) active.add(index);
    for (const [index, child] of running) watch(index, child);
    if (isOver) return;
    if (isBeyondTolerance(run, failedItems)) fail(thresholdExceeded());
    else fill();
  };

  work(async () => {
    try {
      if (!run.isPrepared) await deps.prepare(place);
    } catch (error) {
      return fail(asMapRunError(error));
    }
    if (!isOver) takeUp();
  });

  return {
    refill: () => {
      if (run.isPrepared && !isOver) fill();
    },
    end({ isStopping }) {
      if (isStopping) endChildren(() => undefined);
      else isOver = true;
    },
  };
};
