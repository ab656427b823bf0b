import type { Activity } from './activity.ts';
import { EngineClosing } from './engine-closing.ts';
import type { ExecutionEntry, LiveExecution } from './execution.ts';
import type { Definitions } from './journal/definitions.ts';
import type { Journal } from './journal/journal.ts';
import type { Lane } from './lane.ts';
import { type Beginning, startRecord } from './start.ts';
import type { Store } from './store.ts';
import type { Surroundings } from './turn.ts';

/** Begins executions, never two of one ARN at once. */
export type Beginner = {
  /** Resolves once the beginning is on disk, or with what `known` makes of an execution that has that ARN. */
  begin(beginning: Beginning, known: (entry: ExecutionEntry) => ExecutionEntry): Promise<ExecutionEntry>;
  /** Begins no more; resolves when those under way have begun. */
  close(): Promise<void>;
};

type Deps = {
  store: Store;
  journal: Journal;
  definitions: Definitions;
  surroundings: Surroundings;
  activity: Activity;
  openLane(execution: LiveExecution): Lane;
};

export const createBeginner = (deps: Deps): Beginner => {
  const { store, journal, definitions, surroundings, activity } = deps;
  const starting = new Map<string, Promise<ExecutionEntry>>();
  let isClosing = false;

  const begin = async (beginning: Beginning): Promise<ExecutionEntry> => {
    const { machine, input } = beginning;
    await definitions.keep(machine);
    const record = startRecord(beginning, surroundings.clock.now());
    const entry = store.apply(record, await journal.append(record));
    if (entry === undefined) throw new Error(`The execution ${beginning.arn} has no beginning.`);
    const frames = new Map(record.put.map((frame) => [frame.id, frame]));
    deps.openLane({ entry, machine, input, frames }).resume();
    return entry;
  };

  return {
    async begin(beginning, known) {
      const { arn } = beginning;
      for (let other = starting.get(arn); other !== undefined; other = starting.get(arn)) {
        await other.catch(() => undefined);
      }
      if (isClosing) throw new EngineClosing();
      const existing = store.entries.get(arn);
      if (existing !== undefined) return known(existing);
      activity.enter('turn');
      const begun = begin(beginning).finally(() => {
        starting.delete(arn);
        activity.leave('turn');
      });
      starting.set(arn, begun);
      return begun;
    },
    async close() {
      isClosing = true;
      await Promise.allSettled(starting.values());
    },
  };
};
