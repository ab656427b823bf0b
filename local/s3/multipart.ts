import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HttpResponse } from '../http/serve.ts';
import { childText, type XmlNode } from '../http/xml.ts';
import type { OpenUpload } from './bucket-state.ts';
import {
  type ChecksumAlgorithm,
  checksumAlgorithmSchema,
  checksumHeader,
  createChecksum,
} from './checksums.ts';
import { writeCondition } from './conditions.ts';
import { readDescription, versionHeader } from './object-headers.ts';
import { receiveBody } from './receive-body.ts';
import type { StoredChecksum, UploadPart } from './records.ts';
import { openRequestBody } from './request-body.ts';
import { S3Error } from './s3-error.ts';
import { type ObjectRequest, originOf } from './s3-request.ts';
import { readXmlBody, xmlResponse } from './xml-body.ts';

const smallestPartBytes = 5 * 1024 * 1024;
const mostParts = 10_000;

const findUpload = ({ bucket, key, query }: ObjectRequest): OpenUpload => {
  const upload = bucket.state.upload(query.get('uploadId') ?? '');
  if (upload?.key !== key) throw new S3Error('NoSuchUpload');
  return upload;
};

const readAlgorithm = (headers: Record<string, string>): ChecksumAlgorithm | undefined => {
  const text = headers['x-amz-checksum-algorithm'];
  const algorithm = checksumAlgorithmSchema.optional().safeParse(text?.toUpperCase());
  if (!algorithm.success)
    throw new S3Error('InvalidRequest', { message: 'Checksum algorithm not supported.' });
  return algorithm.data;
};

const readType = (headers: Record<string, string>, algorithm: ChecksumAlgorithm) => {
  const type = headers['x-amz-checksum-type']?.toUpperCase();
  if (type === 'FULL_OBJECT' || algorithm === 'CRC64NVME') return 'FULL_OBJECT' as const;
  return 'COMPOSITE' as const;
};

/** CreateMultipartUpload. */
export const createUpload = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const uploadId = randomBytes(32).toString('base64url');
  const checksumAlgorithm = readAlgorithm(headers);
  const checksumType = checksumAlgorithm && readType(headers, checksumAlgorithm);
  const description = readDescription(headers);
  const upload = { uploadId, key, checksumAlgorithm, checksumType, ...description };
  await bucket.commit({ op: 'upload', upload });
  return xmlResponse(
    'InitiateMultipartUploadResult',
    { Bucket: bucket.spec.name, Key: key, UploadId: uploadId },
    checksumAlgorithm && checksumType
      ? { 'x-amz-checksum-algorithm': checksumAlgorithm, 'x-amz-checksum-type': checksumType }
      : {},
  );
};

/** UploadPart. */
export const uploadPart = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, query } = request;
  const { uploadId, checksumAlgorithm } = findUpload(request);
  const partNumber = Number(query.get('partNumber'));
  if (!Number.isInteger(partNumber) || partNumber < 1 || partNumber > mostParts) {
    throw new S3Error('InvalidArgument', { message: 'Part number must be an integer between 1 and 10000' });
  }
  const { source, claims } = openRequestBody(request, request.signature);
  const { file, path } = bucket.newFile();
  const wanted = { ...claims, checksumAlgorithm: claims.checksumAlgorithm ?? checksumAlgorithm };
  const { size, etag, checksum } = await receiveBody(source, path, wanted);
  const kept = checksum?.algorithm === checksumAlgorithm ? checksum?.value : undefined;
  await bucket.commit({ op: 'part', uploadId, part: { partNumber, file, size, etag, checksum: kept } });
  const told = checksum && { [checksumHeader(checksum.algorithm)]: checksum.value };
  return { status: 200, headers: { etag: `"${etag}"`, ...told } };
};

/** AbortMultipartUpload. */
export const abortUpload = async (request: ObjectRequest): Promise<HttpResponse> => {
  await request.bucket.commit({ op: 'abort', uploadId: findUpload(request).uploadId });
  return { status: 204 };
};

