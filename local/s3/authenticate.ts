import type { StreamingRequest } from '../http/serve.ts';
import {
  longestSkewMs,
  type ProvenSignature,
  type Refusal,
  toAmzDate,
  verifySignature,
} from '../http/sigv4.ts';
import { S3Error } from './s3-error.ts';

const skewed = (amzDate: string, nowMs: number): S3Error =>
  new S3Error('RequestTimeTooSkewed', {
    details: {
      RequestTime: amzDate,
      ServerTime: new Date(nowMs).toISOString(),
      MaxAllowedSkewMilliseconds: String(longestSkewMs),
    },
  });

const refusal = (
  { failure, amzDate = toAmzDate(0) }: Refusal,
  isPresigned: boolean,
  nowMs: number,
): S3Error => {
  switch (failure) {
    case 'missing':
      return new S3Error('AccessDenied');
    case 'malformed':
    case 'other-region':
    case 'other-service':
      return new S3Error(isPresigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed');
    case 'unknown-key':
      return new S3Error('InvalidAccessKeyId');
    case 'mismatch':
      return new S3Error('SignatureDoesNotMatch');
    case 'expired':
      return new S3Error('AccessDenied', { message: 'Request has expired' });
    case 'stale':
      return skewed(amzDate, nowMs);
    case 'premature':
      return isPresigned
        ? new S3Error('AccessDenied', { message: 'Request is not yet valid' })
        : skewed(amzDate, nowMs);
  }
};

const signing = new Set(
  ['algorithm', 'credential', 'date', 'expires', 'signedheaders', 'signature', 'security-token'].map(
    (name) => `x-amz-${name}`,
  ),
);

/** The x-amz- headers that a presigned link carries in its query. */
const queriedHeaders = (query: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...query]
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => name.startsWith('x-amz-') && !signing.has(name)),
  );

const checkAllSigned = (headers: Record<string, string>, signedHeaders: readonly string[]) => {
  const unsigned = Object.keys(headers).filter(
    (name) => name.startsWith('x-amz-') && name !== 'x-amz-content-sha256' && !signedHeaders.includes(name),
  );
  if (unsigned.length === 0) return;
  throw new S3Error('AccessDenied', {
    message: 'There were headers present in the request which were not signed',
    details: { HeadersNotSigned: unsigned.join(', ') },
  });
};

/** Proves who sent a request, by header or presigned query; answers its headers, those of the query included. */
export const authenticate = (
  request: StreamingRequest,
  options: { secretOf: (accessKeyId: string) => string | undefined; nowMs: number },
): { accessKeyId: string; signature: ProvenSignature; headers: Record<string, string> } => {
  const proof = verifySignature(request, options);
  const isPresigned = request.headers.authorization === undefined;
  if (!proof.isValid) throw refusal(proof, isPresigned, options.nowMs);
  if (!isPresigned && request.headers['x-amz-content-sha256'] === undefined) {
    throw new S3Error('InvalidRequest', {
      message: 'Missing required header for this request: x-amz-content-sha256',
    });
  }
  checkAllSigned(request.headers, proof.signedHeaders);
  const headers = isPresigned ? { ...request.headers, ...queriedHeaders(request.query) } : request.headers;
  return { accessKeyId: proof.accessKeyId, signature: proof, headers };
};
