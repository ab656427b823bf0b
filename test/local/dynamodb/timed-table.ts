import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import * as z from 'zod';
import { createActivity } from '../../../local/calls/activity.ts';
import { createVirtualClock } from '../../../local/clock.ts';
import { createDatabaseClient, type DatabaseCall } from '../../../local/dynamodb/database-client.ts';
import { startDatabase } from '../../../local/dynamodb/database-process.ts';
import type { TableSpec } from '../../../local/dynamodb/declared-tables.ts';
import { ensureTable } from '../../../local/dynamodb/ensure-table.ts';
import { createExpiries } from '../../../local/dynamodb/expiries.ts';
import { locateDatabase } from '../../../local/dynamodb/locate-database.ts';
import { type StreamMappingOptions, startStreamMapping } from '../../../local/dynamodb/stream-mapping.ts';
import { startTimeToLive } from '../../../local/dynamodb/time-to-live.ts';

export const startMs = Date.parse('2031-05-06T07:00:00Z');
export const secondsFromStart = (seconds: number): number => startMs / 1000 + seconds;

const spec: TableSpec = {
  name: 'offers',
  streamArn: 'arn:aws:dynamodb:us-east-1:000000000000:table/offers/stream/now',
  AttributeDefinitions: [
    { AttributeName: 'shop', AttributeType: 'S' },
    { AttributeName: 'id', AttributeType: 'S' },
  ],
  KeySchema: [
    { AttributeName: 'shop', KeyType: 'HASH' },
    { AttributeName: 'id', KeyType: 'RANGE' },
  ],
  GlobalSecondaryIndexes: [],
  LocalSecondaryIndexes: [],
  StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
  TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
};

const itemsSchema = z.object({ Items: z.array(z.object({ id: z.object({ S: z.string() }) })) });
const batchSchema = z.object({ Records: z.array(z.looseObject({ eventName: z.string() })) });
type Records = z.infer<typeof batchSchema>['Records'];
type Answer = 'succeeds' | 'fails';

/** A table with a time to live and a stream, in a cloud's time that moves when nothing is in motion. */
export const aTimedTable = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'timed-table-'));
  const location = locateDatabase({ ...process.env, AWS_ENDPOINT_URL_DYNAMODB: undefined });
  if (location.kind !== 'binary') throw new Error('this test starts its own database');
  const database = await startDatabase({
    binary: location.path,
    stateDir: folder,
    port: 0,
    onExit: () => {},
  });
  onTestFinished(async () => {
    await database.close();
    rmSync(folder, { recursive: true });
  });
  const client = createDatabaseClient(database.url, { accessKeyId: 'AKIATEST', region: 'us-east-1' });
  const { databaseStreamArn } = await ensureTable(client, spec);
  const activity = createActivity();
  const clock = createVirtualClock(startMs, activity.idle);
  const expiries = createExpiries();
  const pokes: (() => void)[] = [];
  const operations: string[] = [];
  const table: DatabaseCall = async (operation, input) => {
    operations.push(operation);
    const answer = await client.table(operation, input);
    if (operation !== 'Scan') for (const poke of pokes) poke();
    return answer;
  };
  const write = async (operation: string, input: Parameters<DatabaseCall>[1]) => {
    await client.table(operation, { TableName: spec.name, ...input });
    for (const poke of pokes) poke();
  };

  return {
    clock,
    activity,
    /** What the time to live asked of the database. */
    operations,
    put: (id: string, until?: number, more: Parameters<DatabaseCall>[1] = {}) =>
      write('PutItem', {
        Item: {
          shop: { S: 's' },
          id: { S: id },
          ...(until !== undefined && { until: { N: String(until) } }),
          ...more,
        },
      }),
    remove: (id: string) => write('DeleteItem', { Key: { shop: { S: 's' }, id: { S: id } } }),
    ids: async (): Promise<string[]> =>
      itemsSchema
        .parse(await client.table('Scan', { TableName: spec.name }))
        .Items.map(({ id }) => id.S)
        .sort(),
    startTimeToLive: (call: DatabaseCall = table) => {
      const errors: unknown[] = [];
      const started = startTimeToLive({
        tables: [spec],
        table: call,
        clock,
        activity,
        expiries,
        onError: (error) => errors.push(error),
      });
      pokes.push(started.poke);
      onTestFinished(started.close);
      return { errors, table };
    },
    /** Starts a mapping; `calls` are the batches that its function got, and when. */
    startMapping: async (
      respond: (records: Records) => Answer = () => 'succeeds',
      changes: Partial<StreamMappingOptions['mapping']> = {},
    ) => {
      const calls: { at: number; records: Records }[] = [];
      const lost: unknown[] = [];
      const started = await startStreamMapping({
        mapping: {
          id: 'm',
          logicalId: 'Mapping',
          sourceArn: spec.streamArn,
          functionName: 'f',
          batchSize: 10,
          startsAtLatest: false,
          bisects: false,
          maxRetryAttempts: Number.POSITIVE_INFINITY,
          maxRecordAgeMs: Number.POSITIVE_INFINITY,
          reportsItemFailures: false,
          patterns: [],
          onFailureArn: 'arn:aws:sqs:us-east-1:000000000000:lost',
          ...changes,
        },
        databaseStreamArn: databaseStreamArn ?? '',
        stream: client.stream,
        region: 'us-east-1',
        stateDir: join(folder, 'checkpoints'),
        clock,
        activity,
        expiries,
        invoke: async (_, payload) => {
          const { Records: records } = batchSchema.parse(JSON.parse(payload));
          calls.push({ at: clock.now(), records });
          const failed = respond(records) === 'fails';
          return { payload: 'null', requestId: 'r', ...(failed && { functionError: 'Unhandled' as const }) };
        },
        sendToDestination: async (_, body) => void lost.push(JSON.parse(body)),
        onError: (line) => {
          throw new Error(line);
        },
      });
      pokes.push(started.poke);
      onTestFinished(started.close);
      return { calls, lost };
    },
  };
};
