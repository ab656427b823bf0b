import type { ProvenSignature } from '../http/sigv4.ts';
import type { Check } from './admission.ts';
import type { Bucket } from './bucket.ts';
import type { ChangeOrigin } from './object-event.ts';

/** A request on a bucket, its signature checked. */
export type BucketRequest = {
  bucket: Bucket;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: AsyncIterable<Buffer>;
  requestId: string;
  /** The account that asks. */
  requester: string;
  signature: ProvenSignature;
  /** For what shows only in the body that the caller must be allowed. */
  check: Check;
};

export type ObjectRequest = BucketRequest & { key: string };

export const originOf = (
  { requestId, requester }: Pick<BucketRequest, 'requestId' | 'requester'>,
  reason: ChangeOrigin['reason'],
): ChangeOrigin => ({ requestId, requester, reason });
