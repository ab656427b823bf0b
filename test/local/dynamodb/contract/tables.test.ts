import {
  CreateTableCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from 'vitest';
import { aName } from './a-database.ts';
import { refusal, useTables } from './a-table.ts';

const at = useTables();

test('a table is described as it was made', async () => {
  const { Table } = await at.database.client.send(new DescribeTableCommand({ TableName: at.name }));
  expect(Table).toMatchObject({
    TableStatus: 'ACTIVE',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    GlobalSecondaryIndexes: [{ IndexName: 'byOwner', IndexStatus: 'ACTIVE' }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    LatestStreamArn: expect.stringContaining(at.name),
  });
});

test('a table that is there is not made again', async () => {
  const again = new CreateTableCommand({
    TableName: at.name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
  });
  await expect(at.database.client.send(again)).rejects.toMatchObject(refusal('ResourceInUseException'));
});

test('a table that is not there is an error of its own, whatever is asked of it', async () => {
  const TableName = aName('absent');
  const Item = at.aKey();
  const { client, db } = at.database;
  const notFound = refusal('ResourceNotFoundException');
  const query = {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': Item.pk },
  };
  await expect(db.send(new GetCommand({ TableName, Key: Item }))).rejects.toMatchObject(notFound);
  await expect(db.send(new PutCommand({ TableName, Item }))).rejects.toMatchObject(notFound);
  await expect(db.send(new QueryCommand(query))).rejects.toMatchObject(notFound);
  const transaction = new TransactWriteCommand({ TransactItems: [{ Put: { TableName, Item } }] });
  await expect(db.send(transaction)).rejects.toMatchObject(notFound);
  await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toMatchObject(notFound);
});

test('an attribute may be named as the time to live; a row past it can be read until it is removed', async () => {
  const TimeToLiveSpecification = { AttributeName: 'expiresAt', Enabled: true };
  const { client } = at.database;
  await client.send(new UpdateTimeToLiveCommand({ TableName: at.name, TimeToLiveSpecification }));
  const { TimeToLiveDescription: described } = await client.send(
    new DescribeTimeToLiveCommand({ TableName: at.name }),
  );
  expect(described?.AttributeName).toBe('expiresAt');
  expect(described?.TimeToLiveStatus).toMatch(/^ENABL/);
  const row = { ...at.aKey(), expiresAt: Math.floor(Date.now() / 1000) - 60 };
  await at.put(row);
  expect(await at.read(row)).toEqual(row);
});
