/** Where an evaluation failed: the field, if one is to blame, and whether the state had already begun. */
type Evaluation = { location: string | undefined; hasBegun: boolean };

/** Who tells of a failure: the state itself, an event of its task, or the silence of a task that should give heartbeats. */
type FailureSource = 'state' | 'task' | 'heartbeat';

/** An error inside a state, in the terms of Retry and Catch. */
export class StateFailure extends Error {
  override readonly name = 'StateFailure';
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  readonly evaluation: Evaluation | undefined;
  readonly source: FailureSource;

  constructor(
    error: string | undefined,
    cause: string | undefined,
    more: { evaluation?: Evaluation; source?: FailureSource } = {},
  ) {
    super(`${error ?? 'failed'}: ${cause ?? ''}`);
    this.error = error;
    this.cause = cause;
    this.evaluation = more.evaluation;
    this.source = more.source ?? 'state';
  }
}

/** A JSONata expression that failed or gave what its field cannot take; `message` lacks the state's name yet. */
export const queryFailure = (message: string, location?: string, hasBegun = false): StateFailure =>
  new StateFailure('States.QueryEvaluationError', message, { evaluation: { location, hasBegun } });

/** A result, an output or arguments beyond the payload limit; `name` is a state's or a task's. */
export const dataLimitExceeded = (name: string): StateFailure =>
  new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/** A failure of the whole execution, which no Retry or Catch of any state sees. */
export class ExecutionFailure extends Error {
  override readonly name = 'ExecutionFailure';
  readonly error: string;
  override readonly cause: string;
  /** What the last event follows, where that is not simply the event before it. */
  readonly previousEventId: number | undefined;

  constructor(error: string, cause: string, previousEventId?: number) {
    super(`${error}: ${cause}`);
    this.error = error;
    this.cause = cause;
    this.previousEventId = previousEventId;
  }
}
