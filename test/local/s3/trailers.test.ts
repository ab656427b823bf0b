import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { deriveSigningKey, hmacSha256, sha256Hex } from '../../../local/http/sigv4.ts';
import { type ChecksumAlgorithm, checksumHeader, createChecksum } from '../../../local/s3/checksums.ts';
import { credentials, startS3 } from './s3-fixture.ts';

const Bucket = 'documents';
const body = Buffer.alloc(20_000, 'order line ');
const algorithms = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

const checksumOf = (algorithm: ChecksumAlgorithm, bytes: Buffer) => {
  const checksum = createChecksum(algorithm);
  checksum.update(bytes);
  return checksum.digest();
};

test.for(algorithms)(
  'the SDK streams a body with its %s in an unsigned trailer',
  async (ChecksumAlgorithm) => {
    const { client } = await startS3();
    const Body = Readable.from([body.subarray(0, 9_000), body.subarray(9_000)]);
    const put = new PutObjectCommand({
      Bucket,
      Key: 'k',
      Body,
      ContentLength: body.length,
      ChecksumAlgorithm,
    });
    const expected = { [`Checksum${ChecksumAlgorithm}`]: checksumOf(ChecksumAlgorithm, body) };
    expect(await client.send(put)).toMatchObject(expected);
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
    expect(got).toMatchObject(expected);
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(body)).toBe(true);
  },
);

/** A PUT whose chunks, and whose trailer, continue the signature of its head. */
const putSigned = async (
  url: string,
  algorithm: ChecksumAlgorithm,
  change: (text: string) => string = (t) => t,
) => {
  const amzDate = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
  const scope = `${amzDate.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const key = deriveSigningKey(credentials.secretAccessKey, scope);
  const contentHash = 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER';
  const headers: Record<string, string> = {
    host: new URL(url).host,
    'x-amz-content-sha256': contentHash,
    'x-amz-date': amzDate,
    'x-amz-decoded-content-length': String(body.length),
    'x-amz-trailer': checksumHeader(algorithm),
  };
  const names = Object.keys(headers).sort();
  const canonical = [
    'PUT',
    `/${Bucket}/k`,
    '',
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    contentHash,
  ].join('\n');
  const sign = (...lines: string[]) => hmacSha256(key, lines.join('\n')).toString('hex');
  let signature = sign('AWS4-HMAC-SHA256', amzDate, scope, sha256Hex(canonical));
  const authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  const framed = [body.subarray(0, 10_000), body.subarray(10_000), Buffer.alloc(0)].map((chunk) => {
    signature = sign('AWS4-HMAC-SHA256-PAYLOAD', amzDate, scope, signature, sha256Hex(''), sha256Hex(chunk));
    const end = chunk.length === 0 ? '' : '\r\n';
    return `${chunk.length.toString(16)};chunk-signature=${signature}\r\n${chunk}${end}`;
  });
  const trailer = `${checksumHeader(algorithm)}:${checksumOf(algorithm, body)}`;
  signature = sign('AWS4-HMAC-SHA256-TRAILER', amzDate, scope, signature, sha256Hex(`${trailer}\n`));
  const text = change(`${framed.join('')}${trailer}\r\nx-amz-trailer-signature:${signature}\r\n\r\n`);
  return fetch(`${url}/${Bucket}/k`, { method: 'PUT', headers: { ...headers, authorization }, body: text });
};

describe('a signed trailer', () => {
  test.for(algorithms)('with the %s of the body is verified', async (algorithm) => {
    const { url, client } = await startS3();
    const response = await putSigned(url, algorithm);
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get(checksumHeader(algorithm))).toBe(checksumOf(algorithm, body));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(got.ETag).toBe(`"${createHash('md5').update(body).digest('hex')}"`);
  });

  test.for([
    { name: 'a changed byte', change: (text: string) => text.replace('order', 'Order') },
    {
      name: 'a changed checksum',
      change: (text: string) => text.replace(/crc32:..../, 'crc32:AAAA'),
    },
    {
      name: 'no signature of its own',
      change: (text: string) => text.replace(/x-amz-trailer-signature:\w+\r\n/, ''),
    },
  ])('is refused for $name, and nothing is stored', async ({ change }) => {
    const { url, client } = await startS3();
    const response = await putSigned(url, 'CRC32', change);
    expect(await response.text()).toContain('<Code>SignatureDoesNotMatch</Code>');
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
    });
  });
});

test('an object whose sender claims no checksum gets S3’s own', async () => {
  const { client, s3 } = await startS3();
  await s3.putObject(Bucket, 'k', body);
  const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', ChecksumMode: 'ENABLED' }));
  expect(got).toMatchObject({
    ChecksumCRC64NVME: checksumOf('CRC64NVME', body),
    ChecksumType: 'FULL_OBJECT',
  });
});
