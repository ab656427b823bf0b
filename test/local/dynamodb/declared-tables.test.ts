import { expect, test } from 'vitest';
import { declaredTables, partitionKeysOf } from '../../../local/dynamodb/declared-tables.ts';
import { registryOf } from '../iam/small-app.ts';

const keys = (partition: string, sort: string) => [
  { AttributeName: sort, KeyType: 'RANGE' },
  { AttributeName: partition, KeyType: 'HASH' },
];
const projection = { ProjectionType: 'ALL' };

const tables = declaredTables(
  registryOf({
    Entries: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        AttributeDefinitions: [],
        KeySchema: keys('pk', 'sk'),
        GlobalSecondaryIndexes: [
          { IndexName: 'byDay', KeySchema: keys('day', 'hour'), Projection: projection },
        ],
        LocalSecondaryIndexes: [
          { IndexName: 'byHour', KeySchema: keys('pk', 'hour'), Projection: projection },
        ],
      },
    },
  }),
);

test.for([
  { table: 'Shop-Entries', index: undefined, key: 'pk' },
  { table: 'arn:aws:dynamodb:us-east-1:000000000000:table/Shop-Entries', index: undefined, key: 'pk' },
  { table: 'Shop-Entries', index: 'byDay', key: 'day' },
  { table: 'Shop-Entries', index: 'byHour', key: 'pk' },
  { table: 'Shop-Entries', index: 'other', key: undefined },
  { table: 'Other', index: undefined, key: undefined },
])('the partition key of $table by $index is $key', ({ table, index, key }) => {
  expect(partitionKeysOf(tables)(table, index)).toBe(key);
});
