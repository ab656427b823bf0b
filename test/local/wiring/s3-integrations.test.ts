import { expect, test } from 'vitest';
import type { JsonValue } from '../../../local/json.ts';
import { TaskError } from '../../../local/states/integration.ts';
import { createS3Integrations } from '../../../local/wiring/s3-integrations.ts';
import { credentials, startS3 } from '../s3/s3-fixture.ts';

const context = { executionArn: 'arn:execution', stateName: 'Read', caller: 'arn:role' };

const startCalling = async () => {
  const { url } = await startS3();
  const callers: string[] = [];
  const integrations = createS3Integrations({
    url: () => url,
    region: 'us-east-1',
    callerOf: ({ caller }) => caller,
    keyOf: (caller) => {
      callers.push(caller);
      return credentials;
    },
  });
  const call = (action: string, args: JsonValue): Promise<JsonValue> => {
    const integration = integrations[`arn:aws:states:::aws-sdk:s3:${action}`];
    if (integration === undefined) throw new Error(`There is no integration ${action}.`);
    return integration(args, context);
  };
  return { call, callers };
};

test('what a state machine puts it can list and get, as the caller it is', async () => {
  const { call, callers } = await startCalling();
  const place = { Bucket: 'documents', Key: 'runs/1.json' };
  const put = await call('putObject', { ...place, Body: { lines: 2 }, ContentType: 'application/json' });
  expect(put).toMatchObject({ ETag: expect.stringMatching(/^"[0-9a-f]{32}"$/) });
  expect(await call('getObject', place)).toMatchObject({
    Body: '{"lines":2}',
    ContentLength: 11,
    ContentType: 'application/json',
    LastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  });
  expect(await call('listObjectsV2', { Bucket: 'documents', Prefix: 'runs/' })).toMatchObject({
    Contents: [{ Key: 'runs/1.json', Size: 11 }],
    KeyCount: 1,
  });
  expect(callers).toEqual(['arn:role']);
});

test.for<{ args: JsonValue; error: string }>([
  { args: { Bucket: 'documents', Key: 'none' }, error: 'S3.NoSuchKeyException' },
  { args: { Bucket: 'nowhere', Key: 'none' }, error: 'S3.NoSuchBucketException' },
  { args: { Bucket: 'documents', Key: 'none', VersionId: 'none' }, error: 'S3.S3Exception' },
  { args: { Bucket: 'documents' }, error: 'States.Runtime' },
])('what S3 refuses is a failed task, named $error', async ({ args, error }) => {
  const { call } = await startCalling();
  const failure = await call('getObject', args).catch((reason: unknown) => reason);
  expect(failure).toBeInstanceOf(TaskError);
  expect(failure).toMatchObject({ error });
});

test('the cause tells of the answer as Step Functions does', async () => {
  const { call } = await startCalling();
  await expect(call('getObject', { Bucket: 'documents', Key: 'none' })).rejects.toMatchObject({
    cause: expect.stringMatching(
      /^The specified key does not exist\. \(Service: S3, Status Code: 404, Request ID: \S+, Extended Request ID: \S+\)$/,
    ),
  });
});
