import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';

/** Calls one operation; rejects with a ServiceError for what DynamoDB refuses, a TypeError when it cannot be reached. */
export type DatabaseCall = (operation: string, input: Record<string, JsonValue>) => Promise<JsonValue>;

export type DatabaseClient = { table: DatabaseCall; stream: DatabaseCall };

const errorSchema = z.object({
  __type: z.string(),
  message: z.string().optional(),
  Message: z.string().optional(),
});

/** Emulators want a signature's form and do not check it; DynamoDB Local keeps a database per key and region. */
const headersOf = (target: string, accessKeyId: string, region: string) => {
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${accessKeyId}/${amzDate.slice(0, 8)}/${region}/dynamodb/aws4_request`;
  return {
    'content-type': 'application/x-amz-json-1.0',
    'x-amz-date': amzDate,
    'x-amz-target': target,
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  };
};

const read = async (response: Response): Promise<JsonValue> => {
  const body: JsonValue = z.json().parse(await response.json());
  if (response.ok) return body;
  const parsed = errorSchema.safeParse(body);
  if (!parsed.success) throw new Error(`DynamoDB answered ${response.status}: ${JSON.stringify(body)}`);
  const { __type: type, message, Message } = parsed.data;
  throw new ServiceError(type.split('#').at(-1) ?? type, message ?? Message ?? '', response.status);
};

/** A client of the local DynamoDB and its streams. */
export const createDatabaseClient = (
  url: string,
  { accessKeyId, region }: { accessKeyId: string; region: string },
): DatabaseClient => {
  const call =
    (service: string): DatabaseCall =>
    async (operation, input) =>
      read(
        await fetch(url, {
          method: 'POST',
          headers: headersOf(`${service}.${operation}`, accessKeyId, region),
          body: JSON.stringify(input),
        }),
      );
  return { table: call('DynamoDB_20120810'), stream: call('DynamoDBStreams_20120810') };
};
