import type { BucketSpec } from './bucket-spec.ts';
import { checksumHeader } from './checksums.ts';
import { encryptionHeaders, readEncryption } from './encryption.ts';
import type { ObjectDescription, ObjectVersion, StoredChecksum, StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import { readTaggingHeader } from './tags.ts';

const describing = [
  'content-type',
  'content-disposition',
  'content-language',
  'cache-control',
  'expires',
] as const;

const metadataPrefix = 'x-amz-meta-';
const largestMetadataBytes = 2048;

// A header that would change what is stored must not be dropped in silence.
const refused = [
  'x-amz-website-redirect-location',
  'x-amz-server-side-encryption-customer-algorithm',
  'x-amz-object-lock-mode',
  'x-amz-object-lock-legal-hold',
  'x-amz-write-offset-bytes',
];

const readMetadata = (headers: Record<string, string>): Record<string, string> => {
  const entries = Object.entries(headers)
    .filter(([name]) => name.startsWith(metadataPrefix))
    .map(([name, value]) => [name.slice(metadataPrefix.length), value] as const);
  const size = entries.reduce((total, [name, value]) => total + name.length + Buffer.byteLength(value), 0);
  if (size > largestMetadataBytes) {
    throw new S3Error('InvalidArgument', {
      message: 'Your metadata headers exceed the maximum allowed size.',
    });
  }
  return Object.fromEntries(entries);
};

const checkServed = (headers: Record<string, string>) => {
  const unserved = refused.find((name) => headers[name] !== undefined);
  if (unserved) throw new S3Error('NotImplemented', { details: { Header: unserved } });
  const { 'x-amz-storage-class': storageClass = 'STANDARD', 'x-amz-acl': acl } = headers;
  if (storageClass !== 'STANDARD') {
    throw new S3Error('NotImplemented', { details: { Header: 'x-amz-storage-class' } });
  }
  if (acl !== undefined && acl !== 'bucket-owner-full-control')
    throw new S3Error('AccessControlListNotSupported');
};

/** How a put, a copy or a form describes the object it stores in a bucket. */
export const readDescription = (headers: Record<string, string>, spec: BucketSpec): ObjectDescription => {
  checkServed(headers);
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of describing) {
    const value = headers[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  const encodings = (headers['content-encoding'] ?? '').split(',').map((part) => part.trim());
  const encoding = encodings.filter((part) => part !== '' && part !== 'aws-chunked').join(',');
  if (encoding !== '') kept['content-encoding'] = encoding;
  const { 'x-amz-tagging': tagging } = headers;
  return {
    headers: kept,
    metadata: readMetadata(headers),
    encryption: readEncryption(headers, spec.encryption),
    ...(tagging === undefined ? {} : { tags: readTaggingHeader(tagging) }),
  };
};

/** The version header of an answer; none where the bucket has never kept versions. */
export const versionHeader = (
  { versionId }: Pick<ObjectVersion, 'versionId'>,
  { versioning }: Pick<BucketSpec, 'versioning'>,
): Record<string, string> =>
  versioning === undefined && versionId === 'null' ? {} : { 'x-amz-version-id': versionId };

export const checksumHeaders = (checksum: StoredChecksum | undefined): Record<string, string> =>
  checksum
    ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
    : {};

/** What every answer to a write tells of the object stored. */
export const storedHeaders = (object: StoredObject, spec: BucketSpec): Record<string, string> => ({
  ...versionHeader(object, spec),
  ...encryptionHeaders(object.encryption),
});

const tagCount = ({ tags = {} }: StoredObject): Record<string, string> => {
  const count = Object.keys(tags).length;
  return count === 0 ? {} : { 'x-amz-tagging-count': String(count) };
};

/** The headers under which an object is read. */
export const objectHeaders = (object: StoredObject, spec: BucketSpec): Record<string, string> => ({
  ...object.headers,
  ...Object.fromEntries(
    Object.entries(object.metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value]),
  ),
  ...storedHeaders(object, spec),
  ...tagCount(object),
  etag: `"${object.etag}"`,
  'last-modified': new Date(object.modifiedMs).toUTCString(),
  'accept-ranges': 'bytes',
});
