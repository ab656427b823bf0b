import { randomUUID } from 'node:crypto';
import { ConnectionCut } from '../calls/call-port.ts';
import { ServiceError } from '../http/service-error.ts';
import { AccessDenied } from '../iam/access.ts';
import { TaskError } from '../states/integration.ts';

/** How Step Functions tells of what a service refused: its clients' names for the errors, and their manner. */
export type TaskClient = {
  /** What the names of its errors begin with. */
  prefix: string;
  /** The name of every error that it has no class for. */
  otherError: string;
  /** The errors that it has a class for, without `Exception` at their end. */
  known: ReadonlySet<string>;
  /** The service's name in messages. */
  service: string;
  /** Some integrations have an older client, which tells more. */
  isOlder?: boolean;
};

const databaseErrors = new Set([
  ...['ConditionalCheckFailed', 'IdempotentParameterMismatch', 'InternalServerError', 'LimitExceeded'],
  ...['ItemCollectionSizeLimitExceeded', 'ProvisionedThroughputExceeded', 'RequestLimitExceeded'],
  ...['ResourceInUse', 'ResourceNotFound', 'TransactionCanceled', 'TransactionConflict'],
  'TransactionInProgress',
]);
const functionErrors = new Set([
  ...['InvalidParameterValue', 'InvalidRequestContent', 'RecursiveInvocation', 'RequestTooLarge'],
  ...['ResourceConflict', 'ResourceNotFound', 'ResourceNotReady', 'Service', 'TooManyRequests'],
]);
const queueErrors = new Set([
  ...['InvalidMessageContents', 'InvalidSecurity', 'OverLimit', 'QueueDoesNotExist', 'RequestThrottled'],
  'UnsupportedOperation',
]);
const topicErrors = new Set([
  ...['AuthorizationError', 'EndpointDisabled', 'InternalError', 'InvalidParameter'],
  ...['InvalidParameterValue', 'NotFound'],
]);
const busErrors = new Set(['Internal', 'ResourceNotFound']);

export const taskClients = {
  lambda: {
    prefix: 'Lambda',
    otherError: 'AWSLambdaException',
    known: functionErrors,
    service: 'Lambda',
  },
  dynamodb: {
    prefix: 'DynamoDB',
    otherError: 'AmazonDynamoDBException',
    known: databaseErrors,
    service: 'AmazonDynamoDBv2',
    isOlder: true,
  },
  sdkDynamodb: {
    prefix: 'DynamoDb',
    otherError: 'DynamoDbException',
    known: databaseErrors,
    service: 'DynamoDb',
  },
  sqs: {
    prefix: 'SQS',
    otherError: 'AmazonSQSException',
    known: queueErrors,
    service: 'AmazonSQS',
    isOlder: true,
  },
  sdkSqs: { prefix: 'Sqs', otherError: 'SqsException', known: queueErrors, service: 'Sqs' },
  sns: {
    prefix: 'SNS',
    otherError: 'AmazonSNSException',
    known: topicErrors,
    service: 'AmazonSNS',
    isOlder: true,
  },
  sdkSns: { prefix: 'Sns', otherError: 'SnsException', known: topicErrors, service: 'Sns' },
  events: {
    prefix: 'EventBridge',
    otherError: 'AmazonEventBridgeException',
    known: busErrors,
    service: 'AmazonEventBridge',
    isOlder: true,
  },
  sdkEvents: {
    prefix: 'EventBridge',
    otherError: 'EventBridgeException',
    known: busErrors,
    service: 'EventBridge',
  },
  states: {
    prefix: 'StepFunctions',
    otherError: 'AWSStepFunctionsException',
    known: new Set(),
    service: 'AWSStepFunctions',
    isOlder: true,
  },
  sdkStates: { prefix: 'Sfn', otherError: 'SfnException', known: new Set(), service: 'Sfn' },
} satisfies Record<string, TaskClient>;

const nameOf = ({ otherError, known }: TaskClient, code: string): string => {
  const kind = code.replace(/Exception$/, '');
  return known.has(kind) ? `${kind}Exception` : otherError;
};

/** What a service refuses becomes the task's error, named as Step Functions names it; so does a lost connection. */
export const asTaskError =
  (client: TaskClient) =>
  (error: unknown): never => {
    const { prefix, service, isOlder } = client;
    if (error instanceof ConnectionCut) {
      throw new TaskError(`${prefix}.SdkClientException`, 'Unable to execute HTTP request: Connection reset');
    }
    if (!(error instanceof ServiceError)) throw error;
    const { message, status } = error;
    const code = error.code.split('#').at(-1) ?? error.code;
    const name = error instanceof AccessDenied ? client.otherError : nameOf(client, code);
    const about = isOlder
      ? `Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: ${randomUUID()}; Proxy: null`
      : `Service: ${service}, Status Code: ${status}, Request ID: ${randomUUID()}`;
    throw new TaskError(`${prefix}.${name}`, `${message} (${about})`);
  };
