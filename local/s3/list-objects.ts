import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { HttpResponse } from '../http/serve.ts';
import { objectsFrom, type Position, positionAfter } from './list-keys.ts';
import { cutPage, keyEncoder, type Page, readPageRequest } from './list-page.ts';
import type { StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import type { BucketRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

type Encode = (key: string) => string;

const tokenSchema = z.union([z.object({ afterKey: z.string() }), z.object({ afterPrefix: z.string() })]);

const toToken = (position: Position) => Buffer.from(JSON.stringify(position)).toString('base64url');

const fromToken = (token: string): Position => {
  try {
    return tokenSchema.parse(JSON.parse(Buffer.from(token, 'base64url').toString('utf8')));
  } catch {
    throw new S3Error('InvalidArgument', { message: 'The continuation token provided is incorrect' });
  }
};

/** The owner of everything here: one account, under the long id by which S3 knows it. */
export const ownerOf = (accountId: string) => ({
  ID: createHash('sha256').update(accountId).digest('hex'),
});

/** An object as listings show it. */
export const describeObject = (object: StoredObject, encode: Encode) => ({
  Key: encode(object.key),
  LastModified: new Date(object.modifiedMs).toISOString(),
  ETag: `"${object.etag}"`,
  ChecksumAlgorithm: object.checksum?.algorithm,
  ChecksumType: object.checksum?.type,
  Size: object.size,
  StorageClass: 'STANDARD',
});

export const describePrefixes = ({ commonPrefixes }: Page<unknown>, encode: Encode) =>
  commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) }));

const nonEmpty = (text: string | null) => (text === null || text === '' ? undefined : text);

const listPage = (
  { bucket, query }: BucketRequest,
  position: (page: { prefix: string; delimiter: string }) => Position | undefined,
) => {
  const request = readPageRequest(query);
  const encode = keyEncoder(query);
  const page = cutPage(objectsFrom(bucket, request.prefix, position(request)), request);
  const common = {
    Name: bucket.spec.name,
    Prefix: encode(request.prefix),
    MaxKeys: request.maxKeys,
    Delimiter: request.delimiter === '' ? undefined : encode(request.delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    IsTruncated: page.cutAfter !== undefined,
  };
  return { request, encode, page, common };
};

/** ListObjects, the first version: it goes on after a marker, and every entry names its owner. */
export const listObjects = async (request: BucketRequest): Promise<HttpResponse> => {
  const marker = request.query.get('marker') ?? '';
  const { request: asked, encode, page, common } = listPage(request, (by) => positionAfter(marker, by));
  const { cutAfter } = page;
  const last = cutAfter && ('prefix' in cutAfter ? cutAfter.prefix : cutAfter.entry.key);
  const Owner = ownerOf(request.requester);
  return xmlResponse('ListBucketResult', {
    ...common,
    Marker: encode(marker),
    // Without a delimiter the last key is the next marker, and S3 does not say it.
    NextMarker: last === undefined || asked.delimiter === '' ? undefined : encode(last),
    Contents: page.entries.map((object) => ({ ...describeObject(object, encode), Owner })),
    CommonPrefixes: describePrefixes(page, encode),
  });
};

/** ListObjectsV2. */
export const listObjectsV2 = async (request: BucketRequest): Promise<HttpResponse> => {
  const { query } = request;
  const token = nonEmpty(query.get('continuation-token'));
  const startAfter = nonEmpty(query.get('start-after'));
  const position = token ? fromToken(token) : startAfter ? { afterKey: startAfter } : undefined;
  const { encode, page, common } = listPage(request, () => position);
  const { cutAfter } = page;
  const next =
    cutAfter &&
    toToken('prefix' in cutAfter ? { afterPrefix: cutAfter.prefix } : { afterKey: cutAfter.entry.key });
  const Owner = query.get('fetch-owner') === 'true' ? ownerOf(request.requester) : undefined;
  return xmlResponse('ListBucketResult', {
    ...common,
    StartAfter: startAfter && encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: next,
    KeyCount: page.entries.length + page.commonPrefixes.length,
    Contents: page.entries.map((object) => ({ ...describeObject(object, encode), Owner })),
    CommonPrefixes: describePrefixes(page, encode),
  });
};
