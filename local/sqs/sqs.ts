import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import type { JsonOperation } from '../http/aws-json.ts';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import { messageAttributesSchema } from './queue-records.ts';
import { type Message, openQueues } from './queues.ts';

export type Sqs = {
  /** For awsJsonHandler. */
  operations: Record<string, JsonOperation>;
  /** Sends as a service does, its attributes as strings. */
  send(queueArn: string, body: string, attributes?: Record<string, string>): Promise<void>;
  /** Resolves once the queue has a message to be received; rejects with the signal's reason. */
  untilVisible(queueArn: string, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
};

export type SqsOptions = {
  queues: { name: string; arn: string }[];
  stateDir: string;
  clock: Clock;
  region: string;
  accountId: string;
  /** Address of the service, known once it is served. */
  baseUrl: () => string;
  /** A call that waits for a message is not in motion. */
  activity?: Pick<Activity, 'outside'> | undefined;
  reach?: CallPort['reach'] | undefined;
};

const largestMessageBytes = 1024 * 1024;
const defaultVisibilitySeconds = 30;

const seconds = (most: number) => z.number().int().min(0).max(most);

const sendSchema = z.object({
  MessageBody: z.string().min(1),
  DelaySeconds: seconds(900).default(0),
  MessageAttributes: messageAttributesSchema.default({}),
});
const receiveSchema = z.object({
  MaxNumberOfMessages: z.number().int().min(1).max(10).default(1),
  VisibilityTimeout: seconds(43_200).default(defaultVisibilitySeconds),
  WaitTimeSeconds: seconds(20).default(0),
});
const receiptSchema = z.object({ ReceiptHandle: z.string() });
const visibilitySchema = receiptSchema.extend({ VisibilityTimeout: seconds(43_200) });
const queueUrlSchema = z.object({ QueueUrl: z.string() });
const queueNameSchema = z.object({ QueueName: z.string() });
const batchSchema = z.object({ Entries: z.array(z.record(z.string(), z.json())).min(1).max(10) });

const read = <Schema extends z.ZodType>(schema: Schema, input: JsonValue): z.infer<Schema> => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  throw new ServiceError('com.amazonaws.sqs#InvalidParameterValue', z.prettifyError(result.error));
};

const md5 = (text: string) => createHash('md5').update(text).digest('hex');

const describe = (message: Message): JsonValue => ({
  MessageId: message.id,
  ReceiptHandle: message.receiptHandle ?? '',
  Body: message.body,
  MD5OfBody: md5(message.body),
  Attributes: {
    SentTimestamp: String(message.sentMs),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String(message.firstReceivedMs),
  },
  ...(Object.keys(message.attributes).length === 0
    ? {}
    : { MessageAttributes: z.record(z.string(), z.json()).parse(message.attributes) }),
});

