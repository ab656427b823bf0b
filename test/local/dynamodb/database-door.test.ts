import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  type WriteRequest,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient, ListStreamsCommand } from '@aws-sdk/client-dynamodb-streams';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createActivity } from '../../../local/calls/activity.ts';
import type { JsonObject } from '../../../local/calls/call.ts';
import type { FaultKind } from '../../../local/calls/fault.ts';
import { createFaultPort, type FaultPort } from '../../../local/calls/fault-port.ts';
import { createGate, type GateOptions } from '../../../local/calls/gate.ts';
import { systemClock } from '../../../local/clock.ts';
import { createDatabaseDoor } from '../../../local/dynamodb/database-door.ts';
import { type DatabaseProcess, startDatabase } from '../../../local/dynamodb/database-process.ts';
import { locateDatabase } from '../../../local/dynamodb/locate-database.ts';
import { createGuard } from '../../../local/http/guard.ts';
import { type HttpServer, serve } from '../../../local/http/serve.ts';
import { AccessDenied } from '../../../local/iam/access.ts';
import { dynamodbNeeds } from '../../../local/iam/needs/dynamodb.ts';

const place = { region: 'us-east-1', accountId: '000000000000', partitionKeyOf: () => undefined };
const credentials = { accessKeyId: 'AKIACLERK', secretAccessKey: 'not-a-secret' };
const clerk = 'arn:aws:lambda:us-east-1:000000000000:function:clerk';
const TableName = 'Orders';

let folder: string;
let database: DatabaseProcess;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'door-'));
  const location = locateDatabase({});
  if (location.kind !== 'binary') throw new Error('the test needs the binary');
  const onExit = (reason: string) => console.error(reason);
  database = await startDatabase({ binary: location.path, stateDir: folder, port: 0, onExit });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let port: FaultPort;
let server: HttpServer;
let close: () => Promise<void>;
let writes = 0;
/** What the clerk may do. */
let allowed: string[];

const authorizer: GateOptions['authorizer'] = {
  authorize(caller, needs) {
    const denied = needs.find(({ action }) => !allowed.includes(action) && !allowed.includes('*'));
    if (denied) throw new AccessDenied(caller, denied, { isExplicit: false, policyType: 'identity-based' });
  },
};
const keys = {
  secretOf: (id: string) => (id === credentials.accessKeyId ? credentials.secretAccessKey : undefined),
  callerOf: (id: string) => (id === credentials.accessKeyId ? clerk : undefined),
};

const openDoor = async (databaseUrl: string) => {
  const surroundings = { activity: createActivity(), clock: systemClock, log: () => {} };
  const gate = createGate({ calls: port, authorizer, ...surroundings });
  const guard = createGuard<JsonObject>(
    { keys, gate, clock: systemClock, region: place.region },
    {
      service: 'dynamodb',
      protocol: 'json',
      needsOf: (action, input) => dynamodbNeeds(action, input, place),
      tell: (input) => ({ input }),
    },
  );
  const door = createDatabaseDoor({ databaseUrl, guard, onWrite: () => (writes += 1) });
  server = await serve(door.handler, { port: 0 });
  close = async () => {
    await gate.close();
    await server.close();
    await door.close();
  };
};

const clientOf = (changes: object = {}) =>
  new DynamoDBClient({
    endpoint: server.url,
    region: place.region,
    credentials,
    maxAttempts: 1,
    ...changes,
  });

beforeEach(async () => {
  port = createFaultPort();
  allowed = ['*'];
  await openDoor(database.url);
  await clientOf().send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  writes = 0;
});
afterEach(async () => {
  port.disarm();
  await clientOf().send(new DeleteTableCommand({ TableName }));
  await close();
});

const put = (id: string, more: object = {}) =>
  new PutItemCommand({ TableName, Item: { id: { S: id } }, ...more });
const storedIds = async () => {
  const { Items = [] } = await clientOf().send(new ScanCommand({ TableName, ConsistentRead: true }));
  return Items.map(({ id }) => id?.S).sort();
};
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error) => error,
  );
const arm = (action: string, kind: FaultKind, nth: 1 | 2 | 'every' = 1) =>
  port.arm({ site: `clerk dynamodb:${action}`, kind, nth });

test('what comes is answered by the database, and each write is told', async () => {
  await clientOf().send(put('a'));
  const { Item } = await clientOf().send(new GetItemCommand({ TableName, Key: { id: { S: 'a' } } }));
  expect(Item).toEqual({ id: { S: 'a' } });
  expect(writes).toBe(1);
  expect(port.trace().map(({ site }) => site)).toContain('clerk dynamodb:PutItem');
});

test('a refusal of the database comes through as it is', async () => {
  await clientOf().send(put('a'));
  const again = put('a', {
    ConditionExpression: 'attribute_not_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  expect(await failureOf(clientOf().send(again))).toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { id: { S: 'a' } },
    $metadata: { httpStatusCode: 400 },
  });
});

