import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import { openRecordLog } from '../durable/record-log.ts';
import { ServiceError } from '../http/service-error.ts';
import type { FunctionRunner, InvokeResult } from './function-runner.ts';

const acceptedSchema = z.object({
  op: z.literal('accepted'),
  id: z.string(),
  functionName: z.string(),
  payload: z.string(),
  acceptedAt: z.number(),
});
const retrySchema = z.object({
  op: z.literal('retry'),
  id: z.string(),
  attempts: z.number(),
  dueAt: z.number(),
});
const recordSchema = z.discriminatedUnion('op', [
  acceptedSchema,
  retrySchema,
  z.object({ op: z.literal('done'), id: z.string() }),
]);
type Entry = z.infer<typeof recordSchema>;
type Waiting = { event: z.infer<typeof acceptedSchema>; attempts: number; dueAt: number };

export type AsyncEvents = {
  /** Resolves once the event is on disk: from then on it runs at least once. */
  accept(functionName: string, payload: string): Promise<void>;
  /** Stops taking and retrying; events not yet done are run after the next start. */
  close(): Promise<void>;
};

export type AsyncEventsOptions = {
  stateDir: string;
  clock: Clock;
  runnerOf: (functionName: string) => FunctionRunner | undefined;
  /** Sends a text to a queue. */
  sendToQueue: (sqsArn: string, body: string) => Promise<void>;
  onError: (line: string) => void;
};

const longestEventBytes = 1024 * 1024;
/** Lambda waits one minute before the first retry and two before the second. */
const retryDelaysMs = [60_000, 120_000];
const throttleDelayMs = 60_000;

const failureRecord = (
  { event, attempts }: Waiting,
  { requestId, payload, functionError }: InvokeResult,
  functionArn: string,
  now: number,
) => ({
  version: '1.0',
  timestamp: new Date(now).toISOString(),
  requestContext: {
    requestId,
    functionArn: `${functionArn}:$LATEST`,
    condition: 'RetriesExhausted',
    approximateInvokeCount: attempts + 1,
  },
  requestPayload: JSON.parse(event.payload),
  responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError },
  responsePayload: JSON.parse(payload),
});

/** Asynchronous invocations: accepted on disk, run at least once, retried, then sent to the failure queue. */
export const createAsyncEvents = async (options: AsyncEventsOptions): Promise<AsyncEvents> => {
  const { stateDir, clock, runnerOf, sendToQueue, onError } = options;
  const waiting = new Map<string, Waiting>();
  const timers = new Map<string, () => void>();
  const running = new Set<Promise<void>>();
  let closed = false;

  const apply = (entry: Entry) => {
    if (entry.op === 'accepted')
      waiting.set(entry.id, { event: entry, attempts: 0, dueAt: entry.acceptedAt });
    if (entry.op === 'done') waiting.delete(entry.id);
    const known = waiting.get(entry.id);
    if (entry.op === 'retry' && known) Object.assign(known, { attempts: entry.attempts, dueAt: entry.dueAt });
  };
  const log = await openRecordLog<Entry>({
    file: join(stateDir, 'async-events.jsonl'),
    parse: (line) => recordSchema.parse(line),
    apply,
    snapshot: () =>
      [...waiting.values()].flatMap(({ event, attempts, dueAt }): Entry[] =>
        attempts === 0 ? [event] : [event, { op: 'retry', id: event.id, attempts, dueAt }],
      ),
  });

  const retryLater = async (id: string, attempts: number, delayMs: number) => {
    await log.append({ op: 'retry', id, attempts, dueAt: clock.now() + delayMs });
    schedule(id);
  };
  const giveUp = async (entry: Waiting, result: InvokeResult, { spec }: FunctionRunner) => {
    if (spec.onFailure) {
      const record = failureRecord(entry, result, spec.arn, clock.now());
      await sendToQueue(spec.onFailure.sqsArn, JSON.stringify(record));
    }
    if (spec.deadLetter) await sendToQueue(spec.deadLetter.sqsArn, entry.event.payload);
  };
  const attempt = async (id: string) => {
    const entry = waiting.get(id);
    if (entry === undefined) return;
    const runner = runnerOf(entry.event.functionName);
    if (runner === undefined) {
      onError(`${entry.event.functionName} is gone; dropped the event ${id} that waited for it`);
      return log.append({ op: 'done', id });
    }
    try {
      const result = await runner.run(entry.event.payload, { mayWait: true, requestId: id });
      if (closed) return;
      if (result.functionError && entry.attempts < runner.spec.maxRetryAttempts) {
        return await retryLater(id, entry.attempts + 1, retryDelaysMs[entry.attempts] ?? 0);
      }
      if (result.functionError) await giveUp(entry, result, runner);
      await log.append({ op: 'done', id });
    } catch (error) {
      if (closed) return;
      if (!(error instanceof ServiceError)) throw error;
      await retryLater(id, entry.attempts, throttleDelayMs);
    }
  };
  const start = (id: string) => {
    timers.delete(id);
    const work = attempt(id)
      .catch((error: unknown) => onError(`asynchronous event ${id}: ${String(error)}`))
      .finally(() => running.delete(work));
    running.add(work);
  };
  const schedule = (id: string) => {
    const entry = waiting.get(id);
    if (closed || entry === undefined) return;
    if (entry.dueAt <= clock.now()) start(id);
    else
      timers.set(
        id,
        clock.setTimer(entry.dueAt, () => start(id)),
      );
  };

  for (const id of waiting.keys()) schedule(id);
  return {
    async accept(functionName, payload) {
      if (Buffer.byteLength(payload) > longestEventBytes) {
        throw new ServiceError(
          'RequestTooLargeException',
          `Request must be smaller than ${longestEventBytes} bytes`,
          413,
        );
      }
      const id = randomUUID();
      await log.append({ op: 'accepted', id, functionName, payload, acceptedAt: clock.now() });
      schedule(id);
    },
    async close() {
      closed = true;
      for (const cancel of timers.values()) cancel();
      await Promise.all(running);
      await log.close();
    },
  };
};
