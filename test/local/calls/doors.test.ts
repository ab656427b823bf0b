import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APIGatewayClient, CreateApiKeyCommand, GetUsagePlansCommand } from '@aws-sdk/client-api-gateway';
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { SESClient, SendEmailCommand } from '@aws-sdk/client-ses';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { synthesizeGuestbook } from '../guestbook/app.ts';
import { aGuestbookCloud, type GuestbookCloud } from './a-guestbook-cloud.ts';
import { type Access, type Answered, sendSigned } from './signed-request.ts';

let folder: string;
let guestbook: GuestbookCloud;
let cloud: GuestbookCloud['cloud'];
let port: GuestbookCloud['port'];
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'doors-'));
  synthesizeGuestbook(folder);
  guestbook = await aGuestbookCloud(folder);
  ({ cloud, port } = guestbook);
});
afterAll(async () => {
  await guestbook.close();
  rmSync(folder, { recursive: true });
});
afterEach(() => port.disarm());

const endpoint = (service: string) => z.string().parse(cloud.endpoints[`AWS_ENDPOINT_URL_${service}`]);
const output = (key: string) => z.string().parse(cloud.outputs[key]);
const operator = (): Access => ({ credentials: cloud.credentials, clockOffsetMs: 0 });

const clientFor = (service: string, { credentials, clockOffsetMs }: Access) => ({
  endpoint: endpoint(service),
  region: cloud.region,
  credentials,
  systemClockOffset: clockOffsetMs,
  maxAttempts: 1,
  forcePathStyle: true,
});
const errorSchema = z.object({
  name: z.string(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
});
const answered = (call: Promise<{ $metadata: { httpStatusCode?: number | undefined } }>): Promise<Answered> =>
  call.then(
    ({ $metadata }) => ({ status: $metadata.httpStatusCode ?? 0, code: undefined }),
    (error: unknown) => {
      const { name, $metadata } = errorSchema.parse(error);
      return { status: $metadata?.httpStatusCode ?? 0, code: name };
    },
  );

type Door = {
  action: string;
  call: (access: Access) => Promise<Answered>;
  /** Status of a refused signature, and its codes. */
  refused: number;
  unknownKey: string;
  wrongSecret: string;
  wrongTime: string;
  throttled: Answered;
  failed: Answered;
};

const jsonRefusals = {
  refused: 400,
  unknownKey: 'UnrecognizedClientException',
  wrongSecret: 'InvalidSignatureException',
  wrongTime: 'InvalidSignatureException',
};

const doors: Record<string, Door> = {
  apigateway: {
    ...jsonRefusals,
    action: 'GetUsagePlans',
    call: (access) =>
      answered(new APIGatewayClient(clientFor('API_GATEWAY', access)).send(new GetUsagePlansCommand())),
    refused: 403,
    throttled: { status: 429, code: 'TooManyRequestsException' },
    failed: { status: 503, code: 'ServiceUnavailableException' },
  },
  dynamodb: {
    ...jsonRefusals,
    action: 'PutItem',
    call: (access) => {
      const Item = { id: { S: 'a' }, day: { S: 'today' } };
      const command = new PutItemCommand({ TableName: output('EntriesTable'), Item });
      return answered(new DynamoDBClient(clientFor('DYNAMODB', access)).send(command));
    },
    throttled: { status: 400, code: 'ThrottlingException' },
    failed: { status: 500, code: 'InternalServerError' },
  },
  events: {
    ...jsonRefusals,
    action: 'PutEvents',
    call: (access) =>
      sendSigned(endpoint('EVENTBRIDGE'), 'events', access, {
        headers: { 'x-amz-target': 'AWSEvents.PutEvents', 'content-type': 'application/x-amz-json-1.1' },
        body: JSON.stringify({ Entries: [{ Source: 'test', DetailType: 'test', Detail: '{}' }] }),
      }),
    throttled: { status: 400, code: 'ThrottlingException' },
    failed: { status: 500, code: 'InternalException' },
  },
  lambda: {
    ...jsonRefusals,
    action: 'Invoke @Desk',
    call: (access) =>
      sendSigned(endpoint('LAMBDA'), 'lambda', access, {
        path: guestbook.named('/2015-03-31/functions/@Desk/invocations'),
        headers: { 'x-amz-invocation-type': 'DryRun' },
      }),
    refused: 403,
    throttled: { status: 429, code: 'TooManyRequestsException' },
    failed: { status: 500, code: 'ServiceException' },
  },
  s3: {
    action: 'PutObject',
    call: (access) => {
      const command = new PutObjectCommand({ Bucket: output('UploadsBucket'), Key: 'a', Body: 'b' });
      return answered(new S3Client(clientFor('S3', access)).send(command));
    },
    refused: 403,
    unknownKey: 'InvalidAccessKeyId',
    wrongSecret: 'SignatureDoesNotMatch',
    wrongTime: 'RequestTimeTooSkewed',
    throttled: { status: 503, code: 'SlowDown' },
    failed: { status: 500, code: 'InternalError' },
  },
  ses: {
    action: 'SendEmail',
    call: (access) => {
      const command = new SendEmailCommand({
        Source: 'a@example.com',
        Destination: { ToAddresses: ['b@example.com'] },
        Message: { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } },
      });
      return answered(new SESClient(clientFor('SES', access)).send(command));
    },
    refused: 403,
    unknownKey: 'InvalidClientTokenId',
    wrongSecret: 'SignatureDoesNotMatch',
    wrongTime: 'SignatureDoesNotMatch',
    throttled: { status: 400, code: 'Throttling' },
    failed: { status: 500, code: 'InternalFailure' },
  },
  sqs: {
    ...jsonRefusals,
    action: 'ListQueues',
    call: (access) =>
      sendSigned(endpoint('SQS'), 'sqs', access, { headers: { 'x-amz-target': 'AmazonSQS.ListQueues' } }),
    throttled: { status: 403, code: 'RequestThrottled' },
    failed: { status: 500, code: 'InternalFailure' },
  },
  states: {
    ...jsonRefusals,
    action: 'StartExecution',
    call: (access) => {
      const command = new StartExecutionCommand({ stateMachineArn: output('WelcomeMachine') });
      return answered(new SFNClient(clientFor('SFN', access)).send(command));
    },
    throttled: { status: 400, code: 'ThrottlingException' },
    failed: { status: 500, code: 'InternalFailure' },
  },
};

