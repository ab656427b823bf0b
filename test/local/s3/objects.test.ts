import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectAclCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { startS3 } from './s3-fixture.ts';

const Bucket = 'documents';

describe('an object', () => {
  test('is read back with its bytes, type, metadata and ETag', async () => {
    const { client } = await startS3();
    const put = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'notes/入单 #1+2.txt',
        Body: 'hello',
        ContentType: 'text/plain; charset=utf-8',
        ContentDisposition: 'attachment; filename="a.txt"',
        Metadata: { order: '1001' },
      }),
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'notes/入单 #1+2.txt' }));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ContentType: 'text/plain; charset=utf-8',
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentLength: 5,
      Metadata: { order: '1001' },
      ETag: `"${createHash('md5').update('hello').digest('hex')}"`,
      VersionId: put.VersionId,
    });
    expect(put.VersionId).toMatch(/^\S{32}$/);
  });

  test('may be empty', async () => {
    const { client } = await startS3();
    await client.send(new PutObjectCommand({ Bucket, Key: 'empty', Body: new Uint8Array() }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'empty' }));
    expect(await got.Body?.transformToString()).toBe('');
    expect(got.ContentLength).toBe(0);
  });

  test('of several megabytes streams in as aws-chunked and out again unharmed', async () => {
    const { client } = await startS3();
    const bytes = Buffer.alloc(3_500_001, 'order line ');
    const Body = Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
    await client.send(new PutObjectCommand({ Bucket, Key: 'big', Body, ContentLength: bytes.length }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'big', ChecksumMode: 'ENABLED' }));
    expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true);
    expect(got.ChecksumCRC32).toMatch(/^\S{8}$/);
  });

  test('is also a plain file under objects/', async () => {
    const { client, s3 } = await startS3();
    await client.send(new PutObjectCommand({ Bucket, Key: 'slips/1001/delivery.pdf', Body: 'first' }));
    await client.send(new PutObjectCommand({ Bucket, Key: 'slips/1001/delivery.pdf', Body: 'second' }));
    const file = join(s3.objectFolder(Bucket), 'slips', '1001', 'delivery.pdf');
    expect(await readFile(file, 'utf8')).toBe('second');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'slips/1001/delivery.pdf' }));
    expect(await readdir(s3.objectFolder(Bucket))).toEqual([]);
  });

  test('and a folder may have the same name', async () => {
    const { client, s3 } = await startS3();
    const put = (Key: string) => client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
    await put('a');
    await put('a/b');
    await put('a');
    const read = async (...names: string[]) => readFile(join(s3.objectFolder(Bucket), ...names), 'utf8');
    expect(await read('a', 'b')).toBe('a/b');
    expect(await read('a%')).toBe('a');
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'a' }));
    expect(await got.Body?.transformToString()).toBe('a');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b' }));
    await put('a');
    expect(await readdir(s3.objectFolder(Bucket))).toEqual(['a']);
  });

  test('that does not exist is NoSuchKey, or NotFound by HEAD', async () => {
    const { client } = await startS3();
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'x' }))).rejects.toMatchObject({
      name: 'NoSuchKey',
      Key: 'x',
    });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'x' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await expect(client.send(new GetObjectCommand({ Bucket: 'other', Key: 'x' }))).rejects.toThrow(
      'The specified bucket does not exist',
    );
  });

  test.for(['../outside', 'a/../../b', 'a/./b', '', `${'long/'.repeat(205)}x`])(
    'is refused under the key %.20s',
    async (key) => {
      const { s3 } = await startS3();
      await expect(s3.putObject(Bucket, key, Buffer.from('x'))).rejects.toThrow();
    },
  );

  test('is not stored when an operation is not served', async () => {
    const { client } = await startS3();
    const Key = 'k';
    const refused = [
      new PutObjectCommand({ Bucket, Key, Body: 'x', WebsiteRedirectLocation: '/other' }),
      new PutObjectCommand({ Bucket, Key, Body: 'x', StorageClass: 'GLACIER' }),
    ];
    for (const command of refused) {
      await expect(client.send(command)).rejects.toMatchObject({ name: 'NotImplemented' });
    }
    await expect(
      client.send(new PutObjectCommand({ Bucket, Key, Body: 'x', ACL: 'public-read' })),
    ).rejects.toMatchObject({ name: 'AccessControlListNotSupported' });
    await expect(client.send(new HeadObjectCommand({ Bucket, Key }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await client.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));
    await expect(client.send(new PutObjectAclCommand({ Bucket, Key, ACL: 'private' }))).rejects.toMatchObject(
      { name: 'NotImplemented', $metadata: { httpStatusCode: 501 } },
    );
    const got = await client.send(new GetObjectCommand({ Bucket, Key }));
    expect(await got.Body?.transformToString()).toBe('x');
  });
});

