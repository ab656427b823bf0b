/** Where an evaluation failed: the field, if one is to blame, and whether the state had already begun. */
type Evaluation = { location: string | undefined; hasBegun: boolean };

/** An error inside a state, in the terms of Retry and Catch. */
export class StateFailure extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;
  readonly evaluation: Evaluation | undefined;

  constructor(error: string | undefined, cause: string | undefined, evaluation?: Evaluation) {
    super(`${error ?? 'failed'}: ${cause ?? ''}`);
    this.name = 'StateFailure';
    this.error = error;
    this.cause = cause;
    this.evaluation = evaluation;
  }
}

/** A JSONata expression that failed or gave what its field cannot take; `message` lacks the state's name yet. */
export const queryFailure = (message: string, location?: string, hasBegun = false): StateFailure =>
  new StateFailure('States.QueryEvaluationError', message, { location, hasBegun });

/** A result, an output or arguments beyond the payload limit; `name` is a state's or a task's. */
export const dataLimitExceeded = (name: string): StateFailure =>
  new StateFailure(
    'States.DataLimitExceeded',
    `The state/task '${name}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );

/** A failure of the whole execution, which no Retry or Catch of any state sees. */
export class ExecutionFailure extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(`${error}: ${cause}`);
    this.name = 'ExecutionFailure';
    this.error = error;
    this.cause = cause;
  }
}
