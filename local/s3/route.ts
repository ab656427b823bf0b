import { randomBytes } from 'node:crypto';
import type { HttpResponse, StreamingHandler, StreamingRequest } from '../http/serve.ts';
import { authenticate } from './authenticate.ts';
import type { Bucket } from './bucket.ts';
import { copyObject } from './copy-object.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { checkKey } from './key-path.ts';
import { listObjects, listVersions } from './list-objects.ts';
import { abortUpload, completeUpload, createUpload, uploadPart } from './multipart.ts';
import { postObject } from './post-object.ts';
import { putObject } from './put-object.ts';
import { getObject, headObject } from './read-object.ts';
import { errorResponse, S3Error } from './s3-error.ts';
import type { BucketRequest, ObjectRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

export type S3Context = {
  buckets: Map<string, Bucket>;
  region: string;
  /** The account that owns and asks. */
  accountId: string;
  secretOf: (accessKeyId: string) => string | undefined;
  nowMs: () => number;
};

const notImplemented = (request: { query: URLSearchParams }) =>
  new S3Error('NotImplemented', { details: { Query: request.query.toString() } });

// Sub-resources that name another operation on the same method and path.
const otherOperations = [
  'acl',
  'attributes',
  'legal-hold',
  'restore',
  'retention',
  'select',
  'tagging',
  'torrent',
];

const routeObject = (method: string, request: ObjectRequest, context: S3Context): Promise<HttpResponse> => {
  const { query, headers } = request;
  const isCopy = headers['x-amz-copy-source'] !== undefined;
  if (otherOperations.some((name) => query.has(name))) throw notImplemented(request);
  const action = `${method}${query.has('uploads') ? ' uploads' : ''}${query.has('uploadId') ? ' upload' : ''}`;
  switch (action) {
    case 'GET':
      return getObject(request);
    case 'HEAD':
      return headObject(request);
    case 'PUT':
      return isCopy ? copyObject(request, context.buckets) : putObject(request);
    case 'DELETE':
      return deleteObject(request);
    case 'POST uploads':
      return createUpload(request);
    case 'PUT upload':
      if (isCopy) throw notImplemented(request);
      return uploadPart(request);
    case 'POST upload':
      return completeUpload(request);
    case 'DELETE upload':
      return abortUpload(request);
    default:
      throw notImplemented(request);
  }
};

const routeBucket = async (method: string, request: BucketRequest, region: string): Promise<HttpResponse> => {
  const { query } = request;
  if (method === 'HEAD') return { status: 200, headers: { 'x-amz-bucket-region': region } };
  if (method === 'GET' && query.has('location')) {
    // The oldest region answers an empty constraint.
    const content = region === 'us-east-1' ? '' : region;
    return xmlResponse('LocationConstraint', content);
  }
  if (method === 'GET' && query.get('list-type') === '2') return listObjects(request);
  if (method === 'GET' && query.has('versions')) return listVersions(request);
  if (method === 'POST' && query.has('delete')) return deleteObjects(request);
  throw notImplemented(request);
};

const splitPath = (path: string) => {
  try {
    const [, bucketName = '', ...key] = path.split('/').map(decodeURIComponent);
    return { bucketName, key: key.join('/') };
  } catch {
    throw new S3Error('InvalidArgument', { message: 'The path is not well encoded.' });
  }
};

const answer = async (request: StreamingRequest, context: S3Context, requestId: string) => {
  const { bucketName, key } = splitPath(request.path);
  const { secretOf } = context;
  const nowMs = context.nowMs();
  const bucket = context.buckets.get(bucketName);
  const noSuchBucket = () => new S3Error('NoSuchBucket', { details: { BucketName: bucketName } });
  const isForm = request.headers['content-type']?.toLowerCase().startsWith('multipart/form-data') ?? false;
  const requester = context.accountId;
  if (request.method === 'POST' && key === '' && isForm) {
    if (!bucket) throw noSuchBucket();
    return postObject(request, { bucket, requestId, requester, nowMs, secretOf });
  }
  const { signature, headers } = authenticate(request, { secretOf, nowMs });
  if (!bucket) throw noSuchBucket();
  const common = { bucket, query: request.query, headers, body: request.body };
  const asked = { ...common, requestId, requester, signature };
  if (key === '') return routeBucket(request.method, asked, context.region);
  return routeObject(request.method, { ...asked, key: checkKey(key) }, context);
};

/** S3's REST protocol over path-style addresses: /bucket/key. */
export const createS3Handler =
  (context: S3Context): StreamingHandler =>
  async (request) => {
    const requestId = randomBytes(8).toString('hex').toUpperCase();
    const toResponse = (error: unknown) => {
      if (error instanceof S3Error) return errorResponse(error, requestId);
      throw error;
    };
    const response = await answer(request, context, requestId).catch(toResponse);
    return { ...response, headers: { 'x-amz-request-id': requestId, ...response.headers } };
  };