describe('a read', () => {
  test.for([
    { Range: 'bytes=2-4', body: 'cde', range: 'bytes 2-4/10' },
    { Range: 'bytes=7-', body: 'hij', range: 'bytes 7-9/10' },
    { Range: 'bytes=7-99', body: 'hij', range: 'bytes 7-9/10' },
    { Range: 'bytes=-3', body: 'hij', range: 'bytes 7-9/10' },
    { Range: 'bytes=-99', body: 'abcdefghij', range: 'bytes 0-9/10' },
    { Range: 'bytes=5-2', body: 'abcdefghij', range: undefined },
  ])('of $Range answers $body', async ({ Range, body, range }) => {
    const { client, s3 } = await startS3();
    await s3.putObject(Bucket, 'k', Buffer.from('abcdefghij'));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', Range }));
    expect(await got.Body?.transformToString()).toBe(body);
    expect(got.ContentRange).toBe(range);
    expect(got.ContentLength).toBe(body.length);
  });

  test('beyond the end is InvalidRange', async () => {
    const { client, s3 } = await startS3();
    await s3.putObject(Bucket, 'k', Buffer.from('abc'));
    await expect(
      client.send(new GetObjectCommand({ Bucket, Key: 'k', Range: 'bytes=3-' })),
    ).rejects.toMatchObject({ name: 'InvalidRange', $metadata: { httpStatusCode: 416 } });
  });

  test('keeps its conditions', async () => {
    const { client, s3 } = await startS3();
    const { etag } = await s3.putObject(Bucket, 'k', Buffer.from('abc'));
    const get = (input: { IfMatch?: string; IfNoneMatch?: string }) =>
      client.send(new HeadObjectCommand({ Bucket, Key: 'k', ...input }));
    await expect(get({ IfMatch: `"${etag}"` })).resolves.toMatchObject({ ContentLength: 3 });
    await expect(get({ IfMatch: '"other"' })).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
    await expect(get({ IfNoneMatch: `"${etag}"` })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 304 },
    });
  });

  test('may override response headers', async () => {
    const { client, s3 } = await startS3();
    await s3.putObject(Bucket, 'k', Buffer.from('abc'));
    const got = await client.send(
      new GetObjectCommand({
        Bucket,
        Key: 'k',
        ResponseContentType: 'text/csv',
        ResponseCacheControl: 'no-store',
      }),
    );
    expect(got).toMatchObject({ ContentType: 'text/csv', CacheControl: 'no-store' });
  });
});

