import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { Sns } from '../sns/sns.ts';
import { type Integration, type TaskContext, TaskError } from '../states/integration.ts';
import { rootMachineArn } from '../states/map-run/arns.ts';
import { withMetadata } from '../states/response-metadata.ts';
import type { As, Invoker, Operations } from './inside-calls.ts';
import { snsIntegrations } from './sns-integrations.ts';
import { asText, optimized, parseArguments } from './task-arguments.ts';
import { asTaskError, type TaskClient, taskClients } from './task-error.ts';

const invokeSchema = z.object({
  FunctionName: z.string(),
  Payload: z.json().default({}),
  InvocationType: z.enum(['RequestResponse', 'Event']).default('RequestResponse'),
});
const functionErrorSchema = z.object({ errorType: z.string().default('Error') });
const sendMessageSchema = z.looseObject({ MessageBody: z.json().optional() });
const putEventsEntrySchema = z.looseObject({
  Detail: z.json().default({}),
  Resources: z.array(z.string()).optional(),
});
const putEventsSchema = z.object({ Entries: z.array(putEventsEntrySchema) });
type PutEventsEntry = z.infer<typeof putEventsEntrySchema>;
const failedEntriesSchema = z.looseObject({ FailedEntryCount: z.number().default(0) });

/** The services that tasks call, each task as its machine. */
export type IntegrationServices = {
  callerOf: (context: TaskContext) => string;
  invoking: As<Invoker>;
  dynamodb: As<Operations>;
  events: As<Operations>;
  sqs: As<Operations>;
  publishing: As<Sns['publish']>;
};

const invokeFunction =
  ({ callerOf, invoking }: IntegrationServices): Integration =>
  async (args, context): Promise<JsonValue> => {
    const { FunctionName: name, Payload: payload, InvocationType: type } = parseArguments(invokeSchema, args);
    const lambda = invoking(callerOf(context));
    const text = JSON.stringify(payload);
    if (type === 'Event') {
      await lambda.invokeAsync(name, text).catch(asTaskError(taskClients.lambda));
      return { StatusCode: 202, Payload: '' };
    }
    const result = await lambda.invoke(name, text).catch(asTaskError(taskClients.lambda));
    const value = z.json().parse(JSON.parse(result.payload));
    if (result.functionError) throw new TaskError(functionErrorSchema.parse(value).errorType, result.payload);
    return withMetadata({ ExecutedVersion: '$LATEST', Payload: value, StatusCode: 200 }, result.requestId);
  };

const objectSchema = z.record(z.string(), z.json());

const callDatabase =
  ({ callerOf, dynamodb }: IntegrationServices, operation: string, client: TaskClient): Integration =>
  async (args, context) => {
    const input = parseArguments(objectSchema, args);
    return dynamodb(callerOf(context))(operation)(input).catch(asTaskError(client));
  };

const noBody = new ServiceError('MissingParameter', 'The request must contain the parameter MessageBody.');

const sendMessage =
  ({ callerOf, sqs }: IntegrationServices, client: TaskClient): Integration =>
  async (args, context) => {
    const message = parseArguments(sendMessageSchema, args);
    const body = asText(message.MessageBody ?? '');
    if (body === '') return asTaskError(client)(noBody);
    const input = { ...objectSchema.parse(message), MessageBody: body };
    return sqs(callerOf(context))('SendMessage')(input).catch(asTaskError(client));
  };

type PutEvents = (entry: PutEventsEntry, context: TaskContext) => PutEventsEntry;

const putEvents =
  (
    { callerOf, events }: IntegrationServices,
    client: TaskClient,
    prepare: PutEvents = (entry) => entry,
  ): Integration =>
  async (args, context) => {
    const entries = parseArguments(putEventsSchema, args).Entries.map((entry) => {
      const { Detail, ...prepared } = prepare(entry, context);
      return { ...objectSchema.parse(prepared), Detail: asText(Detail) };
    });
    return events(callerOf(context))('PutEvents')({ Entries: entries }).catch(asTaskError(client));
  };

/** Each event names the execution and the machine that it comes from. */
const withOrigin: PutEvents = (entry, { executionArn }) => {
  const machineArn = executionArn.split(':').slice(0, 7).join(':').replace(':execution:', ':stateMachine:');
  return { ...entry, Resources: [...(entry.Resources ?? []), executionArn, rootMachineArn(machineArn)] };
};

/** Fails as soon as one entry is refused. */
const failingOnRefusal =
  (put: Integration): Integration =>
  async (args, context) => {
    const answer = await put(args, context);
    const { FailedEntryCount } = failedEntriesSchema.parse(answer);
    if (FailedEntryCount > 0) throw new TaskError('EventBridge.FailedEntry', JSON.stringify(answer));
    return answer;
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
  const table = optimizedDatabaseCalls.map((name): [string, Integration] => [
    `arn:aws:states:::dynamodb:${camelCase(name)}`,
    optimized(callDatabase(services, name, taskClients.dynamodb)),
  ]);
  const sdk = sdkDatabaseCalls.map((name): [string, Integration] => [
    `arn:aws:states:::aws-sdk:dynamodb:${camelCase(name)}`,
    callDatabase(services, name, taskClients.sdkDynamodb),
  ]);
  return {
    'arn:aws:states:::lambda:invoke': invokeFunction(services),
    'arn:aws:states:::sqs:sendMessage': optimized(sendMessage(services, taskClients.sqs)),
    'arn:aws:states:::aws-sdk:sqs:sendMessage': sendMessage(services, taskClients.sdkSqs),
    'arn:aws:states:::events:putEvents': failingOnRefusal(
      putEvents(services, taskClients.events, withOrigin),
    ),
    'arn:aws:states:::aws-sdk:eventbridge:putEvents': putEvents(services, taskClients.sdkEvents),
    ...Object.fromEntries([...table, ...sdk]),
    ...snsIntegrations(services),
  };
};
