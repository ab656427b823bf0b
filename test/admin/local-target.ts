import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import type { Target } from '../../admin/targets.ts';
import { startDatabase } from '../../local/dynamodb/database-process.ts';
import { locateDatabase } from '../../local/dynamodb/locate-database.ts';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' } };

type LocalTarget = { target: Target; folder: string; close: () => Promise<void> };

/** A database of its own with the four tables, and a folder for files; API Gateway is a client to be mocked. */
const startLocalTarget = async (): Promise<LocalTarget> => {
  const folder = await mkdtemp(join(tmpdir(), 'admin-'));
  const location = locateDatabase({});
  if (location.kind !== 'binary') throw new Error('expected the binary of this platform');
  const database = await startDatabase({
    binary: location.path,
    stateDir: folder,
    port: 0,
    onExit: () => {},
  });
  const client = new DynamoDBClient({ ...access, endpoint: database.url });
  const tables = { orders: 'Orders', stock: 'Stock', catalogue: 'Catalogue', partners: 'Partners' };
  for (const TableName of Object.values(tables)) {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
      }),
    );
  }
  const target: Target = {
    dynamodb: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    apiGateway: new APIGatewayClient(access),
    s3: new S3Client(access),
    sts: new STSClient(access),
    region: async () => access.region,
    tables,
    api: { restApiId: 'api1', stageName: 'live' },
    documents: { bucketName: 'documents' },
    inbox: { bucketName: 'inbox', dropRoleArn: 'arn:aws:iam::000000000000:role/drop' },
    timeZone: 'Asia/Shanghai',
    operator: 'operator:han',
    now: () => new Date('2026-03-02T08:00:00Z'),
  };
  const close = async () => {
    client.destroy();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { target, folder, close };
};

/** Deletes every row, so that a test starts from nothing. */
const emptyTables = async ({ dynamodb, tables }: Target): Promise<void> => {
  for (const TableName of Object.values(tables)) {
    const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName }));
    for (let start = 0; start < Items.length; start += 25) {
      const requests = Items.slice(start, start + 25).map(({ pk, sk }) => ({
        DeleteRequest: { Key: { pk, sk } },
      }));
      await dynamodb.send(new BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
    }
  }
};

/** A local target for one test file: started before its tests, emptied before each, gone after the last. */
export const useLocalTarget = ({ empties = true } = {}) => {
  let local: LocalTarget | undefined;
  const started = (): LocalTarget => {
    if (!local) throw new Error('the local target is there from beforeAll on');
    return local;
  };
  beforeAll(async () => {
    local = await startLocalTarget();
  });
  beforeEach(() => (empties ? emptyTables(started().target) : undefined));
  afterAll(() => local?.close());
  return {
    get target() {
      return started().target;
    },
    get folder() {
      return started().folder;
    },
    /** Writes a csv file of these lines and answers its path. */
    file: async (...lines: string[]): Promise<string> => {
      const path = join(started().folder, `${randomUUID()}.csv`);
      await writeFile(path, `${lines.join('\n')}\n`);
      return path;
    },
    rowCount: async (table: keyof Target['tables']): Promise<number | undefined> => {
      const { dynamodb, tables } = started().target;
      return (await dynamodb.send(new ScanCommand({ TableName: tables[table], Select: 'COUNT' }))).Count;
    },
  };
};