const pickPart = (upload: OpenUpload, node: XmlNode): UploadPart => {
  const partNumber = Number(childText(node, 'PartNumber'));
  const part = upload.parts.get(partNumber);
  if (!part || childText(node, 'ETag')?.replaceAll('"', '') !== part.etag) {
    throw new S3Error('InvalidPart', { details: { PartNumber: String(partNumber) } });
  }
  const { checksumAlgorithm } = upload;
  const claimed = checksumAlgorithm && childText(node, `Checksum${checksumAlgorithm}`);
  if (claimed !== undefined && claimed !== part.checksum) {
    throw new S3Error('InvalidPart', { details: { PartNumber: String(partNumber) } });
  }
  return part;
};

const pickParts = (upload: OpenUpload, root: XmlNode): UploadPart[] => {
  const nodes = root.children.filter(({ name }) => name === 'Part');
  if (root.name !== 'CompleteMultipartUpload' || nodes.length === 0) throw new S3Error('MalformedXML');
  const parts = nodes.map((node) => pickPart(upload, node));
  for (const [index, part] of parts.entries()) {
    const next = parts[index + 1];
    if (next && next.partNumber <= part.partNumber) throw new S3Error('InvalidPartOrder');
    if (next && part.size < smallestPartBytes) {
      const details = { PartNumber: String(part.partNumber), ProposedSize: String(part.size) };
      throw new S3Error('EntityTooSmall', { details });
    }
  }
  return parts;
};

async function* joinParts(parts: UploadPart[], dataPath: (file: string) => string): AsyncGenerator<Buffer> {
  for (const { file } of parts) yield* createReadStream(dataPath(file));
}

const combinedEtag = (parts: UploadPart[]) => {
  const md5 = createHash('md5');
  for (const { etag } of parts) md5.update(Buffer.from(etag, 'hex'));
  return `${md5.digest('hex')}-${parts.length}`;
};

const compositeChecksum = (algorithm: ChecksumAlgorithm, parts: UploadPart[]): StoredChecksum => {
  const checksum = createChecksum(algorithm);
  for (const part of parts) checksum.update(Buffer.from(part.checksum ?? '', 'base64'));
  return { algorithm, value: `${checksum.digest()}-${parts.length}`, type: 'COMPOSITE' };
};

/** CompleteMultipartUpload: the parts joined become one object, and the upload is over, in one commit. */
export const completeUpload = async (request: ObjectRequest): Promise<HttpResponse> => {
  const { bucket, key, headers } = request;
  const upload = findUpload(request);
  const precondition = writeCondition(headers);
  const parts = pickParts(upload, await readXmlBody(request));
  const { uploadId, checksumAlgorithm: algorithm, checksumType } = upload;
  const isWhole = checksumType === 'FULL_OBJECT';
  const { file, path } = bucket.newFile();
  const joined = await receiveBody(joinParts(parts, bucket.dataPath), path, {
    checksumAlgorithm: isWhole ? algorithm : undefined,
    checksum: () => (isWhole && algorithm ? headers[checksumHeader(algorithm)] : undefined),
  });
  const whole: StoredChecksum | undefined = joined.checksum && { ...joined.checksum, type: 'FULL_OBJECT' };
  const stored = await bucket.put(
    {
      key,
      file,
      size: joined.size,
      etag: combinedEtag(parts),
      headers: upload.headers,
      metadata: upload.metadata,
      checksum: algorithm && !isWhole ? compositeChecksum(algorithm, parts) : whole,
      uploadId,
      precondition: (current) => {
        // Another completion of the same upload may have won meanwhile.
        if (!bucket.state.upload(uploadId)) throw new S3Error('NoSuchUpload');
        precondition?.(current);
      },
    },
    originOf(request, 'CompleteMultipartUpload'),
  );
  return xmlResponse(
    'CompleteMultipartUploadResult',
    {
      Location: `/${bucket.spec.name}/${key}`,
      Bucket: bucket.spec.name,
      Key: key,
      ETag: `"${stored.etag}"`,
      ...(stored.checksum ? { [`Checksum${stored.checksum.algorithm}`]: stored.checksum.value } : {}),
      ChecksumType: stored.checksum?.type,
    },
    versionHeader(stored),
  );
};
