import type { Call } from '../calls/call.ts';
import type { Gate } from '../calls/gate.ts';
import { type JsonOperation, performing } from '../http/aws-json.ts';
import type { AccessNeed } from '../iam/access.ts';
import type { Place } from '../iam/needs/arn.ts';
import { type DynamodbPlace, dynamodbNeeds } from '../iam/needs/dynamodb.ts';
import { eventsNeeds } from '../iam/needs/events.ts';
import { lambdaNeeds } from '../iam/needs/lambda.ts';
import { snsNeeds } from '../iam/needs/sns.ts';
import { sqsNeeds } from '../iam/needs/sqs.ts';
import { functionName, type LambdaPool } from '../lambda/pool.ts';
import type { Sns } from '../sns/sns.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { AdmitStart } from '../states/call-service.ts';
import type { StatesEngine } from '../states/engine.ts';
import type { TaskContext } from '../states/integration.ts';
import { asTaskError, taskClients } from './task-error.ts';

/** What a caller inside the cloud, named by its ARN, asks of a service: through the gate, as a client outside. */
export type As<Calls> = (caller: string) => Calls;

export type Invoker = Pick<LambdaPool, 'invoke' | 'invokeAsync'>;

const invocation = (caller: string, nameOrArn: string, InvocationType: string): Call => ({
  caller,
  service: 'lambda',
  action: 'Invoke',
  target: functionName(nameOrArn),
  input: { FunctionName: nameOrArn, InvocationType },
});

/** Invocations; `needsOf` says what one takes: the permission on the function unless told. */
export const invokingAs =
  (
    gate: Gate,
    lambda: Invoker,
    place: Place,
    needsOf: (nameOrArn: string) => readonly AccessNeed[] = (nameOrArn) => lambdaNeeds(nameOrArn, place),
  ): As<Invoker> =>
  (caller) => ({
    invoke: (nameOrArn, payload, options) =>
      gate.pass(
        invocation(caller, nameOrArn, 'RequestResponse'),
        () => needsOf(nameOrArn),
        () => lambda.invoke(nameOrArn, payload, options),
      ),
    invokeAsync: (nameOrArn, payload) =>
      gate.pass(
        invocation(caller, nameOrArn, 'Event'),
        () => needsOf(nameOrArn),
        () => lambda.invokeAsync(nameOrArn, payload),
      ),
  });

export const sendingAs =
  (gate: Gate, sqs: Pick<Sqs, 'send'>): As<Sqs['send']> =>
  (caller) =>
  (queueArn, body, attributes) =>
    gate.pass(
      { caller, service: 'sqs', action: 'SendMessage', input: { MessageBody: body } },
      () => [{ action: 'sqs:SendMessage', resource: queueArn }],
      () => sqs.send(queueArn, body, attributes),
    );

export const publishingAs =
  (gate: Gate, sns: Pick<Sns, 'publish'>): As<Sns['publish']> =>
  (caller) =>
  (topicArn, message) =>
    gate.pass(
      { caller, service: 'sns', action: 'Publish', input: { TopicArn: topicArn, Message: message.text } },
      () => snsNeeds('Publish', topicArn),
      () => sns.publish(topicArn, message),
    );

const startOf = (caller: string, stateMachineArn: string, name: string | undefined): Call => ({
  caller,
  service: 'states',
  action: 'StartExecution',
  target: stateMachineArn.split(':').at(-1),
  input: { stateMachineArn, ...(name !== undefined && { name }) },
});

const startNeeds = (stateMachineArn: string): AccessNeed[] => [
  { action: 'states:StartExecution', resource: stateMachineArn },
];

export const startingAs =
  (gate: Gate, states: Pick<StatesEngine, 'startExecution'>): As<StatesEngine['startExecution']> =>
  (caller) =>
  (start) =>
    gate.pass(
      startOf(caller, start.stateMachineArn, start.name),
      () => startNeeds(start.stateMachineArn),
      () => states.startExecution(start),
    );

/** What tasks pass that start another machine, which the engine does by itself. */
export const admittingStarts =
  (gate: Gate, callerOf: (context: TaskContext) => string): AdmitStart =>
  (context, { stateMachineArn, name, isSdk }, perform) =>
    gate
      .pass(
        startOf(callerOf(context), stateMachineArn, name),
        () => startNeeds(stateMachineArn),
        () => perform(),
      )
      .catch(asTaskError(isSdk ? taskClients.sdkStates : taskClients.states));

/** An operation of a JSON service by its name. */
export type Operations = (name: string) => JsonOperation;

const needsOf = { dynamodb: dynamodbNeeds, events: eventsNeeds, sqs: sqsNeeds };

/** The operations of a JSON service. */
export const operatingAs =
  (gate: Gate, service: keyof typeof needsOf, operations: Operations, place: DynamodbPlace): As<Operations> =>
  (caller) =>
  (action) =>
  (input) =>
    gate.pass(
      { caller, service, action, input },
      () => needsOf[service](action, input, place),
      performing(operations(action), input),
    );
