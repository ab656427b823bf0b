import type { HttpResponse } from '../http/serve.ts';
import { childText, type XmlNode } from '../http/xml.ts';
import { s3Needs } from '../iam/needs/s3.ts';
import type { Deletion } from './bucket.ts';
import { checksumAlgorithmSchema, checksumHeader } from './checksums.ts';
import { deleteCondition } from './conditions.ts';
import { checkKey } from './key-path.ts';
import { S3Error } from './s3-error.ts';
import { type BucketRequest, type ObjectRequest, originOf } from './s3-request.ts';
import { readXmlBody, xmlResponse } from './xml-body.ts';

const mostKeys = 1000;
const checksumHeaders = checksumAlgorithmSchema.options.map(checksumHeader);

/** DeleteObject. */
export const deleteObject = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, query, headers } = request;
  const versionId = query.get('versionId') ?? undefined;
  const precondition = deleteCondition(headers['if-match']);
  const deletion = await bucket.remove({ key, versionId, precondition }, originOf(request, 'DeleteObject'));
  return {
    status: 204,
    headers: {
      ...(deletion.versionId === undefined ? {} : { 'x-amz-version-id': deletion.versionId }),
      ...(deletion.isMarker ? { 'x-amz-delete-marker': 'true' } : {}),
    },
  };
};

const describe = (key: string, asked: string | undefined, { versionId, isMarker }: Deletion) => ({
  Key: key,
  VersionId: asked,
  DeleteMarker: isMarker || undefined,
  DeleteMarkerVersionId: isMarker ? versionId : undefined,
});

const deleteOne = async (request: BucketRequest, node: XmlNode) => {
  const key = childText(node, 'Key') ?? '';
  const versionId = childText(node, 'VersionId');
  const precondition = deleteCondition(childText(node, 'ETag'));
  try {
    const object = { key, ...(versionId !== undefined && { versionId }) };
    request.check(s3Needs('DeleteObjects', { bucket: request.bucket.spec.name, objects: [object] }));
    const deletion = await request.bucket.remove(
      { key: checkKey(key), versionId, precondition },
      originOf(request, 'DeleteObject'),
    );
    return { deleted: describe(key, versionId, deletion) };
  } catch (error) {
    if (!(error instanceof S3Error)) throw error;
    return { failed: { Key: key, VersionId: versionId, Code: error.code, Message: error.message } };
  }
};

const checkDigest = (headers: Record<string, string>) => {
  if (headers['content-md5'] !== undefined) return;
  const names = [...Object.keys(headers), headers['x-amz-trailer'] ?? ''];
  if (names.some((name) => checksumHeaders.includes(name))) return;
  throw new S3Error('InvalidRequest', {
    message: 'Missing required header for this request: Content-MD5 OR x-amz-checksum-*',
  });
};

/** DeleteObjects: up to 1,000 keys, each with its own result. */
export const deleteObjects = async (request: BucketRequest): Promise<HttpResponse> => {
  checkDigest(request.headers);
  const root = await readXmlBody(request);
  const objects = root.children.filter(({ name }) => name === 'Object');
  if (root.name !== 'Delete' || objects.length === 0 || objects.length > mostKeys) {
    throw new S3Error('MalformedXML');
  }
  const results = [];
  for (const node of objects) results.push(await deleteOne(request, node));
  const isQuiet = childText(root, 'Quiet') === 'true';
  return xmlResponse('DeleteResult', {
    Deleted: isQuiet ? undefined : results.flatMap(({ deleted }) => deleted ?? []),
    Error: results.flatMap(({ failed }) => failed ?? []),
  });
};
