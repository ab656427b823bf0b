import type { Bucket } from './bucket.ts';
import { checkSourceConditions } from './conditions.ts';
import { checkKey } from './key-path.ts';
import { findObject } from './read-object.ts';
import type { StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';

export type CopySource = { bucket: Bucket; object: StoredObject; isCurrent: boolean };

/** The bucket, the key and the version that an x-amz-copy-source header names. */
export const parseSource = (header: string) => {
  const [path = '', query = ''] = header.split('?');
  const [name = '', ...key] = path.replace(/^\//, '').split('/');
  try {
    const versionId = new URLSearchParams(query).get('versionId');
    return { name: decodeURIComponent(name), key: decodeURIComponent(key.join('/')), versionId };
  } catch {
    throw new S3Error('InvalidArgument', { message: 'Invalid copy source encoding' });
  }
};

/** The object that x-amz-copy-source names, its conditions checked. */
export const findCopySource = (
  headers: Record<string, string>,
  buckets: ReadonlyMap<string, Bucket>,
): CopySource => {
  const { name, key, versionId } = parseSource(headers['x-amz-copy-source'] ?? '');
  const bucket = buckets.get(name);
  if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
  const object = findObject(bucket, checkKey(key), versionId);
  checkSourceConditions(headers, object);
  return { bucket, object, isCurrent: versionId === null };
};

/** The version of the source, where its bucket keeps versions. */
export const sourceVersionHeader = ({ bucket, object }: CopySource): Record<string, string> =>
  bucket.spec.versioning === undefined && object.versionId === 'null'
    ? {}
    : { 'x-amz-copy-source-version-id': object.versionId };
