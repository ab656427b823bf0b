import { checksumHeader } from './checksums.ts';
import type { ObjectDescription, ObjectVersion, StoredChecksum, StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';

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
  'x-amz-tagging',
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

/** How a put, a copy or a form describes the object it stores. */
export const readDescription = (headers: Record<string, string>): ObjectDescription => {
  const unserved = refused.find((name) => headers[name] !== undefined);
  if (unserved) throw new S3Error('NotImplemented', { details: { Header: unserved } });
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of describing) {
    const value = headers[name];
    if (value !== undefined && value !== '') kept[name] = value;
  }
  const encodings = (headers['content-encoding'] ?? '').split(',').map((part) => part.trim());
  const encoding = encodings.filter((part) => part !== '' && part !== 'aws-chunked').join(',');
  if (encoding !== '') kept['content-encoding'] = encoding;
  return { headers: kept, metadata: readMetadata(headers) };
};

/** The version header of a versioned bucket's answer; none in an unversioned one. */
export const versionHeader = ({ versionId }: Pick<ObjectVersion, 'versionId'>): Record<string, string> =>
  versionId === 'null' ? {} : { 'x-amz-version-id': versionId };

export const checksumHeaders = (checksum: StoredChecksum | undefined): Record<string, string> =>
  checksum
    ? { [checksumHeader(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type }
    : {};

/** The headers under which an object is read. */
export const objectHeaders = (object: StoredObject): Record<string, string> => ({
  ...object.headers,
  ...Object.fromEntries(
    Object.entries(object.metadata).map(([name, value]) => [`${metadataPrefix}${name}`, value]),
  ),
  ...versionHeader(object),
  etag: `"${object.etag}"`,
  'last-modified': new Date(object.modifiedMs).toUTCString(),
  'accept-ranges': 'bytes',
});
