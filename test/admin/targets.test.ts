import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { localTarget, stackTarget } from '../../admin/targets.ts';

const outputs = {
  OrdersTableName: 'orders',
  StockTableName: 'stock',
  CatalogueTableName: 'catalogue',
  PartnersTableName: 'partners',
  RestApiId: 'abc123',
  StageName: 'live',
  DocumentsBucketName: 'documents',
  InboxBucketName: 'inbox',
  PartnerDropRoleArn: 'arn:aws:iam::000000000000:role/drop',
  CompanyTimeZone: 'Asia/Shanghai',
  ApiUrl: 'http://127.0.0.1:1/live',
};
const expected = {
  tables: { orders: 'orders', stock: 'stock', catalogue: 'catalogue', partners: 'partners' },
  api: { restApiId: 'abc123', stageName: 'live' },
  timeZone: 'Asia/Shanghai',
  operator: expect.stringMatching(/^operator/),
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'targets-'));
});
afterEach(() => rm(folder, { recursive: true }));

test('the local cloud is found by its endpoints file, with its own credentials', async () => {
  const endpoints = {
    AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:4001',
    AWS_ENDPOINT_URL_API_GATEWAY: 'http://127.0.0.1:4002',
  };
  const credentials = { accessKeyId: 'LOCAL', secretAccessKey: 'local' };
  await writeFile(
    join(folder, 'endpoints.json'),
    JSON.stringify({ endpoints, credentials, region: 'us-east-1', outputs }),
  );
  const target = await localTarget(folder);
  expect(target).toMatchObject(expected);
  expect(await target.dynamodb.config.credentials()).toMatchObject(credentials);
  expect(await target.apiGateway.config.endpoint?.()).toMatchObject({ hostname: '127.0.0.1', port: 4002 });
  expect(await target.dynamodb.config.region()).toBe('us-east-1');
});

test('without a local cloud, it says how to have one', async () => {
  await expect(localTarget(folder)).rejects.toThrow(
    /Start the cloud with "npm start", or name an AWS stack with --stack/,
  );
});

const stackMock = mockClient(CloudFormationClient);
afterEach(() => stackMock.reset());

const stack = (values: Record<string, string>) => ({
  StackName: 'rudan',
  CreationTime: new Date(0),
  StackStatus: 'CREATE_COMPLETE' as const,
  Outputs: Object.entries(values).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
});

test('a stack is found by its outputs', async () => {
  stackMock.on(DescribeStacksCommand, { StackName: 'rudan' }).resolves({ Stacks: [stack(outputs)] });
  const target = await stackTarget('rudan', 'eu-west-1');
  expect(target).toMatchObject(expected);
  expect(await target.dynamodb.config.region()).toBe('eu-west-1');
});

test('another stack is refused, with what it lacks', async () => {
  const { RestApiId: _, ...others } = outputs;
  stackMock.on(DescribeStacksCommand).resolves({ Stacks: [stack(others)] });
  await expect(stackTarget('rudan')).rejects.toThrow(
    'not an installation of Rudan: it has no output RestApiId.',
  );
});
