import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { createVirtualClock } from '../../../local/clock.ts';
import { startS3, temporaryFolder } from './s3-fixture.ts';

const Bucket = 'documents';
const refuse = () => Promise.reject(new Error('not now'));

/** What a kill -9 at this moment would leave on disk. */
const crashCopy = async (stateDir: string) => {
  const copy = await temporaryFolder();
  await cp(stateDir, copy, { recursive: true });
  return copy;
};

describe('an event', () => {
  test('tells of a stored object as EventBridge does', async () => {
    const { client, events } = await startS3();
    const { ETag, VersionId } = await client.send(
      new PutObjectCommand({ Bucket, Key: 'inbox/a b+c.csv', Body: 'abc' }),
    );
    await expect
      .poll(() => events)
      .toEqual([
        {
          detailType: 'Object Created',
          resources: ['arn:aws:s3:::documents'],
          detail: {
            version: '0',
            bucket: { name: Bucket },
            object: {
              key: 'inbox/a b+c.csv',
              size: 3,
              etag: ETag?.replaceAll('"', ''),
              'version-id': VersionId,
              sequencer: expect.stringMatching(/^[0-9A-F]{18}$/),
            },
            'request-id': expect.any(String),
            requester: '000000000000',
            'source-ip-address': '127.0.0.1',
            reason: 'PutObject',
          },
        },
      ]);
  });

  test('tells of a deletion, by marker or for good', async () => {
    const { client, events } = await startS3();
    const { VersionId } = await client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'abc' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k' }));
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'k', VersionId }));
    await expect
      .poll(() => events)
      .toMatchObject([
        { detailType: 'Object Created' },
        { detailType: 'Object Deleted', detail: { 'deletion-type': 'Delete Marker Created' } },
        {
          detailType: 'Object Deleted',
          detail: { 'deletion-type': 'Permanently Deleted', object: { 'version-id': VersionId } },
        },
      ]);
  });

  test('has a greater sequencer than the one before, also while the clock stands still', async () => {
    const sequencers: unknown[] = [];
    const clock = createVirtualClock(Date.now());
    const onEvent = async (_: string, detail: unknown) => {
      sequencers.push(detail);
    };
    const { s3 } = await startS3({ clock, onEvent });
    for (const body of ['1', '2', '3']) await s3.putObject(Bucket, 'k', Buffer.from(body));
    await expect.poll(() => sequencers).toHaveLength(3);
    const texts = sequencers.map((detail) => JSON.stringify(detail).replace(/.*"sequencer":"(\w+)".*/, '$1'));
    expect(texts).toEqual(texts.toSorted());
    expect(new Set(texts).size).toBe(3);
  });

  test('has sequencers in the order in which the versions of its key came to be, however many write at once', async () => {
    const { client, events } = await startS3();
    const puts = Array.from({ length: 20 }, (_, index) =>
      client.send(new PutObjectCommand({ Bucket, Key: 'k', Body: `${index}` })),
    );
    await Promise.all(puts);
    await expect.poll(() => events).toHaveLength(20);
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket }));
    const objectSchema = z.object({ object: z.object({ 'version-id': z.string(), sequencer: z.string() }) });
    const told = events.map(({ detail }) => objectSchema.parse(detail).object);
    const bySequencer = told
      .toSorted((a, b) => (a.sequencer < b.sequencer ? -1 : 1))
      .map((o) => o['version-id']);
    expect(bySequencer).toEqual(Versions.map(({ VersionId }) => VersionId).toReversed());
  });

  test('is not raised by a bucket without EventBridge', async () => {
    const { s3, events } = await startS3();
    await s3.putObject('scratch', 'k', Buffer.from('x'));
    await s3.putObject(Bucket, 'k', Buffer.from('x'));
    await expect.poll(() => events).toHaveLength(1);
    expect(events).toMatchObject([{ resources: ['arn:aws:s3:::documents'] }]);
  });

  test('is offered again when its receiver refused it', async () => {
    const clock = createVirtualClock(Date.now());
    let attempts = 0;
    const onEvent = async () => {
      attempts += 1;
      if (attempts < 3) throw new Error('not now');
    };
    const { s3 } = await startS3({ clock, onEvent });
    await s3.putObject(Bucket, 'k', Buffer.from('x'));
    await expect.poll(() => attempts).toBe(1);
    await clock.advance(500);
    await expect.poll(() => attempts).toBe(2);
    await clock.advance(1_000);
    await expect.poll(() => attempts).toBe(3);
    await clock.advance(3_600_000);
    expect(attempts).toBe(3);
  });
});

describe('after a crash', () => {
  test('the events of acknowledged writes come, and come once more only if they were not taken', async () => {
    const crashing = await startS3({ onEvent: refuse });
    for (const key of ['a', 'b']) await crashing.s3.putObject(Bucket, key, Buffer.from(key));
    const restarted = await startS3({ stateDir: await crashCopy(crashing.stateDir) });
    await expect
      .poll(() => restarted.events)
      .toMatchObject([{ detail: { object: { key: 'a' } } }, { detail: { object: { key: 'b' } } }]);
    await restarted.stop();
    const again = await startS3({ stateDir: restarted.stateDir });
    await again.s3.putObject(Bucket, 'c', Buffer.from('c'));
    await expect.poll(() => again.events).toMatchObject([{ detail: { object: { key: 'c' } } }]);
  });

  test('objects, versions and the plain files are there, and half-written bodies are gone', async () => {
    const crashing = await startS3({ onEvent: refuse });
    const { versionId } = await crashing.s3.putObject(Bucket, 'dir/k', Buffer.from('one'));
    await crashing.s3.putObject(Bucket, 'dir/k', Buffer.from('two'));
    const stateDir = await crashCopy(crashing.stateDir);
    const dataFolder = join(stateDir, 's3', Bucket, 'data');
    await cp(join(dataFolder, (await readdir(dataFolder))[0] ?? ''), join(dataFolder, 'half-written'));
    const { client, s3 } = await startS3({ stateDir });
    const read = async (VersionId?: string) => {
      const got = await client.send(new GetObjectCommand({ Bucket, Key: 'dir/k', VersionId }));
      return got.Body?.transformToString();
    };
    expect([await read(), await read(versionId)]).toEqual(['two', 'one']);
    expect(await readdir(join(s3.objectFolder(Bucket), 'dir'))).toEqual(['k']);
    expect(await readdir(dataFolder)).toHaveLength(2);
    await expect(client.send(new HeadObjectCommand({ Bucket, Key: 'other' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
  });
});
