import { randomBytes } from 'node:crypto';
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { startDynamoDb } from '../../../builders/dynamodb.ts';

/**
 * What is put to the test: an endpoint that is named (DynamoDB Local, another emulator), AWS itself where that is asked
 * for with RUDAN_CONTRACT_ON_AWS=1 (region and credentials by AWS's usual ways), or else the embedded binary.
 */
const endpoint = process.env.AWS_ENDPOINT_URL_DYNAMODB;
const isOnAws = endpoint === undefined && process.env.RUDAN_CONTRACT_ON_AWS === '1';
export const isEmbedded = endpoint === undefined && !isOnAws;

const fakeCredentials = { accessKeyId: 'contract', secretAccessKey: 'contract' };
const hasCredentials = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE'].some((name) => process.env[name] !== undefined);

const at = (url: string): DynamoDBClientConfig => ({
  endpoint: url,
  region: process.env.AWS_REGION ?? 'us-east-1',
  ...(!hasCredentials && { credentials: fakeCredentials }),
});

const connection = async (): Promise<{ config: DynamoDBClientConfig; close(): Promise<void> }> => {
  if (isOnAws) return { config: {}, close: async () => {} };
  if (endpoint !== undefined) return { config: at(endpoint), close: async () => {} };
  const { url, close } = await startDynamoDb();
  return { config: { endpoint: url, region: 'us-east-1', credentials: fakeCredentials }, close };
};

const streamsConfig = (config: DynamoDBClientConfig): DynamoDBClientConfig => {
  const url = process.env.AWS_ENDPOINT_URL_DYNAMODB_STREAMS;
  return url === undefined ? config : { ...config, endpoint: url };
};

/** A database with its clients, made as the app makes them. */
export type ContractDatabase = {
  config: DynamoDBClientConfig;
  client: DynamoDBClient;
  db: DynamoDBDocumentClient;
  streams: DynamoDBStreamsClient;
  close(): Promise<void>;
};

export const openDatabase = async (): Promise<ContractDatabase> => {
  const { config, close } = await connection();
  const client = new DynamoDBClient(config);
  const streams = new DynamoDBStreamsClient(streamsConfig(config));
  return {
    config,
    client,
    db: DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } }),
    streams,
    async close() {
      client.destroy();
      streams.destroy();
      await close();
    },
  };
};

/** A name that no other run has. */
export const aName = (purpose: string): string => `contract-${purpose}-${randomBytes(6).toString('hex')}`;
