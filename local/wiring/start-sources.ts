import { join } from 'node:path';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Gate } from '../calls/gate.ts';
import type { Clock } from '../clock.ts';
import { createExpiries } from '../dynamodb/expiries.ts';
import type { Database } from '../dynamodb/open-database.ts';
import { startTimeToLive } from '../dynamodb/time-to-live.ts';
import type { Place } from '../iam/needs/arn.ts';
import type { Sqs } from '../sqs/sqs.ts';
import type { DeclaredApp } from './declared-app.ts';
import type { Invoker } from './inside-calls.ts';
import { startQueueMappings } from './queue-mappings.ts';
import type { Shutdown } from './shutdown.ts';
import { startStreamMappings } from './stream-mappings.ts';

export type SourcesOptions = {
  app: DeclaredApp;
  database: Database;
  sqs: Sqs;
  lambda: Invoker;
  gate: Gate;
  /** Sends for the function of that ARN. */
  sendFailure: (queueArn: string, body: string, functionArn: string) => Promise<void>;
  place: Place;
  /** The state folder. */
  folder: string;
  clock: Clock;
  activity: Activity;
  reach: CallPort['reach'];
  log: (line: string) => void;
  onError: (error: unknown) => void;
};

/** Starts what acts by itself on what lies in tables and queues: mappings to functions, and the time to live. */
export const startSources = async (options: SourcesOptions, shutdown: Shutdown) => {
  const { app, database, folder, log } = options;
  const expiries = createExpiries();
  const mappings = { ...options, mappings: app.mappings, functions: app.functions, onError: log };
  const streamMappings = shutdown.closes(
    await startStreamMappings({
      ...mappings,
      databaseStreams: database.streams,
      stream: database.client.stream,
      stateDir: join(folder, 'streams'),
      expiries,
    }),
  );
  shutdown.closes(startQueueMappings({ ...mappings, queues: app.queues }));
  const timeToLive = shutdown.closes(
    startTimeToLive({ ...options, tables: app.tables, table: database.client.table, expiries }),
  );
  return {
    /** A table may have changed. */
    onWrite() {
      streamMappings.poke();
      timeToLive.poke();
    },
  };
};
