import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Target } from '../admin/targets.ts';
import { startDatabase } from '../local/dynamodb/database-process.ts';
import { locateDatabase } from '../local/dynamodb/locate-database.ts';
import { loadMasterData } from '../samples/load-master-data.ts';
import { countingProxy } from './counting-proxy.ts';

const access = { region: 'us-east-1', credentials: { accessKeyId: 'bench', secretAccessKey: 'bench' } };

/** The desk's tables in the database at an address, without the rest of a desk. */
export const benchTarget = (databaseUrl: string): Target => ({
  dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient({ ...access, endpoint: databaseUrl }), {
    marshallOptions: { removeUndefinedValues: true },
  }),
  apiGateway: new APIGatewayClient(access),
  s3: new S3Client(access),
  sts: new STSClient(access),
  region: async () => access.region,
  tables: { orders: 'Orders', stock: 'Stock', catalogue: 'Catalogue', partners: 'Partners' },
  api: { restApiId: 'bench', stageName: 'bench' },
  documents: { bucketName: 'documents' },
  inbox: { bucketName: 'inbox', dropRoleArn: 'arn:aws:iam::000000000000:role/drop' },
  timeZone: 'Asia/Shanghai',
  operator: 'operator',
  now: () => new Date(),
});

const createTables = async ({ dynamodb, tables }: Target): Promise<void> => {
  const keys = { pk: 'HASH', sk: 'RANGE' } as const;
  for (const TableName of Object.values(tables))
    await dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: Object.keys(keys).map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S',
        })),
        KeySchema: Object.entries(keys).map(([AttributeName, KeyType]) => ({ AttributeName, KeyType })),
      }),
    );
};

/** A database in a folder with the sample master data in it, behind a proxy that counts what is consumed. */
export const openBenchDatabase = async (folder: string) => {
  const location = locateDatabase({});
  if (location.kind !== 'binary') throw new Error('the bench needs the embedded database');
  const database = await startDatabase({
    binary: location.path,
    stateDir: folder,
    port: 0,
    onExit: (reason) => console.error(reason),
  });
  const proxy = await countingProxy(database.url);
  const target = benchTarget(database.url);
  await createTables(target);
  for (const [what, loaded] of Object.entries(await loadMasterData(target)))
    if (loaded.outcome === 'refused') throw new Error(`${what}: ${JSON.stringify(loaded.problems)}`);
  return {
    url: proxy.url,
    take: proxy.take,
    close: async () => {
      target.dynamodb.destroy();
      await proxy.close();
      await database.close();
    },
  };
};
