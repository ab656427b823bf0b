import * as z from 'zod';
import type { HttpResponse } from '../http/serve.ts';
import { compareKeys, lowerBound } from './key-order.ts';
import { cutPage, keyEncoder, type Page, readPageRequest } from './list-page.ts';
import type { ObjectVersion, StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import type { BucketRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

/** Where a listing goes on: after a key, after one version of it, or after all keys of a prefix. */
type Position = { afterKey: string; versionId?: string } | { afterPrefix: string };

const tokenSchema = z.union([z.object({ afterKey: z.string() }), z.object({ afterPrefix: z.string() })]);

const toToken = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64url');

const fromToken = (token: string): Position => {
  try {
    return tokenSchema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw new S3Error('InvalidArgument', { message: 'The continuation token provided is incorrect' });
  }
};

const isPassed = (key: string, position: Position | undefined): boolean => {
  if (!position) return false;
  if ('afterPrefix' in position) {
    return key.startsWith(position.afterPrefix) || compareKeys(key, position.afterPrefix) < 0;
  }
  return compareKeys(key, position.afterKey) < (position.versionId === undefined ? 1 : 0);
};

function* keysFrom(keys: readonly string[], prefix: string, position: Position | undefined) {
  const after = position && ('afterPrefix' in position ? position.afterPrefix : position.afterKey);
  const from = after !== undefined && compareKeys(after, prefix) > 0 ? after : prefix;
  for (let index = lowerBound(keys, from); index < keys.length; index += 1) {
    const key = keys[index] ?? '';
    if (!key.startsWith(prefix)) return;
    if (!isPassed(key, position)) yield key;
  }
}

const describe = (object: ObjectVersion & { kind: 'object' }, encode: (key: string) => string) => ({
  Key: encode(object.key),
  LastModified: new Date(object.modifiedMs).toISOString(),
  ETag: `"${object.etag}"`,
  ChecksumAlgorithm: object.checksum?.algorithm,
  ChecksumType: object.checksum?.type,
  Size: object.size,
  StorageClass: 'STANDARD',
});

const describePrefixes = ({ commonPrefixes }: Page<unknown>, encode: (key: string) => string) =>
  commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) }));

const nonEmpty = (text: string | null) => (text === null || text === '' ? undefined : text);

/** ListObjectsV2. */
export const listObjects = async ({ bucket, query }: BucketRequest): Promise<HttpResponse> => {
  const request = readPageRequest(query);
  const encode = keyEncoder(query);
  const token = nonEmpty(query.get('continuation-token'));
  const startAfter = nonEmpty(query.get('start-after'));
  const position = token ? fromToken(token) : startAfter ? { afterKey: startAfter } : undefined;
  const { state } = bucket;
  function* objects(): Generator<StoredObject> {
    for (const key of keysFrom(state.sortedKeys(), request.prefix, position)) {
      const object = state.current(key);
      if (object) yield object;
    }
  }
  const page = cutPage(objects(), request);
  const { cutAfter } = page;
  const next =
    cutAfter &&
    toToken('prefix' in cutAfter ? { afterPrefix: cutAfter.prefix } : { afterKey: cutAfter.entry.key });
  return xmlResponse('ListBucketResult', {
    Name: bucket.spec.name,
    Prefix: encode(request.prefix),
    StartAfter: startAfter && encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: next,
    KeyCount: page.entries.length + page.commonPrefixes.length,
    MaxKeys: request.maxKeys,
    Delimiter: request.delimiter === '' ? undefined : encode(request.delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: cutAfter !== undefined,
    Contents: page.entries.map((object) => describe(object, encode)),
    CommonPrefixes: describePrefixes(page, encode),
  });
};

const describeVersion = (version: ObjectVersion, isLatest: boolean, encode: (key: string) => string) => {
  const common = { VersionId: version.versionId, IsLatest: isLatest };
  if (version.kind === 'object') return { Version: { ...describe(version, encode), ...common } };
  const { key, modifiedMs } = version;
  return {
    DeleteMarker: { Key: encode(key), LastModified: new Date(modifiedMs).toISOString(), ...common },
  };
};

const readVersionPosition = (query: URLSearchParams, delimiter: string): Position | undefined => {
  const key = nonEmpty(query.get('key-marker'));
  const versionId = nonEmpty(query.get('version-id-marker'));
  if (key === undefined) return undefined;
  if (versionId !== undefined) return { afterKey: key, versionId };
  return delimiter !== '' && key.endsWith(delimiter) ? { afterPrefix: key } : { afterKey: key };
};

/** ListObjectVersions: by key, the newest version of each first. */
export const listVersions = async ({ bucket, query }: BucketRequest): Promise<HttpResponse> => {
  const request = readPageRequest(query);
  const encode = keyEncoder(query);
  const position = readVersionPosition(query, request.delimiter);
  const { state } = bucket;
  function* versions(): Generator<ObjectVersion> {
    for (const key of keysFrom(state.sortedKeys(), request.prefix, position)) {
      const all = state.versions(key);
      const isCutHere = position && 'versionId' in position && position.afterKey === key;
      const done = isCutHere ? all.findIndex((version) => version.versionId === position.versionId) + 1 : 0;
      yield* all.slice(done);
    }
  }
  const page = cutPage(versions(), request);
  const { cutAfter } = page;
  const lastEntry = cutAfter && 'entry' in cutAfter ? cutAfter.entry : undefined;
  const nextKey = cutAfter && 'prefix' in cutAfter ? cutAfter.prefix : lastEntry?.key;
  const entries = page.entries.map((version) =>
    describeVersion(version, state.newest(version.key) === version, encode),
  );
  return xmlResponse('ListVersionsResult', {
    Name: bucket.spec.name,
    Prefix: encode(request.prefix),
    KeyMarker: encode(query.get('key-marker') ?? ''),
    VersionIdMarker: query.get('version-id-marker') ?? '',
    NextKeyMarker: nextKey === undefined ? undefined : encode(nextKey),
    NextVersionIdMarker: lastEntry?.versionId,
    MaxKeys: request.maxKeys,
    Delimiter: request.delimiter === '' ? undefined : encode(request.delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: cutAfter !== undefined,
    Version: entries.flatMap(({ Version }) => Version ?? []),
    DeleteMarker: entries.flatMap(({ DeleteMarker }) => DeleteMarker ?? []),
    CommonPrefixes: describePrefixes(page, encode),
  });
};
