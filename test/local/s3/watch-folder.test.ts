import { appendFile, mkdir, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { type RunningS3, startS3, temporaryFolder } from './s3-fixture.ts';

const Bucket = 'documents';

const listKeys = async ({ client }: RunningS3) => {
  const page = await client.send(new ListObjectsV2Command({ Bucket }));
  return page.Contents?.map(({ Key }) => Key) ?? [];
};

const watch = async (folder: string, stateDir?: string) => {
  const running = await startS3(stateDir === undefined ? {} : { stateDir });
  await running.s3.watchFolder(folder, Bucket, 'inbox/');
  return running;
};

test('a file copied into a watched folder becomes an object with its event', async () => {
  const folder = await temporaryFolder();
  const running = await watch(folder);
  await mkdir(join(folder, 'acme'));
  await writeFile(join(folder, 'acme', '订单 1.csv'), 'order,sku\n');
  const key = 'inbox/acme/订单 1.csv';
  await expect
    .poll(() => running.events)
    .toMatchObject([
      { detailType: 'Object Created', detail: { reason: 'PutObject', object: { key, size: 10 } } },
    ]);
  const got = await running.client.send(new GetObjectCommand({ Bucket, Key: key }));
  expect(await got.Body?.transformToString()).toBe('order,sku\n');
});

test('hidden, temporary and linked files are left alone', async () => {
  const folder = await temporaryFolder();
  const outside = join(await temporaryFolder(), 'outside.csv');
  await writeFile(outside, 'secret');
  for (const name of ['.hidden', '~$orders.xlsx', 'orders.csv.part', 'a.tmp', 'b.crdownload', 'c.csv~']) {
    await writeFile(join(folder, name), 'x');
  }
  await symlink(outside, join(folder, 'link.csv'));
  const running = await watch(folder);
  await writeFile(join(folder, 'orders.csv'), 'x');
  await expect.poll(() => listKeys(running)).toEqual(['inbox/orders.csv']);
});

test('a file is taken once its name is final', async () => {
  const folder = await temporaryFolder();
  const running = await watch(folder);
  await writeFile(join(folder, 'orders.csv.part'), 'order,sku\n');
  await rename(join(folder, 'orders.csv.part'), join(folder, 'orders.csv'));
  await expect.poll(() => listKeys(running)).toEqual(['inbox/orders.csv']);
});

test('the same file is not taken again after a restart, a changed one is', async () => {
  const folder = await temporaryFolder();
  const file = join(folder, 'orders.csv');
  await writeFile(file, 'one');
  const first = await watch(folder);
  await expect.poll(() => first.events).toHaveLength(1);
  await first.stop();

  const second = await watch(folder, first.stateDir);
  await writeFile(join(folder, 'other.csv'), 'x');
  await expect.poll(() => second.events).toMatchObject([{ detail: { object: { key: 'inbox/other.csv' } } }]);
  await appendFile(file, ' more');
  await utimes(file, new Date(), new Date(Date.now() + 5_000));
  await expect
    .poll(() => second.events.at(1))
    .toMatchObject({
      detail: { object: { key: 'inbox/orders.csv', size: 8 } },
    });
});

test('a file that cannot be an object is told of once, and the others go on', async () => {
  const folder = await temporaryFolder();
  const errors: unknown[] = [];
  const running = await startS3({ onError: (error) => errors.push(error) });
  await running.s3.watchFolder(folder, Bucket, `${'long/'.repeat(204)}`);
  await writeFile(join(folder, 'too-long.csv'), 'x');
  await writeFile(join(folder, 'a'), 'x');
  await expect.poll(() => running.events).toHaveLength(1);
  await writeFile(join(folder, 'b'), 'x');
  await expect.poll(() => running.events).toHaveLength(2);
  expect(errors.map(String)).toEqual([expect.stringContaining('too-long.csv cannot be taken')]);
});
