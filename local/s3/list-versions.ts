import type { HttpResponse } from '../http/serve.ts';
import { keysFrom, type Position, positionAfter } from './list-keys.ts';
import { describeObject, describePrefixes, ownerOf } from './list-objects.ts';
import { cutPage, keyEncoder, type PageRequest, readPageRequest } from './list-page.ts';
import type { ObjectVersion } from './records.ts';
import type { BucketRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const describeWith = (encode: (key: string) => string, accountId: string) => {
  const Owner = ownerOf(accountId);
  return (version: ObjectVersion, isLatest: boolean) => {
    const common = { VersionId: version.versionId, IsLatest: isLatest, Owner };
    if (version.kind === 'object') return { Version: { ...describeObject(version, encode), ...common } };
    const LastModified = new Date(version.modifiedMs).toISOString();
    return { DeleteMarker: { Key: encode(version.key), LastModified, ...common } };
  };
};

const readPosition = (query: URLSearchParams, page: PageRequest): Position | undefined => {
  const key = query.get('key-marker') ?? '';
  const versionId = query.get('version-id-marker') ?? '';
  return key !== '' && versionId !== '' ? { afterKey: key, versionId } : positionAfter(key, page);
};

/** ListObjectVersions: by key, the newest version of each first. */
export const listVersions = async ({ bucket, query, requester }: BucketRequest): Promise<HttpResponse> => {
  const request = readPageRequest(query);
  const encode = keyEncoder(query);
  const position = readPosition(query, request);
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
  const describe = describeWith(encode, requester);
  const entries = page.entries.map((version) => describe(version, state.newest(version.key) === version));
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
