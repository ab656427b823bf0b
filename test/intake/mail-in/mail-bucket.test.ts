import {
  GetObjectCommand,
  GetObjectTaggingCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { mailBucket, maxHeadBytes, maxMailBytes } from '../../../functions/intake/mail-in/mail-bucket.ts';
import { startS3 } from '../../local/s3/s3-fixture.ts';

const bucket = 'documents';
const key = 'mail/abc';

const arrived = async (Body: string | Buffer) => {
  const { client } = await startS3();
  const { VersionId: versionId = '' } = await client.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body }),
  );
  return { client, mails: mailBucket(client), mail: { bucket, key, versionId } };
};

test('a mail is read whole, in the version that the event tells of', async () => {
  const { client, mails, mail } = await arrived('first');
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: 'second' }));
  expect(await mails.read(mail)).toEqual({ sizeBytes: 5, bytes: Buffer.from('first') });
});

test('of a mail that is too large only the beginning is read', async () => {
  const { mails, mail } = await arrived(Buffer.alloc(maxMailBytes + 1, 'x'));
  const read = await mails.read(mail);
  expect([read?.sizeBytes, read?.bytes.length]).toEqual([maxMailBytes + 1, maxHeadBytes]);
});

test('a mail that was removed is not there', async () => {
  const { mails, mail } = await arrived('x');
  expect(await mails.read({ ...mail, key: 'mail/other' })).toBeUndefined();
});

test('a file is handed in once, with what it came by', async () => {
  const { client, mails } = await arrived('x');
  const inboxKey = 'inbox/example-mall/mail/abc/订单 (2).xlsx';
  for (const text of ['one', 'two'])
    await mails.handIn(
      bucket,
      inboxKey,
      { name: '订单 (2).xlsx', bytes: Buffer.from(text) },
      { 'mail-key': key },
    );
  const { Versions = [] } = await client.send(
    new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'inbox/' }),
  );
  expect(Versions).toHaveLength(1);
  const { Body, Metadata, ContentType } = await client.send(
    new GetObjectCommand({ Bucket: bucket, Key: inboxKey }),
  );
  expect(await Body?.transformToString()).toBe('one');
  expect([Metadata, ContentType]).toEqual([
    { 'mail-key': key },
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ]);
});

test('a refused mail carries the mark by which the bucket forgets it', async () => {
  const { client, mails, mail } = await arrived('x');
  await mails.markRefused(mail);
  const { TagSet } = await client.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: key }));
  expect(TagSet).toEqual([{ Key: 'outcome', Value: 'refused' }]);
});
