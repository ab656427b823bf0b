import { ConnectionCut } from '../calls/call-port.ts';
import { ServiceError } from '../http/service-error.ts';
import { AccessDenied } from '../iam/access.ts';
import { TaskError } from '../states/integration.ts';

/** Errors that a service's client does not know by name go by the name that its clients give to all of those. */
const unknownErrors: Record<string, string> = {
  DynamoDB: 'AmazonDynamoDBException',
  DynamoDb: 'DynamoDbException',
  EventBridge: 'EventBridgeException',
  Lambda: 'AWSLambdaException',
  Sqs: 'SqsException',
  StepFunctions: 'AWSStepFunctionsException',
};

/** What a service refuses becomes the task's error, named as Step Functions names it; so does a lost connection. */
export const asTaskError =
  (prefix: string) =>
  (error: unknown): never => {
    if (error instanceof ConnectionCut) {
      throw new TaskError(`${prefix}.SdkClientException`, 'Unable to execute HTTP request: Connection reset');
    }
    if (!(error instanceof ServiceError)) throw error;
    const { code, message, status } = error;
    const name = error instanceof AccessDenied ? unknownErrors[prefix] : code.split('#').at(-1);
    throw new TaskError(`${prefix}.${name}`, `${message} (Service: ${prefix}, Status Code: ${status})`);
  };
