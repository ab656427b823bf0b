import { randomUUID } from 'node:crypto';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import {
  type MessageAttributes,
  type QueueRecord,
  queueRecordSchema,
  type StoredMessage,
} from './queue-records.ts';

/** A message with what only lives while the process does: who holds it, and until when. */
export type Message = StoredMessage & {
  visibleMs: number;
  receiveCount: number;
  firstReceivedMs: number | undefined;
  receiptHandle: string | undefined;
};

export type Queues = {
  send(queue: string, body: string, attributes: MessageAttributes, delayMs: number): Promise<StoredMessage>;
  /** Hides up to `limit` visible messages for a time; waits for the first one if asked to. */
  receive(queue: string, limit: number, visibilityMs: number, waitMs: number): Promise<Message[]>;
  /** Resolves once a message is visible; rejects with the signal's reason. */
  untilVisible(queue: string, signal: AbortSignal): Promise<void>;
  findByReceipt(queue: string, receiptHandle: string): Message | undefined;
  delete(message: Message): Promise<void>;
  purge(queue: string): Promise<void>;
  count(queue: string): { visible: number; hidden: number; delayed: number };
  /** Tells waiting receivers that a message may have become visible. */
  wake(queue: string): void;
  close(): Promise<void>;
};

/** Queues whose messages are on disk until deleted; a restart makes all of them visible again. */
export const openQueues = async (options: {
  file: string;
  names: string[];
  clock: Clock;
  reach?: CallPort['reach'] | undefined;
}): Promise<Queues> => {
  const { file, names, clock } = options;
  const queues = new Map(names.map((name) => [name, new Map<string, Message>()]));
  const waiting = new Map<string, Set<() => void>>();
  let isClosed = false;

  const messagesOf = (queue: string): Map<string, Message> => {
    const messages = queues.get(queue) ?? new Map<string, Message>();
    queues.set(queue, messages);
    return messages;
  };

  const wake = (queue: string) => {
    for (const notify of waiting.get(queue) ?? []) notify();
  };

  const apply = (record: QueueRecord) => {
    if (record.op === 'purge') messagesOf(record.queue).clear();
    if (record.op === 'delete') messagesOf(record.queue).delete(record.id);
    if (record.op !== 'send') return;
    const { message } = record;
    const state = { visibleMs: message.availableMs, receiveCount: 0 };
    messagesOf(message.queue).set(message.id, {
      ...message,
      ...state,
      firstReceivedMs: undefined,
      receiptHandle: undefined,
    });
    wake(message.queue);
  };

  const toRecord = ({ id, queue, body, attributes, sentMs, availableMs }: Message): QueueRecord => ({
    op: 'send',
    message: { id, queue, body, attributes, sentMs, availableMs },
  });
  const log = await openRecordLog<QueueRecord>({
    file,
    name: 'queues',
    reach: options.reach,
    parse: (line) => queueRecordSchema.parse(line),
    apply,
    snapshot: () => [...queues.values()].flatMap((messages) => [...messages.values()].map(toRecord)),
  });

  const take = (message: Message, visibilityMs: number): Message => {
    message.visibleMs = clock.now() + visibilityMs;
    message.receiveCount += 1;
    message.firstReceivedMs ??= clock.now();
    message.receiptHandle = randomUUID();
    return { ...message };
  };

  const takeVisible = (queue: string, limit: number, visibilityMs: number) =>
    [...messagesOf(queue).values()]
      .filter(({ visibleMs }) => visibleMs <= clock.now())
      .slice(0, limit)
      .map((message) => take(message, visibilityMs));

  /** Until a message may be visible, the time is over or the signal given. */
  const pause = (queue: string, untilMs: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      const waiters = waiting.get(queue) ?? new Set();
      waiting.set(queue, waiters);
      const nextVisible = [...messagesOf(queue).values()].map(({ visibleMs }) => visibleMs);
      const wakeMs = Math.min(untilMs, ...nextVisible);
      const notify = () => {
        cancel?.();
        signal?.removeEventListener('abort', notify);
        waiters.delete(notify);
        resolve();
      };
      const cancel = Number.isFinite(wakeMs) ? clock.setTimer(wakeMs, notify) : undefined;
      signal?.addEventListener('abort', notify);
      waiters.add(notify);
    });

  return {
    send: async (queue, body, attributes, delayMs) => {
      const sentMs = clock.now();
      const message = { id: randomUUID(), queue, body, attributes, sentMs, availableMs: sentMs + delayMs };
      await log.append({ op: 'send', message });
      return message;
    },
    receive: async (queue, limit, visibilityMs, waitMs) => {
      const untilMs = clock.now() + waitMs;
      for (;;) {
        const taken = takeVisible(queue, limit, visibilityMs);
        if (taken.length > 0 || clock.now() >= untilMs || isClosed) return taken;
        await pause(queue, untilMs);
      }
    },
    untilVisible: async (queue, signal) => {
      signal.throwIfAborted();
      while (![...messagesOf(queue).values()].some(({ visibleMs }) => visibleMs <= clock.now())) {
        await pause(queue, Number.POSITIVE_INFINITY, signal);
        signal.throwIfAborted();
      }
    },
    findByReceipt: (queue, receiptHandle) =>
      [...messagesOf(queue).values()].find((message) => message.receiptHandle === receiptHandle),
    delete: ({ queue, id }) => log.append({ op: 'delete', queue, id }),
    purge: (queue) => log.append({ op: 'purge', queue }),
    count: (queue) => {
      const messages = [...messagesOf(queue).values()];
      const unseen = messages.filter(({ visibleMs }) => visibleMs > clock.now());
      const delayed = unseen.filter(({ receiveCount }) => receiveCount === 0).length;
      return { visible: messages.length - unseen.length, hidden: unseen.length - delayed, delayed };
    },
    wake,
    close: async () => {
      isClosed = true;
      for (const queue of waiting.keys()) wake(queue);
      await log.close();
    },
  };
};
