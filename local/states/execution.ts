import type { JsonValue } from '../json.ts';
import type { Machine } from './definition/load-machine.ts';
import type { Frame } from './frame.ts';
import type { Position } from './journal/journal.ts';
import type { JournalRecord, Outcome } from './journal/record.ts';

type Start = NonNullable<JournalRecord['start']>;

/** What is kept in memory of every execution, ended ones too; the rest is read from the journal. */
export type ExecutionEntry = {
  arn: string;
  name: string;
  machineArn: string;
  definitionHash: string;
  startedAtMs: number;
  status: 'RUNNING' | Outcome['status'];
  stoppedAtMs: number | undefined;
  redriveCount: number;
  redrivenAtMs: number | undefined;
  eventCount: number;
  positions: Position[];
  owner: Start['owner'];
  mapRun: Start['mapRun'];
};

/** What is needed besides while an execution runs. */
export type LiveExecution = {
  entry: ExecutionEntry;
  machine: Machine;
  input: JsonValue;
  frames: Map<string, Frame>;
};

/** Brings an entry up to date with a record of its journal; makes it from the first record. */
export const applyToEntry = (
  entry: ExecutionEntry | undefined,
  record: JournalRecord,
  position: Position,
): ExecutionEntry => {
  const { start, outcome, atMs } = record;
  const known: ExecutionEntry = entry ?? {
    arn: record.execution,
    name: start?.name ?? '',
    machineArn: start?.machineArn ?? '',
    definitionHash: start?.definitionHash ?? '',
    startedAtMs: atMs,
    status: 'RUNNING',
    stoppedAtMs: undefined,
    redriveCount: 0,
    redrivenAtMs: undefined,
    eventCount: 0,
    positions: [],
    owner: start?.owner,
    mapRun: start?.mapRun,
  };
  known.positions.push(position);
  known.eventCount = record.events.at(-1)?.id ?? known.eventCount;
  if (record.redrive) {
    known.redriveCount += 1;
    known.redrivenAtMs = atMs;
    known.status = 'RUNNING';
    known.stoppedAtMs = undefined;
  }
  if (outcome !== undefined) {
    known.status = outcome.status;
    known.stoppedAtMs = atMs;
  }
  return known;
};

/** Brings the frames up to date with a record of their journal. */
export const applyToFrames = (frames: Map<string, Frame>, record: JournalRecord): void => {
  for (const id of record.removed) frames.delete(id);
  for (const frame of record.put) frames.set(frame.id, frame);
};