describe('versions', () => {
  const suspended = { buckets: [{ name: Bucket, versioning: 'Suspended', eventBridge: true } as const] };

  test('are told of by the bucket', async () => {
    const { client } = await startS3();
    const statusOf = async (name: string) =>
      (await client.send(new GetBucketVersioningCommand({ Bucket: name }))).Status;
    expect([await statusOf(Bucket), await statusOf('scratch')]).toEqual(['Enabled', undefined]);
  });

  test('stay when versioning is suspended, and a new object replaces only the one called null', async () => {
    const before = await startS3();
    const { versionId } = await before.s3.putObject(Bucket, 'k', Buffer.from('one'));
    await before.stop();
    const { client, events } = await startS3({ ...suspended, stateDir: before.stateDir });
    for (const Body of ['two', 'three']) {
      const put = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
      expect(put.VersionId).toBe('null');
    }
    const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: 'null' });
    const listed = await client.send(new ListObjectVersionsCommand({ Bucket }));
    expect(listed.Versions).toMatchObject([{ VersionId: versionId, IsLatest: false }]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: 'null', IsLatest: true }]);
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId: 'null' }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('one');
    expect(got.VersionId).toBe(versionId);
    await expect
      .poll(() => events.map(({ detail }) => detail))
      .toMatchObject([
        { reason: 'PutObject' },
        { reason: 'PutObject' },
        { 'deletion-type': 'Delete Marker Created' },
        { 'deletion-type': 'Permanently Deleted' },
      ]);
  });

  test('stay readable after an overwrite and after a delete', async () => {
    const { client } = await startS3();
    const put = (Body: string) => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body }));
    const [first, second] = [await put('one'), await put('two')];
    const deleted = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: expect.any(String) });
    await expect(client.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toThrow(
      'The specified key does not exist.',
    );
    const read = async (VersionId: string | undefined) => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId }));
      return got.Body?.transformToString();
    };
    expect([await read(first.VersionId), await read(second.VersionId)]).toEqual(['one', 'two']);
    await expect(read(deleted.VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    await expect(read('none')).rejects.toMatchObject({ name: 'NoSuchVersion' });
  });

  test('come back when the delete marker is deleted', async () => {
    const { client } = await startS3();
    await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'one' }));
    const { VersionId } = await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));
    const got = await client.send(new GetObjectCommand({ Bucket, Key: 'k' }));
    expect(await got.Body?.transformToString()).toBe('one');
  });

  test('are not kept in an unversioned bucket', async () => {
    const { client, stateDir } = await startS3();
    for (const Body of ['one', 'two']) {
      const put = await client.send(new PutObjectCommand({ Bucket: 'scratch', Key: 'k', Body }));
      expect(put.VersionId).toBeUndefined();
    }
    expect(await readdir(join(stateDir, 's3', 'scratch', 'data'))).toHaveLength(1);
    await client.send(new DeleteObjectCommand({ Bucket: 'scratch', Key: 'k' }));
    expect(await readdir(join(stateDir, 's3', 'scratch', 'data'))).toEqual([]);
  });
});

describe('a conditional put', () => {
  test('with If-None-Match: * lets exactly one of many writers win', async () => {
    const { client } = await startS3();
    const writers = Array.from({ length: 8 }, (_, index) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'once', Body: `writer ${index}`, IfNoneMatch: '*' })),
    );
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [refused] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toMatchObject({ name: 'PreconditionFailed', $metadata: { httpStatusCode: 412 } });
  });

  test('succeeds again after a delete', async () => {
    const { client } = await startS3();
    const put = () => client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'x', IfNoneMatch: '*' }));
    await put();
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await expect(put()).resolves.toHaveProperty('ETag');
  });

  test('with If-Match replaces only the object it names', async () => {
    const { client } = await startS3();
    const put = (Body: string, IfMatch?: string) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body, IfMatch }));
    await expect(put('one', '"any"')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const { ETag } = await put('one');
    await put('two', ETag);
    await expect(put('three', ETag)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  test('with If-Match lets exactly one of many writers win', async () => {
    const { client, s3 } = await startS3();
    const { etag } = await s3.putObject(Bucket, 'k', Buffer.from('first'));
    const writers = Array.from({ length: 8 }, (_, index) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: `writer ${index}`, IfMatch: etag })),
    );
    const results = await Promise.allSettled(writers);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('is a conflict when the object goes while the body comes', async () => {
    const { client, s3 } = await startS3();
    const { etag } = await s3.putObject(Bucket, 'k', Buffer.from('first'));
    const isSending = Promise.withResolvers<void>();
    const isDeleted = Promise.withResolvers<void>();
    const slow = async function* () {
      yield Buffer.alloc(70_000, 'a');
      isSending.resolve();
      await isDeleted.promise;
      yield Buffer.from('b');
    };
    const put = client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'k',
        Body: Readable.from(slow()),
        ContentLength: 70_001,
        IfMatch: etag,
      }),
    );
    const refused = expect(put).rejects.toMatchObject({
      name: 'ConditionalRequestConflict',
      $metadata: { httpStatusCode: 409 },
    });
    await isSending.promise;
    await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    isDeleted.resolve();
    await refused;
  });
});

