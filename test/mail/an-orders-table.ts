import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDatabase } from '../../local/dynamodb/database-process.ts';
import { locateDatabase } from '../../local/dynamodb/locate-database.ts';

const tableName = 'Orders';

/** An empty Orders table in a DynamoDB of its own, which `close` ends. */
export const anOrdersTable = async () => {
  const stateDir = await mkdtemp(join(tmpdir(), 'orders-'));
  const location = locateDatabase({ ...process.env, AWS_ENDPOINT_URL_DYNAMODB: undefined });
  if (location.kind !== 'binary') throw new Error('no database binary');
  const database = await startDatabase({ binary: location.path, stateDir, port: 0, onExit: () => {} });
  const client = new DynamoDBClient({
    endpoint: database.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const string = (AttributeName: string) => ({ AttributeName, AttributeType: 'S' as const });
  const key = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: ['pk', 'sk', 'openStatus', 'statusSince'].map(string),
      KeySchema: key('pk', 'sk'),
      GlobalSecondaryIndexes: [
        {
          IndexName: 'byStatus',
          KeySchema: key('openStatus', 'statusSince'),
          Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['orderNumber'] },
        },
      ],
    }),
  );
  return {
    db: DynamoDBDocumentClient.from(client),
    tableName: () => tableName,
    close: async () => {
      client.destroy();
      await database.close();
      await rm(stateDir, { recursive: true });
    },
  };
};
