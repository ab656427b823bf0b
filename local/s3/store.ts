import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import type { StreamingHandler } from '../http/serve.ts';
import { type Admit, admitAll } from './admission.ts';
import { type Bucket, type OnEvent, openBucket } from './bucket.ts';
import type { BucketSpec } from './bucket-spec.ts';
import { etagOf } from './encryption.ts';
import { checkKey } from './key-path.ts';
import type { ChangeOrigin } from './object-event.ts';
import { readDescription } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import { claimsOf } from './request-body.ts';
import { createS3Handler } from './route.ts';
import { watchFolder } from './watch-folder.ts';

export type { BucketSpec };

export type S3 = {
  /** S3's REST protocol; serve it with serveStreaming. */
  handler: StreamingHandler;
  putObject(
    bucket: string,
    key: string,
    body: Buffer,
    options?: {
      metadata?: Record<string, string>;
      contentType?: string;
      /** As whom the event names the writer: an account, or a service such as ses.amazonaws.com. */
      requester?: string;
    },
  ): Promise<{ versionId?: string; etag: string }>;
  /** Files copied to folder/sub/name become objects keyPrefix + sub/name. The answer ends the watch. */
  watchFolder(folder: string, bucket: string, keyPrefix: string): Promise<() => Promise<void>>;
  /** Where the current object of each key is to be seen as a plain file. */
  objectFolder(bucket: string): string;
  close(): Promise<void>;
};

export type S3Options = {
  buckets: BucketSpec[];
  /** Each bucket gets the folder s3/<bucket> in it. */
  stateDir: string;
  clock: Clock;
  region: string;
  accountId?: string;
  /** The secret of an access key id, to check signatures. */
  credentials: (accessKeyId: string) => string | undefined;
  /** Lets the calls of proven signers pass; all of them unless given. */
  admit?: Admit;
  /** Accepts an event for good; when it rejects, or never gets to answer, the event comes again. */
  onEvent: OnEvent;
  reach?: CallPort['reach'] | undefined;
  /** How often watched folders are looked at. */
  watchPollMs?: number;
  onError?: (error: unknown) => void;
};

const localAccount = '000000000000';

/** S3 over files: every acknowledged write survives a crash, and so does its event. */
export const createS3 = async (options: S3Options): Promise<S3> => {
  const { stateDir, clock, region, credentials, admit = admitAll, onEvent, reach } = options;
  const accountId = options.accountId ?? localAccount;
  const folderOf = (name: string) => join(stateDir, 's3', name);
  const buckets = new Map<string, Bucket>();
  for (const spec of options.buckets) {
    const folder = folderOf(spec.name);
    buckets.set(spec.name, await openBucket({ spec, folder, clock, onEvent, reach }));
  }
  const find = (name: string): Bucket => {
    const bucket = buckets.get(name);
    if (!bucket) throw new Error(`There is no bucket '${name}'.`);
    return bucket;
  };
  const origin = (): ChangeOrigin => ({
    requestId: randomUUID(),
    requester: accountId,
    reason: 'PutObject',
  });
  const watches = new Set<() => Promise<void>>();

  return {
    handler: createS3Handler({ buckets, region, accountId, secretOf: credentials, nowMs: clock.now, admit }),
    putObject: async (bucketName, key, body, { metadata = {}, contentType, requester = accountId } = {}) => {
      const bucket = find(bucketName);
      const { file, path } = bucket.newFile();
      checkKey(key);
      const { size, etag, checksum } = await receiveBody(Readable.from([body]), path, claimsOf({}));
      const headers = { 'content-type': contentType ?? 'binary/octet-stream' };
      const description = { ...readDescription(headers, bucket.spec), metadata };
      const stored = await bucket.put(
        {
          key,
          file,
          size,
          etag: etagOf(etag, description.encryption),
          ...description,
          checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
        },
        { ...origin(), requester },
      );
      return { etag: stored.etag, ...(stored.versionId === 'null' ? {} : { versionId: stored.versionId }) };
    },
    watchFolder: async (folder, bucketName, keyPrefix) => {
      await mkdir(folder, { recursive: true });
      const end = watchFolder(folder, find(bucketName), keyPrefix, {
        pollMs: options.watchPollMs ?? 500,
        origin,
        onError: options.onError ?? console.error,
      });
      watches.add(end);
      return async () => {
        watches.delete(end);
        await end();
      };
    },
    objectFolder: (bucketName) => join(folderOf(find(bucketName).spec.name), 'objects'),
    close: async () => {
      await Promise.all([...watches].map((end) => end()));
      await Promise.all([...buckets.values()].map((bucket) => bucket.close()));
    },
  };
};