describe('a copy', () => {
  test('carries bytes and description over, from a version too', async () => {
    const { client } = await startS3();
    const { VersionId } = await client.send(
      new PutObjectCommand({
        Bucket,
        Key: 'a b/ü',
        Body: 'one',
        Metadata: { n: '1' },
        ContentType: 'text/plain',
      }),
    );
    await client.send(new PutObjectCommand({ Bucket, Key: 'a b/ü', Body: 'two' }));
    const CopySource = `${Bucket}/${encodeURIComponent('a b/ü')}?versionId=${VersionId}`;
    const copied = await client.send(new CopyObjectCommand({ Bucket: 'scratch', Key: 'copy', CopySource }));
    expect(copied).toMatchObject({
      CopySourceVersionId: VersionId,
      CopyObjectResult: { ETag: expect.any(String) },
    });
    const got = await client.send(new GetObjectCommand({ Bucket: 'scratch', Key: 'copy' }));
    expect(await got.Body?.transformToString()).toBe('one');
    expect(got).toMatchObject({ Metadata: { n: '1' }, ContentType: 'text/plain' });
  });

  test('keeps its conditions on the source', async () => {
    const { client, s3 } = await startS3();
    const { etag } = await s3.putObject(Bucket, 'k', Buffer.from('abc'));
    const copy = (conditions: object) =>
      client.send(new CopyObjectCommand({ Bucket, Key: 'copy', CopySource: `${Bucket}/k`, ...conditions }));
    await copy({ CopySourceIfMatch: etag });
    for (const conditions of [{ CopySourceIfMatch: 'other' }, { CopySourceIfNoneMatch: etag }]) {
      await expect(copy(conditions)).rejects.toMatchObject({ name: 'PreconditionFailed' });
    }
  });

  test('onto itself is refused unless it replaces the metadata', async () => {
    const { client, s3 } = await startS3();
    await s3.putObject(Bucket, 'k', Buffer.from('abc'));
    const copy = { Bucket, Key: 'k', CopySource: `${Bucket}/k` };
    await expect(client.send(new CopyObjectCommand(copy))).rejects.toMatchObject({ name: 'InvalidRequest' });
    await client.send(new CopyObjectCommand({ ...copy, MetadataDirective: 'REPLACE', Metadata: { a: '1' } }));
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'k' }));
    expect(head).toMatchObject({ Metadata: { a: '1' }, ContentLength: 3 });
  });
});

test('a conditional delete takes only the object it names', async () => {
  const { client, s3 } = await startS3();
  const { etag } = await s3.putObject(Bucket, 'k', Buffer.from('one'));
  await s3.putObject(Bucket, 'other', Buffer.from('two'));
  const remove = (Key: string, IfMatch: string) =>
    client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
  await expect(remove('other', etag)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  await expect(remove('absent', '*')).rejects.toMatchObject({ $metadata: { httpStatusCode: 404 } });
  await remove('k', etag);
  const result = await client.send(
    new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'other', ETag: etag }] } }),
  );
  expect(result.Errors).toMatchObject([{ Key: 'other', Code: 'PreconditionFailed' }]);
});

test('a bucket of another account is not given', async () => {
  const { client } = await startS3();
  const head = (ExpectedBucketOwner: string) =>
    client.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner }));
  await expect(head('111122223333')).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  await head('000000000000');
});

test('DeleteObjects answers for each key', async () => {
  const { client, s3 } = await startS3();
  for (const key of ['a', 'b&c']) await s3.putObject(Bucket, key, Buffer.from(key));
  const result = await client.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'a' }, { Key: 'b&c' }, { Key: 'absent' }, { Key: '../x' }] },
    }),
  );
  expect(result.Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b&c', 'absent']);
  expect(result.Errors).toMatchObject([{ Key: '../x', Code: 'InvalidArgument' }]);
  await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'a' }))).rejects.toMatchObject({
    name: 'NotFound',
  });
});

test('a bucket tells its location', async () => {
  const { client } = await startS3();
  await expect(client.send(new HeadBucketCommand({ Bucket }))).resolves.toMatchObject({
    BucketRegion: 'us-east-1',
  });
  const location = await client.send(new GetBucketLocationCommand({ Bucket }));
  expect(location.LocationConstraint ?? '').toBe('');
});
