import type { ExecutionEntry } from './execution.ts';
import { historyLimitEvents, redrivableMs } from './limits.ts';

export type RedriveStatus = {
  status: 'REDRIVABLE' | 'REDRIVABLE_BY_MAP_RUN' | 'NOT_REDRIVABLE';
  reason: string | undefined;
};

/** Whether an execution can be redriven, in the words of DescribeExecution. */
export const redriveStatusOf = (entry: ExecutionEntry, nowMs: number): RedriveStatus => {
  const not = (reason: string) => ({ status: 'NOT_REDRIVABLE' as const, reason });
  if (entry.status === 'RUNNING' || entry.status === 'SUCCEEDED') {
    return not(`Execution is ${entry.status} and cannot be redriven`);
  }
  if (nowMs - (entry.stoppedAtMs ?? nowMs) > redrivableMs) {
    return not('Execution ended more than 14 days ago and cannot be redriven');
  }
  if (entry.eventCount >= historyLimitEvents - 1) {
    return not('Execution has reached the history limit and cannot be redriven');
  }
  return {
    status: entry.mapRun === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN',
    reason: undefined,
  };
};
