import type { JsonValue } from '../../json.ts';
import type { Activity } from '../activity.ts';
import type { Archive } from '../archive.ts';
import { EngineClosing } from '../engine-closing.ts';
import type { LiveExecution } from '../execution.ts';
import type { Frame, MapRunPhase } from '../frame.ts';
import { stateOfType } from '../frame-tree.ts';
import type { Journal } from '../journal/journal.ts';
import type { JournalRecord } from '../journal/record.ts';
import type { Store } from '../store.ts';
import type { Surroundings } from '../turn.ts';
import { type ChildExecutions, driveMapRun, type MapRunDriver, type MapRunPlace } from './drive-map-run.ts';
import { prepareMapRun } from './prepare.ts';
import { createInputReader } from './read-inputs.ts';
import { stateResult, writeResults } from './results.ts';
import type { CallService } from './s3-calls.ts';
import type { MapRunOutcome } from './settle-map-run.ts';

/** The map runs under way. */
export type MapRuns = {
  /** Goes on with the map run that a frame is in, unless that is being done already. */
  ensure(
    execution: LiveExecution,
    frame: Frame,
    phase: MapRunPhase,
    tell: (outcome: MapRunOutcome) => void,
  ): void;
  /** Its state has left the map run: what still runs of it is stopped. */
  abandon(mapRunArn: string): void;
  /** Its limits have changed. */
  refill(mapRunArn: string): void;
  close(): Promise<void>;
};

type Deps = {
  store: Store;
  journal: Journal;
  archive: Archive;
  surroundings: Surroundings;
  activity: Activity;
  children: ChildExecutions;
  /** Calls a service as a state of an execution; rejects with TaskError. */
  callAs(
    execution: LiveExecution,
    stateName: string,
    integration: string,
    args: JsonValue,
  ): Promise<JsonValue>;
  onError(error: unknown): void;
};

export const createMapRuns = (deps: Deps): MapRuns => {
  const { store, journal, archive, surroundings, activity } = deps;
  const drivers = new Map<string, MapRunDriver>();
  const underWay = new Set<Promise<void>>();
  const closing = Promise.withResolvers<never>();
  closing.promise.catch(() => undefined);

  const work = (run: () => Promise<void>): void => {
    activity.enter('turn');
    const working = run()
      .catch((error: unknown) => {
        if (!(error instanceof EngineClosing)) deps.onError(error);
      })
      .finally(() => {
        underWay.delete(working);
        activity.leave('turn');
      });
    underWay.add(working);
  };

  /** A called service may take long: meanwhile the engine is at rest but for a task. */
  const calling =
    ({ execution, frame }: MapRunPlace): CallService =>
    async (integration, args) => {
      activity.enter('task');
      activity.leave('turn');
      try {
        return await Promise.race([deps.callAs(execution, frame.state, integration, args), closing.promise]);
      } finally {
        activity.enter('turn');
        activity.leave('task');
      }
    };

  const write = async (record: JournalRecord): Promise<void> => {
    store.apply(record, await journal.append(record));
  };

  const resultOf = async (place: MapRunPlace): Promise<JsonValue> => {
    const { run, execution, frame, phase } = place;
    const { ResultWriter } = stateOfType(execution, frame, 'Map');
    const nowMs = surroundings.clock.now();
    return ResultWriter === undefined || phase.destination === undefined
      ? stateResult(archive, run, ResultWriter, nowMs)
      : writeResults(archive, run, ResultWriter, phase.destination, calling(place), nowMs);
  };

  return {
    ensure(execution, frame, phase, tell) {
      const run = store.mapRuns.get(phase.mapRunArn);
      if (run === undefined || drivers.has(run.arn)) return;
      const place = { run, execution, frame, phase };
      const driver = driveMapRun(
        place,
        {
          children: deps.children,
          nowMs: surroundings.clock.now,
          prepare: () =>
            prepareMapRun(execution, frame, phase, { surroundings, call: calling(place), write }),
          inputsOf: (of) => createInputReader(journal, of),
          resultOf,
          work,
        },
        tell,
      );
      drivers.set(run.arn, driver);
    },
    abandon(mapRunArn) {
      drivers.get(mapRunArn)?.end({ isStopping: true });
      drivers.delete(mapRunArn);
    },
    refill: (mapRunArn) => drivers.get(mapRunArn)?.refill(),
    async close() {
      for (const driver of drivers.values()) driver.end({ isStopping: false });
      closing.reject(new EngineClosing());
      while (underWay.size > 0) await Promise.all(underWay);
    },
  };
};
