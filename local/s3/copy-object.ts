import { createReadStream } from 'node:fs';
import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import { writeCondition } from './conditions.ts';
import { checkKey } from './key-path.ts';
import { checksumHeaders, readDescription, versionHeader } from './object-headers.ts';
import { findObject } from './read-object.ts';
import { receiveBody } from './receive-body.ts';
import { S3Error } from './s3-error.ts';
import { type ObjectRequest, originOf } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const sourceConditions = [
  'x-amz-copy-source-if-match',
  'x-amz-copy-source-if-none-match',
  'x-amz-copy-source-if-modified-since',
  'x-amz-copy-source-if-unmodified-since',
];

const readSource = (header: string, buckets: Map<string, Bucket>) => {
  const [path = '', query = ''] = header.split('?');
  const [name = '', ...key] = path.replace(/^\//, '').split('/');
  const bucket = buckets.get(decodeURIComponent(name));
  if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
  const versionId = new URLSearchParams(query).get('versionId');
  return { bucket, key: checkKey(decodeURIComponent(key.join('/'))), versionId };
};

/** CopyObject, within and between buckets. */
export const copyObject = async (
  request: ObjectRequest,
  buckets: Map<string, Bucket>,
): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const unserved = sourceConditions.find((name) => headers[name] !== undefined);
  if (unserved) throw new S3Error('NotImplemented', { details: { Header: unserved } });
  const from = readSource(headers['x-amz-copy-source'] ?? '', buckets);
  const source = findObject(from.bucket, from.key, from.versionId);
  const isReplacing = headers['x-amz-metadata-directive']?.toUpperCase() === 'REPLACE';
  if (from.bucket === bucket && from.key === key && from.versionId === null && !isReplacing) {
    throw new S3Error('InvalidRequest', {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
  const description = isReplacing
    ? readDescription(headers)
    : { headers: source.headers, metadata: source.metadata };
  const { file, path } = bucket.newFile();
  const { size, etag } = await receiveBody(createReadStream(from.bucket.dataPath(source.file)), path);
  const stored = await bucket.put(
    {
      key,
      file,
      size,
      etag,
      ...description,
      // A composite checksum belongs to the parts, which the copy has no more.
      checksum: source.checksum?.type === 'FULL_OBJECT' ? source.checksum : undefined,
      precondition: writeCondition(headers),
    },
    originOf(request, 'CopyObject'),
  );
  return xmlResponse(
    'CopyObjectResult',
    { ETag: `"${stored.etag}"`, LastModified: new Date(stored.modifiedMs).toISOString() },
    {
      ...versionHeader(stored),
      ...(source.versionId === 'null' ? {} : { 'x-amz-copy-source-version-id': source.versionId }),
      ...checksumHeaders(stored.checksum),
    },
  );
};
