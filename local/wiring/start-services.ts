import { join } from 'node:path';
import { createGateway } from '../apigateway/gateway.ts';
import type { Registry } from '../assembly/registry.ts';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { createCognito } from '../cognito/cognito.ts';
import { createDatabaseDoor } from '../dynamodb/database-door.ts';
import { partitionKeysOf } from '../dynamodb/declared-tables.ts';
import { openDatabase } from '../dynamodb/open-database.ts';
import { createEventBus, type EventBus } from '../events/bus.ts';
import { awsJsonHandler } from '../http/aws-json.ts';
import { s3Needs } from '../iam/needs/s3.ts';
import type { AccessKeys } from '../lambda/access-keys.ts';
import { createLambdaPool } from '../lambda/pool.ts';
import { createAdmission } from '../s3/admission.ts';
import { createS3 } from '../s3/store.ts';
import { createReceiver } from '../ses/receive.ts';
import { createSes, type Ses } from '../ses/ses.ts';
import { createSns, type Sns } from '../sns/sns.ts';
import { createSqs } from '../sqs/sqs.ts';
import { createStatesEngine } from '../states/engine.ts';
import { createSts } from '../sts/sts.ts';
import { createAccess } from './access.ts';
import type { DeclaredApp } from './declared-app.ts';
import { createDelivery, topicDelivery } from './deliver.ts';
import { createDestinations } from './destinations.ts';
import { endpointVariables } from './endpoints.ts';
import { invokingAs, publishingAs, sendingAs, startingAs } from './inside-calls.ts';
import type { OpenDoors } from './open-doors.ts';
import { openServiceDoors } from './open-service-doors.ts';
import type { Shutdown } from './shutdown.ts';
import { startSources } from './start-sources.ts';
import { taskServices } from './task-services.ts';

export type ServicesOptions = {
  app: DeclaredApp;
  registry: Registry;
  doors: OpenDoors;
  takePort: () => number;
  keys: AccessKeys;
  /** May do everything; as whom the cloud itself calls the database. */
  operatorArn: string;
  /** The state folder. */
  folder: string;
  mailDir: string;
  clock: Clock;
  calls: CallPort;
  activity: Activity;
  schedules: boolean | undefined;
  region: string;
  accountId: string;
  environment: Record<string, string | undefined>;
  functionConcurrency: number | undefined;
  compileCacheDir: string;
  log: (line: string) => void;
  onError: (error: unknown) => void;
};

/** As whom mail from outside is handed on. */
const mailService = 'ses.amazonaws.com';

