import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  ListBucketsCommand,
  ListObjectsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
  type S3Client,
} from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys } from '../../../local/s3/key-order.ts';
import { startS3 } from './s3-fixture.ts';

const Bucket = 'documents';
const keys = ['a.txt', 'a/1', 'a/2', 'a/b/3', 'b', 'c/1', 'ü<&>'];

const withKeys = async () => {
  const running = await startS3();
  for (const key of keys) await running.s3.putObject(Bucket, key, Buffer.from(key));
  return running;
};

test.for([
  { name: 'everything', input: {}, found: keys, prefixes: [] },
  { name: 'a prefix', input: { Prefix: 'a/' }, found: ['a/1', 'a/2', 'a/b/3'], prefixes: [] },
  { name: 'one level', input: { Delimiter: '/' }, found: ['a.txt', 'b', 'ü<&>'], prefixes: ['a/', 'c/'] },
  { name: 'one folder', input: { Delimiter: '/', Prefix: 'a/' }, found: ['a/1', 'a/2'], prefixes: ['a/b/'] },
  { name: 'what follows a key', input: { StartAfter: 'b' }, found: ['c/1', 'ü<&>'], prefixes: [] },
  { name: 'nothing', input: { Prefix: 'zz' }, found: [], prefixes: [] },
])('a listing shows $name', async ({ input, found, prefixes }) => {
  const { client } = await withKeys();
  const page = await client.send(new ListObjectsV2Command({ Bucket, ...input }));
  expect(page.Contents?.map(({ Key }) => Key) ?? []).toEqual(found);
  expect(page.CommonPrefixes?.map(({ Prefix }) => Prefix) ?? []).toEqual(prefixes);
  expect(page).toMatchObject({ IsTruncated: false, KeyCount: found.length + prefixes.length });
});

test.for([undefined, '/'])('pages of two with the delimiter %s join to the whole', async (Delimiter) => {
  const { client } = await withKeys();
  const seen: (string | undefined)[] = [];
  for await (const page of paginateListObjectsV2({ client, pageSize: 2 }, { Bucket, Delimiter })) {
    expect(page.KeyCount).toBeLessThanOrEqual(2);
    seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
    seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
  }
  const whole = Delimiter ? ['a.txt', 'a/', 'b', 'c/', 'ü<&>'] : keys;
  expect(seen.toSorted()).toEqual(whole.toSorted());
});

test('the first version of ListObjects goes on after a marker and names owners', async () => {
  const { client } = await withKeys();
  const pagesOf = async (Delimiter?: string) => {
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    for (let isTruncated = true; isTruncated; ) {
      const page = await client.send(new ListObjectsCommand({ Bucket, MaxKeys: 2, Marker, Delimiter }));
      const last = page.Contents?.at(-1)?.Key;
      seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
      seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
      for (const { Owner } of page.Contents ?? []) expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
      expect(page.NextMarker !== undefined).toBe(Delimiter !== undefined && page.IsTruncated === true);
      Marker = page.NextMarker ?? last;
      isTruncated = page.IsTruncated ?? false;
    }
    return seen.toSorted();
  };
  expect(await pagesOf()).toEqual(keys.toSorted());
  expect(await pagesOf('/')).toEqual(['a.txt', 'a/', 'b', 'c/', 'ü<&>'].toSorted());
  const inside = await client.send(
    new ListObjectsCommand({ Bucket, Prefix: 'a/', Delimiter: '/', Marker: 'a/' }),
  );
  expect(inside.Contents?.map(({ Key }) => Key)).toEqual(['a/1', 'a/2']);
});

test('the account’s buckets are listed', async () => {
  const { client } = await startS3();
  const { Buckets, Owner } = await client.send(new ListBucketsCommand({}));
  expect(Buckets?.map(({ Name }) => Name)).toEqual(['documents', 'scratch']);
  expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  const { Buckets: some } = await client.send(new ListBucketsCommand({ Prefix: 's' }));
  expect(some?.map(({ Name }) => Name)).toEqual(['scratch']);
});

test.for<[string, (client: S3Client) => Promise<unknown>]>([
  ['GetBucketAcl', (client) => client.send(new GetBucketAclCommand({ Bucket }))],
  ['GetBucketCors', (client) => client.send(new GetBucketCorsCommand({ Bucket }))],
  ['GetBucketPolicy', (client) => client.send(new GetBucketPolicyCommand({ Bucket }))],
  ['GetBucketTagging', (client) => client.send(new GetBucketTaggingCommand({ Bucket }))],
  ['CreateBucket', (client) => client.send(new CreateBucketCommand({ Bucket: 'documents' }))],
])('%s is not served, rather than taken for a listing', async ([, send]) => {
  const { client } = await startS3();
  await expect(send(client)).rejects.toMatchObject({
    name: 'NotImplemented',
    $metadata: { httpStatusCode: 501 },
  });
});

test('deleted keys are left out of objects, and shown among versions', async () => {
  const { client, s3 } = await startS3();
  for (const body of ['one', 'two']) await s3.putObject(Bucket, 'k', Buffer.from(body));
  await s3.putObject(Bucket, 'other', Buffer.from('x'));
  await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
  const objects = await client.send(new ListObjectsV2Command({ Bucket }));
  expect(objects.Contents?.map(({ Key }) => Key)).toEqual(['other']);
  const all = await client.send(new ListObjectVersionsCommand({ Bucket }));
  expect(all.DeleteMarkers).toMatchObject([{ Key: 'k', IsLatest: true }]);
  expect(all.Versions).toMatchObject([
    { Key: 'k', Size: 3, IsLatest: false },
    { Key: 'k', Size: 3, IsLatest: false },
    { Key: 'other', IsLatest: true },
  ]);
});

test('versions are paged through the markers', async () => {
  const { client, s3 } = await startS3();
  for (const body of ['1', '2', '3']) await s3.putObject(Bucket, 'k', Buffer.from(body));
  await s3.putObject(Bucket, 'l', Buffer.from('4'));
  const seen: string[] = [];
  let markers: { KeyMarker?: string; VersionIdMarker?: string } = {};
  for (let isTruncated = true; isTruncated; ) {
    const page = await client.send(new ListObjectVersionsCommand({ Bucket, MaxKeys: 2, ...markers }));
    for (const { Key, VersionId } of page.Versions ?? []) seen.push(`${Key} ${VersionId}`);
    markers = {
      ...(page.NextKeyMarker ? { KeyMarker: page.NextKeyMarker } : {}),
      ...(page.NextVersionIdMarker ? { VersionIdMarker: page.NextVersionIdMarker } : {}),
    };
    isTruncated = page.IsTruncated ?? false;
  }
  expect(new Set(seen).size).toBe(4);
});

test('keys are ordered by the bytes of their UTF-8', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (left, right) => {
      const byBytes = Buffer.compare(Buffer.from(left), Buffer.from(right));
      expect(Math.sign(compareKeys(left, right))).toBe(byBytes);
    }),
  );
});
