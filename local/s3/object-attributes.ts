import type { HttpResponse } from '../http/serve.ts';
import type { XmlContent } from '../http/xml.ts';
import { readPageRequest } from './list-page.ts';
import { versionHeader } from './object-headers.ts';
import { findObject } from './read-object.ts';
import type { StoredObject } from './records.ts';
import { S3Error } from './s3-error.ts';
import type { ObjectRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const describeParts = (
  { parts = [], checksum }: StoredObject,
  headers: Record<string, string>,
): XmlContent => {
  const marker = Number(headers['x-amz-part-number-marker'] ?? 0);
  const page = new URLSearchParams({ 'max-parts': headers['x-amz-max-parts'] ?? '1000' });
  const { maxKeys: MaxParts } = readPageRequest(page, 'max-parts');
  const rest = parts.filter(({ partNumber }) => partNumber > marker);
  const shown = rest.slice(0, MaxParts);
  return {
    PartsCount: parts.length,
    PartNumberMarker: marker,
    NextPartNumberMarker: shown.at(-1)?.partNumber,
    MaxParts,
    IsTruncated: shown.length < rest.length,
    // S3 lists the parts only where each has a checksum of its own.
    Part: shown
      .filter((part) => part.checksum !== undefined)
      .map(({ partNumber, size, checksum: value }) => ({
        PartNumber: partNumber,
        Size: size,
        ...(checksum ? { [`Checksum${checksum.algorithm}`]: value } : {}),
      })),
  };
};

const attributes: Record<string, (object: StoredObject, headers: Record<string, string>) => XmlContent> = {
  ETag: ({ etag }) => etag,
  Checksum: ({ checksum }) =>
    checksum && { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type },
  ObjectParts: (object, headers) => (object.parts ? describeParts(object, headers) : undefined),
  StorageClass: () => 'STANDARD',
  ObjectSize: ({ size }) => size,
};

/** GetObjectAttributes: those that x-amz-object-attributes names. */
export const getAttributes = async ({
  bucket,
  key,
  query,
  headers,
}: ObjectRequest): Promise<HttpResponse> => {
  const asked = (headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  const names = Object.keys(attributes).filter((name) => asked.includes(name));
  if (names.length < new Set(asked).size) {
    throw new S3Error('InvalidArgument', { message: 'Invalid attribute name specified.' });
  }
  const object = findObject(bucket, key, query.get('versionId'));
  const content = Object.fromEntries(names.map((name) => [name, attributes[name]?.(object, headers)]));
  return xmlResponse('GetObjectAttributesResponse', content, {
    'last-modified': new Date(object.modifiedMs).toUTCString(),
    ...versionHeader(object, bucket.spec),
  });
};
