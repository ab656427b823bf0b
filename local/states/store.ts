import { applyToEntry, type ExecutionEntry } from './execution.ts';
import type { Position } from './journal/journal.ts';
import type { JournalRecord } from './journal/record.ts';
import { historyKeptMs } from './limits.ts';
import { applyMapRunChange, type MapRun } from './map-run/map-run.ts';

/** All executions and map runs that the journal tells of, ended ones too. */
export type Store = {
  readonly entries: ReadonlyMap<string, ExecutionEntry>;
  readonly mapRuns: ReadonlyMap<string, MapRun>;
  mapRunsOf(executionArn: string): MapRun[];
  /** Takes in a record; undefined if it belongs to an execution whose beginning is gone. */
  apply(record: JournalRecord, position: Position): ExecutionEntry | undefined;
  /** Forgets what ended 90 days ago; answers where in the journal it lies. */
  expire(nowMs: number): Position[];
};

type Ended = { entry: ExecutionEntry; atMs: number };

const isOnlyOfMapRuns = ({ start, events, put, removed }: JournalRecord): boolean =>
  start === undefined && events.length === 0 && put.length === 0 && removed.length === 0;

export const createStore = (): Store => {
  const entries = new Map<string, ExecutionEntry>();
  const mapRuns = new Map<string, MapRun>();
  const runsByExecution = new Map<string, MapRun[]>();
  let ended: Ended[] = [];
  const mapRunsOf = (arn: string): MapRun[] => runsByExecution.get(arn) ?? [];

  const applyToRuns = (record: JournalRecord, position: Position) => {
    const { execution, atMs, start, outcome } = record;
    for (const change of record.mapRuns ?? []) {
      applyMapRunChange(mapRuns, execution, change, atMs, position);
      const run = mapRuns.get(change.arn);
      if (run === undefined) continue;
      if (change.kind === 'started') runsByExecution.set(execution, [...mapRunsOf(execution), run]);
      if (isOnlyOfMapRuns(record)) run.positions.push(position);
    }
    const entry = entries.get(execution);
    if (start?.mapRun !== undefined && entry !== undefined) {
      mapRuns.get(start.mapRun.arn)?.children.set(start.mapRun.index, entry);
    }
    if (outcome === undefined) return;
    for (const run of mapRunsOf(execution)) {
      if (run.status === 'RUNNING') Object.assign(run, { status: 'ABORTED', stoppedAtMs: atMs });
    }
  };

  const forget = (entry: ExecutionEntry): Position[] => {
    const runs = mapRunsOf(entry.arn);
    runsByExecution.delete(entry.arn);
    for (const { arn } of runs) mapRuns.delete(arn);
    if (entry.mapRun !== undefined) mapRuns.get(entry.mapRun.arn)?.children.delete(entry.mapRun.index);
    entries.delete(entry.arn);
    return [...entry.positions, ...runs.flatMap(({ positions }) => positions)];
  };

  return {
    entries,
    mapRuns,
    mapRunsOf,
    apply(record, position) {
      const known = record.start === undefined ? entries.get(record.execution) : undefined;
      if (known === undefined && record.start === undefined) return undefined;
      const entry = isOnlyOfMapRuns(record) ? known : applyToEntry(known, record, position);
      if (entry === undefined) return undefined;
      entries.set(record.execution, entry);
      applyToRuns(record, position);
      if (record.outcome !== undefined) ended.push({ entry, atMs: record.atMs });
      return entry;
    },
    expire(nowMs) {
      const kept = ended.findIndex(({ atMs }) => atMs + historyKeptMs > nowMs);
      const due = kept < 0 ? ended : ended.slice(0, kept);
      if (due.length === 0) return [];
      ended = kept < 0 ? [] : ended.slice(kept);
      // One that was redriven since has a later end, or none yet.
      return due
        .filter(({ entry, atMs }) => entry.stoppedAtMs === atMs && entries.get(entry.arn) === entry)
        .flatMap(({ entry }) => forget(entry));
    },
  };
};
