import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  paginateListObjectsV2,
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
