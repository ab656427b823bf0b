import { join } from 'node:path';
import { type Assembly, readAssembly } from './assembly/read-assembly.ts';
import { createRegistry } from './assembly/registry.ts';
import { createActivity } from './calls/activity.ts';
import { type CallPort, openPort } from './calls/call-port.ts';
import { type Clock, systemClock } from './clock.ts';
import type { Usage } from './iam/usage.ts';
import { openAccessKeys } from './lambda/access-keys.ts';
import type { AccessKey } from './lambda/function-spec.ts';
import type { LambdaPool } from './lambda/pool.ts';
import type { ReceiveMail } from './ses/receive.ts';
import type { Ses } from './ses/ses.ts';
import type { StatesEngine } from './states/engine.ts';
import { declaredApp } from './wiring/declared-app.ts';
import { createFrontDoors } from './wiring/front-doors.ts';
import { createLocalizer } from './wiring/local-urls.ts';
import { type OpenDoors, openDoors } from './wiring/open-doors.ts';
import { createShutdown, type Shutdown } from './wiring/shutdown.ts';
import { startServices } from './wiring/start-services.ts';
import { openStateFolder } from './wiring/state-folder.ts';
import { issueTestTokens, type UserPoolAccess } from './wiring/test-tokens.ts';
import { type WatchedFolder, watchFolders } from './wiring/watched-folders.ts';

export type CloudOptions = {
  /** The folder that `cdk synth` wrote. */
  cdkOut: string;
  /** Everything that lasts lies under it. */
  stateDir: string;
  /** 0 takes free ports; else the first API's port, the inbox at the next, the other services behind. */
  port: number;
  /** Empties the state folder first. */
  fresh?: boolean;
  /** A virtual clock takes the cloud's `idle` for what it waits for before it moves. */
  clock?: Clock;
  /** False: rules with a schedule fire only by `fireSchedule`. */
  schedules?: boolean;
  /** Where tests look on, make calls fail or end the process; lets everything through unless given. */
  calls?: CallPort;
  /** Failed functions and other trouble, one line each. */
  log?: (line: string) => void;
  watch?: WatchedFolder[];
  /** Values of stack parameters, before their defaults. */
  parameters?: Record<string, string>;
  /** Workers of one function at a time; 4 unless told. */
  functionConcurrency?: number;
};

export type Cloud = {
  /** Stack outputs, their URLs local ones. */
  outputs: Record<string, string>;
  /** By logical id; the first stage answers here without its name in the path. */
  apiUrls: Record<string, string>;
  inboxUrl: string;
  mailDir: string;
  /** AWS_ENDPOINT_URL_… for SDK clients. */
  endpoints: Record<string, string>;
  /** By user pool id. */
  userPools: Record<string, UserPoolAccess>;
  /** Where the current objects of a bucket are to be seen as files. */
  bucketFolder(bucketName: string): string;
  /** The operator's fake key. */
  credentials: AccessKey;
  region: string;
  accountId: string;
  /** What the templates have and this cloud does not, one line each. */
  notEmulated: string[];
  /** What the templates grant, and what was asked by whom and decided. */
  usage(): Usage;
  lambda: LambdaPool;
  states: StatesEngine;
  /** Takes a mail from outside, by the receipt rules; resolves once it is where they put it. */
  receiveMail: ReceiveMail;
  /** Bounces and complaints that come after a mail, and the addresses that mail no longer goes to. */
  mail: Pick<Ses, 'reportFeedback' | 'suppressed' | 'unsuppress'>;
  /** Resolves when nothing is in motion: whatever is still to come waits for the clock or for a caller. */
  idle(): Promise<void>;
  /** Fires the one rule with a schedule whose name contains the text; resolves once that is on disk. */
  fireSchedule(namePart: string): Promise<void>;
  /** Ends everything in order; nothing acknowledged is lost. */
  close(): Promise<void>;
};

const region = 'us-east-1';
const accountId = '000000000000';
const operator = `arn:aws:iam::${accountId}:user/operator`;