/** SQS standard queues, durable: what the dead letters of the app need. */
export const createSqs = async (options: SqsOptions): Promise<Sqs> => {
  const { stateDir, clock, accountId, baseUrl, activity, reach } = options;
  const names = options.queues.map(({ name }) => name);
  const queues = await openQueues({ file: join(stateDir, 'sqs', 'queues.jsonl'), names, clock, reach });
  const arns = new Map(options.queues.map(({ name, arn }) => [name, arn]));
  const urlOf = (name: string) => `${baseUrl()}/${accountId}/${name}`;

  const known = (name: string): string => {
    if (arns.has(name)) return name;
    throw new ServiceError(
      'com.amazonaws.sqs#QueueDoesNotExist',
      'The specified queue does not exist for this wsdl version.',
    );
  };
  const nameIn = (queueArn: string) => known(queueArn.split(':').at(-1) ?? '');
  const queueOf = (input: JsonValue) => known(read(queueUrlSchema, input).QueueUrl.split('/').at(-1) ?? '');

  const sendOne = async (queue: string, input: JsonValue) => {
    const { MessageBody, DelaySeconds, MessageAttributes } = read(sendSchema, input);
    if (Buffer.byteLength(MessageBody) > largestMessageBytes) {
      const message = `Message must be shorter than ${largestMessageBytes} bytes.`;
      throw new ServiceError('com.amazonaws.sqs#InvalidParameterValue', message);
    }
    const { id } = await queues.send(queue, MessageBody, MessageAttributes, DelaySeconds * 1000);
    return { MessageId: id, MD5OfMessageBody: md5(MessageBody) };
  };

  const held = (queue: string, input: JsonValue): Message | undefined =>
    queues.findByReceipt(queue, read(receiptSchema, input).ReceiptHandle);

  const deleteOne = async (queue: string, input: JsonValue) => {
    // An outdated handle deletes nothing and is no error.
    const message = held(queue, input);
    if (message) await queues.delete(message);
    return {};
  };

  type One = (queue: string, entry: JsonValue) => Promise<Record<string, JsonValue>>;

  const inBatch = async (input: JsonValue, run: One): Promise<JsonValue> => {
    const queue = queueOf(input);
    const Successful: JsonValue[] = [];
    const Failed: JsonValue[] = [];
    for (const entry of read(batchSchema, input).Entries) {
      const Id = String(entry.Id);
      try {
        Successful.push({ Id, ...(await run(queue, entry)) });
      } catch (error) {
        if (!(error instanceof ServiceError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  };

  const operations: Record<string, JsonOperation> = {
    SendMessage: (input) => sendOne(queueOf(input), input),
    SendMessageBatch: (input) => inBatch(input, sendOne),
    ReceiveMessage: async (input) => {
      const queue = queueOf(input);
      const asked = read(receiveSchema, input);
      const [visibilityMs, waitMs] = [asked.VisibilityTimeout * 1000, asked.WaitTimeSeconds * 1000];
      const receive = () => queues.receive(queue, asked.MaxNumberOfMessages, visibilityMs, waitMs);
      const messages = await (waitMs > 0 && activity ? activity.outside(receive) : receive());
      const answer: JsonValue = messages.length === 0 ? {} : { Messages: messages.map(describe) };
      return answer;
    },
    DeleteMessage: (input) => deleteOne(queueOf(input), input),
    DeleteMessageBatch: (input) => inBatch(input, deleteOne),
    ChangeMessageVisibility: async (input) => {
      const queue = queueOf(input);
      const { VisibilityTimeout } = read(visibilitySchema, input);
      const message = held(queue, input);
      if (!message) {
        throw new ServiceError(
          'com.amazonaws.sqs#ReceiptHandleIsInvalid',
          'The receipt handle is not valid.',
        );
      }
      message.visibleMs = clock.now() + VisibilityTimeout * 1000;
      queues.wake(queue);
      return {};
    },
    PurgeQueue: async (input) => {
      await queues.purge(queueOf(input));
      return {};
    },
    GetQueueUrl: async (input) => ({ QueueUrl: urlOf(known(read(queueNameSchema, input).QueueName)) }),
    ListQueues: async () => ({ QueueUrls: names.map(urlOf) }),
    GetQueueAttributes: async (input) => {
      const queue = queueOf(input);
      const { visible, hidden, delayed } = queues.count(queue);
      return {
        Attributes: {
          QueueArn: arns.get(queue) ?? '',
          ApproximateNumberOfMessages: String(visible),
          ApproximateNumberOfMessagesNotVisible: String(hidden),
          ApproximateNumberOfMessagesDelayed: String(delayed),
          VisibilityTimeout: String(defaultVisibilitySeconds),
        },
      };
    },
  };

  return {
    operations,
    send: async (queueArn, body, attributes = {}) => {
      const described = Object.entries(attributes).map(
        ([name, value]) => [name, { DataType: 'String', StringValue: value }] as const,
      );
      await queues.send(nameIn(queueArn), body, Object.fromEntries(described), 0);
    },
    untilVisible: (queueArn, signal) => queues.untilVisible(nameIn(queueArn), signal),
    close: queues.close,
  };
};
