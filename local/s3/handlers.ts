import type { HttpResponse } from '../http/serve.ts';
import type { Bucket } from './bucket.ts';
import { getLocation, getVersioning, headBucket } from './bucket-facts.ts';
import { completeUpload } from './complete-upload.ts';
import { copyObject } from './copy-object.ts';
import { copyPart } from './copy-part.ts';
import { deleteObject, deleteObjects } from './delete-object.ts';
import { listObjects, listObjectsV2 } from './list-objects.ts';
import { listParts, listUploads } from './list-uploads.ts';
import { listVersions } from './list-versions.ts';
import { abortUpload, createUpload, uploadPart } from './multipart.ts';
import { getAttributes } from './object-attributes.ts';
import { deleteTagging, getTagging, putTagging } from './object-tagging.ts';
import type { BucketOperation, ObjectOperation } from './operation.ts';
import { putObject } from './put-object.ts';
import { getObject, headObject } from './read-object.ts';
import type { BucketRequest, ObjectRequest } from './s3-request.ts';

/** What an operation may need beside its request. */
type Around = { buckets: ReadonlyMap<string, Bucket>; region: string; nowMs: number };

type Handle<Request> = (request: Request, around: Around) => Promise<HttpResponse>;

/** Every operation served on a bucket, by its name in S3's API. */
export const bucketHandlers: Record<BucketOperation, Handle<BucketRequest>> = {
  DeleteObjects: deleteObjects,
  GetBucketLocation: (_, { region }) => getLocation(region),
  GetBucketVersioning: getVersioning,
  HeadBucket: (_, { region }) => headBucket(region),
  ListMultipartUploads: listUploads,
  ListObjectVersions: listVersions,
  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
};

/** Every operation served on a key. */
export const objectHandlers: Record<ObjectOperation, Handle<ObjectRequest>> = {
  AbortMultipartUpload: abortUpload,
  CompleteMultipartUpload: completeUpload,
  CopyObject: (request, { buckets }) => copyObject(request, buckets),
  CreateMultipartUpload: (request, { nowMs }) => createUpload(request, nowMs),
  DeleteObject: deleteObject,
  DeleteObjectTagging: deleteTagging,
  GetObject: getObject,
  GetObjectAttributes: getAttributes,
  GetObjectTagging: getTagging,
  HeadObject: headObject,
  ListParts: listParts,
  PutObject: putObject,
  PutObjectTagging: putTagging,
  UploadPart: (request, { nowMs }) => uploadPart(request, nowMs),
  UploadPartCopy: copyPart,
};
