import { expect, test } from 'vitest';
import { apigatewayNeeds } from '../../../../local/iam/needs/apigateway.ts';
import { eventsNeeds } from '../../../../local/iam/needs/events.ts';
import { lambdaNeeds, mappingNeeds } from '../../../../local/iam/needs/lambda.ts';
import { type SesMail, sesNeeds } from '../../../../local/iam/needs/ses.ts';
import { snsNeeds } from '../../../../local/iam/needs/sns.ts';
import { sqsNeeds } from '../../../../local/iam/needs/sqs.ts';
import { place } from '../small-app.ts';

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const url = 'http://127.0.0.1:4100/000000000000/Jobs';

test.for([
  { operation: 'SendMessage', input: { QueueUrl: url }, action: 'SendMessage', resource: arn('sqs', 'Jobs') },
  {
    operation: 'SendMessageBatch',
    input: { QueueUrl: url },
    action: 'SendMessage',
    resource: arn('sqs', 'Jobs'),
  },
  {
    operation: 'DeleteMessageBatch',
    input: { QueueUrl: url },
    action: 'DeleteMessage',
    resource: arn('sqs', 'Jobs'),
  },
  {
    operation: 'ChangeMessageVisibilityBatch',
    input: { QueueUrl: url },
    action: 'ChangeMessageVisibility',
    resource: arn('sqs', 'Jobs'),
  },
  {
    operation: 'GetQueueUrl',
    input: { QueueName: 'Jobs' },
    action: 'GetQueueUrl',
    resource: arn('sqs', 'Jobs'),
  },
  { operation: 'ListQueues', input: {}, action: 'ListQueues', resource: '*' },
])('SQS: $operation of $input takes $action', ({ operation, input, action, resource }) => {
  expect(sqsNeeds(operation, input, place)).toEqual([{ action: `sqs:${action}`, resource }]);
});

test.for([
  { operation: 'Publish', topic: arn('sns', 'Alarms'), action: 'Publish', resource: arn('sns', 'Alarms') },
  {
    operation: 'PublishBatch',
    topic: arn('sns', 'Alarms'),
    action: 'Publish',
    resource: arn('sns', 'Alarms'),
  },
  { operation: 'ListTopics', topic: '', action: 'ListTopics', resource: '*' },
])('SNS: $operation takes $action on $resource', ({ operation, topic, action, resource }) => {
  expect(snsNeeds(operation, topic)).toEqual([{ action: `sns:${action}`, resource }]);
});

test('PutEvents takes each bus that an entry names, and says sources and detail types', () => {
  const entry = (EventBusName: string | undefined, Source: string, DetailType: string) => ({
    ...(EventBusName !== undefined && { EventBusName }),
    Source,
    DetailType,
  });
  const Entries = [
    entry(undefined, 'shop', 'Opened'),
    entry('default', 'shop', 'Closed'),
    entry(arn('events', 'event-bus/own'), 'till', 'Paid'),
  ];
  expect(eventsNeeds('PutEvents', { Entries }, place)).toEqual([
    {
      action: 'events:PutEvents',
      resource: arn('events', 'event-bus/default'),
      context: { 'events:source': ['shop'], 'events:detail-type': ['Opened', 'Closed'] },
    },
    {
      action: 'events:PutEvents',
      resource: arn('events', 'event-bus/own'),
      context: { 'events:source': ['till'], 'events:detail-type': ['Paid'] },
    },
  ]);
});

test.for([
  ['PutEvents', {}],
  ['ListRules', {}],
] as const)('EventBridge: %s of %j takes a grant on everything', ([operation, input]) => {
  expect(eventsNeeds(operation, input, place)).toEqual([{ action: `events:${operation}`, resource: '*' }]);
});

const identity = (name: string) => arn('ses', `identity/${name}`);

test.for<{ name: string; mail: SesMail; resources: string[] }>([
  {
    name: 'a verified address',
    mail: { from: 'desk@example.com' },
    resources: [identity('desk@example.com')],
  },
  { name: 'in other case', mail: { from: 'Desk@Example.com' }, resources: [identity('desk@example.com')] },
  {
    name: 'with a name',
    mail: { from: '"Desk, us" <desk@example.com>' },
    resources: [identity('desk@example.com')],
  },
  { name: 'of a verified domain', mail: { from: 'shop@example.org' }, resources: [identity('example.org')] },
  { name: 'that nobody verified', mail: { from: 'x@example.net' }, resources: [identity('x@example.net')] },
  {
    name: 'with a configuration set',
    mail: { from: 'shop@example.org', configurationSet: 'Set' },
    resources: [identity('example.org'), arn('ses', 'configuration-set/Set')],
  },
  { name: 'that is not said', mail: {}, resources: ['*'] },
])('SES: mail from an address $name takes its identity', ({ mail, resources }) => {
  const needs = sesNeeds('SendRawEmail', mail, { ...place, identities: ['desk@example.com', 'example.org'] });
  expect(needs.map(({ action, resource }) => [action, resource])).toEqual(
    resources.map((resource) => ['ses:SendRawEmail', resource]),
  );
});

test('mail says its sender and its recipients as bare addresses, to each resource', () => {
  const mail = {
    from: 'Desk <desk@example.com>',
    recipients: ['Ann <ann@example.com>'],
    configurationSet: 'Set',
  };
  const context = { 'ses:FromAddress': 'desk@example.com', 'ses:Recipients': ['ann@example.com'] };
  const needs = sesNeeds('SendEmail', mail, { ...place, identities: [] });
  expect(needs.map((need) => need.context)).toEqual([context, context]);
});

test('what SES is asked but to send takes its own action', () => {
  expect(sesNeeds('GetSendQuota', {}, { ...place, identities: [] })).toEqual([
    { action: 'ses:GetSendQuota', resource: '*' },
  ]);
});

test.for([
  { name: 'Work', resource: arn('lambda', 'function:Work') },
  { name: 'Work:live', resource: arn('lambda', 'function:Work:live') },
  { name: arn('lambda', 'function:Work'), resource: arn('lambda', 'function:Work') },
  { name: '000000000000:function:Work', resource: arn('lambda', 'function:Work') },
])('invoking $name takes $resource', ({ name, resource }) => {
  expect(lambdaNeeds(name, place)).toEqual([{ action: 'lambda:InvokeFunction', resource }]);
});

test('to read its source a function needs four permissions on a stream, three on a queue', () => {
  const stream = arn('dynamodb', 'table/T/stream/2026');
  expect(mappingNeeds(stream)).toEqual(
    ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action) => ({
      action: `dynamodb:${action}`,
      resource: stream,
    })),
  );
  expect(mappingNeeds(arn('sqs', 'Jobs')).map(({ action }) => action)).toEqual([
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
  ]);
});

test('API Gateway’s own API is granted by method and path', () => {
  expect(apigatewayNeeds('POST', '/usageplans/abc/keys', 'us-east-1')).toEqual([
    { action: 'apigateway:POST', resource: 'arn:aws:apigateway:us-east-1::/usageplans/abc/keys' },
  ]);
});
