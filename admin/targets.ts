import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { NoCloud } from './refusal.ts';

/** The installation that a command works on: its clients, the names of its tables, and the API that plans belong to. */
export type Target = {
  dynamodb: DynamoDBDocumentClient;
  apiGateway: APIGatewayClient;
  s3: S3Client;
  sts: STSClient;
  region: () => Promise<string>;
  tables: { orders: string; stock: string; catalogue: string; partners: string };
  api: { restApiId: string; stageName: string };
  /** Originals of orders, invoices, results. */
  documents: { bucketName: string };
  /** Where partners drop files, and the role that they do it by; `endpoint` on this machine only. */
  inbox: { bucketName: string; dropRoleArn: string; endpoint?: string };
  /** The company's, IANA. */
  timeZone: string;
  /** Who works with the command, as versions of rules name it. */
  operator: string;
  now: () => Date;
};

const outputsSchema = z.object({
  OrdersTableName: z.string(),
  StockTableName: z.string(),
  CatalogueTableName: z.string(),
  PartnersTableName: z.string(),
  RestApiId: z.string(),
  StageName: z.string(),
  DocumentsBucketName: z.string(),
  InboxBucketName: z.string(),
  PartnerDropRoleArn: z.string(),
  CompanyTimeZone: z.string(),
});

const endpointsSchema = z.object({
  endpoints: z.record(z.string(), z.string()),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string() }),
  region: z.string(),
  outputs: outputsSchema,
});

type Access = { region?: string | undefined; credentials?: { accessKeyId: string; secretAccessKey: string } };
type Endpoints = Partial<Record<'dynamodb' | 'apiGateway' | 'sts' | 's3', string | undefined>>;

/** An account may have no name, as in some containers. */
const operatorName = (): string => {
  try {
    return `operator:${userInfo().username}`;
  } catch {
    return 'operator';
  }
};

const target = (outputs: z.infer<typeof outputsSchema>, access: Access, endpoints: Endpoints): Target => {
  const config = {
    ...(access.region && { region: access.region }),
    ...(access.credentials && { credentials: access.credentials }),
  };
  const at = (endpoint: string | undefined) => ({ ...config, ...(endpoint && { endpoint }) });
  const sts = new STSClient(at(endpoints.sts));
  return {
    dynamodb: DynamoDBDocumentClient.from(new DynamoDBClient(at(endpoints.dynamodb)), {
      marshallOptions: { removeUndefinedValues: true },
    }),
    apiGateway: new APIGatewayClient(at(endpoints.apiGateway)),
    s3: new S3Client(at(endpoints.s3)),
    sts,
    region: sts.config.region,
    tables: {
      orders: outputs.OrdersTableName,
      stock: outputs.StockTableName,
      catalogue: outputs.CatalogueTableName,
      partners: outputs.PartnersTableName,
    },
    api: { restApiId: outputs.RestApiId, stageName: outputs.StageName },
    documents: { bucketName: outputs.DocumentsBucketName },
    inbox: {
      bucketName: outputs.InboxBucketName,
      dropRoleArn: outputs.PartnerDropRoleArn,
      ...(endpoints.s3 && { endpoint: endpoints.s3 }),
    },
    timeZone: outputs.CompanyTimeZone,
    operator: operatorName(),
    now: () => new Date(),
  };
};

/** The state folder that `npm start` uses. */
const defaultStateDir = join(import.meta.dirname, '..', '.rudan');

/** The cloud on this machine, found by the `endpoints.json` in its state folder. Throws NoCloud. */
export const localTarget = async (stateDir = defaultStateDir): Promise<Target> => {
  const file = join(stateDir, 'endpoints.json');
  const text = await readFile(file, 'utf8').catch(() => {
    throw new NoCloud(
      `There is no ${file}. Start the cloud with "npm start", or name an AWS stack with --stack.`,
    );
  });
  const { endpoints, credentials, region, outputs } = endpointsSchema.parse(JSON.parse(text));
  const endpointOf = (service: string) =>
    endpoints[`AWS_ENDPOINT_URL_${service}`] ?? endpoints.AWS_ENDPOINT_URL;
  return target(
    outputs,
    { region, credentials },
    {
      dynamodb: endpointOf('DYNAMODB'),
      apiGateway: endpointOf('API_GATEWAY'),
      sts: endpointOf('STS'),
      s3: endpointOf('S3'),
    },
  );
};

/** A stack in an AWS account, found by its outputs; region and credentials by AWS's usual ways. Throws NoCloud. */
export const stackTarget = async (stackName: string, region?: string): Promise<Target> => {
  const cloudFormation = new CloudFormationClient(region ? { region } : {});
  const { Stacks: [stack] = [] } = await cloudFormation.send(
    new DescribeStacksCommand({ StackName: stackName }),
  );
  const outputs = Object.fromEntries(
    (stack?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
  );
  const parsed = outputsSchema.safeParse(outputs);
  if (!parsed.success) {
    const missing = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
    throw new NoCloud(`Stack ${stackName} is not an installation of Rudan: it has no output ${missing}.`);
  }
  return target(parsed.data, { region }, {});
};
