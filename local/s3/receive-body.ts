import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { type Checksum, type ChecksumAlgorithm, checksumHeader, createChecksum } from './checksums.ts';
import { S3Error } from './s3-error.ts';

export type ReceivedBody = {
  size: number;
  /** MD5 in hexadecimal. */
  etag: string;
  checksum?: { algorithm: ChecksumAlgorithm; value: string } | undefined;
};

/** What the sender said of the body; checked once it is read, since trailers come last. */
export type BodyClaims = {
  size?: number | undefined;
  contentMd5?: string | undefined;
  sha256Hex?: string | undefined;
  checksumAlgorithm?: ChecksumAlgorithm | undefined;
  /** The claimed checksum in base64; undefined to compute one only. */
  checksum?: () => string | undefined;
};

const largestPutBytes = 5 * 1024 ** 3;

const checkLimits = (size: number, minBytes: number, maxBytes: number) => {
  if (size > maxBytes) {
    throw new S3Error('EntityTooLarge', {
      details: { ProposedSize: String(size), MaxSizeAllowed: String(maxBytes) },
    });
  }
  if (size < minBytes) {
    throw new S3Error('EntityTooSmall', {
      details: { ProposedSize: String(size), MinSizeAllowed: String(minBytes) },
    });
  }
};

const checkMd5 = (claimed: string | undefined, digest: Buffer) => {
  if (claimed === undefined) return;
  const bytes = Buffer.from(claimed, 'base64');
  if (bytes.length !== 16 || bytes.toString('base64') !== claimed) throw new S3Error('InvalidDigest');
  if (!bytes.equals(digest)) throw new S3Error('BadDigest');
};

const checkChecksum = (algorithm: ChecksumAlgorithm, claimed: string | undefined, value: string) => {
  if (claimed === undefined || claimed === value) return;
  const isWellFormed = Buffer.from(claimed, 'base64').length === Buffer.from(value, 'base64').length;
  if (!isWellFormed) {
    throw new S3Error('InvalidRequest', {
      message: `Value for ${checksumHeader(algorithm)} header is invalid.`,
    });
  }
  throw new S3Error('BadDigest', {
    message: `The ${algorithm} you specified did not match the calculated checksum.`,
  });
};

type Limits = { minBytes?: number; maxBytes?: number };
type Sink = (chunk: Buffer) => void | Promise<void>;

const pour = async (
  source: AsyncIterable<Buffer>,
  sink: Sink,
  digests: Pick<Checksum, 'update'>[],
  maxBytes: number,
): Promise<number> => {
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    checkLimits(size, 0, maxBytes);
    for (const digest of digests) digest.update(chunk);
    await sink(chunk);
  }
  return size;
};

/** Pours a body into a sink and checks every claim made of it; throws an S3Error on the first that fails. */
export const readClaimedBody = async (
  source: AsyncIterable<Buffer>,
  sink: Sink,
  claims: BodyClaims,
  limits: Limits,
): Promise<ReceivedBody> => {
  const { checksumAlgorithm } = claims;
  const md5 = createHash('md5');
  const sha256 = claims.sha256Hex === undefined ? undefined : createHash('sha256');
  const checksum = checksumAlgorithm && createChecksum(checksumAlgorithm);
  const digests = [md5, sha256, checksum].filter((digest) => digest !== undefined);
  const maxBytes = limits.maxBytes ?? largestPutBytes;
  const size = await pour(source, sink, digests, maxBytes);
  if (claims.size !== undefined && claims.size !== size) throw new S3Error('IncompleteBody');
  checkLimits(size, limits.minBytes ?? 0, maxBytes);
  const digest = md5.digest();
  checkMd5(claims.contentMd5, digest);
  if (sha256 && sha256.digest('hex') !== claims.sha256Hex) throw new S3Error('XAmzContentSHA256Mismatch');
  const etag = digest.toString('hex');
  if (!checksum || !checksumAlgorithm) return { size, etag };
  const value = checksum.digest();
  checkChecksum(checksumAlgorithm, claims.checksum?.(), value);
  return { size, etag, checksum: { algorithm: checksumAlgorithm, value } };
};

/** Streams a body into a new file and onto the disk; on any mismatch the file is gone and an S3Error thrown. */
export const receiveBody = async (
  source: AsyncIterable<Buffer>,
  file: string,
  claims: BodyClaims = {},
  limits: Limits = {},
): Promise<ReceivedBody> => {
  // Read-only, since the view of current objects shares the file.
  const handle = await open(file, 'wx', 0o444);
  try {
    const body = await readClaimedBody(source, (chunk) => handle.appendFile(chunk), claims, limits);
    await handle.datasync();
    await handle.close();
    return body;
  } catch (error) {
    await handle.close();
    await rm(file, { force: true });
    throw error;
  }
};
