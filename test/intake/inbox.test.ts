import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { uploadBytes } from '../../domain/uploads/upload-limits.ts';
import { inbox } from '../../functions/intake/inbox.ts';
import { startS3 } from '../local/s3/s3-fixture.ts';

const key = 'inbox/example-mall/订单 1.csv';

const dropped = async (body: string | Buffer, metadata: Record<string, string> = {}) => {
  const { client } = await startS3();
  const put = (Body: string | Buffer) =>
    client.send(new PutObjectCommand({ Bucket: 'documents', Key: key, Body, Metadata: metadata }));
  const { VersionId: versionId = '' } = await put(body);
  return { client, put, file: { bucket: 'documents', key, versionId } };
};

test('reads the version that the event tells of, with the mode of its metadata', async () => {
  const { client, put, file } = await dropped('first', { mode: 'DRY_RUN' });
  await put('second');
  expect(await inbox(client).read(file)).toEqual({ bytes: Buffer.from('first'), mode: 'DRY_RUN' });
});

test('reads the latest version where the bucket has none to name', async () => {
  const { client, put, file } = await dropped('first');
  await put('second');
  expect(await inbox(client).read({ ...file, versionId: '' })).toEqual({
    bytes: Buffer.from('second'),
    mode: undefined,
  });
});

test('refuses a file of more than the bytes it is told without reading it', async () => {
  const { client, file } = await dropped(Buffer.alloc(uploadBytes(10_000) + 1));
  await expect(inbox(client, uploadBytes(10_000)).read(file)).rejects.toMatchObject({
    refusal: 'FILE_TOO_LARGE',
    detail: { value: '10.0 MB', expected: '<= 10 MB' },
  });
});

test('reads again what a desk with a higher limit had taken', async () => {
  const { client, file } = await dropped(Buffer.alloc(uploadBytes(10_000) + 1));
  expect((await inbox(client).read(file)).bytes.length).toBe(uploadBytes(10_000) + 1);
});

test('tells that a file was removed before it was read', async () => {
  const { client, file } = await dropped('gone');
  const { versionId: VersionId } = file;
  await client.send(new DeleteObjectCommand({ Bucket: 'documents', Key: key, VersionId }));
  await expect(inbox(client).read(file)).rejects.toMatchObject({ refusal: 'FILE_GONE' });
});

test('passes faults on', async () => {
  const { client, file } = await dropped('x');
  await expect(inbox(client).read({ ...file, bucket: 'no-such-bucket' })).rejects.toMatchObject({
    name: 'NoSuchBucket',
  });
});
