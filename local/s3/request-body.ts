import type { StreamingRequest } from '../http/serve.ts';
import type { ProvenSignature } from '../http/sigv4.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type ChecksumAlgorithm, checksumAlgorithmSchema, checksumHeader } from './checksums.ts';
import type { BodyClaims } from './receive-body.ts';
import { S3Error } from './s3-error.ts';

const invalid = (message: string) => new S3Error('InvalidRequest', { message });

/** The algorithm that x-amz-checksum-algorithm asks for, by name and not by value. */
export const namedAlgorithm = (headers: Record<string, string>): ChecksumAlgorithm | undefined => {
  const named = headers['x-amz-checksum-algorithm']?.toUpperCase();
  const algorithm = checksumAlgorithmSchema.optional().safeParse(named);
  if (algorithm.success) return algorithm.data;
  throw invalid(
    'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]',
  );
};

/** The algorithm whose value a body's headers or trailer bring; throws where they announce one and bring none. */
export const claimedAlgorithm = (headers: Record<string, string>): ChecksumAlgorithm | undefined => {
  const named = checksumAlgorithmSchema.options.filter((algorithm) => {
    const header = checksumHeader(algorithm);
    return headers[header] !== undefined || headers['x-amz-trailer']?.toLowerCase() === header;
  });
  if (named.length > 1)
    throw invalid('Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.');
  if (named.length === 0 && headers['x-amz-sdk-checksum-algorithm'] !== undefined) {
    throw invalid(
      'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    );
  }
  return named[0];
};

const streamingHashes = [
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER',
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
];
const smallestChunkBytes = 8192;

const readLength = (text: string | undefined): number => {
  if (text === undefined || !/^\d+$/.test(text)) throw new S3Error('MissingContentLength');
  return Number(text);
};

/** What headers, or the fields of a form, claim of a body that comes as it is; CRC64NVME where they name no checksum. */
export const claimsOf = (headers: Record<string, string>): BodyClaims => {
  const checksumAlgorithm = claimedAlgorithm(headers);
  const claimed = checksumAlgorithm && headers[checksumHeader(checksumAlgorithm)];
  return {
    contentMd5: headers['content-md5'],
    checksumAlgorithm: checksumAlgorithm ?? 'CRC64NVME',
    checksum: () => claimed,
  };
};

/** The payload of a request that stores bytes, decoded from aws-chunked, with what its headers claim of it. */
export const openRequestBody = (
  { headers, body }: Pick<StreamingRequest, 'headers' | 'body'>,
  seed: ProvenSignature,
): { source: AsyncIterable<Buffer>; claims: BodyClaims } => {
  const contentHash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  const claims = claimsOf(headers);
  if (!contentHash.startsWith('STREAMING-')) {
    const sha256Hex = contentHash === 'UNSIGNED-PAYLOAD' ? undefined : contentHash;
    const size = readLength(headers['content-length']);
    return { source: body, claims: { ...claims, size, sha256Hex } };
  }
  if (!streamingHashes.includes(contentHash)) {
    throw new S3Error('NotImplemented', { details: { Header: 'x-amz-content-sha256' } });
  }
  const trailers = new Map<string, string>();
  const source = decodeAwsChunked(body, {
    ...(contentHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD') ? { seed } : {}),
    smallestChunkBytes,
    onTrailer: (name, value) => trailers.set(name, value),
  });
  const trailing = headers['x-amz-trailer']?.toLowerCase();
  const checksum = () => {
    if (trailing === undefined) return claims.checksum?.();
    const value = trailers.get(trailing);
    if (value === undefined) throw invalid('The trailing checksum is missing.');
    return value;
  };
  return {
    source,
    claims: { ...claims, size: readLength(headers['x-amz-decoded-content-length']), checksum },
  };
};