const restApiIds = ({ stacks }: Assembly): string[] =>
  stacks.flatMap(({ template }) =>
    Object.entries(template.Resources).flatMap(([id, { Type }]) =>
      Type === 'AWS::ApiGateway::RestApi' ? [id] : [],
    ),
  );

/** The app's resources with their local names, and where each REST API answers. */
const readApp = (assembly: Assembly, doors: OpenDoors, parameters: CloudOptions['parameters']) => {
  const urlsById = new Map<string, string>();
  const apiUrls: Record<string, string> = {};
  const registry = createRegistry({
    assembly,
    parameters,
    place: { region, accountId, sqsUrl: doors.sqs.url, cognitoUrl: doors.cognito.url },
    localize: createLocalizer({ region, apiUrls: urlsById, cognitoUrl: doors.cognito.url }),
  });
  for (const { ref, logicalId } of registry.ofType('AWS::ApiGateway::RestApi')) {
    const url = doors.apis.get(logicalId)?.url ?? '';
    urlsById.set(ref, url);
    apiUrls[logicalId] = url;
  }
  return { registry, apiUrls };
};

const start = async (options: CloudOptions, shutdown: Shutdown): Promise<Omit<Cloud, 'close'>> => {
  const { clock = systemClock, calls = openPort, log = () => {}, parameters, functionConcurrency } = options;
  const activity = createActivity();
  const onError = (error: unknown) =>
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const assembly = readAssembly(options.cdkOut);
  const fresh = options.fresh ?? false;
  const { folder } = shutdown.closes(await openStateFolder(options.stateDir, { fresh }));
  const frontDoors = shutdown.closes(createFrontDoors(options.port, { onError, now: clock.now }));
  const doors = await openDoors(frontDoors, restApiIds(assembly));
  const { registry, apiUrls } = readApp(assembly, doors, parameters);
  const app = await declaredApp(registry, folder);
  const keys = await openAccessKeys(folder);
  const credentials = keys.keyOf(operator);
  const mailDir = join(folder, 'mail');
  const services = await startServices(
    {
      app,
      registry,
      doors,
      takePort: frontDoors.takePort,
      keys,
      operatorArn: operator,
      folder,
      mailDir,
      clock,
      calls,
      activity,
      schedules: options.schedules,
      region,
      accountId,
      environment: process.env,
      functionConcurrency,
      compileCacheDir: join(options.cdkOut, '.compile-cache'),
      log,
      onError,
    },
    shutdown,
  );
  const { s3, cognito, endpoints, lambda, states } = services;
  const detach = clock.waitsFor?.(activity.idle);
  shutdown.closes({ close: async () => detach?.() });
  shutdown.closes(await watchFolders(options.watch ?? [], { buckets: app.buckets, s3 }));
  return {
    outputs: app.outputs,
    apiUrls,
    inboxUrl: doors.inbox.url,
    mailDir,
    endpoints,
    userPools: await issueTestTokens(app.userPools, doors.cognito.url, cognito),
    bucketFolder: s3.objectFolder,
    credentials,
    region,
    accountId,
    notEmulated: [...app.notEmulated, ...services.authorizer.notEmulated],
    usage: services.authorizer.usage,
    lambda,
    states,
    receiveMail: (...mail) => activity.during(() => services.receiveMail(...mail)),
    mail: services.ses,
    idle: activity.idle,
    fireSchedule: services.fireSchedule,
  };
};

/**
 * Runs a synthesized CDK app on 127.0.0.1 until closed; ready when it resolves. Throws, with nothing left
 * running, when the app cannot be read, a port is taken or another cloud holds the state folder.
 */
export const startCloud = async (options: CloudOptions): Promise<Cloud> => {
  // Lambda runs in UTC. Worker threads have no time zone of their own, so the whole process takes it.
  process.env.TZ = 'UTC';
  const shutdown = createShutdown();
  try {
    return { ...(await start(options, shutdown)), close: shutdown.close };
  } catch (error) {
    await shutdown.close();
    throw error;
  }
};
