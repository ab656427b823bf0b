import type { AccessNeed } from '../access.ts';
import { anything } from './arn.ts';

export type S3Request = {
  bucket: string;
  key?: string;
  versionId?: string;
  /** Of a listing. */
  prefix?: string;
  delimiter?: string;
  maxKeys?: string;
  /** What CopyObject and UploadPartCopy read. */
  source?: { bucket: string; key: string; versionId?: string };
  /** What DeleteObjects names. */
  objects?: readonly { key: string; versionId?: string }[];
};

type ObjectName = { bucket: string; key?: string; versionId?: string };

const bucketArn = (bucket: string): string => `arn:aws:s3:::${bucket}`;

const onObject = (action: string, { bucket, key = '' }: ObjectName): AccessNeed => ({
  action: `s3:${action}`,
  resource: `${bucketArn(bucket)}/${key}`,
});

/** Reading or deleting one version is an action of its own. */
const onVersion = (action: string, object: ObjectName, of = ''): AccessNeed => {
  const { versionId } = object;
  if (versionId === undefined) return onObject(`${action}${of}`, object);
  return { ...onObject(`${action}Version${of}`, object), context: { 's3:VersionId': versionId } };
};

const onBucket =
  (action: string) =>
  ({ bucket, prefix, delimiter, maxKeys }: S3Request): AccessNeed[] => [
    {
      action: `s3:${action}`,
      resource: bucketArn(bucket),
      context: {
        ...(prefix !== undefined && { 's3:prefix': prefix }),
        ...(delimiter !== undefined && { 's3:delimiter': delimiter }),
        ...(maxKeys !== undefined && { 's3:max-keys': maxKeys }),
      },
    },
  ];

type Needs = (request: S3Request) => AccessNeed[];

const write: Needs = (request) => [onObject('PutObject', request)];
const read: Needs = (request) => [onVersion('GetObject', request)];
const copy: Needs = (request) => [
  ...(request.source === undefined ? [] : [onVersion('GetObject', request.source)]),
  ...write(request),
];

const onTags =
  (verb: 'Delete' | 'Get' | 'Put'): Needs =>
  (request) => [onVersion(`${verb}Object`, request, 'Tagging')];

const needsOf: Record<string, Needs> = {
  AbortMultipartUpload: (request) => [onObject('AbortMultipartUpload', request)],
  CompleteMultipartUpload: write,
  CopyObject: copy,
  CreateMultipartUpload: write,
  DeleteObject: (request) => [onVersion('DeleteObject', request)],
  DeleteObjects: ({ bucket, objects = [] }) =>
    objects.map((object) => onVersion('DeleteObject', { bucket, ...object })),
  DeleteObjectTagging: onTags('Delete'),
  GetObject: read,
  GetObjectAttributes: (request) => [...read(request), onVersion('GetObject', request, 'Attributes')],
  GetObjectTagging: onTags('Get'),
  HeadBucket: onBucket('ListBucket'),
  HeadObject: read,
  ListBuckets: () => [{ action: 's3:ListAllMyBuckets', resource: anything }],
  ListMultipartUploads: onBucket('ListBucketMultipartUploads'),
  ListObjectVersions: onBucket('ListBucketVersions'),
  ListObjects: onBucket('ListBucket'),
  ListObjectsV2: onBucket('ListBucket'),
  ListParts: (request) => [onObject('ListMultipartUploadParts', request)],
  PostObject: write,
  PutObject: write,
  PutObjectTagging: onTags('Put'),
  UploadPart: write,
  UploadPartCopy: copy,
};

/** What an operation takes; one without an entry takes the action of its own name on the object or the bucket. */
export const s3Needs = (operation: string, request: S3Request): AccessNeed[] => {
  const needs = Object.hasOwn(needsOf, operation) ? needsOf[operation] : undefined;
  if (needs !== undefined) return needs(request);
  return request.key === undefined ? onBucket(operation)(request) : [onObject(operation, request)];
};

/**
 * What a caller needs to be told that an object is missing: S3 answers 403 for the missing ListBucket instead of
 * NoSuchKey, so that nobody learns which keys there are.
 */
export const missingObjectNeeds = (bucket: string): AccessNeed[] => s3Needs('ListObjectsV2', { bucket });
