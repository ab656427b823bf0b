import { join } from 'node:path';
import { createGateway } from '../apigateway/gateway.ts';
import type { Registry } from '../assembly/registry.ts';
import type { Clock } from '../clock.ts';
import { createCognito } from '../cognito/cognito.ts';
import { openDatabase } from '../dynamodb/open-database.ts';
import { createEventBus, type EventBus } from '../events/bus.ts';
import { awsJsonHandler } from '../http/aws-json.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';
import { createLambdaPool } from '../lambda/pool.ts';
import { createS3 } from '../s3/store.ts';
import { createSes } from '../ses/ses.ts';
import { createSqs } from '../sqs/sqs.ts';
import { createStatesEngine } from '../states/engine.ts';
import type { DeclaredApp } from './declared-app.ts';
import { createDelivery } from './deliver.ts';
import { endpointVariables } from './endpoints.ts';
import { createIntegrations } from './integrations.ts';
import { mailFeedbackEvent } from './mail-feedback.ts';
import type { OpenDoors } from './open-doors.ts';
import { operationOf } from './operation-of.ts';
import { startQueueMappings } from './queue-mappings.ts';
import type { Shutdown } from './shutdown.ts';
import { startStreamMappings } from './stream-mappings.ts';

export type ServicesOptions = {
  app: DeclaredApp;
  registry: Registry;
  doors: OpenDoors;
  takePort: () => number;
  keys: AccessKeys;
  /** As whom the cloud itself calls the database. */
  operatorKeyId: string;
  /** The state folder. */
  folder: string;
  mailDir: string;
  clock: Clock;
  region: string;
  accountId: string;
  environment: Record<string, string | undefined>;
  functionConcurrency: number | undefined;
  log: (line: string) => void;
  onError: (error: unknown) => void;
};

/** Starts every service behind its door, receivers before senders, and wires them; `shutdown` ends them backwards. */
export const startServices = async (options: ServicesOptions, shutdown: Shutdown) => {
  const { app, registry, doors, keys, folder, mailDir, clock, region, accountId, log, onError } = options;
  const database = shutdown.closes(
    await openDatabase({
      tables: app.tables,
      environment: options.environment,
      stateDir: join(folder, 'dynamodb'),
      takePort: options.takePort,
      accessKeyId: options.operatorKeyId,
      region,
      onExit: log,
    }),
  );
  const endpoints = endpointVariables({
    apiGateway: doors.apiGateway.url,
    cognito: doors.cognito.url,
    dynamodb: database.url,
    events: doors.events.url,
    lambda: doors.lambda.url,
    s3: doors.s3.url,
    ses: doors.ses.url,
    sqs: doors.sqs.url,
    states: doors.states.url,
    unserved: doors.unserved.url,
  });
  const sqs = shutdown.closes(
    await createSqs({
      queues: app.queues,
      stateDir: folder,
      clock,
      region,
      accountId,
      baseUrl: () => doors.sqs.url,
    }),
  );
  const sendToQueue = sqs.send;
  const lambda = shutdown.closes(
    await createLambdaPool({
      functions: app.functions,
      stateDir: join(folder, 'lambda'),
      logDir: join(folder, 'logs'),
      clock,
      region,
      endpoints: () => endpoints,
      keyOf: keys.keyOf,
      sendToQueue,
      concurrency: options.functionConcurrency,
      onError: log,
    }),
  );
  const busStands = Promise.withResolvers<EventBus>();
  const states = shutdown.closes(
    await createStatesEngine({
      machines: app.machines,
      stateDir: join(folder, 'states'),
      clock,
      region,
      accountId,
      integrations: createIntegrations({
        lambda,
        table: database.client.table,
        sendMessage: operationOf(sqs.operations, 'SendMessage'),
        putEvents: async (input) => operationOf((await busStands.promise).operations, 'PutEvents')(input),
      }),
      onError,
    }),
  );
  const deliver = createDelivery({ lambda, states, sendToQueue });
  const bus = shutdown.closes(
    await createEventBus({ rules: app.rules, clock, stateDir: folder, region, accountId, deliver, onError }),
  );
  busStands.resolve(bus);
  const s3 = shutdown.closes(
    await createS3({
      buckets: app.buckets,
      stateDir: folder,
      clock,
      region,
      accountId,
      credentials: keys.secretOf,
      onEvent: (detailType, detail, resources) =>
        bus.put([{ source: 'aws.s3', detailType, detail, resources }]),
      onError,
    }),
  );
  const ses = shutdown.closes(
    await createSes({
      stateDir: folder,
      mailDir,
      clock,
      ...(app.senders.length > 0 && { verified: app.senders }),
      onFeedback: (kind, mail) => bus.put([mailFeedbackEvent(kind, mail, clock.now())]),
    }),
  );
  const cognito = shutdown.closes(await createCognito({ pools: app.userPools, stateDir: folder, clock }));
  const issuerOf = (poolArn: string) => {
    const issuer = `${doors.cognito.url}/${poolArn.split('/').at(-1)}`;
    return { issuer, jwksUrl: `${issuer}/.well-known/jwks.json` };
  };
  const gateway = shutdown.closes(
    await createGateway({
      registry,
      apis: app.apis,
      stateDir: join(folder, 'apigateway'),
      clock,
      region,
      accountId,
      invoke: lambda.invoke,
      issuerOf,
    }),
  );

  for (const [logicalId, handler] of gateway.apis) doors.apis.get(logicalId)?.open(handler);
  doors.inbox.open(ses.inboxHandler);
  doors.s3.open(s3.handler);
  doors.ses.open(ses.handler);
  doors.sqs.open(awsJsonHandler(sqs.operations));
  doors.states.open(awsJsonHandler(states.operations));
  doors.events.open(awsJsonHandler(bus.operations));
  doors.lambda.open(lambda.handler);
  doors.apiGateway.open(gateway.controlPlane);
  doors.cognito.open(cognito.handler);

  shutdown.closes(
    await startStreamMappings({
      mappings: app.mappings,
      databaseStreams: database.streams,
      database: database.client,
      lambda,
      sendToQueue,
      region,
      stateDir: join(folder, 'streams'),
      onError: log,
    }),
  );
  shutdown.closes(
    startQueueMappings({ mappings: app.mappings, queues: app.queues, sqs, lambda, region, onError: log }),
  );
  return { endpoints, lambda, states, s3, cognito };
};
