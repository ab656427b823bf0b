import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import * as z from 'zod';

export const checksumAlgorithmSchema = z.enum(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256']);
export type ChecksumAlgorithm = z.infer<typeof checksumAlgorithmSchema>;

/** A running checksum; digest() answers it in big-endian base64, as S3 writes it. */
export type Checksum = { update(chunk: Buffer): void; digest(): string };

const cryptographic = (algorithm: string): Checksum => {
  const hash = createHash(algorithm);
  return { update: (chunk) => hash.update(chunk), digest: () => hash.digest('base64') };
};

const bytes32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
};

const zlibCrc32 = (): Checksum => {
  let value = 0;
  return {
    update: (chunk) => {
      value = crc32(chunk, value);
    },
    digest: () => bytes32(value).toString('base64'),
  };
};

const reflectedTable = (polynomial: bigint): bigint[] =>
  Array.from({ length: 256 }, (_, index) => {
    let value = BigInt(index);
    for (let bit = 0; bit < 8; bit += 1) value = value & 1n ? (value >> 1n) ^ polynomial : value >> 1n;
    return value;
  });

const crc32cTable = Uint32Array.from(reflectedTable(0x82f63b78n), Number);

const crc32c = (): Checksum => {
  let value = 0xffffffff;
  return {
    update: (chunk) => {
      // By index: an iterator over bytes would be several times slower.
      for (let at = 0; at < chunk.length; at += 1) {
        value = (value >>> 8) ^ (crc32cTable[(value ^ (chunk[at] ?? 0)) & 0xff] ?? 0);
      }
    },
    digest: () => bytes32(~value).toString('base64'),
  };
};

const crc64Table = reflectedTable(0x9a6c9329ac4bc9b5n);
const crc64High = Uint32Array.from(crc64Table, (value) => Number(value >> 32n));
const crc64Low = Uint32Array.from(crc64Table, (value) => Number(value & 0xffffffffn));

// Two 32-bit halves: BigInt arithmetic on every byte would be some thirty times slower.
const crc64nvme = (): Checksum => {
  let high = 0xffffffff;
  let low = 0xffffffff;
  return {
    update: (chunk) => {
      for (let at = 0; at < chunk.length; at += 1) {
        const index = (low ^ (chunk[at] ?? 0)) & 0xff;
        low = ((low >>> 8) | (high << 24)) ^ (crc64Low[index] ?? 0);
        high = (high >>> 8) ^ (crc64High[index] ?? 0);
      }
    },
    digest: () => Buffer.concat([bytes32(~high), bytes32(~low)]).toString('base64'),
  };
};

const factories: Record<ChecksumAlgorithm, () => Checksum> = {
  CRC32: zlibCrc32,
  CRC32C: crc32c,
  CRC64NVME: crc64nvme,
  SHA1: () => cryptographic('sha1'),
  SHA256: () => cryptographic('sha256'),
};

export const createChecksum = (algorithm: ChecksumAlgorithm): Checksum => factories[algorithm]();

/** CRC32 → x-amz-checksum-crc32, the header that carries the value. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;
