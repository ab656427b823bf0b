import {
  CreateTableCommand,
  DeleteTableCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { aName, type ContractDatabase, openDatabase } from './a-database.ts';

export type Key = { pk: string; sk: string };
type Row = Key & Record<string, unknown>;
type Actions = NonNullable<TransactWriteCommandInput['TransactItems']>;

const keys = ([hash, range]: [string, string]) => [
  { AttributeName: hash, KeyType: 'HASH' as const },
  { AttributeName: range, KeyType: 'RANGE' as const },
];

/** As the app's tables: text keys, on demand, a sparse index with some attributes, a stream of new images. */
const tableInput = (TableName: string): ConstructorParameters<typeof CreateTableCommand>[0] => ({
  TableName,
  BillingMode: 'PAY_PER_REQUEST',
  KeySchema: keys(['pk', 'sk']),
  AttributeDefinitions: ['pk', 'sk', 'owner', 'changedAt'].map((AttributeName) => ({
    AttributeName,
    AttributeType: 'S',
  })),
  GlobalSecondaryIndexes: [
    {
      IndexName: 'byOwner',
      KeySchema: keys(['owner', 'changedAt']),
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['number', 'state'] },
    },
  ],
  StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
});

const createTable = async ({ client }: ContractDatabase): Promise<string> => {
  const name = aName('table');
  await client.send(new CreateTableCommand(tableInput(name)));
  await waitUntilTableExists({ client, maxWaitTime: 120, minDelay: 0.05, maxDelay: 2 }, { TableName: name });
  return name;
};

const deleteTable = async ({ client }: ContractDatabase, name: string) => {
  await client.send(new DeleteTableCommand({ TableName: name }));
  await waitUntilTableNotExists(
    { client, maxWaitTime: 120, minDelay: 0.05, maxDelay: 2 },
    { TableName: name },
  );
};

/** Two tables for the tests of a file, made before and deleted after them. Each test takes keys of its own. */
export const useTables = () => {
  let database: ContractDatabase | undefined;
  const names: string[] = [];
  let keyCount = 0;
  beforeAll(async () => {
    database = await openDatabase();
    for (let count = 0; count < 2; count += 1) names.push(await createTable(database));
  });
  afterAll(async () => {
    if (database === undefined) return;
    for (const name of names) await deleteTable(database, name);
    await database.close();
  });

  const opened = (): ContractDatabase => {
    if (database === undefined) throw new Error('the tables are made before the tests');
    return database;
  };
  const nameOf = (index: number): string => {
    const name = names[index];
    if (name === undefined) throw new Error('the tables are made before the tests');
    return name;
  };
  const table = () => nameOf(0);
  return {
    get database() {
      return opened();
    },
    get name() {
      return table();
    },
    get otherName() {
      return nameOf(1);
    },
    aKey: (): Key => ({ pk: `KEY#${++keyCount}`, sk: 'ROW' }),
    put: (Item: Row, more: Partial<PutCommandInput> = {}) =>
      opened().db.send(new PutCommand({ TableName: table(), Item, ...more })),
    read: async ({ pk, sk }: Key) =>
      (await opened().db.send(new GetCommand({ TableName: table(), Key: { pk, sk }, ConsistentRead: true })))
        .Item,
    update: async (Key: Key, more: Partial<UpdateCommandInput>) =>
      (
        await opened().db.send(
          new UpdateCommand({ TableName: table(), Key, ReturnValues: 'ALL_NEW', ...more }),
        )
      ).Attributes,
    query: (more: Partial<QueryCommandInput>) =>
      opened().db.send(new QueryCommand({ TableName: table(), ...more })),
    transact: (TransactItems: Actions, more: Partial<TransactWriteCommandInput> = {}) =>
      opened().db.send(new TransactWriteCommand({ TransactItems, ...more })),
  };
};

export type Tables = ReturnType<typeof useTables>;

/** How the SDK throws what the service refuses. */
export const refusal = (name: string) => ({ name, $fault: 'client', $metadata: { httpStatusCode: 400 } });
export const invalid = refusal('ValidationException');
export const conditionFailed = refusal('ConditionalCheckFailedException');
