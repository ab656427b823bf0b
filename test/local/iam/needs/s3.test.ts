import { expect, test } from 'vitest';
import { missingObjectNeeds, type S3Request, s3Needs } from '../../../../local/iam/needs/s3.ts';

const bucket = 'arn:aws:s3:::shop';
const object = `${bucket}/a/b.csv`;
const onObject: S3Request = { bucket: 'shop', key: 'a/b.csv' };
const ofVersion: S3Request = { ...onObject, versionId: 'v1' };

test.for<{ operation: string; request?: S3Request; needs: [action: string, resource: string][] }>([
  { operation: 'PutObject', needs: [['PutObject', object]] },
  { operation: 'PostObject', needs: [['PutObject', object]] },
  { operation: 'CreateMultipartUpload', needs: [['PutObject', object]] },
  { operation: 'UploadPart', needs: [['PutObject', object]] },
  { operation: 'CompleteMultipartUpload', needs: [['PutObject', object]] },
  { operation: 'AbortMultipartUpload', needs: [['AbortMultipartUpload', object]] },
  { operation: 'ListParts', needs: [['ListMultipartUploadParts', object]] },
  { operation: 'GetObject', needs: [['GetObject', object]] },
  { operation: 'HeadObject', needs: [['GetObject', object]] },
  { operation: 'GetObject', request: ofVersion, needs: [['GetObjectVersion', object]] },
  { operation: 'HeadObject', request: ofVersion, needs: [['GetObjectVersion', object]] },
  {
    operation: 'GetObjectAttributes',
    request: ofVersion,
    needs: [
      ['GetObjectVersion', object],
      ['GetObjectVersionAttributes', object],
    ],
  },
  { operation: 'DeleteObject', needs: [['DeleteObject', object]] },
  { operation: 'DeleteObject', request: ofVersion, needs: [['DeleteObjectVersion', object]] },
  {
    operation: 'DeleteObjects',
    request: { bucket: 'shop', objects: [{ key: 'a' }, { key: 'b', versionId: 'v1' }] },
    needs: [
      ['DeleteObject', `${bucket}/a`],
      ['DeleteObjectVersion', `${bucket}/b`],
    ],
  },
  {
    operation: 'CopyObject',
    request: { ...onObject, source: { bucket: 'other', key: 'c' } },
    needs: [
      ['GetObject', 'arn:aws:s3:::other/c'],
      ['PutObject', object],
    ],
  },
  {
    operation: 'UploadPartCopy',
    request: { ...onObject, source: { bucket: 'other', key: 'c', versionId: 'v1' } },
    needs: [
      ['GetObjectVersion', 'arn:aws:s3:::other/c'],
      ['PutObject', object],
    ],
  },
  { operation: 'GetObjectTagging', needs: [['GetObjectTagging', object]] },
  { operation: 'PutObjectTagging', request: ofVersion, needs: [['PutObjectVersionTagging', object]] },
  { operation: 'DeleteObjectTagging', needs: [['DeleteObjectTagging', object]] },
  { operation: 'ListObjects', request: { bucket: 'shop' }, needs: [['ListBucket', bucket]] },
  { operation: 'ListObjectsV2', request: { bucket: 'shop' }, needs: [['ListBucket', bucket]] },
  { operation: 'ListObjectVersions', request: { bucket: 'shop' }, needs: [['ListBucketVersions', bucket]] },
  {
    operation: 'ListMultipartUploads',
    request: { bucket: 'shop' },
    needs: [['ListBucketMultipartUploads', bucket]],
  },
  { operation: 'HeadBucket', request: { bucket: 'shop' }, needs: [['ListBucket', bucket]] },
  { operation: 'GetBucketLocation', request: { bucket: 'shop' }, needs: [['GetBucketLocation', bucket]] },
  { operation: 'GetBucketVersioning', request: { bucket: 'shop' }, needs: [['GetBucketVersioning', bucket]] },
  { operation: 'ListBuckets', request: { bucket: '' }, needs: [['ListAllMyBuckets', '*']] },
])('$operation of $request takes $needs', ({ operation, request = onObject, needs }) => {
  expect(s3Needs(operation, request).map(({ action, resource }) => [action, resource])).toEqual(
    needs.map(([action, resource]) => [`s3:${action}`, resource]),
  );
});

test('a listing says its prefix, delimiter and size; a version says which', () => {
  expect(
    s3Needs('ListObjectsV2', { bucket: 'shop', prefix: '', delimiter: '/', maxKeys: '10' })[0]?.context,
  ).toEqual({ 's3:prefix': '', 's3:delimiter': '/', 's3:max-keys': '10' });
  expect(s3Needs('ListObjectsV2', { bucket: 'shop' })[0]?.context).toEqual({});
  expect(s3Needs('GetObject', ofVersion)[0]?.context).toEqual({ 's3:VersionId': 'v1' });
});

test('to hear that an object is missing takes the permission to list', () => {
  expect(missingObjectNeeds('shop')).toMatchObject([{ action: 's3:ListBucket', resource: bucket }]);
});
