import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  TransactWriteItemsCommand,
  UpdateContinuousBackupsCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand } from '@aws-sdk/client-dynamodb-streams';
import { startDatabase } from '../../../../local/dynamodb/database-process.ts';
import { locateDatabase } from '../../../../local/dynamodb/locate-database.ts';
import { readShard, shardsOf } from './a-stream.ts';
import type { Key, Tables } from './a-table.ts';

/** Where the embedded binary does not do what AWS documents or DynamoDB Local does. */
export type KnownDifference = {
  onAws: string;
  embedded: string;
  /** What it means for an app that is tried here and runs there. */
  effect: string;
  observe: (at: Tables, key: Key) => Promise<unknown>;
  /** What is observed where AWS's word holds, and what is observed here. */
  expected: unknown;
  observed: unknown;
};

const streamArnOf = async ({ database, name }: Tables): Promise<string> => {
  const { Table } = await database.client.send(new DescribeTableCommand({ TableName: name }));
  return Table?.LatestStreamArn ?? '';
};

/** The name of the error that a call ends with, 'done' if with none. */
const outcomeOf = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => 'done',
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

const unchangedWrites = async (at: Tables, key: Key): Promise<number> => {
  const { streams } = at.database;
  for (let time = 1; time <= 3; time += 1) await at.put({ ...key, n: 1 });
  const arn = await streamArnOf(at);
  const records = await Promise.all((await shardsOf(streams, arn)).map((id) => readShard(streams, arn, id)));
  return records.flat().filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S === key.pk).length;
};

const transactionsAtOnce = async (at: Tables, Key: Key): Promise<boolean> => {
  const add = {
    Update: {
      TableName: at.name,
      Key,
      UpdateExpression: 'ADD n :one',
      ExpressionAttributeValues: { ':one': 1 },
    },
  };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 100 }, (_, index) =>
      at.transact([add, { Put: { TableName: at.name, Item: { ...Key, sk: `BESIDE#${index}` } } }]),
    ),
  );
  return outcomes.some(({ status }) => status === 'rejected');
};

const tokenAfterRestart = async (): Promise<string> => {
  const stateDir = await mkdtemp(join(tmpdir(), 'contract-restart-'));
  const location = locateDatabase({});
  if (location.kind !== 'binary') throw new Error('expected the binary of this platform');
  const start = () => startDatabase({ binary: location.path, stateDir, port: 0, onExit: () => {} });
  const write = new TransactWriteItemsCommand({
    ClientRequestToken: randomUUID(),
    TransactItems: [
      {
        Put: {
          TableName: 'Guards',
          Item: { pk: { S: 'A' } },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      },
    ],
  });
  const withClient = async <Result>(use: (client: DynamoDBClient) => Promise<Result>): Promise<Result> => {
    const database = await start();
    const credentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
    const client = new DynamoDBClient({ endpoint: database.url, region: 'us-east-1', credentials });
    try {
      return await use(client);
    } finally {
      client.destroy();
      await database.close();
    }
  };
  try {
    await withClient(async (client) => {
      const keys = { KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }] };
      const attributes = { AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' as const }] };
      const table = { TableName: 'Guards', BillingMode: 'PAY_PER_REQUEST' as const, ...keys, ...attributes };
      await client.send(new CreateTableCommand(table));
      await client.send(write);
    });
    return await withClient((client) => outcomeOf(client.send(write)));
  } finally {
    await rm(stateDir, { recursive: true });
  }
};

const ofOwner = (owner: string) => ({
  IndexName: 'byOwner',
  KeyConditionExpression: '#owner = :owner',
  ExpressionAttributeNames: { '#owner': 'owner' },
  ExpressionAttributeValues: { ':owner': owner },
});

