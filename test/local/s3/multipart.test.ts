import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { type RunningS3, startS3 } from './s3-fixture.ts';

const Bucket = 'documents';
const Key = 'imports/orders.csv';
const fiveMiB = 5 * 1024 * 1024;

const begin = async ({ client }: RunningS3) => {
  const { UploadId } = await client.send(
    new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'text/csv', Metadata: { from: 'test' } }),
  );
  const upload = { Bucket, Key, UploadId };
  const send = async (PartNumber: number, Body: Buffer) => {
    const { ETag, ChecksumCRC32 } = await client.send(new UploadPartCommand({ ...upload, PartNumber, Body }));
    return { PartNumber, ETag, ChecksumCRC32 };
  };
  const complete = (Parts: { PartNumber: number; ETag: string | undefined }[]) =>
    client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
  return { upload, send, complete };
};

describe('a multipart upload', () => {
  test('joins its parts under the combined ETag and raises one event', async () => {
    const running = await startS3();
    const { send, complete } = await begin(running);
    const [first, last] = [Buffer.alloc(fiveMiB, 'a'), Buffer.from('the end')];
    await send(1, Buffer.from('to be replaced'));
    const parts = [await send(1, first), await send(7, last)];
    const completed = await complete(parts);
    const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest();
    const expected = `"${md5(Buffer.concat([md5(first), md5(last)])).toString('hex')}-2"`;
    expect(completed).toMatchObject({ ETag: expected, VersionId: expect.any(String) });
    const got = await running.client.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ ContentType: 'text/csv', Metadata: { from: 'test' }, ETag: expected });
    const bytes = Buffer.from((await got.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, last]))).toBe(true);
    await expect
      .poll(() => running.events)
      .toMatchObject([
        { detail: { reason: 'CompleteMultipartUpload', object: { key: Key, size: fiveMiB + 7 } } },
      ]);
    await expect(complete(parts)).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(await readdir(join(running.stateDir, 's3', Bucket, 'data'))).toHaveLength(1);
  });

  test('survives a restart between its parts', async () => {
    const before = await startS3();
    const { upload, send } = await begin(before);
    const parts = [await send(1, Buffer.alloc(fiveMiB, 'a'))];
    await before.stop();
    const { client } = await startS3({ stateDir: before.stateDir });
    const { ETag, ChecksumCRC32 } = await client.send(
      new UploadPartCommand({ ...upload, PartNumber: 2, Body: 'b' }),
    );
    const Parts = [...parts, { PartNumber: 2, ETag, ChecksumCRC32 }];
    await client.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts } }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key, Range: 'bytes=-2' }));
    expect(await got.Body?.transformToString()).toBe('ab');
  });

  test('leaves nothing behind when aborted', async () => {
    const running = await startS3();
    const { upload, send } = await begin(running);
    await send(1, Buffer.from('a'));
    await running.client.send(new AbortMultipartUploadCommand(upload));
    await expect(send(2, Buffer.from('b'))).rejects.toMatchObject({ name: 'NoSuchUpload' });
    expect(await readdir(join(running.stateDir, 's3', Bucket, 'data'))).toEqual([]);
  });

  test('refuses parts it does not have, out of order, or too small', async () => {
    const { send, complete } = await begin(await startS3());
    const parts = [await send(1, Buffer.from('small')), await send(2, Buffer.from('last'))];
    await expect(complete(parts)).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(complete(parts.toReversed())).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 1, ETag: '"other"' }])).rejects.toMatchObject({
      name: 'InvalidPart',
    });
  });
});
