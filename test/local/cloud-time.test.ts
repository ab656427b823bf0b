import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { createVirtualClock, type VirtualClock } from '../../local/clock.ts';
import { type Cloud, type CloudOptions, startCloud } from '../../local/cloud.ts';
import { synthesizeGuestbook } from './guestbook/app.ts';

const startMs = Date.parse('2027-02-27T12:00:00Z');
const dayMs = 86_400_000;

let folder: string;
let clock: VirtualClock;
let cloud: Cloud | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloud-time-'));
  synthesizeGuestbook(join(folder, 'cdk.out'));
});
afterEach(() => cloud?.close());
afterAll(() => rmSync(folder, { recursive: true }));

const start = async (options: Partial<CloudOptions> = {}): Promise<Cloud> => {
  clock = createVirtualClock(startMs);
  cloud = await startCloud({
    cdkOut: join(folder, 'cdk.out'),
    stateDir: join(folder, 'state'),
    port: 0,
    fresh: true,
    parameters: { Greeting: 'hello' },
    clock,
    ...options,
  });
  return cloud;
};

const output = ({ outputs }: Cloud, key: string) => z.string().parse(outputs[key]);
const clientFor = ({ endpoints, region, credentials }: Cloud, service: string) => ({
  endpoint: endpoints[`AWS_ENDPOINT_URL_${service}`],
  region,
  credentials,
  forcePathStyle: true,
});
const countOf = async (running: Cloud, day: string): Promise<number> => {
  const database = new DynamoDBClient(clientFor(running, 'DYNAMODB'));
  const { Item } = await database.send(
    new GetItemCommand({ TableName: output(running, 'CountsTable'), Key: { day: { S: day } } }),
  );
  return Number(Item?.entries?.N ?? 0);
};
const daysOpen = (running: Cloud) =>
  Promise.all(['27', '28'].map((day) => countOf(running, `open on 2027-02-${day}`)));

test('idle has waited for the stream behind a write, and for the machine and its function behind an upload', async () => {
  const running = await start();
  const [apiUrl = ''] = Object.values(running.apiUrls);
  const signing = { method: 'POST', headers: { authorization: 'Bearer guest-ann' } };
  for (const words of ['one', 'two', 'three']) {
    const body = JSON.stringify({ name: 'ann', words });
    const { status } = await fetch(`${apiUrl}/entries`, { ...signing, body });
    expect(status).toBe(201);
  }
  await running.idle();
  expect(await countOf(running, '2026-03-01')).toBe(3);

  const store = new S3Client(clientFor(running, 'S3'));
  const Bucket = output(running, 'UploadsBucket');
  await store.send(new PutObjectCommand({ Bucket, Key: 'guests/fay.txt', Body: 'Fay' }));
  await running.idle();
  const { Body } = await store.send(new GetObjectCommand({ Bucket, Key: 'answers/fay.txt' }));
  expect(await Body?.transformToString()).toBe('Welcome, Fay');
});

test('what a function is answered is dated by the cloud’s clock', async () => {
  const running = await start();
  await clock.advance(dayMs);
  for (const url of [...Object.values(running.apiUrls), ...Object.values(running.endpoints)]) {
    const { headers } = await fetch(url);
    expect([url, headers.get('date')]).toEqual([url, 'Sun, 28 Feb 2027 12:00:00 GMT']);
  }
});

test('a schedule fires when its time has come', async () => {
  const running = await start();
  await clock.advance(dayMs - 1);
  expect(await daysOpen(running)).toEqual([0, 0]);
  await clock.advance(1);
  await running.idle();
  expect(await daysOpen(running)).toEqual([0, 1]);
});

test('schedules can be left to the test', async () => {
  const running = await start({ schedules: false });
  await running.fireSchedule('Daily');
  await running.idle();
  await clock.advance(30 * dayMs);
  expect(await daysOpen(running)).toEqual([1, 0]);
  await expect(running.fireSchedule('Hourly')).rejects.toThrow(/there are: Guestbook-Daily/);
});

test('a clock outlives its cloud and serves the next one', async () => {
  const first = await start({ schedules: false });
  const kept = clock;
  await first.close();
  await kept.advance(dayMs);
  const second = await start({ clock: kept, fresh: false });
  await kept.advance(dayMs);
  await second.idle();
  expect(await countOf(second, 'open on 2027-03-01')).toBe(1);
});
