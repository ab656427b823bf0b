import type { HttpResponse, StreamingRequest } from '../http/serve.ts';
import { deriveSigningKey, hmacSha256, isSameSignature } from '../http/sigv4.ts';
import { toXml } from '../http/xml.ts';
import type { Bucket } from './bucket.ts';
import { checkKey } from './key-path.ts';
import { readUploadForm } from './multipart-form.ts';
import { readDescription, versionHeader } from './object-headers.ts';
import { enforcePolicy } from './post-policy.ts';
import { receiveBody } from './receive-body.ts';
import type { StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import { originOf } from './s3-request.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
const fileNamePlaceholder = '${filename}';

export type PostContext = {
  bucket: Bucket;
  requestId: string;
  requester: string;
  nowMs: number;
  secretOf: (accessKeyId: string) => string | undefined;
};

const checkSignature = (fields: ReadonlyMap<string, string>, secretOf: PostContext['secretOf']): string => {
  const policy = fields.get('policy');
  if (policy === undefined) throw new S3Error('AccessDenied');
  const [accessKeyId = '', ...scope] = (fields.get('x-amz-credential') ?? '').split('/');
  if (fields.get('x-amz-algorithm') !== 'AWS4-HMAC-SHA256' || scope.length !== 4) {
    throw new S3Error('InvalidArgument', { message: 'Only AWS4-HMAC-SHA256 is accepted for POST.' });
  }
  const secret = secretOf(accessKeyId);
  if (secret === undefined) throw new S3Error('InvalidAccessKeyId');
  const expected = hmacSha256(deriveSigningKey(secret, scope.join('/')), policy).toString('hex');
  if (!isSameSignature(expected, fields.get('x-amz-signature') ?? '')) {
    throw new S3Error('SignatureDoesNotMatch');
  }
  return policy;
};

const respond = (
  stored: StoredObject,
  bucketName: string,
  fields: ReadonlyMap<string, string>,
): HttpResponse => {
  const etag = `"${stored.etag}"`;
  const location = `/${bucketName}/${stored.key.split('/').map(encodeURIComponent).join('/')}`;
  const headers = { etag, location, ...versionHeader(stored) };
  const redirect = fields.get('success_action_redirect');
  if (redirect !== undefined && URL.canParse(redirect)) {
    const url = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket: bucketName, key: stored.key, etag })) {
      url.searchParams.set(name, value);
    }
    return { status: 303, headers: { ...headers, location: url.href } };
  }
  switch (fields.get('success_action_status')) {
    case '200':
      return { status: 200, headers };
    case '201':
      return {
        status: 201,
        headers: { ...headers, 'content-type': 'application/xml' },
        body: toXml('PostResponse', {
          Location: location,
          Bucket: bucketName,
          Key: stored.key,
          ETag: etag,
        }),
      };
    default:
      return { status: 204, headers };
  }
};

/** POST Object: a browser's form, allowed by its signed policy alone. */
export const postObject = async (
  request: Pick<StreamingRequest, 'headers' | 'body'>,
  context: PostContext,
): Promise<HttpResponse> => {
  const { bucket } = context;
  const { fields, file } = await readUploadForm(request.body, request.headers['content-type'] ?? '');
  const policy = checkSignature(fields, context.secretOf);
  const key = checkKey((fields.get('key') ?? '').replaceAll(fileNamePlaceholder, () => file.fileName));
  const named = new Map(fields).set('key', key).set('bucket', bucket.spec.name);
  const limits = enforcePolicy(policy, named, context.nowMs);
  const description = readDescription(Object.fromEntries(fields));
  const { file: name, path } = bucket.newFile();
  const { size, etag } = await receiveBody(file.content, path, {}, limits);
  const stored = await bucket.put(
    { key, file: name, size, etag, ...description },
    originOf(context, 'POST Object'),
  );
  return respond(stored, bucket.spec.name, fields);
};
