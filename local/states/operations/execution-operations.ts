import * as z from 'zod';
import type { Clock } from '../../clock.ts';
import type { JsonOperation } from '../../http/aws-json.ts';
import { ServiceError } from '../../http/service-error.ts';
import type { JsonValue } from '../../json.ts';
import type { Archive } from '../archive.ts';
import type { ExecutionEntry } from '../execution.ts';
import type { Executions } from '../executions.ts';
import { toApiEvent } from '../history.ts';
import type { Outcome } from '../journal/record.ts';
import { redriveStatusOf } from '../redrivable.ts';
import type { Store } from '../store.ts';
import { failureFields, readInput } from './input.ts';
import { pageFields, pageOf } from './page.ts';

type Deps = {
  executions: Executions;
  archive: Archive;
  clock: Clock;
  /** Throws StateMachineDoesNotExist. */
  requireMachine(machineArn: string): void;
  mapRuns: Store['mapRuns'];
};

const arnInput = z.object({ executionArn: z.string() });
const stopInput = arnInput.extend(failureFields);
const startInput = z.object({
  stateMachineArn: z.string(),
  name: z.string().optional(),
  input: z.string().optional(),
});
const listInput = z.object({
  stateMachineArn: z.string().optional(),
  mapRunArn: z.string().optional(),
  statusFilter: z
    .enum(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'])
    .optional(),
  redriveFilter: z.enum(['REDRIVEN', 'NOT_REDRIVEN']).optional(),
  ...pageFields,
});
const historyInput = arnInput.extend({
  reverseOrder: z.boolean().optional(),
  includeExecutionData: z.boolean().optional(),
  ...pageFields,
});

const seconds = (ms: number): number => ms / 1000;

const summaryOf = (entry: ExecutionEntry): Record<string, JsonValue> => ({
  executionArn: entry.arn,
  stateMachineArn: entry.machineArn,
  name: entry.name,
  status: entry.status,
  startDate: seconds(entry.startedAtMs),
  ...(entry.stoppedAtMs === undefined ? {} : { stopDate: seconds(entry.stoppedAtMs) }),
  ...(entry.mapRun === undefined ? {} : { mapRunArn: entry.mapRun.arn }),
  redriveCount: entry.redriveCount,
  ...(entry.redrivenAtMs === undefined ? {} : { redriveDate: seconds(entry.redrivenAtMs) }),
});

const outcomeFields = (outcome: Outcome | undefined): Record<string, JsonValue> => {
  if (outcome === undefined) return {};
  if (outcome.status === 'SUCCEEDED') {
    return { output: JSON.stringify(outcome.output), outputDetails: { included: true } };
  }
  return {
    ...(outcome.error === undefined ? {} : { error: outcome.error }),
    ...(outcome.cause === undefined ? {} : { cause: outcome.cause }),
  };
};

/** StartExecution, StopExecution, RedriveExecution, DescribeExecution, ListExecutions and GetExecutionHistory. */
export const executionOperations = ({
  executions,
  archive,
  clock,
  requireMachine,
  mapRuns,
}: Deps): Record<string, JsonOperation> => {
  const listed = ({ stateMachineArn, mapRunArn }: z.infer<typeof listInput>): ExecutionEntry[] => {
    if (stateMachineArn !== undefined) {
      requireMachine(stateMachineArn);
      return executions.ofMachine(stateMachineArn);
    }
    const run = mapRunArn === undefined ? undefined : mapRuns.get(mapRunArn);
    if (run !== undefined) return [...run.children.values()];
    throw new ServiceError('ResourceNotFound', `Resource not found: '${mapRunArn ?? ''}'`);
  };
  return {
    async StartExecution(given) {
      const { arn, startedAtMs } = await executions.start(readInput(startInput, given));
      return { executionArn: arn, startDate: seconds(startedAtMs) };
    },

    async StopExecution(given) {
      const { executionArn, error, cause } = readInput(stopInput, given);
      const entry = executions.find(executionArn);
      await executions.stop(executionArn, error, cause);
      return { stopDate: seconds(entry.stoppedAtMs ?? clock.now()) };
    },

    async RedriveExecution(given) {
      const entry = await executions.redrive(readInput(arnInput, given).executionArn);
      return { redriveDate: seconds(entry.redrivenAtMs ?? clock.now()) };
    },

    async DescribeExecution(given) {
      const entry = executions.find(readInput(arnInput, given).executionArn);
      const { status, reason } = redriveStatusOf(entry, clock.now());
      const outcome = entry.status === 'RUNNING' ? undefined : await archive.outcome(entry);
      return {
        ...summaryOf(entry),
        input: JSON.stringify(await archive.input(entry)),
        inputDetails: { included: true },
        ...outcomeFields(outcome),
        redriveStatus: status,
        ...(reason === undefined ? {} : { redriveStatusReason: reason }),
      };
    },

    async ListExecutions(given) {
      const input = readInput(listInput, given);
      const matching = listed(input)
        .filter(({ status }) => input.statusFilter === undefined || status === input.statusFilter)
        .filter(
          ({ redriveCount }) =>
            !input.redriveFilter || (input.redriveFilter === 'REDRIVEN') === redriveCount > 0,
        )
        .sort((one, other) => other.startedAtMs - one.startedAtMs);
      const { page, nextToken } = pageOf(matching, input);
      const withItems = (entry: ExecutionEntry) => ({
        ...summaryOf(entry),
        ...(entry.mapRun === undefined ? {} : { itemCount: entry.mapRun.items }),
      });
      return { executions: page.map(withItems), ...(nextToken === undefined ? {} : { nextToken }) };
    },

    async GetExecutionHistory(given) {
      const input = readInput(historyInput, given);
      const events = await archive.history(executions.find(input.executionArn));
      const { page, nextToken } = pageOf(input.reverseOrder ? events.reverse() : events, input);
      return {
        events: page.map((event) => toApiEvent(event, input.includeExecutionData ?? true)),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
  };
};
