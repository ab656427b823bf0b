import type { ExecutionEntry } from './execution.ts';
import { historyLimitEvents, redrivableMs } from './limits.ts';

/** Whether an execution can be redriven, in the words of DescribeExecution. */
export const redriveStatusOf = (
  entry: ExecutionEntry,
  nowMs: number,
): { status: 'REDRIVABLE' | 'NOT_REDRIVABLE'; reason: string | undefined } => {
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
  return { status: 'REDRIVABLE', reason: undefined };
};
