import { expect, test } from 'vitest';
import type { JsonObject, ServiceName } from '../../../local/calls/call.ts';
import { type FaultKind, kindsFor } from '../../../local/calls/fault.ts';

const ofReads: FaultKind[] = ['throttle', 'error-before', 'timeout-before', 'cut'];
const ofWrites: FaultKind[] = [...ofReads, 'error-after', 'timeout-after'];

const item = { id: { S: 'a' } };
const condition = { ConditionExpression: 'attribute_not_exists(id)' };

test.for<{ service: ServiceName; action: string; input?: JsonObject; kinds: FaultKind[] }>([
  { service: 'dynamodb', action: 'GetItem', input: { Key: item }, kinds: ofReads },
  { service: 'dynamodb', action: 'PutItem', input: { Item: item }, kinds: ofWrites },
  {
    service: 'dynamodb',
    action: 'PutItem',
    input: { Item: item, ...condition },
    kinds: [...ofWrites, 'conflict'],
  },
  { service: 'dynamodb', action: 'UpdateItem', kinds: [...ofWrites, 'conflict'] },
  {
    service: 'dynamodb',
    action: 'TransactWriteItems',
    input: { TransactItems: [] },
    kinds: [...ofWrites, 'conflict'],
  },
  {
    service: 'dynamodb',
    action: 'TransactGetItems',
    input: { TransactItems: [] },
    kinds: [...ofReads, 'conflict'],
  },
  { service: 'dynamodb', action: 'BatchWriteItem', kinds: [...ofWrites, 'partial'] },
  {
    service: 'dynamodb',
    action: 'BatchWriteItem',
    input: { RequestItems: { t: [{ PutRequest: { Item: item } }] } },
    kinds: ofWrites,
  },
  {
    service: 'dynamodb',
    action: 'BatchGetItem',
    input: { RequestItems: { t: { Keys: [item, item] } } },
    kinds: [...ofReads, 'partial'],
  },
  { service: 'events', action: 'PutEvents', input: { Entries: [{}] }, kinds: [...ofWrites, 'partial'] },
  { service: 'sqs', action: 'SendMessage', input: { MessageBody: 'a' }, kinds: ofWrites },
  {
    service: 'sqs',
    action: 'SendMessageBatch',
    input: { Entries: [{ Id: 'a' }] },
    kinds: [...ofWrites, 'partial'],
  },
  { service: 's3', action: 'GetObject', input: { Key: 'a', IfMatch: '"x"' }, kinds: ofReads },
  { service: 's3', action: 'PutObject', input: { Key: 'a' }, kinds: ofWrites },
  {
    service: 's3',
    action: 'PutObject',
    input: { Key: 'a', IfNoneMatch: '*' },
    kinds: [...ofWrites, 'conflict'],
  },
  { service: 'ses', action: 'SendRawEmail', kinds: ofWrites },
  { service: 'lambda', action: 'Invoke', input: { FunctionName: 'f' }, kinds: ofWrites },
  { service: 'states', action: 'StartExecution', kinds: ofWrites },
])('$service:$action of $input can meet $kinds', ({ service, action, input, kinds }) => {
  expect(new Set(kindsFor({ service, action, input }))).toEqual(new Set(kinds));
});
