import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createActivity } from '../../../local/calls/activity.ts';
import { systemClock } from '../../../local/clock.ts';
import { createDatabaseClient, type DatabaseClient } from '../../../local/dynamodb/database-client.ts';
import { type DatabaseProcess, startDatabase } from '../../../local/dynamodb/database-process.ts';
import type { TableSpec } from '../../../local/dynamodb/declared-tables.ts';
import { ensureTable } from '../../../local/dynamodb/ensure-table.ts';
import { createExpiries } from '../../../local/dynamodb/expiries.ts';
import { locateDatabase } from '../../../local/dynamodb/locate-database.ts';
import { type StreamMapping, startStreamMapping } from '../../../local/dynamodb/stream-mapping.ts';
import type { MappingSpec } from '../../../local/lambda/declared-mappings.ts';
import type { InvokeResult } from '../../../local/lambda/function-runner.ts';

/** A busy machine takes longer than a second. */
const soon = { timeout: 20_000 };

let folder: string;
let database: DatabaseProcess;
let client: DatabaseClient;
const mappings: StreamMapping[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dynamodb-'));
  const location = locateDatabase({ ...process.env, AWS_ENDPOINT_URL_DYNAMODB: undefined });
  if (location.kind !== 'binary') throw new Error('this test starts its own database');
  database = await startDatabase({
    binary: location.path,
    stateDir: join(folder, 'db'),
    port: 0,
    onExit: () => {},
  });
  client = createDatabaseClient(database.url, { accessKeyId: 'AKIATEST', region: 'us-east-1' });
});
afterEach(async () => {
  await Promise.all(mappings.splice(0).map((mapping) => mapping.close()));
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true });
});

let tableCount = 0;
const aTable = async (changes: Partial<TableSpec> = {}): Promise<{ name: string; streamArn: string }> => {
  tableCount += 1;
  const name = `entries-${tableCount}`;
  const spec: TableSpec = {
    name,
    streamArn: 'unused',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [],
    LocalSecondaryIndexes: [],
    StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    ...changes,
  };
  const { databaseStreamArn } = await ensureTable(client, spec);
  return { name, streamArn: z.string().parse(databaseStreamArn) };
};

const put = (table: string, id: string) =>
  client.table('PutItem', { TableName: table, Item: { id: { S: id } } });

const aMapping = (changes: Partial<MappingSpec> = {}): MappingSpec => ({
  id: 'mapping',
  logicalId: `Mapping${tableCount}`,
  sourceArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/entries/stream/now',
  functionName: 'project',
  batchSize: 10,
  startsAtLatest: false,
  bisects: false,
  maxRetryAttempts: Number.POSITIVE_INFINITY,
  maxRecordAgeMs: Number.POSITIVE_INFINITY,
  reportsItemFailures: false,
  patterns: [],
  onFailureArn: undefined,
  ...changes,
});

const batchSchema = z.object({
  Records: z.array(
    z.looseObject({
      eventName: z.string(),
      eventSourceARN: z.string(),
      awsRegion: z.string(),
      dynamodb: z.looseObject({
        SequenceNumber: z.string(),
        Keys: z.object({ id: z.object({ S: z.string() }) }),
      }),
    }),
  ),
});
type Records = z.infer<typeof batchSchema>['Records'];
const idsOf = (records: Records) => records.map(({ dynamodb }) => dynamodb.Keys.id.S);
const succeed: InvokeResult = { payload: 'null', requestId: 'r' };
const fail: InvokeResult = { payload: '{"errorType":"Error"}', requestId: 'r', functionError: 'Unhandled' };

/** Starts the mapping over a function that answers what `respond` says; `calls` are the ids it was given. */
const start = async (
  streamArn: string,
  mapping: MappingSpec,
  respond: (records: Records) => InvokeResult | Promise<InvokeResult>,
) => {
  const calls: string[][] = [];
  const lost: string[] = [];
  const all: Records = [];
  const started = await startStreamMapping({
    mapping,
    databaseStreamArn: streamArn,
    stream: client.stream,
    region: 'us-east-1',
    stateDir: join(folder, 'checkpoints'),
    clock: systemClock,
    activity: createActivity(),
    expiries: createExpiries(),
    invoke: async (_, payload) => {
      const { Records: records } = batchSchema.parse(JSON.parse(payload));
      calls.push(idsOf(records));
      all.push(...records);
      return respond(records);
    },
    sendToDestination: async (_, body) => {
      lost.push(body);
    },
    retryDelayMs: () => 1,
    onError: (line) => {
      throw new Error(line);
    },
  });
  mappings.push(started);
  return { calls, lost, all, stop: () => started.close() };
};

test('changes reach the function in order, shaped as Lambda shapes them', async () => {
  const { name, streamArn } = await aTable();
  await put(name, 'a');
  await client.table('DeleteItem', { TableName: name, Key: { id: { S: 'a' } } });
  const { all } = await start(streamArn, aMapping(), () => succeed);
  await expect.poll(() => all.map(({ eventName }) => eventName), soon).toEqual(['INSERT', 'REMOVE']);
  expect(all[0]).toMatchObject({
    eventSource: 'aws:dynamodb',
    awsRegion: 'us-east-1',
    eventSourceARN: 'arn:aws:dynamodb:us-east-1:000000000000:table/entries/stream/now',
    dynamodb: { NewImage: { id: { S: 'a' } }, StreamViewType: 'NEW_AND_OLD_IMAGES' },
  });
});

test('after a restart the stream goes on behind the last batch that was done', async () => {
  const { name, streamArn } = await aTable();
  await put(name, 'a');
  const first = await start(streamArn, aMapping(), () => succeed);
  await expect.poll(() => first.calls, soon).toEqual([['a']]);
  await first.stop();
  mappings.splice(0);
  await put(name, 'b');
  const second = await start(streamArn, aMapping(), () => succeed);
  await expect.poll(() => second.calls, soon).toEqual([['b']]);
});

