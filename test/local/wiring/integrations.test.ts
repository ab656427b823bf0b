import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../local/calls/call.ts';
import { ConnectionCut } from '../../../local/calls/call-port.ts';
import { ServiceError } from '../../../local/http/service-error.ts';
import { AccessDenied } from '../../../local/iam/access.ts';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/integration.ts';
import type { As, Invoker, Operations } from '../../../local/wiring/inside-calls.ts';
import { createIntegrations, type IntegrationServices } from '../../../local/wiring/integrations.ts';

const executionArn = 'arn:aws:states:eu-west-1:1:execution:order:e';
const machine = `machine of ${executionArn}`;

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
    publishing: (caller) => async (topicArn, message) => {
      asked.push([caller, 'publish', topicArn, message]);
      await answer({ TopicArn: topicArn });
      return 'm';
    },
  };
  const call = async (resource: string, args: JsonValue) => {
    const integration = createIntegrations(services)[`arn:aws:states:::${resource}`];
    if (integration === undefined) throw new Error(`${resource} is not served`);
    return integration(args, { executionArn, stateName: 's', caller: 'role' });
  };
  return { call, asked };
};

const withoutRequestId = (failure: unknown) => {
  if (!(failure instanceof TaskError)) throw failure;
  const { error, cause } = failure;
  return { error, cause: cause.replace(/Request ID: [0-9a-f-]{36}/, 'Request ID: …') };
};

test('lambda:invoke answers with the parsed payload', async () => {
  const { call } = someServices({
    lambda: { invoke: async () => ({ payload: '{"b":2}', requestId: 'r' }) },
  });
  expect(await call('lambda:invoke', { FunctionName: 'f', Payload: { a: 1 } })).toEqual({
    ExecutedVersion: '$LATEST',
    StatusCode: 200,
    Payload: { b: 2 },
    SdkHttpMetadata: {
      AllHttpHeaders: { 'x-amzn-RequestId': ['r'] },
      HttpHeaders: { 'x-amzn-RequestId': 'r' },
      HttpStatusCode: 200,
    },
    SdkResponseMetadata: { RequestId: 'r' },
  });
});

