import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import * as z from 'zod';
import { type Activity, createActivity } from '../../../local/calls/activity.ts';
import { createVirtualClock, type VirtualClock } from '../../../local/clock.ts';
import type { MappingSpec } from '../../../local/lambda/declared-mappings.ts';
import type { InvokeResult } from '../../../local/lambda/function-runner.ts';
import { startQueueMapping } from '../../../local/lambda/queue-mapping.ts';
import { createSqs, type Sqs } from '../../../local/sqs/sqs.ts';
import { operationOf } from '../../../local/wiring/operation-of.ts';

/** A busy machine takes longer than a second. */
const soon = { timeout: 20_000 };

let folder: string;
let clock: VirtualClock;
let activity: Activity;
let sqs: Sqs;
let mapping: { close(): Promise<void> } | undefined;

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
const visibilityMs = 30_000;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'queue-'));
  activity = createActivity();
  clock = createVirtualClock(Date.parse('2026-03-01T00:00:00Z'));
  sqs = await createSqs({
    queues: ['work', 'dead'].map((name) => ({ name, arn: arnOf(name) })),
    stateDir: folder,
    clock,
    region: 'us-east-1',
    accountId: '000000000000',
    baseUrl: () => 'http://127.0.0.1:1',
  });
});
afterEach(async () => {
  await mapping?.close();
  await sqs.close();
  rmSync(folder, { recursive: true });
});

const batchSchema = z.object({
  Records: z.array(z.looseObject({ messageId: z.string(), body: z.string() })),
});
type Records = z.infer<typeof batchSchema>['Records'];
const succeed: InvokeResult = { payload: 'null', requestId: 'r' };
const fail: InvokeResult = { payload: '{}', requestId: 'r', functionError: 'Unhandled' };

const start = (respond: (records: Records) => InvokeResult, changes: Partial<MappingSpec> = {}) => {
  const calls: string[][] = [];
  const records: Records = [];
  mapping = startQueueMapping({
    mapping: {
      id: 'm',
      logicalId: 'Mapping',
      sourceArn: arnOf('work'),
      functionName: 'f',
      batchSize: 10,
      startsAtLatest: false,
      bisects: false,
      maxRetryAttempts: Number.POSITIVE_INFINITY,
      maxRecordAgeMs: Number.POSITIVE_INFINITY,
      reportsItemFailures: false,
      patterns: [],
      onFailureArn: undefined,
      ...changes,
    },
    queueUrl: 'http://127.0.0.1:1/000000000000/work',
    redrive: { deadLetterArn: arnOf('dead'), maxReceiveCount: 2 },
    region: 'us-east-1',
    clock,
    activity,
    untilVisible: (signal) => sqs.untilVisible(arnOf('work'), signal),
    receiveMessage: operationOf(sqs.operations, 'ReceiveMessage'),
    deleteMessage: operationOf(sqs.operations, 'DeleteMessage'),
    sendToQueue: sqs.send,
    onError: (line) => {
      throw new Error(line);
    },
    invoke: async (_, payload) => {
      const batch = batchSchema.parse(JSON.parse(payload)).Records;
      calls.push(batch.map(({ body }) => body));
      records.push(...batch);
      return respond(batch);
    },
  });
  return { calls, records };
};

const countSchema = z.object({
  Attributes: z.object({
    ApproximateNumberOfMessages: z.coerce.number(),
    ApproximateNumberOfMessagesNotVisible: z.coerce.number(),
  }),
});
const countIn = async (queue: string): Promise<number> => {
  const input = { QueueUrl: `http://127.0.0.1:1/000000000000/${queue}`, AttributeNames: ['All'] };
  const { Attributes } = countSchema.parse(await operationOf(sqs.operations, 'GetQueueAttributes')(input));
  return Attributes.ApproximateNumberOfMessages + Attributes.ApproximateNumberOfMessagesNotVisible;
};

test('messages reach the function as Lambda shapes them, and are gone when it succeeds', async () => {
  await sqs.send(arnOf('work'), 'one', { colour: 'red' });
  const { calls, records } = start(() => succeed);
  await expect.poll(() => calls, soon).toEqual([['one']]);
  expect(records[0]).toMatchObject({
    eventSource: 'aws:sqs',
    eventSourceARN: arnOf('work'),
    awsRegion: 'us-east-1',
    attributes: { ApproximateReceiveCount: '1' },
    messageAttributes: { colour: { dataType: 'String', stringValue: 'red' } },
  });
  await expect.poll(() => countIn('work'), soon).toBe(0);
});

test('what fails comes again, and goes to the dead letter queue when received often enough', async () => {
  await sqs.send(arnOf('work'), 'bad');
  const { calls } = start(() => fail);
  await expect.poll(() => calls, soon).toHaveLength(1);
  const callsLater = async () => {
    await clock.advance(visibilityMs);
    return calls.length;
  };
  await expect.poll(callsLater, soon).toBe(2);
  await expect.poll(() => countIn('dead'), soon).toBe(1);
  expect(await countIn('work')).toBe(0);
});

test('only the reported items of a batch stay in the queue', async () => {
  await sqs.send(arnOf('work'), 'good');
  await sqs.send(arnOf('work'), 'bad');
  const { calls } = start(
    (batch) => {
      const failed = batch
        .filter(({ body }) => body === 'bad')
        .map(({ messageId }) => ({ itemIdentifier: messageId }));
      return { ...succeed, payload: JSON.stringify({ batchItemFailures: failed }) };
    },
    { reportsItemFailures: true },
  );
  await expect.poll(() => calls, soon).toEqual([['good', 'bad']]);
  await expect.poll(() => countIn('work'), soon).toBe(1);
});

test('messages that no filter wants are removed without a call', async () => {
  await sqs.send(arnOf('work'), '{"kind":"b"}');
  await sqs.send(arnOf('work'), '{"kind":"a"}');
  const { calls } = start(() => succeed, { patterns: [{ body: { kind: ['a'] } }] });
  await expect.poll(() => calls, soon).toEqual([['{"kind":"a"}']]);
  await expect.poll(() => countIn('work'), soon).toBe(0);
});

test('an empty queue costs no timer, and idle waits for a message that was just sent', async () => {
  const { calls } = start(() => succeed);
  await activity.idle();
  expect(clock.nextTimer()).toBeUndefined();
  await sqs.send(arnOf('work'), 'one');
  await activity.idle();
  expect(calls).toEqual([['one']]);
  expect(await countIn('work')).toBe(0);
});

test('while messages are hidden nothing is in motion, and they come again at their time', async () => {
  await sqs.send(arnOf('work'), 'bad');
  const { calls } = start(() => fail);
  await activity.idle();
  expect(calls).toHaveLength(1);
  expect(clock.nextTimer()).toBe(clock.now() + visibilityMs);
  await clock.advance(visibilityMs);
  await activity.idle();
  expect(calls).toHaveLength(2);
});
