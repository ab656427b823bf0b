import type { HttpResponse } from '../http/serve.ts';
import type { OpenUpload } from './bucket-state.ts';
import { compareKeys } from './key-order.ts';
import { describePrefixes, ownerOf } from './list-objects.ts';
import { cutPage, keyEncoder, readPageRequest } from './list-page.ts';
import { findUpload, uploadChecksumHeaders } from './multipart.ts';
import type { BucketRequest, ObjectRequest } from './s3-request.ts';
import { xmlResponse } from './xml-body.ts';

const inOrder = (left: OpenUpload, right: OpenUpload): number =>
  compareKeys(left.key, right.key) ||
  left.initiatedMs - right.initiatedMs ||
  compareKeys(left.uploadId, right.uploadId);

/** The uploads behind the markers: of other keys, or of the marked key behind the marked one. */
const uploadsAfter = (all: OpenUpload[], query: URLSearchParams): OpenUpload[] => {
  const keyMarker = query.get('key-marker') ?? '';
  const uploadMarker = query.get('upload-id-marker') ?? '';
  if (keyMarker === '') return all;
  const marked = all.findIndex(({ key, uploadId }) => key === keyMarker && uploadId === uploadMarker);
  if (marked >= 0) return all.slice(marked + 1);
  return all.filter(({ key }) => compareKeys(key, keyMarker) > 0 && !isInGroup(key, keyMarker, query));
};

const isInGroup = (key: string, marker: string, query: URLSearchParams): boolean => {
  const delimiter = query.get('delimiter') ?? '';
  const prefix = query.get('prefix') ?? '';
  return (
    delimiter !== '' && marker.length > prefix.length && marker.endsWith(delimiter) && key.startsWith(marker)
  );
};

const describe = (upload: OpenUpload, encode: (key: string) => string, accountId: string) => ({
  Key: encode(upload.key),
  UploadId: upload.uploadId,
  Initiator: ownerOf(accountId),
  Owner: ownerOf(accountId),
  StorageClass: 'STANDARD',
  Initiated: new Date(upload.initiatedMs).toISOString(),
  ChecksumAlgorithm: upload.checksumAlgorithm,
  ChecksumType: upload.checksumType,
});

/** ListMultipartUploads: by key, and of one key in the order in which they were begun. */
export const listUploads = async ({ bucket, query, requester }: BucketRequest): Promise<HttpResponse> => {
  const asked = readPageRequest(query, 'max-uploads');
  const encode = keyEncoder(query);
  const all = bucket.state
    .uploads()
    .filter(({ key }) => key.startsWith(asked.prefix))
    .sort(inOrder);
  const page = cutPage(uploadsAfter(all, query), asked);
  const { cutAfter } = page;
  const last = cutAfter && 'entry' in cutAfter ? cutAfter.entry : undefined;
  const nextKey = cutAfter && 'prefix' in cutAfter ? cutAfter.prefix : last?.key;
  return xmlResponse('ListMultipartUploadsResult', {
    Bucket: bucket.spec.name,
    KeyMarker: encode(query.get('key-marker') ?? ''),
    UploadIdMarker: query.get('upload-id-marker') ?? '',
    NextKeyMarker: nextKey === undefined ? undefined : encode(nextKey),
    NextUploadIdMarker: last?.uploadId,
    Prefix: encode(asked.prefix),
    Delimiter: asked.delimiter === '' ? undefined : encode(asked.delimiter),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxUploads: asked.maxKeys,
    IsTruncated: cutAfter !== undefined,
    Upload: page.entries.map((upload) => describe(upload, encode, requester)),
    CommonPrefixes: describePrefixes(page, encode),
  });
};

/** ListParts: those uploaded so far, by number. */
export const listParts = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, query, requester } = request;
  const upload = findUpload(request);
  const { maxKeys: MaxParts } = readPageRequest(query, 'max-parts');
  const marker = Number(query.get('part-number-marker') ?? 0);
  const rest = [...upload.parts.values()]
    .filter(({ partNumber }) => partNumber > marker)
    .sort((left, right) => left.partNumber - right.partNumber);
  const shown = rest.slice(0, MaxParts);
  const algorithm = upload.checksumAlgorithm;
  return xmlResponse(
    'ListPartsResult',
    {
      Bucket: bucket.spec.name,
      Key: key,
      UploadId: upload.uploadId,
      Initiator: ownerOf(requester),
      Owner: ownerOf(requester),
      StorageClass: 'STANDARD',
      PartNumberMarker: marker,
      NextPartNumberMarker: shown.at(-1)?.partNumber,
      MaxParts,
      IsTruncated: shown.length < rest.length,
      ChecksumAlgorithm: algorithm,
      ChecksumType: upload.checksumType,
      Part: shown.map(({ partNumber, size, etag, modifiedMs, checksum }) => ({
        PartNumber: partNumber,
        LastModified: new Date(modifiedMs).toISOString(),
        ETag: `"${etag}"`,
        Size: size,
        ...(algorithm && checksum ? { [`Checksum${algorithm}`]: checksum } : {}),
      })),
    },
    uploadChecksumHeaders(upload),
  );
};
