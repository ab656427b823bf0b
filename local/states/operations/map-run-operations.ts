import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { JsonOperation } from '../../http/aws-json.ts';
import { ServiceError } from '../../http/service-error.ts';
import type { JsonValue } from '../../json.ts';
import type { ExecutionEntry } from '../execution.ts';
import type { Executions } from '../executions.ts';
import type { Journal } from '../journal/journal.ts';
import { childrenIn, itemsIn, type MapRun } from '../map-run/map-run.ts';
import type { MapRunChange } from '../map-run/map-run-change.ts';
import { redriveStatusOf } from '../redrivable.ts';
import type { Store } from '../store.ts';
import { readInput } from './input.ts';
import { pageFields, pageOf } from './page.ts';

type Deps = { executions: Executions; store: Store; journal: Journal; clock: Clock };

const runInput = z.object({ mapRunArn: z.string() });
const updateInput = runInput.extend({
  maxConcurrency: z.int().min(0).optional(),
  toleratedFailureCount: z.int().min(0).optional(),
  toleratedFailurePercentage: z.number().min(0).max(100).optional(),
});
const listInput = z.object({ executionArn: z.string(), ...pageFields });

const countNames = {
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  ABORTED: 'aborted',
} as const;

const countsOf = (
  run: MapRun,
  total: number,
  sizeOf: (child: ExecutionEntry) => number,
  nowMs: number,
): Record<string, JsonValue> => {
  const counts = { running: 0, succeeded: 0, failed: 0, timedOut: 0, aborted: 0 };
  let started = 0;
  let written = 0;
  let failuresNotRedrivable = 0;
  for (const child of run.children.values()) {
    const size = sizeOf(child);
    started += size;
    counts[child.status === 'RUNNING' ? 'running' : countNames[child.status]] += size;
    if (child.status === 'RUNNING') continue;
    if (run.resultsWritten) written += size;
    const isFinal = redriveStatusOf(child, nowMs).status === 'NOT_REDRIVABLE';
    if (child.status !== 'SUCCEEDED' && isFinal) failuresNotRedrivable += size;
  }
  return {
    pending: total - started,
    ...counts,
    total,
    resultsWritten: written,
    failuresNotRedrivable,
    pendingRedrive: 0,
  };
};

const seconds = (ms: number): number => ms / 1000;

const datesOf = (run: MapRun): Record<string, JsonValue> => ({
  startDate: seconds(run.startedAtMs),
  ...(run.stoppedAtMs === undefined ? {} : { stopDate: seconds(run.stoppedAtMs) }),
});

const describe = (run: MapRun, nowMs: number): Record<string, JsonValue> => ({
  mapRunArn: run.arn,
  executionArn: run.executionArn,
  status: run.status,
  ...datesOf(run),
  maxConcurrency: run.maxConcurrency,
  toleratedFailurePercentage: run.toleratedFailurePercentage ?? 0,
  toleratedFailureCount: run.toleratedFailureCount ?? 0,
  itemCounts: countsOf(run, itemsIn(run), ({ mapRun }) => mapRun?.items ?? 1, nowMs),
  executionCounts: countsOf(run, childrenIn(run), () => 1, nowMs),
  redriveCount: run.redriveCount,
  ...(run.redrivenAtMs === undefined ? {} : { redriveDate: seconds(run.redrivenAtMs) }),
});

/** DescribeMapRun, ListMapRuns and UpdateMapRun. */
export const mapRunOperations = ({
  executions,
  store,
  journal,
  clock,
}: Deps): Record<string, JsonOperation> => {
  const find = (arn: string): MapRun => {
    const run = store.mapRuns.get(arn);
    if (run !== undefined) return run;
    throw new ServiceError('ResourceNotFound', `Resource not found: '${arn}'`);
  };
  return {
    DescribeMapRun: async (given) => describe(find(readInput(runInput, given).mapRunArn), clock.now()),

    async ListMapRuns(given) {
      const input = readInput(listInput, given);
      const entry = executions.find(input.executionArn);
      const runs = store.mapRunsOf(entry.arn).toReversed();
      const { page, nextToken } = pageOf(runs, input);
      const mapRuns = page.map((run) => ({
        executionArn: run.executionArn,
        mapRunArn: run.arn,
        stateMachineArn: entry.machineArn,
        ...datesOf(run),
      }));
      return { mapRuns, ...(nextToken === undefined ? {} : { nextToken }) };
    },

    async UpdateMapRun(given) {
      const { mapRunArn, ...limits } = readInput(updateInput, given);
      const run = find(mapRunArn);
      if (run.status !== 'RUNNING') {
        throw new ServiceError('ValidationException', `The map run ${mapRunArn} is not running.`);
      }
      const change: MapRunChange = { kind: 'limits', arn: mapRunArn, ...limits };
      const nothing = { events: [], put: [], removed: [] };
      const record = { execution: run.executionArn, atMs: clock.now(), ...nothing, mapRuns: [change] };
      store.apply(record, await journal.append(record));
      executions.mapRuns.refill(mapRunArn);
      return {};
    },
  };
};
