import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksumAlgorithmSchema, createChecksum } from '../../../local/s3/checksums.ts';
import { startS3 } from './s3-fixture.ts';

const base64 = (hex: string) => Buffer.from(hex, 'hex').toString('base64');

// The check values of the CRC catalogue, for the nine bytes "123456789".
test.for([
  { algorithm: 'CRC32', value: base64('cbf43926') },
  { algorithm: 'CRC32C', value: base64('e3069283') },
  { algorithm: 'CRC64NVME', value: base64('ae8b14860a799888') },
  { algorithm: 'SHA1', value: createHash('sha1').update('123456789').digest('base64') },
  { algorithm: 'SHA256', value: createHash('sha256').update('123456789').digest('base64') },
] as const)('$algorithm has its published check value', ({ algorithm, value }) => {
  const checksum = createChecksum(algorithm);
  checksum.update(Buffer.from('1234'));
  checksum.update(Buffer.from('56789'));
  expect(checksum.digest()).toBe(value);
});

test.for(checksumAlgorithmSchema.options)('%s does not depend on how the bytes are cut', (algorithm) => {
  const digest = (chunks: Uint8Array[]) => {
    const checksum = createChecksum(algorithm);
    for (const chunk of chunks) checksum.update(Buffer.from(chunk));
    return checksum.digest();
  };
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), (chunks) => {
      expect(digest(chunks)).toBe(digest([Buffer.concat(chunks)]));
    }),
  );
});

const Bucket = 'documents';

test.for(['CRC32', 'CRC32C', 'SHA1', 'SHA256'] as const)(
  'an upload with the SDK’s %s is verified and told again',
  async (ChecksumAlgorithm) => {
    const { client } = await startS3();
    const put = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'abc', ChecksumAlgorithm }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(await got.Body?.transformToString()).toBe('abc');
    const name = `Checksum${ChecksumAlgorithm}` as const;
    expect(got[name]).toBe(put[name]);
    expect(got[name]).toMatch(/=$/);
  },
);

test.for([
  { name: 'CRC32', input: { ChecksumCRC32: base64('00000000') }, error: 'BadDigest' },
  { name: 'CRC64NVME', input: { ChecksumCRC64NVME: base64('0000000000000000') }, error: 'BadDigest' },
  { name: 'SHA256 of another body', input: { ChecksumSHA256: base64('00'.repeat(32)) }, error: 'BadDigest' },
  { name: 'Content-MD5', input: { ContentMD5: base64('00'.repeat(16)) }, error: 'BadDigest' },
  { name: 'Content-MD5 that is none', input: { ContentMD5: 'abc' }, error: 'InvalidDigest' },
  { name: 'checksum of a wrong length', input: { ChecksumCRC32: 'AAA=' }, error: 'InvalidRequest' },
])('a wrong $name is refused with $error and nothing is stored', async ({ input, error }) => {
  const { client } = await startS3();
  const put = client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'abc', ...input }));
  await expect(put).rejects.toMatchObject({ name: error });
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});
