import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { type Cloud, type CloudOptions, startCloud } from '../../local/cloud.ts';
import { synthesizeGuestbook } from './guestbook/app.ts';

let folder: string;
let cloud: Cloud;

const start = (changes: Partial<CloudOptions> = {}): Promise<Cloud> =>
  startCloud({
    cdkOut: join(folder, 'cdk.out'),
    stateDir: join(folder, 'state'),
    port: 0,
    parameters: { Greeting: 'hello' },
    watch: [{ folder: join(folder, 'drop'), bucketLogicalIdPrefix: 'Uploads', keyPrefix: 'guests/' }],
    ...changes,
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  synthesizeGuestbook(join(folder, 'cdk.out'));
  cloud = await start();
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

const apiUrl = () => z.string().parse(Object.values(cloud.apiUrls)[0]);
const output = (key: string) => z.string().parse(cloud.outputs[key]);
const clientFor = (service: string) => ({
  endpoint: cloud.endpoints[`AWS_ENDPOINT_URL_${service}`],
  region: cloud.region,
  credentials: cloud.credentials,
  forcePathStyle: true,
});

const signAs = (name: string, words: string) =>
  fetch(`${apiUrl()}/entries`, {
    method: 'POST',
    headers: { authorization: `Bearer guest-${name}` },
    body: JSON.stringify({ name, words }),
  });
const signed = async (name: string, words: string): Promise<string> => {
  const response = await signAs(name, words);
  expect(response.status).toBe(201);
  return z.object({ id: z.string() }).parse(await response.json()).id;
};
const entriesOn = async (day: string): Promise<number> => {
  const database = new DynamoDBClient(clientFor('DYNAMODB'));
  const { Item } = await database.send(
    new GetItemCommand({ TableName: output('CountsTable'), Key: { day: { S: day } } }),
  );
  return Number(Item?.entries?.N ?? 0);
};

test('everything the guestbook declares is emulated', () => {
  expect(cloud.notEmulated).toEqual([]);
});

test('a guest signs and reads through the API, with and without the name of the stage', async () => {
  const id = await signed('ann', 'lovely');
  for (const prefix of ['', '/live']) {
    const response = await fetch(`${apiUrl()}${prefix}/entries/${id}`);
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ words: 'lovely' });
  }
});

test('the authorizer, a missing route and a crashing function answer as on AWS', async () => {
  const stranger = await fetch(`${apiUrl()}/entries`, {
    method: 'POST',
    headers: { authorization: 'x' },
    body: '{}',
  });
  expect(stranger.status).toBe(401);
  expect((await fetch(`${apiUrl()}/nothing`)).status).toBe(403);
  const crash = await signAs('ann', 'crash');
  expect(crash.status).toBe(502);
  expect(await crash.json()).toEqual({ message: 'Internal server error' });
});

test('the stream counts entries, also those signed while it was busy', async () => {
  const before = await entriesOn('2026-03-01');
  await Promise.all(['bo', 'cy', 'di'].map((name) => signed(name, 'hi')));
  await expect.poll(() => entriesOn('2026-03-01'), { timeout: 20_000 }).toBeGreaterThanOrEqual(before + 3);
});

test('the mail that a function sends is kept, with local links in it', async () => {
  const id = await signed('eve', 'thanks');
  const mails = readdirSync(cloud.mailDir).map((name) => readFileSync(join(cloud.mailDir, name), 'utf8'));
  const link = `${apiUrl()}/live/entries/${id}`;
  expect(mails.some((mail) => mail.replaceAll('=\r\n', '').includes(link))).toBe(true);
  expect((await fetch(link)).status).toBe(200);
});

test('an uploaded file starts the state machine, whose function answers into the bucket', async () => {
  const store = new S3Client(clientFor('S3'));
  const states = new SFNClient(clientFor('SFN'));
  const Bucket = output('UploadsBucket');
  await store.send(new PutObjectCommand({ Bucket, Key: 'guests/fay.txt', Body: 'Fay' }));
  const answer = () =>
    store
      .send(new GetObjectCommand({ Bucket, Key: 'answers/fay.txt' }))
      .then(({ Body }) => Body?.transformToString());
  await expect.poll(answer, { timeout: 20_000 }).toBe('Welcome, Fay');
  const stateMachineArn = output('WelcomeMachine');
  const done = () => states.send(new ListExecutionsCommand({ stateMachineArn, statusFilter: 'SUCCEEDED' }));
  await expect.poll(async () => (await done()).executions?.length, { timeout: 20_000 }).toBe(1);
  const executionArn = (await done()).executions?.[0]?.executionArn;
  const { input, output: result } = await states.send(new DescribeExecutionCommand({ executionArn }));
  expect([input, result].map((text) => JSON.parse(text ?? ''))).toEqual([
    { key: 'guests/fay.txt' },
    { answer: 'answers/fay.txt' },
  ]);
});

test('a file copied into the watched folder is an upload too', async () => {
  writeFileSync(join(folder, 'drop', 'gil.txt'), 'Gil');
  const store = new S3Client(clientFor('S3'));
  const read = () =>
    store
      .send(new GetObjectCommand({ Bucket: output('UploadsBucket'), Key: 'answers/gil.txt' }))
      .then(({ Body }) => Body?.transformToString());
  await expect.poll(read, { timeout: 20_000 }).toBe('Welcome, Gil');
});

test('staff come in with the token of their group', async () => {
  const token = cloud.userPools[output('StaffPool')]?.tokens.owners;
  const response = await fetch(`${apiUrl()}/desk`, { headers: { authorization: `Bearer ${token}` } });
  expect(response.status).toBe(200);
  expect(await response.json()).toEqual({ groups: 'owners' });
  expect((await fetch(`${apiUrl()}/desk`, { headers: { authorization: 'Bearer x' } })).status).toBe(401);
});

test('a second cloud over the same folder is refused', async () => {
  await expect(start()).rejects.toThrow(/Another local cloud/);
});

test('a missing parameter is named, and nothing is left running', async () => {
  const stateDir = join(folder, 'other-state');
  await expect(start({ stateDir, parameters: {} })).rejects.toThrow(/Parameter Greeting/);
  const other = await start({ stateDir });
  await other.close();
});

test('what was acknowledged is there after a restart, and gone after a fresh start', async () => {
  const id = await signed('hal', 'stays');
  await cloud.close();
  cloud = await start();
  expect((await fetch(`${apiUrl()}/entries/${id}`)).status).toBe(200);
  const database = new DynamoDBClient(clientFor('DYNAMODB'));
  const query = new QueryCommand({
    TableName: output('EntriesTable'),
    IndexName: 'byDay',
    KeyConditionExpression: '#day = :day',
    ExpressionAttributeNames: { '#day': 'day' },
    ExpressionAttributeValues: { ':day': { S: '2026-03-01' } },
  });
  expect((await database.send(query)).Items?.map(({ words }) => words?.S)).toContain('stays');
  await cloud.close();
  cloud = await start({ fresh: true });
  expect((await fetch(`${apiUrl()}/entries/${id}`)).status).toBe(404);
});
