import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export type SignedRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
};

type SignatureFailure =
  | 'missing'
  | 'malformed'
  | 'unknown-key'
  | 'mismatch'
  /** A presigned request past its own expiry. */
  | 'expired'
  /** Signed too long before now, or too long after it. */
  | 'stale'
  | 'premature'
  /** Signed for another region, or another service. */
  | 'other-region'
  | 'other-service';

/** What chained signatures (of streamed chunks) continue from. */
export type ProvenSignature = { signature: string; signingKey: Buffer; amzDate: string; scope: string };

export type Refusal = { isValid: false; failure: SignatureFailure; amzDate?: string };

export type Verification =
  | ({ isValid: true; accessKeyId: string; signedHeaders: string[] } & ProvenSignature)
  | Refusal;

export type VerifyOptions = {
  secretOf: (accessKeyId: string) => string | undefined;
  nowMs: number;
  body?: Buffer;
  /** What the signature must be for; any unless told. */
  scope?: { region: string; service: string };
};

type Claim = {
  isPresigned: boolean;
  credential: string;
  signedHeaders: string;
  signature: string;
  amzDate: string;
  expiresSeconds: number | undefined;
};

const algorithm = 'AWS4-HMAC-SHA256';
const longestPresignSeconds = 7 * 24 * 60 * 60;
/** How far a signature's time may be from now, to either side. */
export const longestSkewMs = 15 * 60 * 1000;

export const sha256Hex = (data: string | Buffer): string => createHash('sha256').update(data).digest('hex');

export const hmacSha256 = (key: string | Buffer, data: string): Buffer =>
  createHmac('sha256', key).update(data).digest();

/** The key of one day, region and service. scope: 20250131/us-east-1/s3/aws4_request. */
export const deriveSigningKey = (secret: string, scope: string): Buffer =>
  scope.split('/').reduce<Buffer>((key, part) => hmacSha256(key, part), Buffer.from(`AWS4${secret}`));

/** Compares without telling by its time how much agrees. */
export const isSameSignature = (left: string, right: string): boolean =>
  left.length === right.length && timingSafeEqual(Buffer.from(left), Buffer.from(right));

/** Epoch milliseconds → 20250131T235959Z. */
export const toAmzDate = (ms: number): string => new Date(ms).toISOString().replace(/[-:]|\.\d+/g, '');

/** 20250131T235959Z → epoch milliseconds; NaN when malformed. */
const parseAmzDate = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));

const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);

const canonicalPath = (path: string, service: string): string =>
  // S3 signs the path as sent; every other service encodes it a second time.
  service === 's3' ? path : path.split('/').map(encode).join('/');

const canonicalQuery = (query: URLSearchParams): string =>
  [...query]
    .filter(([name]) => name !== 'X-Amz-Signature')
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort((left, right) => (left < right ? -1 : 1))
    .join('&');

const readHeaderClaim = (authorization: string, headers: Record<string, string>): Claim | undefined => {
  const fields = new Map(
    authorization
      .slice(algorithm.length)
      .split(',')
      .map((field) => field.trim().split('='))
      .map(([name = '', ...value]) => [name, value.join('=')]),
  );
  const [credential, signedHeaders, signature] = ['Credential', 'SignedHeaders', 'Signature'].map((name) =>
    fields.get(name),
  );
  const amzDate = headers['x-amz-date'];
  if (!authorization.startsWith(algorithm) || !credential || !signedHeaders || !signature || !amzDate) return;
  return { isPresigned: false, credential, signedHeaders, signature, amzDate, expiresSeconds: undefined };
};

const readQueryClaim = (query: URLSearchParams): Claim | undefined => {
  const read = (name: string) => query.get(`X-Amz-${name}`);
  const [credential, signedHeaders, signature] = [
    read('Credential'),
    read('SignedHeaders'),
    read('Signature'),
  ];
  const [amzDate, expires] = [read('Date'), Number(read('Expires') ?? Number.NaN)];
  if (!credential || !signedHeaders || !signature || !amzDate || read('Algorithm') !== algorithm) return;
  if (!Number.isInteger(expires) || expires < 0 || expires > longestPresignSeconds) return;
  return { isPresigned: true, credential, signedHeaders, signature, amzDate, expiresSeconds: expires };
};

