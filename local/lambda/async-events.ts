import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
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
  activity: Activity;
  runnerOf: (functionName: string) => FunctionRunner | undefined;
  /** Sends a text to a queue for the function. */
  sendToQueue: (sqsArn: string, body: string, functionArn: string) => Promise<void>;
  reach?: CallPort['reach'] | undefined;
  onError: (line: string) => void;
};

const longestEventBytes = 1024 * 1024;
/** Lambda waits one minute before the first retry and two before the second. */
const retryDelaysMs = [60_000, 120_000];
const throttleDelayMs = 60_000;

type Failure = {
  condition: 'RetriesExhausted' | 'EventAgeExceeded';
  invokeCount: number;
  /** What the last call answered; none when the event was never run. */
  result?: InvokeResult;
};

const failureRecord = (
  { id, payload }: Waiting['event'],
  { condition, invokeCount, result }: Failure,
  functionArn: string,
  now: number,
) => ({
  version: '1.0',
  timestamp: new Date(now).toISOString(),
  requestContext: {
    requestId: id,
    functionArn: `${functionArn}:$LATEST`,
    condition,
    approximateInvokeCount: invokeCount,
  },
  requestPayload: JSON.parse(payload),
  ...(result && {
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: result.functionError },
    responsePayload: JSON.parse(result.payload),
  }),
});

/** Asynchronous invocations: accepted on disk, run at least once, retried, then sent to the failure queue. */
export const createAsyncEvents = async (options: AsyncEventsOptions): Promise<AsyncEvents> => {
  const { stateDir, clock, activity, runnerOf, sendToQueue, onError } = options;
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
    name: 'async-events',
    reach: options.reach,
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
  const giveUp = async ({ event }: Waiting, failure: Failure, { spec }: FunctionRunner) => {
    if (spec.onFailure) {
      const record = failureRecord(event, failure, spec.arn, clock.now());
      await sendToQueue(spec.onFailure.sqsArn, JSON.stringify(record), spec.arn);
    }
    if (spec.deadLetter) await sendToQueue(spec.deadLetter.sqsArn, event.payload, spec.arn);
    await log.append({ op: 'done', id: event.id });
  };
  /** The outcome; undefined when the function was throttled. */
  const run = (runner: FunctionRunner, { id, payload }: Waiting['event']) =>
    runner.run(payload, { mayWait: true, requestId: id }).catch((error: unknown) => {
      if (error instanceof ServiceError) return undefined;
      throw error;
    });
  const attempt = async (id: string) => {
    const entry = waiting.get(id);
    if (entry === undefined) return;
    const { event, attempts } = entry;
    const runner = runnerOf(event.functionName);
    if (runner === undefined) {
      onError(`${event.functionName} is gone; dropped the event ${id} that waited for it`);
      return log.append({ op: 'done', id });
    }
    const { maxEventAgeMs, maxRetryAttempts } = runner.spec;
    if (clock.now() - event.acceptedAt > maxEventAgeMs) {
      return giveUp(entry, { condition: 'EventAgeExceeded', invokeCount: attempts }, runner);
    }
    const result = await run(runner, event);
    if (closed) return;
    if (result === undefined) return retryLater(id, attempts, throttleDelayMs);
    if (result.functionError === undefined) return log.append({ op: 'done', id });
    if (attempts < maxRetryAttempts) return retryLater(id, attempts + 1, retryDelaysMs[attempts] ?? 0);
    return giveUp(entry, { condition: 'RetriesExhausted', invokeCount: attempts + 1, result }, runner);
  };
  const start = (id: string) => {
    timers.delete(id);
    const work = activity
      .during(() => attempt(id))
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
      const bytes = Buffer.byteLength(payload);
      if (bytes > longestEventBytes) {
        throw new ServiceError(
          'RequestEntityTooLargeException',
          `${bytes} byte payload is too large for the Event invocation type (limit ${longestEventBytes} bytes)`,
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