test('every call is made as the machine of its execution', async () => {
  const { call, asked } = someServices();
  await call('lambda:invoke', { FunctionName: 'f', Payload: { a: 1 } });
  await call('lambda:invoke', { FunctionName: 'f', InvocationType: 'Event' });
  await call('dynamodb:getItem', { TableName: 't' });
  expect(asked).toEqual([
    [machine, 'invoke', 'f', '{"a":1}'],
    [machine, 'invokeAsync', 'f', '{}'],
    [machine, 'dynamodb:GetItem', { TableName: 't' }],
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
    cause: 'Rate Exceeded. (Service: Lambda, Status Code: 429, Request ID: …)',
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
      'identity-based policy allows the lambda:InvokeFunction action (Service: Lambda, Status Code: 403, Request ID: …)',
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
  const failure = await call('lambda:invoke', { FunctionName: 'f' }).catch((reason: unknown) => reason);
  expect(withoutRequestId(failure)).toEqual({ error, cause });
});

const older = (service: string, code: string) =>
  `no (Service: ${service}; Status Code: 400; Error Code: ${code}; Request ID: …; Proxy: null)`;
const newer = (service: string) => `no (Service: ${service}, Status Code: 400, Request ID: …)`;

test.for([
  {
    resource: 'dynamodb:putItem',
    code: 'ConditionalCheckFailedException',
    error: 'DynamoDB.ConditionalCheckFailedException',
    cause: older('AmazonDynamoDBv2', 'ConditionalCheckFailedException'),
  },
  {
    resource: 'dynamodb:putItem',
    code: 'ValidationException',
    error: 'DynamoDB.AmazonDynamoDBException',
    cause: older('AmazonDynamoDBv2', 'ValidationException'),
  },
  {
    resource: 'aws-sdk:dynamodb:putItem',
    code: 'ConditionalCheckFailedException',
    error: 'DynamoDb.ConditionalCheckFailedException',
    cause: newer('DynamoDb'),
  },
  {
    resource: 'aws-sdk:dynamodb:putItem',
    code: 'ValidationException',
    error: 'DynamoDb.DynamoDbException',
    cause: newer('DynamoDb'),
  },
  {
    resource: 'aws-sdk:dynamodb:query',
    code: 'InternalServerError',
    error: 'DynamoDb.InternalServerErrorException',
    cause: newer('DynamoDb'),
  },
  {
    resource: 'sqs:sendMessage',
    code: 'com.amazonaws.sqs#QueueDoesNotExist',
    error: 'SQS.QueueDoesNotExistException',
    cause: older('AmazonSQS', 'QueueDoesNotExist'),
  },
  {
    resource: 'aws-sdk:sqs:sendMessage',
    code: 'com.amazonaws.sqs#InvalidParameterValue',
    error: 'Sqs.SqsException',
    cause: newer('Sqs'),
  },
  {
    resource: 'sns:publish',
    code: 'NotFound',
    error: 'SNS.NotFoundException',
    cause: older('AmazonSNS', 'NotFound'),
  },
  { resource: 'aws-sdk:sns:publish', code: 'Throttled', error: 'Sns.SnsException', cause: newer('Sns') },
  {
    resource: 'events:putEvents',
    code: 'InternalException',
    error: 'EventBridge.InternalException',
    cause: older('AmazonEventBridge', 'InternalException'),
  },
])('$resource: $code is $error', async ({ resource, code, error, cause }) => {
  const { call } = someServices({
    answer: async () => {
      throw new ServiceError(code, 'no');
    },
  });
  const args = { TableName: 't', QueueUrl: 'q', MessageBody: 'b', Entries: [] };
  const given = resource.endsWith('sns:publish') ? { TopicArn: 't', Message: 'm' } : args;
  const failure = await call(resource, given).catch((reason: unknown) => reason);
  expect(withoutRequestId(failure)).toEqual({ error, cause });
});

test.for([null, ''])('a message without a body (%o) is not sent', async (MessageBody) => {
  const { call, asked } = someServices();
  const failure = await call('sqs:sendMessage', { QueueUrl: 'q', MessageBody }).catch(
    (reason: unknown) => reason,
  );
  expect(withoutRequestId(failure)).toMatchObject({
    error: 'SQS.AmazonSQSException',
    cause: expect.stringContaining('The request must contain the parameter MessageBody.'),
  });
  expect(asked).toEqual([]);
});

describe('of several events one of which is refused', () => {
  const refused = { ErrorCode: 'InvalidArgument', ErrorMessage: 'no source' };
  const answer = { FailedEntryCount: 1, Entries: [{ EventId: 'e' }, refused] };
  const Entries: JsonValue[] = [{ Source: 's', Detail: {} }, { Detail: {} }];

  test('the optimized integration fails with the answer as cause', async () => {
    const { call } = someServices({ answer: async () => answer });
    await expect(call('events:putEvents', { Entries })).rejects.toMatchObject({
      error: 'EventBridge.FailedEntry',
      cause: JSON.stringify(answer),
    });
  });

  test('the SDK integration answers', async () => {
    const { call } = someServices({ answer: async () => answer });
    expect(await call('aws-sdk:eventbridge:putEvents', { Entries })).toEqual(answer);
  });
});

test('a task publishes whatever JSON to a topic', async () => {
  const { call, asked } = someServices();
  const result = await call('sns:publish', {
    TopicArn: 'arn:topic',
    Message: { order: 7 },
    Subject: 'Shipped',
    MessageAttributes: { kind: { DataType: 'String', StringValue: 'order' } },
  });
  expect(result).toMatchObject({ MessageId: 'm', SdkHttpMetadata: { HttpStatusCode: 200 } });
  const attributes = { kind: { Type: 'String', Value: 'order' } };
  expect(asked).toEqual([
    [machine, 'publish', 'arn:topic', { subject: 'Shipped', text: '{"order":7}', attributes }],
  ]);
});

test('objects in message bodies and event details are sent as JSON text', async () => {
  const { call, asked } = someServices();
  await call('sqs:sendMessage', { QueueUrl: 'q', MessageBody: { a: 1 } });
  const entry = { Source: 's', DetailType: 't', Detail: { b: 2 } };
  await call('events:putEvents', { Entries: [{ ...entry, Resources: ['arn:item'] }] });
  await call('aws-sdk:eventbridge:putEvents', { Entries: [entry] });
  const sent = { ...entry, Detail: '{"b":2}' };
  const machineArn = 'arn:aws:states:eu-west-1:1:stateMachine:order';
  expect(asked.map(([, ...call]) => call)).toEqual([
    ['sqs:SendMessage', { QueueUrl: 'q', MessageBody: '{"a":1}' }],
    // An optimized task says where the event comes from.
    ['events:PutEvents', { Entries: [{ ...sent, Resources: ['arn:item', executionArn, machineArn] }] }],
    ['events:PutEvents', { Entries: [sent] }],
  ]);
});
