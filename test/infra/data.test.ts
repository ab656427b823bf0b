import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { aStack, resource } from './a-stack.ts';

const { template } = aStack();

const tables = ['Orders', 'Stock', 'Catalogue', 'Partners'];

test('there are four tables', () => {
  template.resourceCountIs('AWS::DynamoDB::GlobalTable', tables.length);
});

describe.for(tables)('%s', (name) => {
  const table = resource(template, 'AWS::DynamoDB::GlobalTable', `Data${name}`);

  test('has rows by pk and sk and is paid by use', () => {
    expect(table.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(table.BillingMode).toBe('PAY_PER_REQUEST');
  });

  test('is encrypted, can be restored to any second, and cannot be deleted by mistake', () => {
    expect(table.SSESpecification).toEqual({ SSEEnabled: true, SSEType: 'KMS' });
    expect(table.Replicas).toEqual([
      expect.objectContaining({
        Region: { Ref: 'AWS::Region' },
        DeletionProtectionEnabled: true,
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      }),
    ]);
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      Properties: Match.objectLike({ KeySchema: table.KeySchema }),
      DeletionPolicy: 'Retain',
    });
  });
});

test('only the Orders table has indexes, a stream and rows that end', () => {
  const orders = resource(template, 'AWS::DynamoDB::GlobalTable', 'DataOrders');
  expect(orders.StreamSpecification).toEqual({ StreamViewType: 'NEW_IMAGE' });
  expect(orders.TimeToLiveSpecification).toEqual({ AttributeName: 'expiresAt', Enabled: true });
  const listed = {
    ProjectionType: 'INCLUDE',
    NonKeyAttributes: [
      'partnerId',
      'customerOrderReference',
      'customerId',
      'customerTier',
      'orderType',
      'sourceChannel',
      'status',
      'tags',
      'test',
      'currency',
      'payableAmount',
      'requestedDate',
      'createdAt',
      'updatedAt',
    ],
  };
  expect(orders.GlobalSecondaryIndexes).toEqual([
    {
      IndexName: 'byPartner',
      KeySchema: [
        { AttributeName: 'orderPartnerId', KeyType: 'HASH' },
        { AttributeName: 'orderNumber', KeyType: 'RANGE' },
      ],
      Projection: listed,
    },
    {
      IndexName: 'byDay',
      KeySchema: [
        { AttributeName: 'orderDay', KeyType: 'HASH' },
        { AttributeName: 'orderNumber', KeyType: 'RANGE' },
      ],
      Projection: listed,
    },
    {
      IndexName: 'byStatus',
      KeySchema: [
        { AttributeName: 'openStatus', KeyType: 'HASH' },
        { AttributeName: 'statusSince', KeyType: 'RANGE' },
      ],
      Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['orderNumber'] },
    },
  ]);
  for (const name of ['Stock', 'Catalogue', 'Partners']) {
    const table = resource(template, 'AWS::DynamoDB::GlobalTable', `Data${name}`);
    expect([table.GlobalSecondaryIndexes, table.StreamSpecification, table.TimeToLiveSpecification]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  }
});

test('a stack to try things with leaves nothing behind', () => {
  const { template: trial } = aStack({ context: { retainData: 'false' } });
  const kept = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool'].flatMap((type) =>
    Object.values(trial.findResources(type)).filter(({ DeletionPolicy }) => DeletionPolicy !== 'Delete'),
  );
  expect(kept).toEqual([]);
  trial.resourceCountIs('Custom::S3AutoDeleteObjects', 3);
});
