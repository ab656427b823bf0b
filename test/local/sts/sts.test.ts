import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { App, Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  Effect,
  ManagedPolicy,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../../../local/clock.ts';
import { type Cloud, startCloud } from '../../../local/cloud.ts';

let folder: string;
let cloud: Cloud;
let clock: VirtualClock;

const accountId = '000000000000';
const roleArn = (name: string) => `arn:aws:iam::${accountId}:role/${name}`;

/** A bucket in which each tenant may write below its own name, and roles that trust different ones. */
const build = (outdir: string) => {
  const app = new App({ outdir });
  const stack = new Stack(app, 'Tenants');
  const bucket = new Bucket(stack, 'Files', { bucketName: 'files' });
  const own = new ManagedPolicy(stack, 'Own', {
    statements: [
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects(`in/\${aws:PrincipalTag/tenant}/*`)],
      }),
      new PolicyStatement({
        effect: Effect.DENY,
        actions: ['s3:PutObject'],
        resources: [bucket.arnForObjects('in/*/closed/*')],
      }),
    ],
  });
  const tagged = new AccountRootPrincipal()
    .withConditions({ StringLike: { 'aws:RequestTag/tenant': '?*' } })
    .withSessionTags();
  new Role(stack, 'Tagged', { roleName: 'tagged', assumedBy: tagged, managedPolicies: [own] });
  new Role(stack, 'Untagged', {
    roleName: 'untagged',
    assumedBy: new AccountRootPrincipal(),
    managedPolicies: [own],
  });
  new Role(stack, 'Others', {
    roleName: 'others',
    assumedBy: new ArnPrincipal(`arn:aws:iam::${accountId}:user/somebody-else`),
  });
  new Role(stack, 'Service', {
    roleName: 'service',
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
  });
  app.synth();
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sts-'));
  build(join(folder, 'cdk.out'));
  clock = createVirtualClock(Date.now());
  cloud = await startCloud({
    cdkOut: join(folder, 'cdk.out'),
    stateDir: join(folder, 'state'),
    port: 0,
    clock,
  });
});
afterAll(async () => {
  await cloud.close();
  rmSync(folder, { recursive: true });
});

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

const sts = (credentials: Credentials = cloud.credentials) =>
  new STSClient({ region: cloud.region, endpoint: cloud.endpoints.AWS_ENDPOINT_URL_STS ?? '', credentials });

const assume = async (role: string, tags: Record<string, string> = {}, DurationSeconds = 3600) => {
  const { Credentials: given, AssumedRoleUser: user } = await sts().send(
    new AssumeRoleCommand({
      RoleArn: roleArn(role),
      RoleSessionName: 'a-session',
      DurationSeconds,
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  );
  return {
    user,
    expires: given?.Expiration,
    credentials: {
      accessKeyId: given?.AccessKeyId ?? '',
      secretAccessKey: given?.SecretAccessKey ?? '',
      sessionToken: given?.SessionToken ?? '',
    },
  };
};

const put = (Key: string, credentials: Credentials) =>
  new S3Client({
    region: cloud.region,
    endpoint: cloud.endpoints.AWS_ENDPOINT_URL_S3 ?? '',
    credentials,
    systemClockOffset: clock.now() - Date.now(),
  }).send(new PutObjectCommand({ Bucket: 'files', Key, Body: 'x' }));

test('nothing of it is missing here', () => {
  expect(cloud.notEmulated).toEqual([]);
});

describe('the session of a role', () => {
  test('may do what the role’s policies say for its tags, and nothing for the tags of another', async () => {
    const { credentials } = await assume('tagged', { tenant: 'anna' });
    await put('in/anna/one.txt', credentials);
    expect(readFileSync(join(cloud.bucketFolder('files'), 'in/anna/one.txt'), 'utf8')).toBe('x');
    for (const key of [
      'in/bert/one.txt',
      'in/annabel/one.txt',
      'in/anna',
      'elsewhere.txt',
      'in/anna/closed/one.txt',
    ])
      await expect(put(key, credentials), key).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('stands beside another of the same name with other tags', async () => {
    const anna = await assume('tagged', { tenant: 'anna' });
    const bert = await assume('tagged', { tenant: 'bert' });
    await put('in/anna/two.txt', anna.credentials);
    await put('in/bert/two.txt', bert.credentials);
    await expect(put('in/bert/three.txt', anna.credentials)).rejects.toThrow(
      `User: arn:aws:sts::${accountId}:assumed-role/tagged/a-session is not authorized to perform: s3:PutObject`,
    );
  });

  test('without the tag that a policy fills in may do nothing', async () => {
    const { credentials } = await assume('untagged');
    await expect(put('in//one.txt', credentials)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('knows who it is', async () => {
    const { credentials, user } = await assume('tagged', { tenant: 'anna' });
    const arn = `arn:aws:sts::${accountId}:assumed-role/tagged/a-session`;
    expect(user?.Arn).toBe(arn);
    expect(await sts(credentials).send(new GetCallerIdentityCommand({}))).toMatchObject({
      Arn: arn,
      Account: accountId,
    });
  });

  test('ends at its time', async () => {
    const { credentials, expires } = await assume('tagged', { tenant: 'anna' }, 900);
    expect(expires?.getTime()).toBe(clock.now() + 900_000);
    await put('in/anna/before.txt', credentials);
    await clock.advance(900_000);
    await expect(put('in/anna/after.txt', credentials)).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });
});

describe('a role is not taken on', () => {
  test.for<[string, () => Promise<unknown>, string]>([
    ['without the tag that its trust asks for', () => assume('tagged'), 'sts:AssumeRole'],
    [
      'with tags, where nobody may tag its sessions',
      () => assume('untagged', { tenant: 'anna' }),
      'sts:TagSession',
    ],
    ['by one whom it does not trust', () => assume('others'), 'sts:AssumeRole'],
    ['that only a service may take on', () => assume('service'), 'sts:AssumeRole'],
    ['that is not there', () => assume('nobody'), 'sts:AssumeRole'],
  ])('%s', async ([, attempt, action]) => {
    await expect(attempt()).rejects.toMatchObject({
      name: 'AccessDenied',
      message: expect.stringContaining(`not authorized to perform: ${action}`),
    });
  });

  test('from within a session that has no right to it', async () => {
    const { credentials } = await assume('tagged', { tenant: 'anna' });
    const again = new AssumeRoleCommand({ RoleArn: roleArn('untagged'), RoleSessionName: 'again' });
    await expect(sts(credentials).send(again)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  test('for longer than twelve hours', async () => {
    await expect(assume('tagged', { tenant: 'anna' }, 43_201)).rejects.toMatchObject({
      name: 'ValidationError',
    });
  });

  test.for([
    { Policy: '{"Version":"2012-10-17","Statement":[]}' },
    { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
    { SourceIdentity: 'anna' },
    { TransitiveTagKeys: ['tenant'] },
  ])('with what is not supported, rather than with more rights than on AWS: %o', async (parameters) => {
    const command = new AssumeRoleCommand({
      RoleArn: roleArn('tagged'),
      RoleSessionName: 'a-session',
      Tags: [{ Key: 'tenant', Value: 'anna' }],
      ...parameters,
    });
    const [name = ''] = Object.keys(parameters);
    await expect(sts().send(command)).rejects.toMatchObject({
      name: 'ValidationError',
      message: expect.stringContaining(name),
    });
  });
});
