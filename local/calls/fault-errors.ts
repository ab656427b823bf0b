import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { Call, ServiceName } from './call.ts';

type Wording = [code: string, message: string, status: number];

const overCapacity =
  'Throughput exceeds the current capacity of your table or index. DynamoDB is automatically scaling your ' +
  'table or index so please try again shortly.';
const rateExceeded = 'Rate exceeded';

const throttles: Record<ServiceName, Wording> = {
  apigateway: ['TooManyRequestsException', 'Too Many Requests', 429],
  dynamodb: ['ThrottlingException', overCapacity, 400],
  events: ['ThrottlingException', rateExceeded, 400],
  lambda: ['TooManyRequestsException', 'Rate Exceeded.', 429],
  s3: ['SlowDown', 'Please reduce your request rate.', 503],
  ses: ['Throttling', 'Maximum sending rate exceeded.', 400],
  sns: ['Throttled', rateExceeded, 429],
  sqs: ['com.amazonaws.sqs#RequestThrottled', rateExceeded, 403],
  states: ['ThrottlingException', rateExceeded, 400],
  sts: ['Throttling', rateExceeded, 400],
};

const internalFailure =
  'The request processing has failed because of an unknown error, exception or failure.';

const failures: Record<ServiceName, Wording> = {
  apigateway: ['ServiceUnavailableException', 'Service Unavailable', 503],
  dynamodb: ['InternalServerError', 'Internal server error', 500],
  events: ['InternalException', 'This exception occurs due to unexpected causes.', 500],
  lambda: ['ServiceException', 'An error occurred and the request cannot be processed.', 500],
  s3: ['InternalError', 'We encountered an internal error. Please try again.', 500],
  ses: ['InternalFailure', internalFailure, 500],
  sns: ['InternalError', internalFailure, 500],
  sqs: ['com.amazonaws.sqs#InternalFailure', internalFailure, 500],
  states: ['InternalFailure', internalFailure, 500],
  sts: ['InternalFailure', internalFailure, 500],
};

const itemsSchema = z.object({ TransactItems: z.array(z.unknown()).min(1) });

/** A transaction that was cancelled for its first item's sake. */
const cancelled = (call: Call, code: string, message: string): ServiceError => {
  const count = itemsSchema.safeParse(call.input).data?.TransactItems.length ?? 1;
  const reasons = Array.from(
    { length: count },
    (_, index): Record<string, JsonValue> =>
      index === 0 ? { Code: code, Message: message } : { Code: 'None' },
  );
  const codes = reasons.map(({ Code }) => Code).join(', ');
  return new ServiceError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    400,
    { CancellationReasons: reasons },
  );
};

const isTransaction = ({ service, action }: Call): boolean =>
  service === 'dynamodb' && action.startsWith('Transact');

/** The service has too many calls. */
export const throttleOf = (call: Call): ServiceError =>
  isTransaction(call)
    ? cancelled(call, 'ThrottlingError', overCapacity)
    : new ServiceError(...throttles[call.service]);

/** The service failed within. */
export const failureOf = (call: Call): ServiceError => new ServiceError(...failures[call.service]);

/** Another writer was in the way of a transaction, or of a conditional put. */
export const conflictOf = (call: Call): ServiceError =>
  isTransaction(call)
    ? cancelled(call, 'TransactionConflict', 'Transaction is ongoing for the item')
    : new ServiceError(
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflicting operation against this resource.',
        409,
      );
