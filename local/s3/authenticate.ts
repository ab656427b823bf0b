import type { StreamingRequest } from '../http/serve.ts';
import { type ProvenSignature, type SignatureFailure, verifySignature } from '../http/sigv4.ts';
import { S3Error } from './s3-error.ts';

const refusal = (failure: SignatureFailure, isPresigned: boolean): S3Error => {
  switch (failure) {
    case 'missing':
      return new S3Error('AccessDenied');
    case 'malformed':
      return new S3Error(isPresigned ? 'AuthorizationQueryParametersError' : 'AuthorizationHeaderMalformed');
    case 'unknown-key':
      return new S3Error('InvalidAccessKeyId');
    case 'mismatch':
      return new S3Error('SignatureDoesNotMatch');
    case 'expired':
      return new S3Error('AccessDenied', { message: 'Request has expired' });
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
): { signature: ProvenSignature; headers: Record<string, string> } => {
  const proof = verifySignature(request, options);
  const isPresigned = request.headers.authorization === undefined;
  if (!proof.isValid) throw refusal(proof.failure, isPresigned);
  checkAllSigned(request.headers, proof.signedHeaders);
  const headers = isPresigned ? { ...request.headers, ...queriedHeaders(request.query) } : request.headers;
  return { signature: proof, headers };
};
