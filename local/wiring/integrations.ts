import * as z from 'zod';
import type { JsonValue } from '../json.ts';
import { type Integration, type TaskContext, TaskError } from '../states/integration.ts';
import type { As, Invoker, Operations } from './inside-calls.ts';
import { asTaskError } from './task-error.ts';

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

/** The services that tasks call, each task as its machine. */
export type IntegrationServices = {
  callerOf: (context: TaskContext) => string;
  invoking: As<Invoker>;
  dynamodb: As<Operations>;
  events: As<Operations>;
  sqs: As<Operations>;
};

const invokeFunction =
  ({ callerOf, invoking }: IntegrationServices): Integration =>
  async (args, context): Promise<JsonValue> => {
    const { FunctionName: name, Payload: payload, InvocationType: type } = parseArguments(invokeSchema, args);
    const lambda = invoking(callerOf(context));
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
  ({ callerOf, dynamodb }: IntegrationServices, operation: string, prefix: string): Integration =>
  async (args, context) => {
    const input = parseArguments(objectSchema, args);
    return dynamodb(callerOf(context))(operation)(input).catch(asTaskError(prefix));
  };

const sendMessage =
  ({ callerOf, sqs }: IntegrationServices): Integration =>
  async (args, context) => {
    const message = parseArguments(sendMessageSchema, args);
    const input = { ...objectSchema.parse(message), MessageBody: asText(message.MessageBody) };
    return sqs(callerOf(context))('SendMessage')(input).catch(asTaskError('Sqs'));
  };

const putEvents =
  ({ callerOf, events }: IntegrationServices): Integration =>
  async (args, context) => {
    const entries = parseArguments(putEventsSchema, args).Entries.map((entry) => ({
      ...objectSchema.parse(entry),
      Detail: asText(entry.Detail),
    }));
    return events(callerOf(context))('PutEvents')({ Entries: entries }).catch(asTaskError('EventBridge'));
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
  const optimized = optimizedDatabaseCalls.map((name): [string, Integration] => [
    `arn:aws:states:::dynamodb:${camelCase(name)}`,
    callDatabase(services, name, 'DynamoDB'),
  ]);
  const sdk = sdkDatabaseCalls.map((name): [string, Integration] => [
    `arn:aws:states:::aws-sdk:dynamodb:${camelCase(name)}`,
    callDatabase(services, name, 'DynamoDb'),
  ]);
  return {
    'arn:aws:states:::lambda:invoke': invokeFunction(services),
    'arn:aws:states:::sqs:sendMessage': sendMessage(services),
    'arn:aws:states:::aws-sdk:sqs:sendMessage': sendMessage(services),
    'arn:aws:states:::events:putEvents': putEvents(services),
    'arn:aws:states:::aws-sdk:eventbridge:putEvents': putEvents(services),
    ...Object.fromEntries([...optimized, ...sdk]),
  };
};
