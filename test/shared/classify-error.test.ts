import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { expect, test } from 'vitest';
import { classifyError, Fatal, InvalidInput, Retryable } from '../../functions/shared/classify-error.ts';

const named = (name: string, more: object = {}) => Object.assign(new Error('why'), { name, ...more });

test.for([
  ['throttling of a table', named('ProvisionedThroughputExceededException'), 'Retryable'],
  ['throttling of any service', named('ThrottlingException'), 'Retryable'],
  ['too many requests', named('TooManyRequestsException'), 'Retryable'],
  ['another transaction', named('TransactionConflictException'), 'Retryable'],
  ['a transaction under way', named('TransactionInProgressException'), 'Retryable'],
  ['S3 asking to slow down', named('SlowDown'), 'Retryable'],
  ['a time limit', named('TimeoutError'), 'Retryable'],
  ['a broken connection', named('Error', { code: 'ECONNRESET' }), 'Retryable'],
  ['a refused connection', named('Error', { code: 'ECONNREFUSED' }), 'Retryable'],
  ['a 500 of a service', named('Whatever', { $metadata: { httpStatusCode: 500 } }), 'Retryable'],
  ['a 503 of a service', named('Whatever', { $metadata: { httpStatusCode: 503 } }), 'Retryable'],
  ['a 400 of a service', named('Whatever', { $metadata: { httpStatusCode: 400 } }), 'Fatal'],
  ['a missing grant', named('AccessDeniedException', { $metadata: { httpStatusCode: 400 } }), 'Fatal'],
  ['a missing table', named('ResourceNotFoundException'), 'Fatal'],
  [
    'a condition that did not hold',
    new ConditionalCheckFailedException({ message: '', $metadata: {} }),
    'Fatal',
  ],
  [
    'a cancelled transaction',
    new TransactionCanceledException({ message: '', $metadata: { httpStatusCode: 400 } }),
    'Fatal',
  ],
  ['a bug', new TypeError('x is undefined'), 'Fatal'],
  ['a text', 'oops', 'Fatal'],
  ['nothing', undefined, 'Fatal'],
] as const)('%s is %s', ([, thrown, name]) => {
  const fault = classifyError(thrown);
  expect(fault.name).toBe(name);
  if (thrown instanceof Error) expect(fault.cause).toBe(thrown);
});

test.for([new Retryable('a'), new Fatal('b'), new InvalidInput('c')])('$name stays what it is', (fault) => {
  expect(classifyError(fault)).toBe(fault);
});
