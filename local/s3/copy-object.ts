import { createReadStream } from 'node:fs';
import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import { writeCondition } from './conditions.ts';
import { type CopySource, findCopySource, sourceVersionHeader } from './copy-source.ts';
import { etagOf, readEncryption } from './encryption.ts';
import { checksumHeaders, readDescription, storedHeaders } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import type { ObjectDescription } from './records.ts';
import { namedAlgorithm } from './request-body.ts';
import { S3Error } from './s3-error.ts';
import { type ObjectRequest, originOf } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const isReplaced = (headers: Record<string, string>, what: 'metadata' | 'tagging'): boolean =>
  headers[`x-amz-${what}-directive`]?.toUpperCase() === 'REPLACE';

/** How the copy describes itself: as its source does, but for what the request replaces. */
const describeCopy = ({ headers, bucket }: ObjectRequest, { object }: CopySource): ObjectDescription => {
  const { tags, ...given } = readDescription(headers, bucket.spec);
  const kept = isReplaced(headers, 'metadata')
    ? given
    : { headers: object.headers, metadata: object.metadata };
  return {
    ...kept,
    encryption: readEncryption(headers, bucket.spec.encryption),
    tags: isReplaced(headers, 'tagging') ? (tags ?? {}) : object.tags,
  };
};

const checkOntoItself = ({ bucket, key, headers }: ObjectRequest, source: CopySource) => {
  const isSame = source.bucket === bucket && source.object.key === key && source.isCurrent;
  const isChanging = isReplaced(headers, 'metadata') || headers['x-amz-server-side-encryption'] !== undefined;
  if (!isSame || isChanging) return;
  throw new S3Error('InvalidRequest', {
    message:
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  });
};

/** CopyObject, within and between buckets. */
export const copyObject = async (
  request: ObjectRequest,
  buckets: ReadonlyMap<string, Bucket>,
): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const precondition = writeCondition(headers, bucket.state.current(key));
  const source = findCopySource(headers, buckets);
  checkOntoItself(request, source);
  const description = describeCopy(request, source);
  const { object } = source;
  const { file, path } = bucket.newFile();
  const body = createReadStream(source.bucket.dataPath(object.file));
  const wanted = namedAlgorithm(headers) ?? object.checksum?.algorithm ?? 'CRC64NVME';
  const { size, etag, checksum } = await receiveBody(body, path, { checksumAlgorithm: wanted });
  const stored = await bucket.put(
    {
      key,
      file,
      size,
      etag: etagOf(etag, description.encryption),
      ...description,
      // A composite checksum belongs to the parts, which the copy has no more.
      checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
      precondition,
    },
    originOf(request, 'CopyObject'),
  );
  return xmlResponse(
    'CopyObjectResult',
    {
      ETag: `"${stored.etag}"`,
      LastModified: new Date(stored.modifiedMs).toISOString(),
      ...(checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: 'FULL_OBJECT' } : {}),
    },
    {
      ...storedHeaders(stored, bucket.spec),
      ...sourceVersionHeader(source),
      ...checksumHeaders(stored.checksum),
    },
  );
};
