import type { ExecutionEntry } from '../execution.ts';
import type { Position } from '../journal/journal.ts';
import type { MapRunChange } from './map-run-change.ts';

/** Some inputs of child executions as they lie in the journal. */
type InputChunk = { from: number; count: number; items: number; position: Position };

/** What is kept in memory of every map run. */
export type MapRun = {
  arn: string;
  /** The execution whose Map state it is. */
  executionArn: string;
  /** Of the child executions: the machine's ARN and the state's label. */
  machineArn: string;
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'ABORTED';
  startedAtMs: number;
  stoppedAtMs: number | undefined;
  maxConcurrency: number;
  toleratedFailureCount?: number | undefined;
  toleratedFailurePercentage?: number | undefined;
  redriveCount: number;
  redrivenAtMs: number | undefined;
  resultsWritten: boolean;
  chunks: InputChunk[];
  /** All its items have been read and what the children get is in the journal. */
  isPrepared: boolean;
  /** By place; those that have not been started are missing. */
  children: Map<number, ExecutionEntry>;
  positions: Position[];
};

/** How many child executions a map run has. */
export const childrenIn = ({ chunks }: MapRun): number => chunks.reduce((sum, { count }) => sum + count, 0);

/** Tells whether a map run has failed, if so many of its items have. */
export const isBeyondTolerance = (run: MapRun, failedItems: number): boolean => {
  const { toleratedFailureCount: count, toleratedFailurePercentage: percentage } = run;
  if (count === undefined && percentage === undefined) return failedItems > 0;
  if (count !== undefined && failedItems > count) return true;
  return percentage !== undefined && (failedItems / itemsIn(run)) * 100 > percentage;
};

/** How many items a map run has. */
export const itemsIn = ({ chunks }: MapRun): number => chunks.reduce((sum, { items }) => sum + items, 0);

const startedRun = (
  executionArn: string,
  change: Extract<MapRunChange, { kind: 'started' }>,
  atMs: number,
): MapRun => {
  const { kind: _, ...known } = change;
  return {
    ...known,
    executionArn,
    status: 'RUNNING',
    startedAtMs: atMs,
    stoppedAtMs: undefined,
    redriveCount: 0,
    redrivenAtMs: undefined,
    resultsWritten: false,
    chunks: [],
    isPrepared: false,
    children: new Map(),
    positions: [],
  };
};

const addInputs = (run: MapRun, change: Extract<MapRunChange, { kind: 'inputs' }>, position: Position) => {
  if (change.from === 0) run.chunks = [];
  const items = change.inputs.reduce((sum, input) => sum + input.items, 0);
  run.chunks.push({ from: change.from, count: change.inputs.length, items, position });
  run.isPrepared = change.isLast;
};

/** Brings the map runs up to date with a change of one of them. */
export const applyMapRunChange = (
  mapRuns: Map<string, MapRun>,
  executionArn: string,
  change: MapRunChange,
  atMs: number,
  position: Position,
): void => {
  if (change.kind === 'started') mapRuns.set(change.arn, startedRun(executionArn, change, atMs));
  const run = mapRuns.get(change.arn);
  if (run === undefined) return;
  if (change.kind === 'inputs') addInputs(run, change, position);
  if (change.kind === 'limits') {
    const { kind: _, arn: _arn, ...limits } = change;
    Object.assign(run, limits);
  }
  if (change.kind === 'redriven') {
    run.status = 'RUNNING';
    run.stoppedAtMs = undefined;
    run.redriveCount += 1;
    run.redrivenAtMs = atMs;
  }
  if (change.kind === 'ended') {
    run.status = change.status;
    run.stoppedAtMs = atMs;
    run.resultsWritten = change.resultsWritten;
  }
};
