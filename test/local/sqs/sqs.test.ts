import { createHash } from 'node:crypto';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { createVirtualClock } from '../../../local/clock.ts';
import { awsJsonHandler } from '../../../local/http/aws-json.ts';
import { serve } from '../../../local/http/serve.ts';
import type { JsonValue } from '../../../local/json.ts';
import { createSqs } from '../../../local/sqs/sqs.ts';

const QueueUrl = 'http://127.0.0.1/000000000000/dead-letters';
const arn = 'arn:aws:sqs:us-east-1:000000000000:dead-letters';

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rudan-sqs-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const answerSchema = z.looseObject({
  Messages: z.array(z.looseObject({ Body: z.string(), ReceiptHandle: z.string() })).optional(),
});

const startSqs = async (options: { stateDir?: string } = {}) => {
  const stateDir = options.stateDir ?? (await temporaryFolder());
  const clock = createVirtualClock(1_769_860_800_000);
  const sqs = await createSqs({
    queues: [{ name: 'dead-letters', arn }],
    stateDir,
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    baseUrl: () => 'http://127.0.0.1:4566',
  });
  const server = await serve(awsJsonHandler(sqs.operations), { port: 0 });
  onTestFinished(async () => {
    await server.close();
    await sqs.close();
  });
  const call = async (operation: string, input: Record<string, JsonValue> = {}) => {
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { 'x-amz-target': `AmazonSQS.${operation}`, 'content-type': 'application/x-amz-json-1.0' },
      body: JSON.stringify({ QueueUrl, ...input }),
    });
    return { status: response.status, body: answerSchema.parse(await response.json()) };
  };
  const receive = async (input: Record<string, JsonValue> = {}) =>
    (await call('ReceiveMessage', { MaxNumberOfMessages: 10, ...input })).body.Messages ?? [];
  const counts = async () => (await call('GetQueueAttributes', { AttributeNames: ['All'] })).body.Attributes;
  return { sqs, clock, stateDir, call, receive, counts };
};

