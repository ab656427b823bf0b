import type { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import type { AccessKey } from '../lambda/function-spec.ts';
import { type Integration, type TaskContext, TaskError } from '../states/integration.ts';
import { parseArguments } from './task-arguments.ts';

type Options = {
  /** Where S3 is served. */
  url: () => string;
  region: string;
  /** The key by which S3 knows a caller. */
  keyOf(caller: string): AccessKey;
  callerOf(context: TaskContext): string;
};

const object = { Bucket: z.string(), Key: z.string() };
const getSchema = z.strictObject({
  ...object,
  VersionId: z.string().optional(),
  Range: z.string().optional(),
});
const listSchema = z.strictObject({
  Bucket: z.string(),
  Prefix: z.string().optional(),
  Delimiter: z.string().optional(),
  ContinuationToken: z.string().optional(),
  StartAfter: z.string().optional(),
  MaxKeys: z.number().optional(),
});
const putSchema = z.strictObject({
  ...object,
  Body: z.json().optional(),
  ContentType: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
});

/** What S3 answered, as a task's result: without the client's own fields, times as texts. */
const toResult = (answer: object): JsonValue => {
  const { $metadata: _, Body: _body, ...fields } = { $metadata: null, Body: null, ...answer };
  return z.json().parse(JSON.parse(JSON.stringify(fields).replaceAll(/(T\d\d:\d\d:\d\d)\.\d{3}Z"/g, '$1Z"')));
};

/** The exceptions that the SDK has a class for; all others are S3Exception. */
const modelled = new Set(['NoSuchKey', 'NoSuchBucket', 'InvalidObjectState', 'NotFound']);

const toTaskError = (error: S3ServiceException): TaskError => {
  const { name, message, $metadata } = error;
  const { httpStatusCode, requestId, extendedRequestId } = $metadata;
  const about = `Status Code: ${httpStatusCode}, Request ID: ${requestId}, Extended Request ID: ${extendedRequestId}`;
  return new TaskError(
    `S3.${modelled.has(name) ? `${name}Exception` : 'S3Exception'}`,
    `${message} (Service: S3, ${about})`,
  );
};

/** GetObject, ListObjectsV2 and PutObject for Task states, and for what distributed Maps read and write. */
export const createS3Integrations = ({
  url,
  region,
  keyOf,
  callerOf,
}: Options): Record<string, Integration> => {
  const clients = new Map<string, S3Client>();

  const calling =
    (
      call: (
        sdk: typeof import('@aws-sdk/client-s3'),
        client: S3Client,
        args: JsonValue,
      ) => Promise<JsonValue>,
    ) =>
    async (args: JsonValue, context: TaskContext): Promise<JsonValue> => {
      const caller = callerOf(context);
      // Loading the client takes a while, and few machines need it.
      const sdk = await import('@aws-sdk/client-s3');
      const client =
        clients.get(caller) ?? new sdk.S3Client({ endpoint: url(), region, credentials: keyOf(caller) });
      clients.set(caller, client);
      try {
        return await call(sdk, client, args);
      } catch (error) {
        throw error instanceof sdk.S3ServiceException ? toTaskError(error) : error;
      }
    };

  return {
    'arn:aws:states:::aws-sdk:s3:getObject': calling(async (sdk, client, args) => {
      const answer = await client.send(new sdk.GetObjectCommand(parseArguments(getSchema, args)));
      const result = z.record(z.string(), z.json()).parse(toResult(answer));
      return { ...result, Body: (await answer.Body?.transformToString()) ?? '' };
    }),
    'arn:aws:states:::aws-sdk:s3:listObjectsV2': calling(async (sdk, client, args) =>
      toResult(await client.send(new sdk.ListObjectsV2Command(parseArguments(listSchema, args)))),
    ),
    'arn:aws:states:::aws-sdk:s3:putObject': calling(async (sdk, client, args) => {
      const { Body, ...named } = parseArguments(putSchema, args);
      const text = typeof Body === 'string' || Body === undefined ? Body : JSON.stringify(Body);
      return toResult(await client.send(new sdk.PutObjectCommand({ ...named, Body: text })));
    }),
  };
};
