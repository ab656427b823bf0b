import { expect, test } from 'vitest';
import { ServiceError } from '../../../local/http/service-error.ts';
import type { JsonValue } from '../../../local/json.ts';
import { createIntegrations, type IntegrationServices } from '../../../local/wiring/integrations.ts';

const call = (resource: string, args: JsonValue, services: Partial<IntegrationServices> = {}) => {
  const integration = createIntegrations({
    lambda: { invoke: async () => ({ payload: 'null', requestId: 'r' }), invokeAsync: async () => {} },
    table: async () => ({}),
    sendMessage: async () => ({}),
    putEvents: async () => ({}),
    ...services,
  })[`arn:aws:states:::${resource}`];
  if (integration === undefined) throw new Error(`${resource} is not served`);
  return integration(args, { executionArn: 'e', stateName: 's', caller: 'c' });
};

test('lambda:invoke answers with the parsed payload', async () => {
  const lambda = {
    invoke: async (name: string, payload: string) => ({
      payload: JSON.stringify({ name, payload }),
      requestId: 'r',
    }),
    invokeAsync: async () => {},
  };
  expect(await call('lambda:invoke', { FunctionName: 'f', Payload: { a: 1 } }, { lambda })).toEqual({
    ExecutedVersion: '$LATEST',
    StatusCode: 200,
    Payload: { name: 'f', payload: '{"a":1}' },
  });
});

test.for([
  {
    name: 'a function error keeps its name and carries all of it as cause',
    invoke: async () => ({
      payload: '{"errorType":"ShortOfStock","errorMessage":"no tea"}',
      requestId: 'r',
      functionError: 'Unhandled' as const,
    }),
    error: 'ShortOfStock',
    cause: '{"errorType":"ShortOfStock","errorMessage":"no tea"}',
  },
  {
    name: 'a refusal of the service is named after it',
    invoke: async () => {
      throw new ServiceError('TooManyRequestsException', 'Rate Exceeded.', 429);
    },
    error: 'Lambda.TooManyRequestsException',
    cause: 'Rate Exceeded. (Service: Lambda, Status Code: 429)',
  },
])('$name', async ({ invoke, error, cause }) => {
  const lambda = { invoke, invokeAsync: async () => {} };
  await expect(call('lambda:invoke', { FunctionName: 'f' }, { lambda })).rejects.toMatchObject({
    error,
    cause,
  });
});

test('a database refusal is named as each kind of integration names it', async () => {
  const table = async (): Promise<JsonValue> => {
    throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
  };
  const args = { TableName: 't' };
  await expect(call('dynamodb:putItem', args, { table })).rejects.toMatchObject({
    error: 'DynamoDB.ConditionalCheckFailedException',
  });
  await expect(call('aws-sdk:dynamodb:putItem', args, { table })).rejects.toMatchObject({
    error: 'DynamoDb.ConditionalCheckFailedException',
  });
});

test('objects in message bodies and event details are sent as JSON text', async () => {
  const sent: JsonValue[] = [];
  const keep = async (input: JsonValue) => {
    sent.push(input);
    return {};
  };
  await call('sqs:sendMessage', { QueueUrl: 'q', MessageBody: { a: 1 } }, { sendMessage: keep });
  await call(
    'events:putEvents',
    { Entries: [{ Source: 's', DetailType: 't', Detail: { b: 2 } }] },
    { putEvents: keep },
  );
  expect(sent).toEqual([
    { QueueUrl: 'q', MessageBody: '{"a":1}' },
    { Entries: [{ Source: 's', DetailType: 't', Detail: '{"b":2}' }] },
  ]);
});
