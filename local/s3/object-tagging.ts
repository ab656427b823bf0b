import type { HttpResponse } from '../http/serve.ts';
import { versionHeader } from './object-headers.ts';
import { findObject } from './read-object.ts';
import type { ObjectRequest } from './s3-request.ts';
import { readTaggingDocument, type Tags } from './tags.ts';
import { readXmlBody, xmlResponse } from './xml-body.ts';

const findAsked = ({ bucket, key, query }: ObjectRequest) => findObject(bucket, key, query.get('versionId'));

/** GetObjectTagging. */
export const getTagging = async (request: ObjectRequest): Promise<HttpResponse> => {
  const object = findAsked(request);
  const Tag = Object.entries(object.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
  return xmlResponse('Tagging', { TagSet: { Tag } }, versionHeader(object, request.bucket.spec));
};

const replaceTags = async (request: ObjectRequest, tags: Tags, status: number): Promise<HttpResponse> => {
  const object = findAsked(request);
  await request.bucket.tag(object, tags, request);
  return { status, headers: versionHeader(object, request.bucket.spec) };
};

/** PutObjectTagging: the new tags are all that the object has. */
export const putTagging = async (request: ObjectRequest): Promise<HttpResponse> =>
  replaceTags(request, readTaggingDocument(await readXmlBody(request)), 200);

/** DeleteObjectTagging. */
export const deleteTagging = (request: ObjectRequest): Promise<HttpResponse> => replaceTags(request, {}, 204);
