import {
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectTaggingCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { startS3 } from './s3-fixture.ts';

const Bucket = 'documents';
const Key = 'k';
const kmsKey = 'arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555';

describe('encryption', () => {
  test('is AES256 where nobody says otherwise', async () => {
    const { client } = await startS3();
    const told = { ServerSideEncryption: 'AES256' };
    expect(await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))).toMatchObject(told);
    expect(await client.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject(told);
    expect(await client.send(new CreateMultipartUploadCommand({ Bucket, Key }))).toMatchObject(told);
  });

  test('is the bucket’s by default, and told at every turn; the ETag is then no MD5', async () => {
    const encryption = { algorithm: 'aws:kms', keyId: kmsKey, isByBucketKey: true } as const;
    const buckets = [{ name: Bucket, eventBridge: false, encryption }];
    const { client } = await startS3({ buckets });
    const told = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey, BucketKeyEnabled: true };
    const put = await client.send(new PutObjectCommand({ Bucket, Key, Body: 'abc' }));
    expect(put).toMatchObject(told);
    expect(put.ETag).toMatch(/^"[0-9a-f]{32}"$/);
    expect(put.ETag).not.toContain('900150983cd24fb0d6963f7d28e17f72');
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(got).toMatchObject({ ...told, ETag: put.ETag });
  });

  test('may be asked for with each object, and a copy asks anew', async () => {
    const { client } = await startS3();
    const asked = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKey } as const;
    expect(await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...asked }))).toMatchObject(
      asked,
    );
    const copied = await client.send(
      new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k` }),
    );
    expect(copied.ServerSideEncryption).toBe('AES256');
  });

  test('that makes no sense is refused', async () => {
    const { client } = await startS3();
    const put = (input: object) => client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ...input }));
    await expect(put({ ServerSideEncryption: 'DES' })).rejects.toMatchObject({
      name: 'InvalidEncryptionAlgorithmError',
    });
    await expect(put({ ServerSideEncryption: 'AES256', SSEKMSKeyId: kmsKey })).rejects.toMatchObject({
      name: 'InvalidArgument',
    });
    await expect(
      put({ SSECustomerAlgorithm: 'AES256', SSECustomerKey: 'a'.repeat(32) }),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
  });
});

describe('tags', () => {
  const tagsOf = async ({ client }: Awaited<ReturnType<typeof startS3>>, key = Key) =>
    (await client.send(new GetObjectTaggingCommand({ Bucket, Key: key }))).TagSet;

  test('come with the object, are counted, and outlive a restart', async () => {
    const before = await startS3();
    await before.client.send(
      new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'kind=order&for=A%2BB' }),
    );
    await before.stop();
    const running = await startS3({ stateDir: before.stateDir });
    const TagSet = [
      { Key: 'kind', Value: 'order' },
      { Key: 'for', Value: 'A+B' },
    ];
    expect(await tagsOf(running)).toEqual(TagSet);
    expect(await running.client.send(new GetObjectCommand({ Bucket, Key }))).toMatchObject({ TagCount: 2 });
  });

  test('are replaced and taken away, with an event each time', async () => {
    const running = await startS3();
    const { client, events } = running;
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'a=1' }));
    const Tagging = { TagSet: [{ Key: 'b', Value: '2' }] };
    await client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging }));
    expect(await tagsOf(running)).toEqual(Tagging.TagSet);
    await client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect(await tagsOf(running)).toEqual([]);
    await expect
      .poll(() => events.map(({ detailType }) => detailType))
      .toEqual(['Object Created', 'Object Tags Added', 'Object Tags Deleted']);
  });

  test('go with a copy unless it brings its own', async () => {
    const running = await startS3();
    const { client } = running;
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', Tagging: 'a=1' }));
    const copy = { Bucket, CopySource: `${Bucket}/k` };
    await client.send(new CopyObjectCommand({ ...copy, Key: 'same' }));
    await client.send(
      new CopyObjectCommand({ ...copy, Key: 'own', TaggingDirective: 'REPLACE', Tagging: 'b=2' }),
    );
    expect(await tagsOf(running, 'same')).toEqual([{ Key: 'a', Value: '1' }]);
    expect(await tagsOf(running, 'own')).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test.for([
    { name: 'eleven', tags: Array.from({ length: 11 }, (_, i) => [`t${i}`, '']), code: 'BadRequest' },
    {
      name: 'one name twice',
      tags: [
        ['a', '1'],
        ['a', '2'],
      ],
      code: 'InvalidTag',
    },
    { name: 'a long name', tags: [['a'.repeat(129), '1']], code: 'InvalidTag' },
    { name: 'a long value', tags: [['a', '1'.repeat(257)]], code: 'InvalidTag' },
    { name: 'a sign that is not allowed', tags: [['a', '<b>']], code: 'InvalidTag' },
    { name: 'a name of AWS', tags: [['aws:a', '1']], code: 'InvalidTag' },
  ])('$name: refused as $code', async ({ tags, code }) => {
    const { client, s3 } = await startS3();
    await s3.putObject(Bucket, Key, Buffer.from('x'));
    const TagSet = tags.map(([name, Value]) => ({ Key: name, Value }));
    const put = new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } });
    await expect(client.send(put)).rejects.toMatchObject({ name: code });
  });
});

test('the attributes of an object are those asked for', async () => {
  const { client } = await startS3();
  const put = await client.send(new PutObjectCommand({ Bucket, Key, Body: 'abc' }));
  const read = (
    ...ObjectAttributes: ('ETag' | 'Checksum' | 'ObjectParts' | 'ObjectSize' | 'StorageClass')[]
  ) => client.send(new GetObjectAttributesCommand({ Bucket, Key, ObjectAttributes }));
  const {
    $metadata: _,
    LastModified,
    VersionId,
    ...all
  } = await read('ETag', 'Checksum', 'ObjectParts', 'ObjectSize', 'StorageClass');
  expect(all).toEqual({
    ETag: put.ETag?.replaceAll('"', ''),
    Checksum: { ChecksumCRC32: put.ChecksumCRC32, ChecksumType: 'FULL_OBJECT' },
    ObjectSize: 3,
    StorageClass: 'STANDARD',
  });
  expect(LastModified).toBeInstanceOf(Date);
  expect(VersionId).toBe(put.VersionId);
  expect(await read('ObjectSize')).not.toHaveProperty('ETag');
});