/** Starts every service behind its door, receivers before senders, and wires them; `shutdown` ends them backwards. */
export const startServices = async (options: ServicesOptions, shutdown: Shutdown) => {
  const { app, doors, keys, folder, mailDir, clock, activity, region } = options;
  const { registry, accountId, log, onError } = options;
  const { reach } = options.calls;
  const place = { region, accountId, partitionKeyOf: partitionKeysOf(app.tables) };
  const { authorizer, gate, guards } = createAccess({ ...options, place });
  let onWrite = () => {};
  const database = shutdown.closes(
    await openDatabase({
      tables: app.tables,
      environment: options.environment,
      stateDir: join(folder, 'dynamodb'),
      takePort: options.takePort,
      accessKeyId: keys.keyOf(options.operatorArn).accessKeyId,
      region,
      onWrite: () => onWrite(),
      onExit: log,
    }),
  );
  const databaseDoor = shutdown.closes(
    createDatabaseDoor({ databaseUrl: database.url, guard: guards.dynamodb, onWrite: () => onWrite() }),
  );
  const endpoints = endpointVariables({
    apiGateway: doors.apiGateway.url,
    cognito: doors.cognito.url,
    dynamodb: doors.dynamodb.url,
    events: doors.events.url,
    lambda: doors.lambda.url,
    s3: doors.s3.url,
    ses: doors.ses.url,
    sns: doors.sns.url,
    sqs: doors.sqs.url,
    states: doors.states.url,
    sts: doors.sts.url,
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
      activity,
      reach,
    }),
  );
  const sending = sendingAs(gate, sqs);
  const destinations = shutdown.closes(createDestinations({ clock, activity, onError: log }));
  const sendFailure = (queueArn: string, body: string, functionArn: string) =>
    destinations.deliver(`${functionArn} to its destination`, () => sending(functionArn)(queueArn, body));
  const lambda = shutdown.closes(
    await createLambdaPool({
      functions: app.functions,
      stateDir: join(folder, 'lambda'),
      logDir: join(folder, 'logs'),
      clock,
      activity,
      region,
      endpoints: () => endpoints,
      keyOf: keys.keyOf,
      sendToQueue: sendFailure,
      guard: guards.lambda,
      concurrency: options.functionConcurrency,
      compileCacheDir: options.compileCacheDir,
      reach,
      onError: log,
    }),
  );
  const invoking = invokingAs(gate, lambda, place);
  const busStands = Promise.withResolvers<EventBus>();
  const snsStands = Promise.withResolvers<Sns>();
  const states = shutdown.closes(
    await createStatesEngine({
      machines: app.machines,
      stateDir: join(folder, 'states'),
      clock,
      activity,
      region,
      accountId,
      ...taskServices({
        machines: app.machines,
        gate,
        place,
        invoking,
        table: database.client.table,
        sqs,
        bus: busStands.promise,
        sns: snsStands.promise,
        s3Url: doors.s3.url,
        keyOf: keys.keyOf,
      }),
      reach,
      onError,
    }),
  );
  const sesStands = Promise.withResolvers<Ses>();
  const sns = shutdown.closes(
    await createSns({
      topics: app.topics,
      stateDir: folder,
      clock,
      activity,
      deliver: topicDelivery({ invoking, sending }),
      sendMail: async (mail) => (await sesStands.promise).keep(mail),
      guard: guards.sns,
      reach,
      onError,
    }),
  );
  snsStands.resolve(sns);
  const publishing = publishingAs(gate, sns);
  const deliver = createDelivery({ invoking, starting: startingAs(gate, states), sending, publishing });
  const bus = shutdown.closes(
    await createEventBus({
      rules: app.rules,
      clock,
      activity,
      ...(options.schedules !== undefined && { schedules: options.schedules }),
      stateDir: folder,
      region,
      accountId,
      deliver,
      reach,
      onError,
    }),
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
      admit: createAdmission({ gate, callerOf: keys.callerOf }),
      onEvent: (detailType, detail, resources) =>
        activity.during(() => bus.put([{ source: 'aws.s3', detailType, detail, resources }])),
      reach,
      onError,
    }),
  );
  const ses = shutdown.closes(
    await createSes({
      stateDir: folder,
      mailDir,
      clock,
      region,
      accountId,
      ...(app.mail.identities.length > 0 && { identities: app.mail.identities }),
      configurationSets: app.mail.configurationSets,
      putEvent: (event) => bus.put([event]),
      publish: publishing(mailService),
      guard: guards.ses,
      reach,
      onError,
    }),
  );
  sesStands.resolve(ses);
  const receiveMail = createReceiver({
    rules: app.receiptRules,
    clock,
    region,
    ...invoking(mailService),
    publish: publishing(mailService),
    putObject: (bucket, key, body) =>
      gate.pass(
        { caller: mailService, service: 's3', action: 'PutObject', input: { Bucket: bucket, Key: key } },
        () => s3Needs('PutObject', { bucket, key }),
        () => s3.putObject(bucket, key, body, { requester: mailService }),
      ),
  });
  const sts = shutdown.closes(createSts({ clock, accountId, authorizer, keys, guard: guards.sts }));
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
      invoke: (functionArn, payload, sourceArn) => invoking(sourceArn).invoke(functionArn, payload),
      guard: guards.apiGateway,
      issuerOf,
      reach,
    }),
  );

  openServiceDoors(
    doors,
    {
      apis: gateway.apis,
      apiGateway: gateway.controlPlane,
      cognito: cognito.handler,
      dynamodb: databaseDoor.handler,
      events: awsJsonHandler(bus.operations, guards.events),
      inbox: ses.inboxHandler,
      lambda: lambda.handler,
      s3: s3.handler,
      ses: ses.handler,
      sns: sns.handler,
      sqs: awsJsonHandler(sqs.operations, guards.sqs),
      states: awsJsonHandler(states.operations, guards.states),
      sts: sts.handler,
    },
    activity,
  );

  ({ onWrite } = await startSources(
    { ...options, database, sqs, lambda, gate, sendFailure, place, reach },
    shutdown,
  ));
  shutdown.closes(gate);
  return { authorizer, endpoints, lambda, states, s3, ses, receiveMail, cognito, fireSchedule: bus.fire };
};
