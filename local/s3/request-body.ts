import type { StreamingRequest } from '../http/serve.ts';
import type { ProvenSignature } from '../http/sigv4.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { type ChecksumAlgorithm, checksumAlgorithmSchema, checksumHeader } from './checksums.ts';
import type { BodyClaims } from './receive-body.ts';
import { S3Error } from './s3-error.ts';

const findAlgorithm = (headers: Record<string, string>): ChecksumAlgorithm | undefined => {
  const named = checksumAlgorithmSchema.options.filter((algorithm) => {
    const header = checksumHeader(algorithm);
    return headers[header] !== undefined || headers['x-amz-trailer']?.toLowerCase() === header;
  });
  if (named.length > 1) {
    throw new S3Error('InvalidRequest', { message: 'Expecting a single x-amz-checksum- header.' });
  }
  return named[0];
};

const readLength = (text: string | undefined): number => {
  if (text === undefined || !/^\d+$/.test(text)) throw new S3Error('MissingContentLength');
  return Number(text);
};

/** The payload of a request that stores bytes, decoded from aws-chunked, with what its headers claim of it. */
export const openRequestBody = (
  { headers, body }: Pick<StreamingRequest, 'headers' | 'body'>,
  seed: ProvenSignature,
): { source: AsyncIterable<Buffer>; claims: BodyClaims } => {
  const contentHash = headers['x-amz-content-sha256'] ?? 'UNSIGNED-PAYLOAD';
  const checksumAlgorithm = findAlgorithm(headers);
  const claimed = checksumAlgorithm && headers[checksumHeader(checksumAlgorithm)];
  const common = { contentMd5: headers['content-md5'], checksumAlgorithm };
  if (!contentHash.startsWith('STREAMING-')) {
    const sha256Hex = contentHash === 'UNSIGNED-PAYLOAD' ? undefined : contentHash;
    const size = readLength(headers['content-length']);
    return { source: body, claims: { ...common, size, sha256Hex, checksum: () => claimed } };
  }
  const trailers = new Map<string, string>();
  const source = decodeAwsChunked(body, {
    ...(contentHash.startsWith('STREAMING-AWS4-HMAC-SHA256-PAYLOAD') ? { seed } : {}),
    onTrailer: (name, value) => trailers.set(name, value),
  });
  const checksum = () => {
    const value = claimed ?? (checksumAlgorithm && trailers.get(checksumHeader(checksumAlgorithm)));
    if (checksumAlgorithm && value === undefined) {
      throw new S3Error('InvalidRequest', { message: 'The trailing checksum is missing.' });
    }
    return value;
  };
  const size = readLength(headers['x-amz-decoded-content-length']);
  return { source, claims: { ...common, size, checksum } };
};
