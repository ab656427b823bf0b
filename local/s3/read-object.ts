import { type FileHandle, open } from 'node:fs/promises';
import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import { isNotModified } from './conditions.ts';
import { checksumHeaders, objectHeaders, versionHeader } from './object-headers.ts';
import type { ObjectVersion, StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import type { ObjectRequest } from './s3-request.ts';

const overridable = [
  'content-type',
  'content-disposition',
  'content-language',
  'content-encoding',
  'cache-control',
  'expires',
];

const markerHeaders = (marker: ObjectVersion, { spec }: Bucket) => ({
  'x-amz-delete-marker': 'true',
  ...versionHeader(marker, spec),
});

/** The object a read names, by its version or as the current one; throws as S3 does when there is none. */
export const findObject = (bucket: Bucket, key: string, versionId: string | null): StoredObject => {
  const version =
    versionId === null
      ? bucket.state.newest(key)
      : bucket.state.versions(key).find((candidate) => candidate.versionId === versionId);
  if (version?.kind === 'object') return version;
  if (version && versionId !== null) {
    throw new S3Error('MethodNotAllowed', {
      headers: { ...markerHeaders(version, bucket), allow: 'DELETE' },
    });
  }
  if (versionId !== null) throw new S3Error('NoSuchVersion', { details: { Key: key, VersionId: versionId } });
  throw new S3Error('NoSuchKey', {
    details: { Key: key },
    headers: version ? markerHeaders(version, bucket) : {},
  });
};

const findAsked = ({ bucket, key, query }: ObjectRequest) => findObject(bucket, key, query.get('versionId'));

type Range = { start: number; end: number };

/** The bytes of one part, counted as they were uploaded; an object put at once is its own only part. */
const partRange = (text: string, { parts, size }: StoredObject): Range => {
  const asked = Number(text);
  if (!Number.isInteger(asked) || asked < 1 || asked > 10_000) {
    throw new S3Error('InvalidArgument', {
      message: 'Part number must be an integer between 1 and 10000, inclusive',
      details: { ArgumentName: 'partNumber', ArgumentValue: text },
    });
  }
  const all = parts ?? [{ partNumber: 1, size }];
  const part = all[asked - 1];
  if (!part) {
    const details = { ActualPartCount: String(all.length), PartNumberRequested: text };
    throw new S3Error('InvalidPartNumber', { details });
  }
  const start = all.slice(0, asked - 1).reduce((total, one) => total + one.size, 0);
  return { start, end: start + part.size - 1 };
};

/** The single byte range asked for; undefined for the whole object (also when ranges are many or malformed). */
const readRange = (header: string | undefined, size: number): Range | undefined => {
  const [, first = '', last = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (first === '' && last === '') return undefined;
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined;
  if (start >= size || (first === '' && Number(last) === 0)) {
    throw new S3Error('InvalidRange', {
      details: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
    });
  }
  return { start, end };
};

const overrides = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    overridable.flatMap((name) => {
      const value = query.get(`response-${name}`);
      return value === null ? [] : [[name, value]];
    }),
  );

type Found = { object: StoredObject; handle: FileHandle };

/** Opens the data at once, so that a later overwrite cannot take it away under the reader. */
const openObject = async (request: ObjectRequest): Promise<Found> => {
  const object = findAsked(request);
  try {
    return { object, handle: await open(request.bucket.dataPath(object.file)) };
  } catch (error) {
    if (findAsked(request).file === object.file) throw error;
    return openObject(request);
  }
};

/** The bytes asked for, by range or by part; undefined for the whole object. */
const askedRange = ({ query, headers }: ObjectRequest, object: StoredObject): Range | undefined => {
  const partNumber = query.get('partNumber');
  if (partNumber === null) return readRange(headers.range, object.size);
  if (headers.range !== undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Cannot specify both Range header and partNumber query parameter',
    });
  }
  return partRange(partNumber, object);
};

const describe = (request: ObjectRequest, object: StoredObject) => {
  const { query, headers, bucket } = request;
  const described = objectHeaders(object, bucket.spec);
  if (isNotModified(headers, object)) {
    const { etag = '', 'last-modified': modified = '' } = described;
    const kept = { etag, 'last-modified': modified, ...versionHeader(object, bucket.spec) };
    return { status: 304, headers: kept };
  }
  const range = askedRange(request, object);
  const { start, end } = range ?? { start: 0, end: object.size - 1 };
  const isWhole = end - start + 1 === object.size;
  const wantsChecksum = headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED' && isWhole;
  return {
    status: range ? 206 : 200,
    headers: {
      ...described,
      ...(wantsChecksum ? checksumHeaders(object.checksum) : {}),
      ...overrides(query),
      'content-length': String(end - start + 1),
      ...(range && object.size > 0 ? { 'content-range': `bytes ${start}-${end}/${object.size}` } : {}),
      ...(query.has('partNumber') && object.parts
        ? { 'x-amz-mp-parts-count': String(object.parts.length) }
        : {}),
    },
    bytes: { start, end },
  };
};

/** HeadObject. */
export const headObject = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { status, headers } = describe(request, findAsked(request));
  return { status, headers };
};

/** GetObject: ranges, conditions, versions and response-* overrides. */
export const getObject = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { object, handle } = await openObject(request);
  try {
    const { status, headers, bytes } = describe(request, object);
    if (bytes && bytes.end >= bytes.start) {
      return { status, headers, body: handle.createReadStream(bytes) };
    }
    await handle.close();
    return { status, headers };
  } catch (error) {
    await handle.close();
    throw error;
  }
};
