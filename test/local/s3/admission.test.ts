import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from 'vitest';
import { createActivity } from '../../../local/calls/activity.ts';
import { createFaultPort } from '../../../local/calls/fault-port.ts';
import { createGate } from '../../../local/calls/gate.ts';
import { systemClock } from '../../../local/clock.ts';
import { AccessDenied } from '../../../local/iam/access.ts';
import { createAdmission } from '../../../local/s3/admission.ts';
import { startS3 } from './s3-fixture.ts';

const clerk = 'arn:aws:lambda:us-east-1:000000000000:function:clerk';

/** S3 whose one caller may do what the patterns say: `s3:GetObject documents/in/*`. */
const s3For = async (...grants: string[]) => {
  const port = createFaultPort();
  const authorizer: Parameters<typeof createGate>[0]['authorizer'] = {
    authorize(caller, needs) {
      const isGranted = (asked: string) =>
        grants.some(
          (grant) => asked === grant || (grant.endsWith('*') && asked.startsWith(grant.slice(0, -1))),
        );
      const denied = needs.find(
        ({ action, resource }) => !isGranted(`${action} ${resource.replace('arn:aws:s3:::', '')}`),
      );
      if (denied) throw new AccessDenied(caller, denied, { isExplicit: false, policyType: 'identity-based' });
    },
  };
  const surroundings = { activity: createActivity(), clock: systemClock, log: () => {} };
  const gate = createGate({ calls: port, authorizer, ...surroundings });
  const { client, s3 } = await startS3({ admit: createAdmission({ gate, callerOf: () => clerk }) });
  await s3.putObject('documents', 'in/a', Buffer.from('a'));
  await s3.putObject('documents', 'out/b', Buffer.from('b'));
  return { client, port };
};

const documents = (Key: string) => ({ Bucket: 'documents', Key });
const failureOf = (call: Promise<unknown>) =>
  call.then(
    () => undefined,
    (error: Error) => error,
  );

test('each call is decided on its key', async () => {
  const { client, port } = await s3For('s3:GetObject documents/in/*');
  const { Body } = await client.send(new GetObjectCommand(documents('in/a')));
  expect(await Body?.transformToString()).toBe('a');
  expect(await failureOf(client.send(new GetObjectCommand(documents('out/b'))))).toMatchObject({
    name: 'AccessDenied',
    message: expect.stringMatching(
      /is not authorized to perform: s3:GetObject on resource: "arn:aws:s3:::documents\/out\/b"/,
    ),
    $metadata: { httpStatusCode: 403 },
  });
  expect(await failureOf(client.send(new ListBucketsCommand()))).toMatchObject({ name: 'AccessDenied' });
  expect(port.trace().map(({ site, count }) => [site, count])).toEqual([
    ['clerk s3:GetObject', 2],
    ['clerk s3:ListBuckets', 1],
  ]);
});

test.for([
  { grants: ['s3:GetObject documents/*'], status: 403 },
  { grants: ['s3:GetObject documents/*', 's3:ListBucket documents'], status: 404 },
])('with $grants a missing key is answered $status', async ({ grants, status }) => {
  const { client } = await s3For(...grants);
  for (const command of [GetObjectCommand, HeadObjectCommand]) {
    const failure = await failureOf(client.send(new command(documents('in/gone'))));
    expect(failure).toMatchObject({ $metadata: { httpStatusCode: status } });
  }
});

test('of the keys to be deleted, only those are that may be', async () => {
  const { client } = await s3For('s3:DeleteObject documents/in/*');
  const Objects = [{ Key: 'in/a' }, { Key: 'out/b' }];
  const { Deleted, Errors } = await client.send(
    new DeleteObjectsCommand({ Bucket: 'documents', Delete: { Objects } }),
  );
  expect(Deleted).toMatchObject([{ Key: 'in/a' }]);
  expect(Errors).toMatchObject([{ Key: 'out/b', Code: 'AccessDenied' }]);
});

test('a copy takes the right to read its source', async () => {
  const { client } = await s3For('s3:PutObject documents/*', 's3:GetObject documents/in/*');
  const copyOf = (source: string) =>
    client.send(new CopyObjectCommand({ ...documents('copy'), CopySource: `documents/${source}` }));
  expect((await copyOf('in/a')).CopyObjectResult?.ETag).toBeDefined();
  expect(await failureOf(copyOf('out/b'))).toMatchObject({ name: 'AccessDenied' });
});

test('a presigned link and a form can do no more than who has signed them', async () => {
  const { client, port } = await s3For('s3:PutObject documents/in/*');
  const statuses = await Promise.all(
    ['in/c', 'out/c'].map(async (key) => {
      const link = await getSignedUrl(client, new PutObjectCommand({ ...documents(key), Body: 'c' }), {
        expiresIn: 60,
      });
      const { url, fields } = await createPresignedPost(client, documents(key));
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      form.append('file', 'c');
      const answers = [
        await fetch(link, { method: 'PUT', body: 'c' }),
        await fetch(url, { method: 'POST', body: form }),
      ];
      return answers.map(({ status }) => status);
    }),
  );
  expect(statuses).toEqual([
    [200, 204],
    [403, 403],
  ]);
  expect(new Set(port.trace().map(({ site }) => site))).toEqual(
    new Set(['clerk s3:PutObject', 'clerk s3:PostObject']),
  );
});
