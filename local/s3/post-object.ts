import type { HttpResponse, StreamingRequest } from '../http/serve.ts';
import { deriveSigningKey, hmacSha256, isSameSignature } from '../http/sigv4.ts';
import { toXml } from '../http/xml.ts';
import type { Admit } from './admission.ts';
import type { Bucket } from './bucket.ts';
import type { BucketSpec } from './bucket-spec.ts';
import { etagOf } from './encryption.ts';
import { checkKey } from './key-path.ts';
import { readUploadForm } from './multipart-form.ts';
import { checksumHeaders, readDescription, storedHeaders } from './object-headers.ts';
import { enforcePolicy } from './post-policy.ts';
import { receiveBody } from './receive-body.ts';
import type { ObjectDescription, StoredObject } from './records.ts';
import { claimsOf } from './request-body.ts';
import { S3Error } from './s3-error.ts';
import { originOf } from './s3-request.ts';
import { readTaggingDocument } from './tags.ts';
import { readXml } from './xml-body.ts';

// biome-ignore lint/suspicious/noTemplateCurlyInString: S3's own placeholder
const fileNamePlaceholder = '${filename}';

export type PostContext = {
  bucket: Bucket;
  requestId: string;
  requester: string;
  nowMs: number;
  secretOf: (accessKeyId: string) => string | undefined;
  admit: Admit;
};

const invalid = (message: string, ArgumentName: string, ArgumentValue = '') =>
  new S3Error('InvalidArgument', { message, details: { ArgumentName, ArgumentValue } });

const required = (fields: ReadonlyMap<string, string>, name: string): string => {
  const value = fields.get(name.toLowerCase());
  if (value !== undefined) return value;
  throw invalid(
    `Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.`,
    name,
  );
};

const checkSignature = (fields: ReadonlyMap<string, string>, secretOf: PostContext['secretOf']) => {
  const policy = fields.get('policy');
  if (policy === undefined) throw new S3Error('AccessDenied');
  const credential = required(fields, 'X-Amz-Credential');
  const [accessKeyId = '', ...scope] = credential.split('/');
  if (required(fields, 'X-Amz-Algorithm') !== 'AWS4-HMAC-SHA256') {
    throw invalid("Only AWS4-HMAC-SHA256 is accepted for 'X-Amz-Algorithm'.", 'X-Amz-Algorithm');
  }
  const [day, , service, end] = scope;
  const isScoped = scope.length === 4 && service === 's3' && end === 'aws4_request';
  if (!isScoped || !required(fields, 'X-Amz-Date').startsWith(`${day}T`)) {
    throw invalid(
      'The credential does not fit: <your-access-key-id>/yyyymmdd/region/s3/aws4_request.',
      'X-Amz-Credential',
      credential,
    );
  }
  const secret = secretOf(accessKeyId);
  if (secret === undefined)
    throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: accessKeyId } });
  const expected = hmacSha256(deriveSigningKey(secret, scope.join('/')), policy).toString('hex');
  if (!isSameSignature(expected, required(fields, 'X-Amz-Signature'))) {
    throw new S3Error('SignatureDoesNotMatch');
  }
  return { policy, accessKeyId };
};

/** What the fields say of the object; their names are those of headers but for two. */
const describeForm = (fields: ReadonlyMap<string, string>, { spec }: Bucket): ObjectDescription => {
  const acl = fields.get('acl');
  const tagging = fields.get('tagging');
  const headers = { ...Object.fromEntries(fields), ...(acl === undefined ? {} : { 'x-amz-acl': acl }) };
  const description = readDescription(headers, spec);
  return tagging === undefined
    ? description
    : { ...description, tags: readTaggingDocument(readXml(tagging)) };
};

const respond = (
  stored: StoredObject,
  spec: BucketSpec,
  fields: ReadonlyMap<string, string>,
): HttpResponse => {
  const { name: bucketName } = spec;
  const etag = `"${stored.etag}"`;
  const location = `/${bucketName}/${stored.key.split('/').map(encodeURIComponent).join('/')}`;
  const headers = { etag, location, ...storedHeaders(stored, spec), ...checksumHeaders(stored.checksum) };
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

/** POST Object: a browser's form, allowed by its signed policy and by what its signer may do. */
export const postObject = async (
  request: Pick<StreamingRequest, 'headers' | 'body' | 'hungUp'>,
  context: PostContext,
): Promise<HttpResponse> => {
  const { bucket } = context;
  const { fields, file } = await readUploadForm(request.body, request.headers['content-type'] ?? '');
  const { policy, accessKeyId } = checkSignature(fields, context.secretOf);
  const key = checkKey(required(fields, 'key').replaceAll(fileNamePlaceholder, () => file.fileName));
  const named = new Map(fields).set('key', key).set('bucket', bucket.spec.name);
  const limits = enforcePolicy(policy, named, context.nowMs);
  const store = async (): Promise<HttpResponse> => {
    const description = describeForm(fields, bucket);
    const claims = claimsOf(Object.fromEntries(fields));
    const { file: name, path } = bucket.newFile();
    const { size, etag, checksum } = await receiveBody(file.content, path, claims, limits);
    const stored = await bucket.put(
      {
        key,
        file: name,
        size,
        etag: etagOf(etag, description.encryption),
        ...description,
        checksum: checksum && { ...checksum, type: 'FULL_OBJECT' },
      },
      originOf(context, 'POST Object'),
    );
    return respond(stored, bucket.spec, fields);
  };
  const asked = { accessKeyId, action: 'PostObject', named: { bucket: bucket.spec.name, key }, headers: {} };
  return context.admit(request, asked, store);
};
