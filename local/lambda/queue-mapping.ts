import * as z from 'zod';
import type { Activity } from '../calls/activity.ts';
import { type Clock, untilTime } from '../clock.ts';
import { matchesPattern } from '../events/pattern.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import { readBatchResponse } from './batch-response.ts';
import type { MappingSpec } from './declared-mappings.ts';
import type { InvokeResult } from './function-runner.ts';
import { untilAborted } from './until-aborted.ts';

const messageSchema = z.object({
  MessageId: z.string(),
  ReceiptHandle: z.string(),
  Body: z.string(),
  MD5OfBody: z.string(),
  Attributes: z.record(z.string(), z.string()).default({}),
  MessageAttributes: z.record(z.string(), z.json()).default({}),
});
type Message = z.infer<typeof messageSchema>;
const receivedSchema = z.object({ Messages: z.array(messageSchema).default([]) });

/** Where messages go that a queue's redrive policy gives up on. */
export type RedrivePolicy = { deadLetterArn: string; maxReceiveCount: number };

export type QueueMappingOptions = {
  mapping: MappingSpec;
  queueUrl: string;
  redrive: RedrivePolicy | undefined;
  region: string;
  clock: Clock;
  activity: Activity;
  /** Resolves once the queue has a message. */
  untilVisible: (signal: AbortSignal) => Promise<void>;
  receiveMessage: JsonOperation;
  deleteMessage: JsonOperation;
  invoke: (functionName: string, payload: string) => Promise<InvokeResult>;
  sendToQueue: (queueArn: string, body: string) => Promise<void>;
  onError: (line: string) => void;
};

const troubleMs = 1_000;
const longestReceive = 10;

const lowerFirst = (name: string): string => `${name.charAt(0).toLowerCase()}${name.slice(1)}`;

const attributeOf = (value: unknown): unknown =>
  value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.entries(value).map(([name, inner]) => [lowerFirst(name), inner]))
    : value;

const asRecord = (message: Message, { sourceArn }: MappingSpec, region: string) => ({
  messageId: message.MessageId,
  receiptHandle: message.ReceiptHandle,
  body: message.Body,
  attributes: message.Attributes,
  messageAttributes: Object.fromEntries(
    Object.entries(message.MessageAttributes).map(([name, value]) => [name, attributeOf(value)]),
  ),
  md5OfBody: message.MD5OfBody,
  eventSource: 'aws:sqs',
  eventSourceARN: sourceArn,
  awsRegion: region,
});

const parsedBody = (body: string): unknown => {
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
};

/** Reads a queue into a function until closed. What fails comes again when its visibility timeout is over. */
export const startQueueMapping = (options: QueueMappingOptions): { close(): Promise<void> } => {
  const {
    mapping,
    queueUrl: QueueUrl,
    redrive,
    region,
    clock,
    activity,
    untilVisible,
    receiveMessage,
    deleteMessage,
    invoke,
    sendToQueue,
  } = options;
  const stop = new AbortController();

  const remove = (message: Message) => deleteMessage({ QueueUrl, ReceiptHandle: message.ReceiptHandle });
  const passes = (message: Message) => {
    const event = z.json().parse({ ...asRecord(message, mapping, region), body: parsedBody(message.Body) });
    return (
      mapping.patterns.length === 0 || mapping.patterns.some((pattern) => matchesPattern(pattern, event))
    );
  };
  const failedOf = async (messages: Message[]): Promise<Message[]> => {
    const Records = messages.map((message) => asRecord(message, mapping, region));
    const call = invoke(mapping.functionName, JSON.stringify({ Records })).catch(() => undefined);
    const result = await untilAborted(call, stop.signal);
    if (result === undefined || result.functionError) return messages;
    if (!mapping.reportsItemFailures) return [];
    const response = readBatchResponse(
      result.payload,
      messages.map(({ MessageId: id }) => id),
    );
    if (response.kind === 'done') return [];
    return response.kind === 'failed'
      ? messages
      : messages.filter(({ MessageId: id }) => response.failedIds.includes(id));
  };
  const giveUpOrKeep = async (message: Message) => {
    const received = Number(message.Attributes.ApproximateReceiveCount ?? 1);
    if (redrive === undefined || received < redrive.maxReceiveCount) return;
    await sendToQueue(redrive.deadLetterArn, message.Body);
    await remove(message);
  };
  const handleOnce = async () => {
    const asked = { QueueUrl, MaxNumberOfMessages: Math.min(longestReceive, mapping.batchSize) };
    const received = await untilAborted(receiveMessage(asked), stop.signal);
    const { Messages: all } = receivedSchema.parse(received);
    if (all.length === 0) return;
    const wanted = all.filter(passes);
    const failed = wanted.length > 0 ? await failedOf(wanted) : [];
    for (const message of all) await (failed.includes(message) ? giveUpOrKeep(message) : remove(message));
  };
  const poll = async () => {
    while (!stop.signal.aborted) {
      try {
        await untilVisible(stop.signal);
        await activity.during(handleOnce);
      } catch (error) {
        if (stop.signal.aborted) return;
        options.onError(`${mapping.logicalId}: ${String(error)}`);
        await untilTime(clock, clock.now() + troubleMs, stop.signal).catch(() => {});
      }
    }
  };
  const polling = poll();
  return {
    async close() {
      stop.abort();
      await polling;
    },
  };
};
