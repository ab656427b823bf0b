import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HttpResponse } from '../http/serve.ts';
import { childText, type XmlNode } from '../http/xml.ts';
import type { Bucket } from './bucket.ts';
import type { OpenUpload } from './bucket-state.ts';
import { type ChecksumAlgorithm, checksumHeader, createChecksum } from './checksums.ts';
import { writeCondition } from './conditions.ts';
import { findUpload } from './multipart.ts';
import { storedHeaders } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import type { StoredChecksum, StoredObject, UploadPart } from './records.ts';
import { S3Error } from './s3-error.ts';
import { type ObjectRequest, originOf } from './s3-request.ts';
import { readXmlBody, xmlResponse } from './xml-body.ts';

const smallestPartBytes = 5 * 1024 * 1024;

const invalid = (message: string) => new S3Error('InvalidRequest', { message });

type ListedPart = { partNumber: number; etag: string; node: XmlNode };

const readList = (root: XmlNode): ListedPart[] => {
  const nodes = root.children.filter(({ name }) => name === 'Part');
  if (root.name !== 'CompleteMultipartUpload' || nodes.length === 0) throw new S3Error('MalformedXML');
  const listed = nodes.map((node) => ({
    partNumber: Number(childText(node, 'PartNumber')),
    etag: (childText(node, 'ETag') ?? '').replaceAll('"', ''),
    node,
  }));
  for (const [index, { partNumber }] of listed.entries()) {
    const next = listed[index + 1];
    if (next && next.partNumber <= partNumber) throw new S3Error('InvalidPartOrder');
  }
  return listed;
};

const isPartChecksum = (upload: OpenUpload, part: UploadPart, claimed: string | undefined) => {
  const { checksumAlgorithm: algorithm, checksumType } = upload;
  if (claimed !== undefined) return claimed === part.checksum;
  if (algorithm === undefined || checksumType !== 'COMPOSITE') return true;
  throw invalid(
    `The upload was created using a ${algorithm.toLowerCase()} checksum. The complete request must include the checksum for each part. It was missing for part ${part.partNumber} in the request.`,
  );
};

const pickPart = (upload: OpenUpload, { partNumber, etag, node }: ListedPart): UploadPart => {
  const part = upload.parts.get(partNumber);
  const { checksumAlgorithm } = upload;
  const claimed = checksumAlgorithm && childText(node, `Checksum${checksumAlgorithm}`);
  if (part?.etag === etag && isPartChecksum(upload, part, claimed)) return part;
  throw new S3Error('InvalidPart', {
    details: { UploadId: upload.uploadId, PartNumber: String(partNumber), ETag: etag },
  });
};

const pickParts = (upload: OpenUpload, listed: ListedPart[]): UploadPart[] => {
  const parts = listed.map((one) => pickPart(upload, one));
  const small = parts.slice(0, -1).find(({ size }) => size < smallestPartBytes);
  if (!small) return parts;
  throw new S3Error('EntityTooSmall', {
    details: {
      ProposedSize: String(small.size),
      MinSizeAllowed: String(smallestPartBytes),
      PartNumber: String(small.partNumber),
      ETag: small.etag,
    },
  });
};

async function* joinParts(parts: UploadPart[], dataPath: (file: string) => string): AsyncGenerator<Buffer> {
  for (const { file } of parts) yield* createReadStream(dataPath(file));
}

const combinedEtag = (parts: { etag: string }[]): string => {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
};

const compositeChecksum = (algorithm: ChecksumAlgorithm, parts: UploadPart[]): StoredChecksum => {
  const checksum = createChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part.checksum ?? '', 'base64'));
  return { algorithm, value: `${checksum.digest()}-${parts.length}`, type: 'COMPOSITE' };
};

const checkClaims = (headers: Record<string, string>, upload: OpenUpload, parts: UploadPart[]) => {
  const { 'x-amz-mp-object-size': claimedSize, 'x-amz-checksum-type': claimedType } = headers;
  const size = parts.reduce((total, part) => total + part.size, 0);
  if (claimedSize !== undefined && Number(claimedSize) !== size) {
    throw invalid(
      `The provided 'x-amz-mp-object-size' header value ${claimedSize} does not match what was computed: ${size}`,
    );
  }
  if (claimedType !== undefined && claimedType !== upload.checksumType) {
    throw invalid(
      `The upload was created using the ${upload.checksumType} checksum mode. The complete request must use the same checksum mode.`,
    );
  }
};

const storeWhole = async (
  bucket: Bucket,
  { checksumAlgorithm: algorithm = 'CRC64NVME', checksumType = 'FULL_OBJECT' }: OpenUpload,
  parts: UploadPart[],
  headers: Record<string, string>,
) => {
  const { file, path } = bucket.newFile();
  if (checksumType === 'COMPOSITE') {
    const { size } = await receiveBody(joinParts(parts, bucket.dataPath), path);
    return { file, size, checksum: compositeChecksum(algorithm, parts) };
  }
  const { size, checksum } = await receiveBody(joinParts(parts, bucket.dataPath), path, {
    checksumAlgorithm: algorithm,
    checksum: () => headers[checksumHeader(algorithm)],
  });
  return { file, size, checksum: checksum && { ...checksum, type: checksumType } };
};

const respond = (stored: StoredObject, { spec }: Bucket): HttpResponse =>
  xmlResponse(
    'CompleteMultipartUploadResult',
    {
      Location: `/${spec.name}/${stored.key}`,
      Bucket: spec.name,
      Key: stored.key,
      ETag: `"${stored.etag}"`,
      ...(stored.checksum ? { [`Checksum${stored.checksum.algorithm}`]: stored.checksum.value } : {}),
      ChecksumType: stored.checksum?.type,
    },
    storedHeaders(stored, spec),
  );

/** The object that this very upload has become already: a caller that lost the answer asks again. */
const findCompleted = ({ bucket, key, query }: ObjectRequest, listed: ListedPart[]) =>
  bucket.state
    .versions(key)
    .find(
      (version) =>
        version.kind === 'object' &&
        version.uploadId === query.get('uploadId') &&
        version.etag === combinedEtag(listed),
    );

/** CompleteMultipartUpload: the parts joined become one object, and the upload is over, in one commit. */
export const completeUpload = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const listed = readList(await readXmlBody(request));
  const completed = findCompleted(request, listed);
  if (completed?.kind === 'object') return respond(completed, bucket);
  const upload = findUpload(request);
  const precondition = writeCondition(headers, bucket.state.current(key));
  const parts = pickParts(upload, listed);
  checkClaims(headers, upload, parts);
  const { uploadId, metadata, tags, encryption } = upload;
  const whole = await storeWhole(bucket, upload, parts, headers);
  const stored = await bucket.put(
    {
      ...whole,
      key,
      headers: upload.headers,
      metadata,
      tags,
      encryption,
      uploadId,
      etag: combinedEtag(parts),
      parts: parts.map(({ partNumber, size, checksum }) => ({ partNumber, size, checksum })),
      precondition: (current) => {
        // Another completion of the same upload may have won meanwhile.
        if (!bucket.state.upload(uploadId)) throw new S3Error('NoSuchUpload');
        precondition?.(current);
      },
    },
    originOf(request, 'CompleteMultipartUpload'),
  );
  return respond(stored, bucket);
};