describe('a message', () => {
  test('is received with its digest, attributes and count', async () => {
    const { call, receive } = await startSqs();
    const MessageAttributes = { RULE_ARN: { DataType: 'String', StringValue: 'arn:rule' } };
    const sent = await call('SendMessage', { MessageBody: '订单 1001', MessageAttributes });
    const digest = createHash('md5').update('订单 1001').digest('hex');
    expect(sent.body).toEqual({ MessageId: expect.any(String), MD5OfMessageBody: digest });
    expect(await receive()).toEqual([
      {
        MessageId: sent.body.MessageId,
        ReceiptHandle: expect.any(String),
        Body: '订单 1001',
        MD5OfBody: digest,
        Attributes: expect.objectContaining({ ApproximateReceiveCount: '1', SentTimestamp: '1769860800000' }),
        MessageAttributes,
      },
    ]);
  });

  test('is hidden while someone holds it, and comes again after the timeout', async () => {
    const { call, receive, clock, counts } = await startSqs();
    await call('SendMessage', { MessageBody: 'one' });
    expect(await receive({ VisibilityTimeout: 20 })).toHaveLength(1);
    expect(await receive()).toEqual([]);
    expect(await counts()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    await clock.advance(20_000);
    expect(await receive()).toMatchObject([{ Attributes: { ApproximateReceiveCount: '2' } }]);
  });

  test('is gone once deleted by the receipt that holds it', async () => {
    const { call, receive, clock } = await startSqs();
    await call('SendMessage', { MessageBody: 'one' });
    const [first] = await receive();
    await clock.advance(30_000);
    const [second] = await receive();
    await call('DeleteMessage', { ReceiptHandle: first?.ReceiptHandle ?? '' });
    await clock.advance(30_000);
    expect(await receive()).toHaveLength(1);
    await call('DeleteMessage', { ReceiptHandle: second?.ReceiptHandle ?? '' });
    await clock.advance(30_000);
    const [third] = await receive();
    await call('DeleteMessage', { ReceiptHandle: third?.ReceiptHandle ?? '' });
    await clock.advance(30_000);
    expect(await receive()).toEqual([]);
  });

  test('may be let go early', async () => {
    const { call, receive } = await startSqs();
    await call('SendMessage', { MessageBody: 'one' });
    const [held] = await receive();
    await call('ChangeMessageVisibility', { ReceiptHandle: held?.ReceiptHandle ?? '', VisibilityTimeout: 0 });
    expect(await receive()).toHaveLength(1);
    const outdated = await call('ChangeMessageVisibility', { ReceiptHandle: 'x', VisibilityTimeout: 0 });
    expect(outdated).toMatchObject({
      status: 400,
      body: { __type: 'com.amazonaws.sqs#ReceiptHandleIsInvalid' },
    });
  });

  test('may be delayed', async () => {
    const { call, receive, clock, counts } = await startSqs();
    await call('SendMessage', { MessageBody: 'later', DelaySeconds: 60 });
    expect(await receive()).toEqual([]);
    expect(await counts()).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    await clock.advance(60_000);
    expect(await receive()).toHaveLength(1);
  });

  test('ends a long poll', async () => {
    const { call, receive, clock } = await startSqs();
    const waiting = receive({ WaitTimeSeconds: 20 });
    await expect.poll(() => clock.nextTimer()).toBeDefined();
    await call('SendMessage', { MessageBody: 'one' });
    expect(await waiting).toHaveLength(1);
    const inVain = receive({ WaitTimeSeconds: 20 });
    await expect.poll(() => clock.nextTimer()).toBeDefined();
    await clock.advance(20_000);
    expect(await inVain).toEqual([]);
  });

  test('survives a crash until it is deleted', async () => {
    const before = await startSqs();
    for (const MessageBody of ['gone', 'kept']) await before.call('SendMessage', { MessageBody });
    const gone = (await before.receive()).find(({ Body }) => Body === 'gone');
    await before.call('DeleteMessage', { ReceiptHandle: gone?.ReceiptHandle ?? '' });
    const stateDir = await temporaryFolder();
    await cp(before.stateDir, stateDir, { recursive: true });
    const after = await startSqs({ stateDir });
    expect(await after.receive()).toMatchObject([{ Body: 'kept' }]);
  });
});

test('a service sends by ARN, with attributes as strings', async () => {
  const { sqs, receive } = await startSqs();
  await sqs.send(arn, '{"failed":true}', { ERROR_CODE: 'Timeout' });
  expect(await receive()).toMatchObject([
    {
      Body: '{"failed":true}',
      MessageAttributes: { ERROR_CODE: { DataType: 'String', StringValue: 'Timeout' } },
    },
  ]);
  await expect(sqs.send(`${arn}-other`, 'x')).rejects.toMatchObject({
    code: 'com.amazonaws.sqs#QueueDoesNotExist',
  });
});

test('a purge empties the queue', async () => {
  const { call, counts } = await startSqs();
  await call('SendMessage', { MessageBody: 'one' });
  await call('PurgeQueue');
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessages: '0' });
});

test('a batch answers for each entry', async () => {
  const { call, receive, counts } = await startSqs();
  const sent = await call('SendMessageBatch', {
    Entries: [
      { Id: 'a', MessageBody: 'one' },
      { Id: 'b', MessageBody: '' },
    ],
  });
  expect(sent.body).toMatchObject({ Successful: [{ Id: 'a' }], Failed: [{ Id: 'b', SenderFault: true }] });
  const [held] = await receive();
  await call('DeleteMessageBatch', { Entries: [{ Id: 'a', ReceiptHandle: held?.ReceiptHandle ?? '' }] });
  expect(await counts()).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
});

test('queues are found by name, and unknown ones are refused', async () => {
  const { call } = await startSqs();
  expect((await call('GetQueueUrl', { QueueName: 'dead-letters' })).body).toEqual({
    QueueUrl: 'http://127.0.0.1:4566/000000000000/dead-letters',
  });
  expect((await call('ListQueues')).body.QueueUrls).toHaveLength(1);
  for (const refused of [
    await call('GetQueueUrl', { QueueName: 'other' }),
    await call('SendMessage', { QueueUrl: 'http://127.0.0.1/000000000000/other', MessageBody: 'x' }),
  ]) {
    expect(refused).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist' } });
  }
});

test.for<{ operation: string; input: Record<string, JsonValue> }>([
  { operation: 'SendMessage', input: { MessageBody: '' } },
  { operation: 'SendMessage', input: { MessageBody: 'x'.repeat(1024 * 1024 + 1) } },
  { operation: 'ReceiveMessage', input: { MaxNumberOfMessages: 11 } },
  { operation: 'ReceiveMessage', input: { WaitTimeSeconds: 21 } },
])('$operation refuses what is out of bounds', async ({ operation, input }) => {
  const { call } = await startSqs();
  expect(await call(operation, input)).toMatchObject({
    status: 400,
    body: { __type: 'com.amazonaws.sqs#InvalidParameterValue' },
  });
});
