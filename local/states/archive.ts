import type { JsonValue } from '../json.ts';
import { applyToFrames, type ExecutionEntry } from './execution.ts';
import type { Frame } from './frame.ts';
import type { HistoryEvent } from './history.ts';
import type { Journal } from './journal/journal.ts';
import type { JournalRecord, Outcome } from './journal/record.ts';

/** What is read back from the journal of one execution. */
export type Archive = {
  input(entry: ExecutionEntry): Promise<JsonValue>;
  outcome(entry: ExecutionEntry): Promise<Outcome | undefined>;
  history(entry: ExecutionEntry): Promise<HistoryEvent[]>;
  frames(entry: ExecutionEntry): Promise<Map<string, Frame>>;
};

export const createArchive = (journal: Journal): Archive => {
  const recordAt = async (entry: ExecutionEntry, index: number): Promise<JournalRecord | undefined> => {
    const position = entry.positions.at(index);
    return position === undefined ? undefined : journal.read(position);
  };
  return {
    input: async (entry) => (await recordAt(entry, 0))?.start?.input ?? {},
    outcome: async (entry) => (await recordAt(entry, -1))?.outcome,
    async history(entry) {
      const events: HistoryEvent[] = [];
      for (const position of [...entry.positions]) events.push(...(await journal.read(position)).events);
      return events;
    },
    async frames(entry) {
      const frames = new Map<string, Frame>();
      for (const position of [...entry.positions]) applyToFrames(frames, await journal.read(position));
      return frames;
    },
  };
};
