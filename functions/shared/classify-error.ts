/** A fault that may pass: the state machine tries again. */
export class Retryable extends Error {
  override readonly name = 'Retryable';
}

/** A fault that stays however often it is tried. */
export class Fatal extends Error {
  override readonly name = 'Fatal';
}

/** The input does not have the shape its function asks for. */
export class InvalidInput extends Error {
  override readonly name = 'InvalidInput';
}

/** Not a fault but an answer, caught by its name where a Choice would be a state that every order passes. */
export class OrderUndelivered extends Error {
  override readonly name = 'OrderUndelivered';
}

/** Such an answer too: goods have left, so the order cannot be set aside any more. */
export class OrderOnItsWay extends Error {
  override readonly name = 'OrderOnItsWay';
}

const passing = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'Throttling',
  'RequestLimitExceeded',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
  'InternalServerError',
  'InternalServerErrorException',
  'InternalFailure',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'RequestTimeout',
  'TimeoutError',
  'NetworkingError',
  'AbortError',
  'ECONNRESET',
  'ECONNREFUSED',
  'EPIPE',
  'ETIMEDOUT',
]);

const statusOf = (error: Error): number | undefined => {
  const metadata: unknown = Reflect.get(error, '$metadata');
  const status: unknown =
    typeof metadata === 'object' && metadata ? Reflect.get(metadata, 'httpStatusCode') : undefined;
  return typeof status === 'number' ? status : undefined;
};

/** Maps whatever an SDK or library threw to the names that state machines retry and catch; docs/errors.md has the table. */
export const classifyError = (
  thrown: unknown,
): Retryable | Fatal | InvalidInput | OrderUndelivered | OrderOnItsWay => {
  if (thrown instanceof Retryable || thrown instanceof Fatal || thrown instanceof InvalidInput) return thrown;
  if (thrown instanceof OrderUndelivered || thrown instanceof OrderOnItsWay) return thrown;
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const message = `${error.name}: ${error.message}`;
  const code: unknown = Reflect.get(error, 'code');
  const isPassing =
    passing.has(error.name) ||
    (typeof code === 'string' && passing.has(code)) ||
    (statusOf(error) ?? 0) >= 500;
  return isPassing ? new Retryable(message, { cause: error }) : new Fatal(message, { cause: error });
};
