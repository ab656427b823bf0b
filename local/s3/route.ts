import { randomBytes } from 'node:crypto';
import type { StreamingHandler, StreamingRequest } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import { missingObjectNeeds } from '../iam/needs/s3.ts';
import type { Admit, Check } from './admission.ts';
import { authenticate } from './authenticate.ts';
import type { Bucket } from './bucket.ts';
import { listBuckets } from './bucket-facts.ts';
import { parseSource } from './copy-source.ts';
import { answerPreflight, corsHeaders } from './cors.ts';
import { bucketHandlers, objectHandlers } from './handlers.ts';
import { checkKey } from './key-path.ts';
import { bucketOperation, objectOperation } from './operation.ts';
import { postObject } from './post-object.ts';
import { errorResponse, S3Error } from './s3-error.ts';

export type S3Context = {
  buckets: Map<string, Bucket>;
  region: string;
  /** The account that owns and asks. */
  accountId: string;
  secretOf: (accessKeyId: string) => string | undefined;
  nowMs: () => number;
  admit: Admit;
};

const notImplemented = (request: { query: URLSearchParams }) =>
  new S3Error('NotImplemented', { details: { Query: request.query.toString() } });

const checkOwner = (headers: Record<string, string>, accountId: string) => {
  const expected = [headers['x-amz-expected-bucket-owner'], headers['x-amz-source-expected-bucket-owner']];
  if (expected.some((owner) => owner !== undefined && owner !== accountId)) throw new S3Error('AccessDenied');
};

const splitPath = (path: string) => {
  try {
    const [, bucketName = '', ...key] = path.split('/').map(decodeURIComponent);
    return { bucketName, key: key.join('/') };
  } catch {
    throw new S3Error('InvalidArgument', { message: 'The path is not well encoded.' });
  }
};

/** What a request names, as policies ask about it. */
const namedBy = (bucket: string, key: string, query: URLSearchParams, headers: Record<string, string>) => {
  const from = headers['x-amz-copy-source'];
  const source = from === undefined ? undefined : parseSource(from);
  const versionId = query.get('versionId');
  const texts = {
    prefix: query.get('prefix'),
    delimiter: query.get('delimiter'),
    maxKeys: query.get('max-keys'),
  };
  return {
    bucket,
    ...Object.fromEntries(Object.entries(texts).filter(([, value]) => value !== null)),
    ...(key !== '' && { key }),
    ...(versionId !== null && { versionId }),
    ...(source && {
      source: {
        bucket: source.name,
        key: source.key,
        ...(source.versionId !== null && { versionId: source.versionId }),
      },
    }),
  };
};

/** Only who may list a bucket is told that a key of it is missing. */
const hideMissing = (bucket: string, check: Check) => (error: unknown) => {
  if (error instanceof S3Error && error.code === 'NoSuchKey') check(missingObjectNeeds(bucket));
  throw error;
};

const answer = async (request: StreamingRequest, context: S3Context, requestId: string) => {
  const { bucketName, key } = splitPath(request.path);
  const { buckets, region, accountId, secretOf, admit } = context;
  const nowMs = context.nowMs();
  const bucket = buckets.get(bucketName);
  if (request.method === 'OPTIONS') return answerPreflight(request, bucket?.spec);
  const noSuchBucket = () => new S3Error('NoSuchBucket', { details: { BucketName: bucketName } });
  const isForm = request.headers['content-type']?.toLowerCase().startsWith('multipart/form-data') ?? false;
  const requester = accountId;
  if (request.method === 'POST' && key === '' && isForm) {
    if (!bucket) throw noSuchBucket();
    return postObject(request, { bucket, requestId, requester, nowMs, secretOf, admit });
  }
  const { accessKeyId, signature, headers } = authenticate(request, { secretOf, nowMs });
  const { query, body } = request;
  const asking = { accessKeyId, headers, named: namedBy(bucketName, key, query, headers) };
  if (bucketName === '' && request.method === 'GET') {
    return admit(request, { ...asking, action: 'ListBuckets' }, async () =>
      listBuckets(buckets, { accountId, region, query }),
    );
  }
  if (!bucket) throw noSuchBucket();
  checkOwner(headers, accountId);
  const asked = { bucket, query, headers, body, requestId, requester, signature };
  const around = { buckets, region, nowMs };
  if (key === '') {
    const operation = bucketOperation(request.method, query);
    if (operation === undefined) throw notImplemented(request);
    return admit(request, { ...asking, action: operation }, (check) =>
      bucketHandlers[operation]({ ...asked, check }, around),
    );
  }
  const operation = objectOperation(request.method, asked);
  if (operation === undefined) throw notImplemented(request);
  return admit(request, { ...asking, action: operation }, (check) =>
    objectHandlers[operation]({ ...asked, check, key: checkKey(key) }, around).catch(
      hideMissing(bucketName, check),
    ),
  );
};

/** S3's REST protocol over path-style addresses: /bucket/key. */
export const createS3Handler =
  (context: S3Context): StreamingHandler =>
  async (request) => {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const toResponse = (error: unknown) => {
      if (error instanceof S3Error) return errorResponse(error, requestId);
      if (!(error instanceof ServiceError)) throw error;
      const { code, message, status } = error;
      return errorResponse({ code, message, status, details: {}, headers: {} }, requestId);
    };
    const response = await answer(request, context, requestId).catch(toResponse);
    const [, bucketName = ''] = request.path.split('/');
    const cors = corsHeaders(request, context.buckets.get(bucketName)?.spec);
    return { ...response, headers: { 'x-amz-request-id': requestId, ...cors, ...response.headers } };
  };
