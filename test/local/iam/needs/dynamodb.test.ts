import { describe, expect, test } from 'vitest';
import { dynamodbNeeds } from '../../../../local/iam/needs/dynamodb.ts';
import { place as somewhere } from '../small-app.ts';

const place = { ...somewhere, partitionKeyOf: () => undefined };

const table = (name: string) => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;
const key = { pk: { S: 'a' } };

test.for<{ operation: string; input: object; needs: [action: string, resource: string][] }>([
  { operation: 'GetItem', input: { TableName: 'T', Key: key }, needs: [['GetItem', table('T')]] },
  { operation: 'PutItem', input: { TableName: table('T'), Item: key }, needs: [['PutItem', table('T')]] },
  { operation: 'UpdateItem', input: { TableName: 'T', Key: key }, needs: [['UpdateItem', table('T')]] },
  { operation: 'DeleteItem', input: { TableName: 'T', Key: key }, needs: [['DeleteItem', table('T')]] },
  { operation: 'DescribeTable', input: { TableName: 'T' }, needs: [['DescribeTable', table('T')]] },
  { operation: 'ListTables', input: {}, needs: [['ListTables', '*']] },
  { operation: 'Query', input: { TableName: 'T' }, needs: [['Query', table('T')]] },
  {
    operation: 'Query',
    input: { TableName: 'T', IndexName: 'byDate' },
    needs: [['Query', `${table('T')}/index/byDate`]],
  },
  {
    operation: 'Scan',
    input: { TableName: table('T'), IndexName: 'byDate' },
    needs: [['Scan', `${table('T')}/index/byDate`]],
  },
  {
    operation: 'BatchGetItem',
    input: { RequestItems: { A: { Keys: [key, key] }, B: { Keys: [key] } } },
    needs: [
      ['BatchGetItem', table('A')],
      ['BatchGetItem', table('B')],
    ],
  },
  {
    operation: 'BatchWriteItem',
    input: { RequestItems: { A: [{ PutRequest: { Item: key } }, { DeleteRequest: { Key: key } }], B: [] } },
    needs: [
      ['BatchWriteItem', table('A')],
      ['BatchWriteItem', table('B')],
    ],
  },
  {
    operation: 'TransactWriteItems',
    input: {
      TransactItems: [
        { ConditionCheck: { TableName: 'A', Key: key } },
        { Put: { TableName: 'A', Item: key } },
        { Update: { TableName: 'B', Key: key } },
        { Delete: { TableName: 'B', Key: key } },
      ],
    },
    needs: [
      ['ConditionCheckItem', table('A')],
      ['PutItem', table('A')],
      ['UpdateItem', table('B')],
      ['DeleteItem', table('B')],
    ],
  },
  {
    operation: 'TransactGetItems',
    input: { TransactItems: [{ Get: { TableName: 'A', Key: key } }, { Get: { TableName: 'B', Key: key } }] },
    needs: [
      ['GetItem', table('A')],
      ['GetItem', table('B')],
    ],
  },
  {
    operation: 'DescribeStream',
    input: { StreamArn: `${table('T')}/stream/2026` },
    needs: [['DescribeStream', `${table('T')}/stream/2026`]],
  },
  {
    operation: 'GetShardIterator',
    input: { StreamArn: `${table('T')}/stream/2026`, ShardId: '1' },
    needs: [['GetShardIterator', `${table('T')}/stream/2026`]],
  },
  {
    operation: 'GetRecords',
    input: { ShardIterator: `${table('T')}/stream/2026|1|AAAA` },
    needs: [['GetRecords', `${table('T')}/stream/2026`]],
  },
  { operation: 'ListStreams', input: { TableName: 'T' }, needs: [['ListStreams', `${table('T')}/stream/*`]] },
  { operation: 'ListStreams', input: {}, needs: [['ListStreams', `${table('*')}/stream/*`]] },
])('$operation of $input', ({ operation, input, needs }) => {
  expect(dynamodbNeeds(operation, input, place).map(({ action, resource }) => [action, resource])).toEqual(
    needs.map(([action, resource]) => [`dynamodb:${action}`, resource]),
  );
});

