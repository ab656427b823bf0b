import { ServiceError } from './service-error.ts';
import { longestSkewMs, type Refusal, toAmzDate } from './sigv4.ts';

/** How a service names the refusal of a signature: AWS JSON, AWS query (SES), or REST with JSON (Lambda, API Gateway). */
export type Protocol = 'json' | 'query' | 'rest-json';

const mismatch =
  'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
  'Access Key and signing method. Consult the service documentation for details.';
const malformed =
  "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. " +
  "Authorization header requires 'SignedHeaders' parameter. Authorization header requires existence of either " +
  "a 'X-Amz-Date' or a 'Date' header.";

const skewed = (amzDate: string, nowMs: number, isEarly: boolean): string => {
  const minutes = `${longestSkewMs / 60_000} min.`;
  const limit = toAmzDate(isEarly ? nowMs + longestSkewMs : nowMs - longestSkewMs);
  return isEarly
    ? `Signature not yet current: ${amzDate} is still later than ${limit} (${toAmzDate(nowMs)} + ${minutes})`
    : `Signature expired: ${amzDate} is now earlier than ${limit} (${toAmzDate(nowMs)} - ${minutes})`;
};

type Kind = 'missing' | 'incomplete' | 'unknown' | 'invalid';

const codes: Record<Kind, { json: string; query: string }> = {
  missing: { json: 'MissingAuthenticationTokenException', query: 'MissingAuthenticationToken' },
  incomplete: { json: 'IncompleteSignatureException', query: 'IncompleteSignature' },
  unknown: { json: 'UnrecognizedClientException', query: 'InvalidClientTokenId' },
  invalid: { json: 'InvalidSignatureException', query: 'SignatureDoesNotMatch' },
};

const explain = (
  { failure, amzDate = '' }: Refusal,
  nowMs: number,
  scope: { region: string; service: string },
): [Kind, string] => {
  switch (failure) {
    case 'missing':
      return ['missing', 'Request is missing Authentication Token'];
    case 'malformed':
      return ['incomplete', malformed];
    case 'unknown-key':
      return ['unknown', 'The security token included in the request is invalid.'];
    case 'mismatch':
      return ['invalid', mismatch];
    case 'other-region':
      return ['invalid', `Credential should be scoped to a valid region: '${scope.region}'.`];
    case 'other-service':
      return ['invalid', `Credential should be scoped to correct service: '${scope.service}'.`];
    case 'expired':
    case 'stale':
      return ['invalid', skewed(amzDate, nowMs, false)];
    case 'premature':
      return ['invalid', skewed(amzDate, nowMs, true)];
  }
};

/** The error by which a service refuses a signature, in AWS's words; S3 has words of its own. */
export const signatureRefusal = (
  refusal: Refusal,
  options: { protocol: Protocol; nowMs: number; scope: { region: string; service: string } },
): ServiceError => {
  const { protocol, nowMs, scope } = options;
  const [kind, message] = explain(refusal, nowMs, scope);
  const code = codes[kind][protocol === 'query' ? 'query' : 'json'];
  return new ServiceError(code, message, protocol === 'json' ? 400 : 403);
};
