import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DynamoDBClient,
  type GlobalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { orderSummarySchema } from '../../domain/orders/order-summary.ts';
import { startDatabase } from '../../local/dynamodb/database-process.ts';
import { locateDatabase } from '../../local/dynamodb/locate-database.ts';

const projected = Object.keys(orderSummarySchema.shape).filter((name) => name !== 'orderNumber');
const indexNames = {
  byPartner: { keys: ['orderPartnerId', 'orderNumber'], projected },
  byDay: { keys: ['orderDay', 'orderNumber'], projected },
  byStatus: { keys: ['openStatus', 'statusSince'], projected: ['orderNumber'] },
} as const;

const keySchema = ([hash, range]: readonly [string, string]): CreateTableCommandInput['KeySchema'] => [
  { AttributeName: hash, KeyType: 'HASH' },
  { AttributeName: range, KeyType: 'RANGE' },
];

const orderIndexes: GlobalSecondaryIndex[] = Object.entries(indexNames).map(
  ([IndexName, { keys, projected }]) => ({
    IndexName,
    KeySchema: keySchema(keys),
    Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: [...projected] },
  }),
);

/** Names of the four tables; every test database calls them so. */
export const tables = {
  orders: 'Orders',
  stock: 'Stock',
  catalogue: 'Catalogue',
  partners: 'Partners',
} as const;

const createTable = (client: DynamoDBClient, TableName: string) => {
  const indexes = TableName === tables.orders ? orderIndexes : [];
  const names = [
    'pk',
    'sk',
    ...(indexes.length > 0 ? new Set(Object.values(indexNames).flatMap(({ keys }) => [...keys])) : []),
  ];
  return client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keySchema(['pk', 'sk']),
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      ...(indexes.length > 0 && { GlobalSecondaryIndexes: indexes }),
    }),
  );
};

export type TestDatabase = { url: string; db: DynamoDBDocumentClient; close: () => Promise<void> };

/** A DynamoDB of its own with the four tables, on a free port and in a temporary folder; `close` leaves nothing behind. */
export const startDynamoDb = async (): Promise<TestDatabase> => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-test-'));
  const location = locateDatabase({});
  if (location.kind !== 'binary') throw new Error('expected the binary of this platform');
  const database = await startDatabase({
    binary: location.path,
    stateDir: folder,
    port: 0,
    onExit: () => {},
  });
  const client = new DynamoDBClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: database.url,
    requestHandler: { httpAgent: { maxSockets: 400 } },
  });
  for (const name of Object.values(tables)) await createTable(client, name);
  return {
    url: database.url,
    db: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    close: async () => {
      client.destroy();
      await database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