test('the calls of table streams come in at the same door', async () => {
  const streams = new DynamoDBStreamsClient({ endpoint: server.url, region: place.region, credentials });
  const { Streams } = await streams.send(new ListStreamsCommand({ TableName }));
  expect(Streams).toEqual([]);
  expect(port.trace().map(({ site }) => site)).toContain('clerk dynamodb:ListStreams');
});

test('nobody comes in without a signature', async () => {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'x-amz-target': 'DynamoDB_20120810.PutItem' },
    body: '{}',
  });
  expect([response.status, await response.json()]).toEqual([
    400,
    {
      __type: 'MissingAuthenticationTokenException',
      message: 'Request is missing Authentication Token',
    },
  ]);
});

test('what the policies deny never reaches the database', async () => {
  allowed = ['dynamodb:Scan', 'dynamodb:DeleteTable'];
  expect(await failureOf(clientOf().send(put('a')))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(
      'is not authorized to perform: dynamodb:PutItem on resource: arn:aws:dynamodb',
    ),
    $metadata: { httpStatusCode: 400 },
  });
  expect(await storedIds()).toEqual([]);
});

test.for<{ kind: FaultKind; error: object; stored: string[] }>([
  { kind: 'throttle', error: { name: 'ThrottlingException' }, stored: [] },
  { kind: 'error-before', error: { name: 'InternalServerError' }, stored: [] },
  { kind: 'error-after', error: { name: 'InternalServerError' }, stored: ['a'] },
  { kind: 'cut', error: { code: 'ECONNRESET' }, stored: ['a'] },
])('a write that meets $kind has stored $stored', async ({ kind, error, stored }) => {
  arm('PutItem', kind);
  expect(await failureOf(clientOf().send(put('a')))).toMatchObject(error);
  expect(await storedIds()).toEqual(stored);
});

test.for<{ kind: FaultKind; stored: string[] }>([
  { kind: 'timeout-before', stored: [] },
  { kind: 'timeout-after', stored: ['a'] },
])(
  'a write that meets $kind hangs until its client gives up, having stored $stored',
  async ({ kind, stored }) => {
    arm('PutItem', kind);
    const abort = new AbortController();
    const call = failureOf(clientOf().send(put('a'), { abortSignal: abort.signal }));
    await expect.poll(() => port.struck()).toHaveLength(1);
    await expect.poll(storedIds).toEqual(stored);
    abort.abort();
    expect(await call).toMatchObject({ name: 'AbortError' });
  },
);

test.for<{ kind: FaultKind }>([{ kind: 'throttle' }, { kind: 'error-before' }, { kind: 'cut' }])(
  'a client with its usual retries gets over one $kind',
  async ({ kind }) => {
    arm('PutItem', kind);
    await clientOf({ maxAttempts: 3 }).send(put('a'));
    expect(await storedIds()).toEqual(['a']);
    expect(port.struck()).toHaveLength(1);
  },
);

test('a conditional write that meets a conflict is refused by the database, with the item if asked', async () => {
  await clientOf().send(put('a'));
  arm('PutItem', 'conflict', 'every');
  const replace = put('a', {
    ConditionExpression: 'attribute_exists(id)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  expect(await failureOf(clientOf().send(replace))).toMatchObject({
    name: 'ConditionalCheckFailedException',
    Item: { id: { S: 'a' } },
  });
});

test('a transaction that meets a conflict does nothing, and names the item', async () => {
  arm('TransactWriteItems', 'conflict');
  const Put = (id: string) => ({ Put: { TableName, Item: { id: { S: id } } } });
  const command = new TransactWriteItemsCommand({ TransactItems: [Put('a'), Put('b')] });
  expect(await failureOf(clientOf().send(command))).toMatchObject({
    name: 'TransactionCanceledException',
    CancellationReasons: [
      { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
      { Code: 'None' },
    ],
  });
  expect(await storedIds()).toEqual([]);
});

test('a batch that meets partial is done by half, and names the rest', async () => {
  const request = (id: string): WriteRequest => ({ PutRequest: { Item: { id: { S: id } } } });
  arm('BatchWriteItem', 'partial');
  const RequestItems = { [TableName]: ['a', 'b', 'c'].map(request) };
  const written = await clientOf().send(new BatchWriteItemCommand({ RequestItems }));
  expect(written.UnprocessedItems).toEqual({ [TableName]: [request('b'), request('c')] });
  expect(await storedIds()).toEqual(['a']);

  await clientOf().send(put('b'));
  arm('BatchGetItem', 'partial');
  const Keys = ['a', 'b'].map((id) => ({ id: { S: id } }));
  const read = await clientOf().send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
  expect(read.Responses?.[TableName]).toEqual([{ id: { S: 'a' } }]);
  expect(read.UnprocessedKeys).toEqual({ [TableName]: { Keys: [{ id: { S: 'b' } }] } });
});

test('a database that is gone looks like a lost connection, which clients try again', async () => {
  const there = { server, close };
  await openDoor('http://127.0.0.1:9');
  expect(await failureOf(clientOf().send(put('a')))).toMatchObject({ code: 'ECONNRESET' });
  await close();
  ({ server, close } = there);
});
