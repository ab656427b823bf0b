import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import { findCopySource, sourceVersionHeader } from './copy-source.ts';
import { encryptionHeaders } from './encryption.ts';
import { findUpload, readPartNumber, storePart } from './multipart.ts';
import { S3Error } from './s3-error.ts';
import type { ObjectRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const readSourceRange = (text: string | undefined, size: number) => {
  if (text === undefined) return { start: 0, end: size - 1 };
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(text) ?? [];
  const range = { start: Number(first), end: Number(last) };
  if (last !== undefined && range.start <= range.end && range.end < size) return range;
  throw new S3Error('InvalidArgument', {
    message: `Range specified is not valid for source object of size: ${size}`,
    details: { ArgumentName: 'x-amz-copy-source-range', ArgumentValue: text },
  });
};

/** UploadPartCopy. */
export const copyPart = async (
  request: ObjectRequest,
  { buckets, nowMs }: { buckets: ReadonlyMap<string, Bucket>; nowMs: number },
): Promise<HttpResponse> => {
  const { bucket, query, headers } = request;
  const upload = findUpload(request);
  const partNumber = readPartNumber(query);
  const source = findCopySource(headers, buckets);
  const { start, end } = readSourceRange(headers['x-amz-copy-source-range'], source.object.size);
  const file = source.bucket.dataPath(source.object.file);
  // An empty object has no byte for a range to begin with.
  const body = source.object.size === 0 ? Readable.from([]) : createReadStream(file, { start, end });
  const { checksumAlgorithm } = upload;
  const { part, checksum } = await storePart(bucket, upload, body, {
    partNumber,
    claims: { checksumAlgorithm },
    nowMs,
  });
  return xmlResponse(
    'CopyPartResult',
    {
      ETag: `"${part.etag}"`,
      LastModified: new Date(nowMs).toISOString(),
      ...(checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {}),
    },
    { ...sourceVersionHeader(source), ...encryptionHeaders(upload.encryption) },
  );
};