const signatureOf = (request: SignedRequest, claim: Claim, scope: string, key: Buffer, payload: string) => {
  const names = claim.signedHeaders.split(';');
  const canonicalRequest = [
    request.method,
    canonicalPath(request.path, scope.split('/')[2] ?? ''),
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim().replace(/\s+/g, ' ')}`),
    '',
    claim.signedHeaders,
    payload,
  ].join('\n');
  const toSign = [algorithm, claim.amzDate, scope, sha256Hex(canonicalRequest)].join('\n');
  return hmacSha256(key, toSign).toString('hex');
};

const payloadHashOf = (request: SignedRequest, claim: Claim, body: Buffer | undefined): string => {
  const claimed = request.query.get('X-Amz-Content-Sha256') ?? request.headers['x-amz-content-sha256'];
  const isHash = claimed === undefined || /^[0-9a-f]{64}$/.test(claimed);
  if (body && isHash) return sha256Hex(body);
  return claimed ?? (claim.isPresigned ? 'UNSIGNED-PAYLOAD' : sha256Hex(''));
};

const scopeFailure = (scope: string, wanted: VerifyOptions['scope']): SignatureFailure | undefined => {
  const [, region, service] = scope.split('/');
  if (wanted !== undefined && region !== wanted.region) return 'other-region';
  return wanted !== undefined && service !== wanted.service ? 'other-service' : undefined;
};

const timeFailure = (
  { isPresigned, expiresSeconds = 0 }: Claim,
  signedAtMs: number,
  nowMs: number,
): SignatureFailure | undefined => {
  if (signedAtMs > nowMs + longestSkewMs) return 'premature';
  if (isPresigned) return nowMs > signedAtMs + expiresSeconds * 1000 ? 'expired' : undefined;
  return nowMs > signedAtMs + longestSkewMs ? 'stale' : undefined;
};

/**
 * Checks a Signature Version 4, in the Authorization header or a presigned query, its time and a presigned expiry.
 * Without the body, the hash that the request claims for it is taken at its word: whoever reads the body later,
 * as S3 does, must compare it.
 */
export const verifySignature = (request: SignedRequest, options: VerifyOptions): Verification => {
  const { secretOf, nowMs, body } = options;
  const { authorization } = request.headers;
  if (!authorization && !request.query.has('X-Amz-Algorithm')) return { isValid: false, failure: 'missing' };
  const claim = authorization
    ? readHeaderClaim(authorization, request.headers)
    : readQueryClaim(request.query);
  const refuse = (failure: SignatureFailure): Refusal => ({
    isValid: false,
    failure,
    ...(claim && { amzDate: claim.amzDate }),
  });
  const [accessKeyId = '', ...scopeParts] = claim?.credential.split('/') ?? [];
  const signedAtMs = parseAmzDate(claim?.amzDate ?? '');
  const isScoped = scopeParts.length === 4 && scopeParts[0] === claim?.amzDate.slice(0, 8);
  if (!claim || !isScoped || Number.isNaN(signedAtMs)) return refuse('malformed');
  if (!claim.signedHeaders.split(';').includes('host')) return refuse('malformed');
  const secret = secretOf(accessKeyId);
  if (secret === undefined) return refuse('unknown-key');
  const scope = scopeParts.join('/');
  const wrong = scopeFailure(scope, options.scope) ?? timeFailure(claim, signedAtMs, nowMs);
  if (wrong !== undefined) return refuse(wrong);
  const signingKey = deriveSigningKey(secret, scope);
  const payload = payloadHashOf(request, claim, body);
  const { signature, amzDate } = claim;
  if (!isSameSignature(signatureOf(request, claim, scope, signingKey, payload), signature)) {
    return refuse('mismatch');
  }
  const signedHeaders = claim.signedHeaders.split(';');
  return { isValid: true, accessKeyId, signedHeaders, signature, signingKey, amzDate, scope };
};
