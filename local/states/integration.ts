import type { JsonValue } from '../json.ts';

/** For whom a service is called. */
export type TaskContext = {
  executionArn: string;
  stateName: string;
  /** Who calls: the state machine's role ARN, or the machine's ARN where it has none. */
  caller: string;
};

/** A failed task: the error name that Retry and Catch match, and its cause. */
export class TaskError extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = 'TaskError';
    this.error = error;
    this.cause = cause;
  }
}

/** Calls a service for a Task state: resolves with the result, or rejects with TaskError. */
export type Integration = (args: JsonValue, context: TaskContext) => Promise<JsonValue>;
