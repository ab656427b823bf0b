import type { JsonObject } from '../calls/call.ts';
import type { Gate } from '../calls/gate.ts';
import type { DatabaseCall } from '../dynamodb/database-client.ts';
import type { EventBus } from '../events/bus.ts';
import type { DynamodbPlace } from '../iam/needs/dynamodb.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';
import type { Sns } from '../sns/sns.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { StateMachineSpec, StatesEngineOptions } from '../states/engine.ts';
import { taskCaller } from './access.ts';
import { type As, admittingStarts, type Invoker, operatingAs, publishingAs } from './inside-calls.ts';
import { createIntegrations } from './integrations.ts';
import { operationOf } from './operation-of.ts';
import { createS3Integrations } from './s3-integrations.ts';

export type TaskServicesOptions = {
  machines: StateMachineSpec[];
  gate: Gate;
  place: DynamodbPlace;
  invoking: As<Invoker>;
  table: DatabaseCall;
  sqs: Pick<Sqs, 'operations'>;
  /** Tasks that come before it stands wait for it. */
  bus: Promise<Pick<EventBus, 'operations'>>;
  /** The same holds for the topics. */
  sns: Promise<Pick<Sns, 'publish'>>;
  s3Url: string;
  keyOf: AccessKeys['keyOf'];
};

/** The services as tasks of state machines find them: each call is made as its machine. */
export const taskServices = (
  options: TaskServicesOptions,
): Pick<StatesEngineOptions, 'integrations' | 'admitStart'> => {
  const { machines, gate, place, invoking, table, sqs, bus, sns, s3Url, keyOf } = options;
  const callerOf = taskCaller(machines);
  const tableOperation = (name: string) => (input: JsonObject) => table(name, input);
  const busOperation = (name: string) => async (input: JsonObject) =>
    operationOf((await bus).operations, name)(input);
  return {
    integrations: {
      ...createIntegrations({
        callerOf,
        invoking,
        dynamodb: operatingAs(gate, 'dynamodb', tableOperation, place),
        events: operatingAs(gate, 'events', busOperation, place),
        sqs: operatingAs(gate, 'sqs', (name) => operationOf(sqs.operations, name), place),
        publishing: (caller) => async (topicArn, message) =>
          publishingAs(gate, await sns)(caller)(topicArn, message),
      }),
      ...createS3Integrations({ url: () => s3Url, region: place.region, keyOf, callerOf }),
    },
    admitStart: admittingStarts(gate, callerOf),
  };
};
