import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, test } from 'vitest';
import type { Upload } from '../../domain/uploads/upload.ts';
import { Retryable } from '../../functions/shared/classify-error.ts';
import { documentClient } from '../../functions/shared/dynamodb.ts';
import { uploadsTable } from '../../functions/shared/uploads-table.ts';

process.env.AWS_REGION = 'us-east-1';
const table = mockClient(DynamoDBDocumentClient);
const uploads = uploadsTable(documentClient(), () => 'Orders');

const upload: Upload = {
  uploadId: '0199d3a0-0000-7000-8000-000000000001',
  partnerId: 'example-mall',
  objectKey: 'inbox/example-mall/orders.csv',
  fileName: 'orders.csv',
  mode: 'REJECT_FAILED_ORDERS',
  language: 'en',
  status: 'PROCESSING',
  fileFindings: [],
  createdAt: '2025-10-14T02:00:00.000Z',
  updatedAt: '2025-10-14T02:00:00.000Z',
};

beforeEach(() => {
  table.reset();
  table.on(PutCommand).rejects(new ConditionalCheckFailedException({ message: '', $metadata: {} }));
});

test.for([
  { by: 'another execution', row: { status: 'PROCESSING', executionId: 'other' } },
  { by: 'one that has ended it', row: { status: 'COMPLETED', executionId: 'own' } },
])('an upload that is held by $by is taken', async ({ row }) => {
  table.on(GetCommand).resolves({ Item: row });
  expect(await uploads.claim(upload, 'own')).toBe('taken');
});

test.for([
  { of: 'one that still awaits its file', row: { status: 'AWAITING_FILE' } },
  { of: 'its own execution', row: { status: 'PROCESSING', executionId: 'own' } },
])('a refused claim of an upload of $of is tried again, not taken for another’s', async ({ row }) => {
  table.on(GetCommand).resolves({ Item: row });
  await expect(uploads.claim(upload, 'own')).rejects.toThrow(Retryable);
});
