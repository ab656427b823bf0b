import { expect, test } from 'vitest';
import type { JsonObject } from '../../../local/calls/call.ts';
import { ConnectionCut } from '../../../local/calls/call-port.ts';
import { ServiceError } from '../../../local/http/service-error.ts';
import { AccessDenied } from '../../../local/iam/access.ts';
import type { JsonValue } from '../../../local/json.ts';
import type { As, Invoker, Operations } from '../../../local/wiring/inside-calls.ts';
import { createIntegrations, type IntegrationServices } from '../../../local/wiring/integrations.ts';

type Answer = (input: JsonObject) => Promise<JsonValue>;

/** The services of a cloud; each call is noted with its caller. */
const someServices = (changes: { lambda?: Partial<Invoker>; answer?: Answer } = {}) => {
  const asked: unknown[][] = [];
  const { answer = async () => ({}) } = changes;
  const service =
    (name: string): As<Operations> =>
    (caller) =>
    (operation) =>
    async (input) => {
      asked.push([caller, `${name}:${operation}`, input]);
      return answer(input);
    };
  const services: IntegrationServices = {
    callerOf: ({ executionArn }) => `machine of ${executionArn}`,
    invoking: (caller) => ({
      invoke: async (name, payload) => {
        asked.push([caller, 'invoke', name, payload]);
        return { payload: 'null', requestId: 'r' };
      },
      invokeAsync: async (name, payload) => void asked.push([caller, 'invokeAsync', name, payload]),
      ...changes.lambda,
    }),
    dynamodb: service('dynamodb'),
    events: service('events'),
    sqs: service('sqs'),
  };
  const call = async (resource: string, args: JsonValue) => {
    const integration = createIntegrations(services)[`arn:aws:states:::${resource}`];
    if (integration === undefined) throw new Error(`${resource} is not served`);
    return integration(args, { executionArn: 'e', stateName: 's', caller: 'role' });
  };
  return { call, asked };
};

test('lambda:invoke answers with the parsed payload', async () => {
  const { call } = someServices({
    lambda: { invoke: async () => ({ payload: '{"b":2}', requestId: 'r' }) },
  });
  const answer = { ExecutedVersion: '$LATEST', StatusCode: 200, Payload: { b: 2 } };
  expect(await call('lambda:invoke', { FunctionName: 'f', Payload: { a: 1 } })).toEqual(answer);
});

test('every call is made as the machine of its execution', async () => {
  const { call, asked } = someServices();
  await call('lambda:invoke', { FunctionName: 'f', Payload: { a: 1 } });
  await call('lambda:invoke', { FunctionName: 'f', InvocationType: 'Event' });
  await call('dynamodb:getItem', { TableName: 't' });
  expect(asked).toEqual([
    ['machine of e', 'invoke', 'f', '{"a":1}'],
    ['machine of e', 'invokeAsync', 'f', '{}'],
    ['machine of e', 'dynamodb:GetItem', { TableName: 't' }],
  ]);
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
  {
    name: 'a call that the role may not make has no name of its own',
    invoke: async () => {
      const need = { action: 'lambda:InvokeFunction', resource: 'arn:f' };
      throw new AccessDenied('arn:m', need, { isExplicit: false, policyType: 'identity-based' });
    },
    error: 'Lambda.AWSLambdaException',
    cause:
      'User: arn:m is not authorized to perform: lambda:InvokeFunction on resource: arn:f because no ' +
      'identity-based policy allows the lambda:InvokeFunction action (Service: Lambda, Status Code: 403)',
  },
  {
    name: 'a connection that breaks is trouble of the client',
    invoke: async () => {
      throw new ConnectionCut();
    },
    error: 'Lambda.SdkClientException',
    cause: 'Unable to execute HTTP request: Connection reset',
  },
])('$name', async ({ invoke, error, cause }) => {
  const { call } = someServices({ lambda: { invoke } });
  await expect(call('lambda:invoke', { FunctionName: 'f' })).rejects.toMatchObject({ error, cause });
});

test('a database refusal is named as each kind of integration names it', async () => {
  const { call } = someServices({
    answer: async () => {
      throw new ServiceError('ConditionalCheckFailedException', 'The conditional request failed');
    },
  });
  const args = { TableName: 't' };
  await expect(call('dynamodb:putItem', args)).rejects.toMatchObject({
    error: 'DynamoDB.ConditionalCheckFailedException',
  });
  await expect(call('aws-sdk:dynamodb:putItem', args)).rejects.toMatchObject({
    error: 'DynamoDb.ConditionalCheckFailedException',
  });
});

test('objects in message bodies and event details are sent as JSON text', async () => {
  const { call, asked } = someServices();
  await call('sqs:sendMessage', { QueueUrl: 'q', MessageBody: { a: 1 } });
  await call('events:putEvents', { Entries: [{ Source: 's', DetailType: 't', Detail: { b: 2 } }] });
  expect(asked.map(([, ...call]) => call)).toEqual([
    ['sqs:SendMessage', { QueueUrl: 'q', MessageBody: '{"a":1}' }],
    ['events:PutEvents', { Entries: [{ Source: 's', DetailType: 't', Detail: '{"b":2}' }] }],
  ]);
});
