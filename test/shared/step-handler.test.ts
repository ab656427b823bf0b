import type { Context } from 'aws-lambda';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { Retryable } from '../../functions/shared/classify-error.ts';
import { stepHandler } from '../../functions/shared/step-handler.ts';
import { orderInput, waitInput } from '../../functions/shared/step-input.ts';

const context: Context = {
  callbackWaitsForEmptyEventLoop: false,
  functionName: 'reserve-stock',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '256',
  awsRequestId: 'r1',
  logGroupName: '',
  logStreamName: '',
  getRemainingTimeInMillis: () => 1000,
  done: () => {},
  fail: () => {},
  succeed: () => {},
};
const schema = z.object({ count: z.int() });

test('a step gets its parsed input, and its result is the answer', async () => {
  const handler = stepHandler(schema, async ({ count }) => ({ outcome: 'counted', count: count + 1 }));
  expect(await handler({ count: 1, other: true }, context)).toEqual({ outcome: 'counted', count: 2 });
});

test.for([undefined, null, 'x', {}, { count: 'one' }])('input %j is called invalid', async (input) => {
  const handler = stepHandler(schema, async () => 'never');
  await expect(handler(input, context)).rejects.toMatchObject({ name: 'InvalidInput' });
});

test.for([
  [new Retryable('later'), 'Retryable'],
  [Object.assign(new Error('slow'), { name: 'ThrottlingException' }), 'Retryable'],
  [new TypeError('bug'), 'Fatal'],
] as const)('%s leaves as %s', async ([error, name]) => {
  const handler = stepHandler(schema, async () => {
    throw error;
  });
  await expect(handler({ count: 1 }, context)).rejects.toMatchObject({ name });
});

test('steps are called with an order number that checks, waits with a token as well', () => {
  const orderNumber = 'SO-20251014-000123-4';
  expect(orderInput.safeParse({ orderNumber }).success).toBe(true);
  expect(orderInput.safeParse({ orderNumber: 'SO-20251014-000123-5' }).success).toBe(false);
  expect(waitInput.safeParse({ orderNumber, taskToken: 't' }).success).toBe(true);
  expect(waitInput.safeParse({ orderNumber, taskToken: '' }).success).toBe(false);
});