test('records come again after a stop while their function was still at work', async () => {
  const { name, streamArn } = await aTable();
  await put(name, 'a');
  const first = await start(streamArn, aMapping(), () => new Promise<never>(() => {}));
  await expect.poll(() => first.calls, soon).toEqual([['a']]);
  await first.stop();
  mappings.splice(0);
  const second = await start(streamArn, aMapping(), () => succeed);
  await expect.poll(() => second.calls, soon).toEqual([['a']]);
});

test('a table made anew is read from its beginning, whatever was read of the old one', async () => {
  const { name, streamArn } = await aTable();
  for (const id of ['a', 'b', 'c']) await put(name, id);
  const first = await start(streamArn, aMapping({ logicalId: 'Remade' }), () => succeed);
  await expect.poll(() => first.calls, soon).toEqual([['a', 'b', 'c']]);
  await first.stop();
  mappings.splice(0);
  const anew = await aTable();
  await put(anew.name, 'd');
  const second = await start(anew.streamArn, aMapping({ logicalId: 'Remade' }), () => succeed);
  await expect.poll(() => second.calls, soon).toEqual([['d']]);
});

test('a mapping that starts at the latest record does not see the older ones', async () => {
  const { name, streamArn } = await aTable();
  await put(name, 'old');
  const { calls } = await start(streamArn, aMapping({ startsAtLatest: true }), () => succeed);
  await put(name, 'new');
  await expect.poll(() => calls, soon).toEqual([['new']]);
});

test('filter criteria keep other records away from the function', async () => {
  const { name, streamArn } = await aTable();
  await put(name, 'a');
  await client.table('DeleteItem', { TableName: name, Key: { id: { S: 'a' } } });
  await put(name, 'b');
  const { calls } = await start(
    streamArn,
    aMapping({ patterns: [{ eventName: ['INSERT'] }] }),
    () => succeed,
  );
  await expect.poll(() => calls, soon).toEqual([['a', 'b']]);
});

test('a reported item failure repeats the batch from that item on', async () => {
  const { name, streamArn } = await aTable();
  for (const id of ['a', 'b', 'c']) await put(name, id);
  let failures = 1;
  const { calls } = await start(streamArn, aMapping({ reportsItemFailures: true }), (records) => {
    const failed = records.find((record) => record.dynamodb.Keys.id.S === 'b');
    if (failed === undefined || failures-- === 0) return succeed;
    const batchItemFailures = [{ itemIdentifier: failed.dynamodb.SequenceNumber }];
    return { ...succeed, payload: JSON.stringify({ batchItemFailures }) };
  });
  await expect
    .poll(() => calls)
    .toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]);
});

test('bisecting finds the bad record, and only it goes to the failure queue', async () => {
  const { name, streamArn } = await aTable();
  for (const id of ['a', 'bad', 'c', 'd']) await put(name, id);
  const mapping = aMapping({
    bisects: true,
    maxRetryAttempts: 1,
    onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:dlq',
  });
  const { calls, lost } = await start(streamArn, mapping, (records) =>
    idsOf(records).includes('bad') ? fail : succeed,
  );
  await expect.poll(() => calls.at(-1), soon).toEqual(['c', 'd']);
  expect(calls).toEqual([['a', 'bad', 'c', 'd'], ['a', 'bad'], ['a'], ['bad'], ['bad'], ['c', 'd']]);
  expect(lost.map((body) => JSON.parse(body))).toMatchObject([
    {
      requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 },
      DDBStreamBatchInfo: { batchSize: 1 },
    },
  ]);
});

test('records older than the limit are given up without a call', async () => {
  const { name, streamArn } = await aTable();
  await put(name, 'old');
  const mapping = aMapping({ maxRecordAgeMs: -1, onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:dlq' });
  const { calls, lost } = await start(streamArn, mapping, () => succeed);
  await expect
    .poll(() => lost.map((body) => JSON.parse(body)))
    .toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
  expect(calls).toEqual([]);
});

test('a stored table gains the index that the template has gained, and refuses another key', async () => {
  const { name } = await aTable();
  const spec: TableSpec = {
    name,
    streamArn: 'unused',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'day', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byDay',
        KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
    LocalSecondaryIndexes: [],
  };
  await ensureTable(client, spec);
  await client.table('PutItem', { TableName: name, Item: { id: { S: '1' }, day: { S: 'mon' } } });
  const found = await client.table('Query', {
    TableName: name,
    IndexName: 'byDay',
    KeyConditionExpression: '#d = :d',
    ExpressionAttributeNames: { '#d': 'day' },
    ExpressionAttributeValues: { ':d': { S: 'mon' } },
  });
  expect(found).toMatchObject({ Count: 1 });
  const otherKey = { ...spec, KeySchema: [{ AttributeName: 'day', KeyType: 'HASH' as const }] };
  await expect(ensureTable(client, otherKey)).rejects.toThrow(/start fresh/);
});

test('the database leaves its file and no pid behind when closed', async () => {
  const location = locateDatabase({ ...process.env, AWS_ENDPOINT_URL_DYNAMODB: undefined });
  if (location.kind !== 'binary') throw new Error('this test starts its own database');
  const stateDir = join(folder, 'closed');
  const own = await startDatabase({ binary: location.path, stateDir, port: 0, onExit: () => {} });
  await own.close();
  expect(readdirSync(stateDir)).not.toContain('dynamodb.pid');
  expect(readdirSync(stateDir)).toContain('dynamodb.sqlite');
  expect(() => process.kill(own.pid, 0)).toThrow();
});