describe.for(Object.entries(doors))('the door of %s', ([service, door]) => {
  const refusedAs = (code: string) => ({ status: door.refused, code });

  test('lets the operator in', async () => {
    const { status, code } = await door.call(operator());
    expect([Math.floor(status / 100), code]).toEqual([2, undefined]);
  });

  test('refuses a key that nobody has', async () => {
    const credentials = { ...cloud.credentials, accessKeyId: 'AKIASTRANGER' };
    expect(await door.call({ ...operator(), credentials })).toEqual(refusedAs(door.unknownKey));
  });

  test('refuses a signature made with another secret', async () => {
    const credentials = { ...cloud.credentials, secretAccessKey: 'guessed' };
    expect(await door.call({ ...operator(), credentials })).toEqual(refusedAs(door.wrongSecret));
  });

  test.for([-16 * 60_000, 16 * 60_000])('refuses a clock that is off by %i ms', async (clockOffsetMs) => {
    expect(await door.call({ ...operator(), clockOffsetMs })).toEqual(refusedAs(door.wrongTime));
  });

  test('throttles and fails in the words of its service', async () => {
    const site = guestbook.named(`operator ${service}:${door.action}`);
    port.arm({ site, kind: 'throttle', nth: 1 });
    port.arm({ site, kind: 'error-before', nth: 2 });
    expect(await door.call(operator())).toEqual(door.throttled);
    expect(await door.call(operator())).toEqual(door.failed);
  });
});

test('a client whose clock is wrong sets it by the answer', async () => {
  const access = { ...operator(), clockOffsetMs: -3_600_000 };
  const client = new SFNClient({ ...clientFor('SFN', access), maxAttempts: 2 });
  const { executionArn } = await client.send(
    new StartExecutionCommand({ stateMachineArn: output('WelcomeMachine') }),
  );
  expect(executionArn).toContain('execution');
});

test('what API Gateway is asked for has the names of its API', async () => {
  const client = new APIGatewayClient(clientFor('API_GATEWAY', operator()));
  await client.send(new CreateApiKeyCommand({ name: 'k' }));
  expect(port.trace().map(({ site }) => site)).toContain('operator apigateway:CreateApiKey');
});

test('a conditional put can meet a conflict, and its client can try again', async () => {
  port.arm({ site: 'operator s3:PutObject', kind: 'conflict', nth: 1 });
  const object = { Bucket: output('UploadsBucket'), Key: 'once', Body: 'b', IfNoneMatch: '*' };
  const client = new S3Client(clientFor('S3', operator()));
  const put = () => answered(client.send(new PutObjectCommand(object)));
  expect(await put()).toEqual({ status: 409, code: 'ConditionalRequestConflict' });
  expect(await put()).toEqual({ status: 200, code: undefined });
});