test.for([
  ['PutItem', {}],
  ['Query', { IndexName: 'byDate' }],
  ['TransactWriteItems', { TransactItems: [{ Put: { TableName: 'A' } }] }],
  ['TransactWriteItems', { TransactItems: [{ Put: { TableName: 'A', Item: key } }, {}] }],
  ['BatchGetItem', {}],
  ['GetRecords', {}],
] as const)('%s of %j, which names no table, takes a grant on everything', ([operation, input]) => {
  expect(dynamodbNeeds(operation, input, place)).toEqual([
    { action: `dynamodb:${operation}`, resource: '*' },
  ]);
});

test('streams and shard iterators of the database are known by the app’s stream', () => {
  const stream = `${table('T')}/stream/2000`;
  const streamOf = (text: string) => (text === 'own' ? stream : undefined);
  const resourceOf = (input: object) =>
    dynamodbNeeds('GetRecords', input, { ...place, streamOf })[0]?.resource;
  expect(resourceOf({ ShardIterator: 'own' })).toBe(stream);
  expect(resourceOf({ StreamArn: 'own' })).toBe(stream);
  expect(resourceOf({ ShardIterator: 'other' })).toBe('*');
});

describe('the leading keys of a call', () => {
  const partitionKeyOf = (_table: string, index?: string) => (index === undefined ? 'pk' : 'day');
  const keysOf = (operation: string, input: object) =>
    dynamodbNeeds(operation, input, { ...place, partitionKeyOf }).map(
      ({ context }) => context?.['dynamodb:LeadingKeys'],
    );
  const [a, b] = [{ pk: { S: 'a' }, sk: { S: 'x' } }, { pk: { N: '2' } }];

  test.for<{ operation: string; input: object; keys: (string[] | undefined)[] }>([
    { operation: 'GetItem', input: { TableName: 'T', Key: a }, keys: [['a']] },
    { operation: 'PutItem', input: { TableName: 'T', Item: b }, keys: [['2']] },
    { operation: 'BatchGetItem', input: { RequestItems: { T: { Keys: [a, b, a] } } }, keys: [['a', '2']] },
    {
      operation: 'BatchWriteItem',
      input: { RequestItems: { T: [{ PutRequest: { Item: a } }, { DeleteRequest: { Key: b } }] } },
      keys: [['a', '2']],
    },
    {
      operation: 'TransactWriteItems',
      input: {
        TransactItems: [{ Put: { TableName: 'T', Item: a } }, { Delete: { TableName: 'T', Key: b } }],
      },
      keys: [['a'], ['2']],
    },
    { operation: 'Scan', input: { TableName: 'T' }, keys: [undefined] },
    { operation: 'DescribeTable', input: { TableName: 'T' }, keys: [undefined] },
    {
      operation: 'Query',
      input: {
        TableName: 'T',
        KeyConditionExpression: 'sk = :s AND pk = :p',
        ExpressionAttributeValues: { ':p': { S: 'a' }, ':s': { S: 'x' } },
      },
      keys: [['a']],
    },
    {
      operation: 'Query',
      input: {
        TableName: 'T',
        IndexName: 'byDay',
        KeyConditionExpression: '(#d=:d) AND begins_with(sk, :s)',
        ExpressionAttributeNames: { '#d': 'day' },
        ExpressionAttributeValues: { ':d': { S: 'mon' }, ':s': { S: 'x' } },
      },
      keys: [['mon']],
    },
  ])('$operation $input', ({ operation, input, keys }) => {
    expect(keysOf(operation, input)).toEqual(keys);
  });

  test('are not said of a table whose partition key is not known', () => {
    expect(dynamodbNeeds('GetItem', { TableName: 'T', Key: a }, place)[0]).not.toHaveProperty('context');
  });
});

test('an item of a transaction says of which', () => {
  const input = { TransactItems: [{ Get: { TableName: 'T', Key: key } }] };
  expect(dynamodbNeeds('TransactGetItems', input, place)[0]?.context).toEqual({
    'dynamodb:EnclosingOperation': 'TransactGetItems',
  });
});
