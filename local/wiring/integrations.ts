import * as z from 'zod';
import type { DatabaseCall } from '../dynamodb/database-client.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { LambdaPool } from '../lambda/pool.ts';
import { type Integration, TaskError } from '../states/integration.ts';

const invokeSchema = z.object({
  FunctionName: z.string(),
  Payload: z.json().default({}),
  InvocationType: z.enum(['RequestResponse', 'Event']).default('RequestResponse'),
});
const functionErrorSchema = z.object({ errorType: z.string().default('Error') });
const sendMessageSchema = z.looseObject({ MessageBody: z.json() });
const putEventsSchema = z.object({ Entries: z.array(z.looseObject({ Detail: z.json().default({}) })) });

const asText = (value: JsonValue): string => (typeof value === 'string' ? value : JSON.stringify(value));

const parseArguments = <T>(schema: z.ZodType<T>, args: JsonValue): T => {
  const parsed = schema.safeParse(args);
  if (parsed.success) return parsed.data;
  throw new TaskError(
    'States.Runtime',
    `The arguments are not what the service takes: ${z.prettifyError(parsed.error)}`,
  );
};

/** What a service refuses becomes the task's error, named as Step Functions names it. */
const asTaskError =
  (prefix: string) =>
  (error: unknown): never => {
    if (!(error instanceof ServiceError)) throw error;
    const { code, message, status } = error;
    throw new TaskError(
      `${prefix}.${code.split('#').at(-1)}`,
      `${message} (Service: ${prefix}, Status Code: ${status})`,
    );
  };

const invokeFunction =
  (lambda: Pick<LambdaPool, 'invoke' | 'invokeAsync'>): Integration =>
  async (args): Promise<JsonValue> => {
    const { FunctionName: name, Payload: payload, InvocationType: type } = parseArguments(invokeSchema, args);
    const text = JSON.stringify(payload);
    if (type === 'Event') {
      await lambda.invokeAsync(name, text).catch(asTaskError('Lambda'));
      return { StatusCode: 202, Payload: '' };
    }
    const result = await lambda.invoke(name, text).catch(asTaskError('Lambda'));
    const value = z.json().parse(JSON.parse(result.payload));
    if (result.functionError) throw new TaskError(functionErrorSchema.parse(value).errorType, result.payload);
    return { ExecutedVersion: '$LATEST', Payload: value, StatusCode: 200 };
  };

const objectSchema = z.record(z.string(), z.json());

const callDatabase =
  (table: DatabaseCall, operation: string, prefix: string): Integration =>
  (args) =>
    table(operation, parseArguments(objectSchema, args)).catch(asTaskError(prefix));

const sendMessage =
  (operation: JsonOperation): Integration =>
  (args) => {
    const message = parseArguments(sendMessageSchema, args);
    return operation({ ...objectSchema.parse(message), MessageBody: asText(message.MessageBody) }).catch(
      asTaskError('Sqs'),
    );
  };

const putEvents =
  (operation: JsonOperation): Integration =>
  (args) => {
    const entries = parseArguments(putEventsSchema, args).Entries.map((entry) => ({
      ...objectSchema.parse(entry),
      Detail: asText(entry.Detail),
    }));
    return operation({ Entries: entries }).catch(asTaskError('EventBridge'));
  };

export type IntegrationServices = {
  lambda: Pick<LambdaPool, 'invoke' | 'invokeAsync'>;
  table: DatabaseCall;
  sendMessage: JsonOperation;
  putEvents: JsonOperation;
};

const optimizedDatabaseCalls = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];
const sdkDatabaseCalls = [
  ...optimizedDatabaseCalls,
  'Query',
  'TransactWriteItems',
  'BatchGetItem',
  'BatchWriteItem',
];

const camelCase = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

/** The services that Task states may call here, by resource ARN. */
export const createIntegrations = (services: IntegrationServices): Record<string, Integration> => {
  const { lambda, table } = services;
  const optimized = optimizedDatabaseCalls.map((name): [string, Integration] => [
    `arn:aws:states:::dynamodb:${camelCase(name)}`,
    callDatabase(table, name, 'DynamoDB'),
  ]);
  const sdk = sdkDatabaseCalls.map((name): [string, Integration] => [
    `arn:aws:states:::aws-sdk:dynamodb:${camelCase(name)}`,
    callDatabase(table, name, 'DynamoDb'),
  ]);
  return {
    'arn:aws:states:::lambda:invoke': invokeFunction(lambda),
    'arn:aws:states:::sqs:sendMessage': sendMessage(services.sendMessage),
    'arn:aws:states:::aws-sdk:sqs:sendMessage': sendMessage(services.sendMessage),
    'arn:aws:states:::events:putEvents': putEvents(services.putEvents),
    'arn:aws:states:::aws-sdk:eventbridge:putEvents': putEvents(services.putEvents),
    ...Object.fromEntries([...optimized, ...sdk]),
  };
};
