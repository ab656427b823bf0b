import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../local/clock.ts';
import { serveStreaming } from '../../../local/http/serve.ts';
import type { JsonValue } from '../../../local/json.ts';
import { createS3, type S3, type S3Options } from '../../../local/s3/store.ts';

export const credentials = { accessKeyId: 'LOCALTEST', secretAccessKey: 'not-a-secret' };

const ignore = () => undefined;
const silent = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

type SeenEvent = { detailType: string; detail: JsonValue; resources: string[] };

/** A folder that goes when the test ends. */
export const temporaryFolder = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-s3-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

export type RunningS3 = {
  s3: S3;
  client: S3Client;
  url: string;
  stateDir: string;
  events: SeenEvent[];
  stop(): Promise<void>;
};

/** S3 with the versioned bucket 'documents' and the unversioned 'scratch', stopped when the test ends. */
export const startS3 = async (options: Partial<S3Options> = {}): Promise<RunningS3> => {
  const events: SeenEvent[] = [];
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const s3 = await createS3({
    buckets: [
      { name: 'documents', versioning: 'Enabled', eventBridge: true },
      { name: 'scratch', eventBridge: false },
    ],
    clock: systemClock,
    region: 'us-east-1',
    credentials: (id) => (id === credentials.accessKeyId ? credentials.secretAccessKey : undefined),
    onEvent: async (detailType, detail, resources) => {
      events.push({ detailType, detail, resources });
    },
    watchPollMs: 20,
    ...options,
    stateDir,
  });
  const server = await serveStreaming(s3.handler, { port: 0 });
  const client = new S3Client({
    endpoint: server.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
    logger: silent,
  });
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= (async () => {
      client.destroy();
      await server.close();
      await s3.close();
    })();
    return stopped;
  };
  onTestFinished(stop);
  return { s3, client, url: server.url, stateDir, events, stop };
};
