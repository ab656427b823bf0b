import { randomBytes } from 'node:crypto';
import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import type { OpenUpload } from './bucket-state.ts';
import { type ChecksumAlgorithm, checksumHeader } from './checksums.ts';
import { encryptionHeaders } from './encryption.ts';
import { readDescription } from './object-headers.ts';
import { type BodyClaims, type ReceivedBody, receiveBody } from './receive-body.ts';
import type { MultipartUpload, UploadPart } from './records.ts';
import { claimedAlgorithm, namedAlgorithm, openRequestBody } from './request-body.ts';
import { S3Error } from './s3-error.ts';
import type { ObjectRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const mostParts = 10_000;

/** The open upload that a request names; throws NoSuchUpload. */
export const findUpload = ({ bucket, key, query }: ObjectRequest): OpenUpload => {
  const uploadId = query.get('uploadId') ?? '';
  const upload = bucket.state.upload(uploadId);
  if (upload?.key !== key) throw new S3Error('NoSuchUpload', { details: { UploadId: uploadId } });
  return upload;
};

const invalid = (message: string) => new S3Error('InvalidRequest', { message });

const readType = (headers: Record<string, string>, algorithm: ChecksumAlgorithm | undefined) => {
  const type = headers['x-amz-checksum-type']?.toUpperCase();
  if (algorithm === undefined) {
    if (type === undefined) return undefined;
    throw invalid(
      'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.',
    );
  }
  const isPossible =
    algorithm === 'CRC64NVME'
      ? type !== 'COMPOSITE'
      : !(type === 'FULL_OBJECT' && algorithm.startsWith('SHA'));
  if (!isPossible) {
    throw invalid(
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  }
  return type === 'FULL_OBJECT' || algorithm === 'CRC64NVME'
    ? ('FULL_OBJECT' as const)
    : ('COMPOSITE' as const);
};

/** The checksum that an upload was begun with, as answers tell it. */
export const uploadChecksumHeaders = ({
  checksumAlgorithm,
  checksumType,
}: MultipartUpload): Record<string, string> =>
  checksumAlgorithm && checksumType
    ? { 'x-amz-checksum-algorithm': checksumAlgorithm, 'x-amz-checksum-type': checksumType }
    : {};

/** CreateMultipartUpload. */
export const createUpload = async (request: ObjectRequest, nowMs: number): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const uploadId = randomBytes(32).toString('base64url');
  const checksumAlgorithm = namedAlgorithm(headers);
  const checksumType = readType(headers, checksumAlgorithm);
  const description = readDescription(headers, bucket.spec);
  const upload = { uploadId, key, initiatedMs: nowMs, checksumAlgorithm, checksumType, ...description };
  await bucket.commit({ op: 'upload', upload });
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.spec.name, Key: key, UploadId: uploadId },
    { ...uploadChecksumHeaders(upload), ...encryptionHeaders(upload.encryption) },
  );
};

/** The part number that a request names; throws InvalidArgument. */
export const readPartNumber = (query: URLSearchParams): number => {
  const partNumber = Number(query.get('partNumber') ?? Number.NaN);
  if (Number.isInteger(partNumber) && partNumber >= 1 && partNumber <= mostParts) return partNumber;
  throw new S3Error('InvalidArgument', {
    message: 'Part number must be an integer between 1 and 10000, inclusive',
    details: { ArgumentName: 'partNumber', ArgumentValue: query.get('partNumber') ?? '' },
  });
};

/** Puts a part's bytes on disk and into its upload. */
export const storePart = async (
  bucket: Bucket,
  { uploadId, checksumAlgorithm }: OpenUpload,
  source: AsyncIterable<Buffer>,
  options: { partNumber: number; claims: BodyClaims; nowMs: number },
): Promise<{ part: UploadPart; checksum: ReceivedBody['checksum'] }> => {
  const { file, path } = bucket.newFile();
  const { partNumber, claims, nowMs } = options;
  const { size, etag, checksum } = await receiveBody(source, path, claims);
  const kept = checksum?.algorithm === checksumAlgorithm ? checksum?.value : undefined;
  const part = { partNumber, file, size, etag, modifiedMs: nowMs, checksum: kept };
  await bucket.commit({ op: 'part', uploadId, part });
  return { part, checksum };
};

/** UploadPart. */
export const uploadPart = async (request: ObjectRequest, nowMs: number): Promise<HttpResponse> => {
  const { bucket, query, headers } = request;
  const upload = findUpload(request);
  const partNumber = readPartNumber(query);
  const { source, claims } = openRequestBody({ headers, body: request.body }, request.signature);
  const { checksumAlgorithm: wanted } = upload;
  const given = claimedAlgorithm(headers);
  if (wanted && given && wanted !== given) {
    throw invalid(
      `Checksum Type mismatch occurred, expected checksum Type: ${wanted.toLowerCase()}, actual checksum Type: ${given.toLowerCase()}`,
    );
  }
  const { part, checksum } = await storePart(bucket, upload, source, {
    partNumber,
    claims: { ...claims, checksumAlgorithm: given ?? wanted },
    nowMs,
  });
  const told = checksum && { [checksumHeader(checksum.algorithm)]: checksum.value };
  return {
    status: 200,
    headers: { etag: `"${part.etag}"`, ...encryptionHeaders(upload.encryption), ...told },
  };
};

/** AbortMultipartUpload. */
export const abortUpload = async (request: ObjectRequest): Promise<HttpResponse> => {
  await request.bucket.commit({ op: 'abort', uploadId: findUpload(request).uploadId });
  return { status: 204 };
};