export const knownDifferences: KnownDifference[] = [
  {
    onAws: 'a write that changes nothing leaves no stream record',
    embedded: 'every write leaves one',
    effect: 'functions behind a stream are woken here where they sleep on AWS: wake them by a change',
    observe: unchangedWrites,
    expected: 1,
    observed: 3,
  },
  {
    onAws: 'transactions and writes on one row at the same time may be refused as TransactionConflict',
    embedded: 'they stand in line',
    effect: 'retries after a conflict are met only by the fault port and by tests with a mock',
    observe: transactionsAtOnce,
    expected: true,
    observed: false,
  },
  {
    onAws: 'a request token is remembered for ten minutes',
    embedded: 'a restart forgets it',
    effect: 'a transaction repeated across a restart must be refused by its own conditions, or counts twice',
    observe: tokenAfterRestart,
    expected: 'done',
    observed: 'TransactionCanceledException',
  },
  {
    onAws: 'begins_with tells capital letters from small ones',
    embedded: 'a key condition takes A for a',
    effect: 'sort keys must not begin alike but for their case',
    observe: async (at, { pk }) => {
      for (const sk of ['EVENT#1', 'event#1']) await at.put({ pk, sk });
      const found = await at.query({
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': pk, ':prefix': 'EVENT#' },
        ConsistentRead: true,
      });
      return found.Items?.map(({ sk }) => sk);
    },
    expected: ['EVENT#1'],
    observed: ['EVENT#1', 'event#1'],
  },
  {
    onAws: 'an empty prefix of a key is refused',
    embedded: 'it finds everything',
    effect: 'a missing prefix shows up only on AWS',
    observe: (at, { pk }) =>
      outcomeOf(
        at.query({
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
          ExpressionAttributeValues: { ':pk': pk, ':prefix': '' },
        }),
      ),
    expected: 'ValidationException',
    observed: 'done',
  },
  {
    onAws: 'a cursor of another partition is refused',
    embedded: 'it is taken for a place in the partition that is asked for',
    effect: 'a cursor from outside must be checked by who takes it',
    observe: (at, key) =>
      outcomeOf(
        at.query({
          ...ofOwner(key.pk),
          ExclusiveStartKey: { ...key, owner: `${key.pk}#OTHER`, changedAt: '2026-01-01' },
        }),
      ),
    expected: 'ValidationException',
    observed: 'done',
  },
  {
    onAws: 'without a filter, ScannedCount is Count',
    embedded: 'ScannedCount counts the row that did not fit on the page',
    effect: 'none while nobody reads it',
    observe: async (at, { pk }) => {
      for (let row = 1; row <= 4; row += 1)
        await at.put({ pk, sk: `ROW#${row}`, filling: 'x'.repeat(300_000) });
      const partition = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
      const { Count = 0, ScannedCount = 0 } = await at.query(partition);
      return ScannedCount - Count;
    },
    expected: 0,
    observed: 1,
  },
  {
    onAws: 'a shard that is written to has no last sequence number',
    embedded: 'it has one, which is not its last',
    effect: 'a reader must go by its iterators',
    observe: async (at) => {
      const description = new DescribeStreamCommand({ StreamArn: await streamArnOf(at) });
      const { StreamDescription } = await at.database.streams.send(description);
      return StreamDescription?.Shards?.some(
        ({ SequenceNumberRange: range }) => range?.EndingSequenceNumber !== undefined,
      );
    },
    expected: false,
    observed: true,
  },
  {
    onAws: 'ARNs name the region that was asked',
    embedded: 'they name a region called dynoxide',
    effect: 'ARNs in events and policies are made by the one-machine cloud itself',
    observe: async (at) => (await streamArnOf(at)).split(':')[3],
    expected: 'us-east-1',
    observed: 'dynoxide',
  },
  {
    onAws: 'a time to live that is on is not turned on again',
    embedded: 'it is',
    effect: 'who sets it must look first',
    observe: async (at) => {
      const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
      const enable = () =>
        at.database.client.send(new UpdateTimeToLiveCommand({ TableName: at.name, TimeToLiveSpecification }));
      await enable();
      return outcomeOf(enable());
    },
    expected: 'ValidationException',
    observed: 'done',
  },
  {
    onAws: 'point-in-time recovery can be turned on',
    embedded: 'the call is unknown',
    effect: 'backups are tried on AWS only',
    observe: (at) =>
      outcomeOf(
        at.database.client.send(
          new UpdateContinuousBackupsCommand({
            TableName: at.name,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ),
      ),
    expected: 'done',
    observed: 'UnknownOperationException',
  },
];
