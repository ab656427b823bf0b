import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Activity } from '../calls/activity.ts';
import type { CallPort } from '../calls/call-port.ts';
import { type Clock, untilTime } from '../clock.ts';
import { matchesPattern } from '../events/pattern.ts';
import type { JsonValue } from '../json.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { InvokeResult } from '../lambda/function-runner.ts';
import type { DatabaseCall } from './database-client.ts';
import type { Expiries } from './expiries.ts';
import { createBatchProcessor } from './stream-batches.ts';
import { openCheckpoints } from './stream-checkpoints.ts';
import { listShards, openShard, type ShardReader, type StreamRecord } from './stream-reader.ts';

export type StreamMappingOptions = {
  mapping: MappingSpec;
  /** The ARN under which the database knows the stream; the function sees the mapping's own. */
  databaseStreamArn: string;
  stream: DatabaseCall;
  region: string;
  stateDir: string;
  clock: Clock;
  activity: Activity;
  expiries: Expiries;
  invoke: (functionName: string, payload: string) => Promise<InvokeResult>;
  sendToDestination: (arn: string, body: string) => Promise<void>;
  reach?: CallPort['reach'] | undefined;
  onError: (line: string) => void;
  retryDelayMs?: (attempt: number) => number;
};

export type StreamMapping = {
  /** The table may have changed: the stream is read at once. */
  poke(): void;
  close(): Promise<void>;
};

const pollMs = 250;
const troubleMs = 1_000;

/** The database dates records by the machine's time; where the cloud has another, they are dated when read. */
const createdAt = ({ dynamodb }: StreamRecord, { memory, now }: Clock) => ({
  ...dynamodb,
  ...(memory && { ApproximateCreationDateTime: Math.floor(now() / 1000) }),
});

const timeToLiveIdentity = { type: 'Service', principalId: 'dynamodb.amazonaws.com' };

/** Our ARN and region in place of the emulator's; images, keys and numbers as they are. */
const asLambdaSees = (
  record: StreamRecord,
  { mapping: { sourceArn }, region, clock }: StreamMappingOptions,
  isExpiry: boolean,
): StreamRecord => ({
  ...record,
  dynamodb: createdAt(record, clock),
  eventID: String(record.eventID ?? randomUUID()),
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  awsRegion: region,
  eventSourceARN: sourceArn,
  ...(isExpiry && { userIdentity: timeToLiveIdentity }),
});

const asJson = (record: StreamRecord): JsonValue => JSON.parse(JSON.stringify(record));

/** Reads a table's stream into a function, from where it left off, until closed. */
export const startStreamMapping = async (options: StreamMappingOptions): Promise<StreamMapping> => {
  const { mapping, databaseStreamArn, stream, stateDir, clock, activity, onError } = options;
  const file = join(stateDir, `${mapping.logicalId}.jsonl`);
  const checkpoints = await openCheckpoints(file, databaseStreamArn, options.reach);
  const stop = new AbortController();
  const readers = new Map<string, ShardReader>();
  const finished = new Set<string>();
  const takeExpiry = options.expiries.follow(mapping.sourceArn.split('/')[1] ?? '');

  const processorOf = (shardId: string) =>
    createBatchProcessor({
      ...options,
      signal: stop.signal,
      checkpoint: (sequenceNumber) => checkpoints.set(shardId, sequenceNumber),
    });
  const passes = (record: StreamRecord) =>
    mapping.patterns.length === 0 ||
    mapping.patterns.some((pattern) => matchesPattern(pattern, asJson(record)));

  const handle = async (reader: ShardReader, records: StreamRecord[]) => {
    const { shardId } = reader;
    const last = records.at(-1);
    if (last === undefined) return;
    const wanted = records
      .map((record) =>
        asLambdaSees(record, options, record.eventName === 'REMOVE' && takeExpiry(record.dynamodb.Keys)),
      )
      .filter(passes);
    await processorOf(shardId).process(wanted, { shardId });
    const { SequenceNumber: end } = last.dynamodb;
    if (checkpoints.find(shardId) !== end) await checkpoints.set(shardId, end);
  };
  const skipToEnd = async (shardId: string) => {
    const reader = openShard(stream, databaseStreamArn, shardId, undefined);
    let last: string | undefined;
    for (
      let records = await reader.read(1_000);
      records && records.length > 0;
      records = await reader.read(1_000)
    ) {
      last = records.at(-1)?.dynamodb.SequenceNumber;
    }
    if (last !== undefined) await checkpoints.set(shardId, last);
  };
  const refreshShards = async () => {
    for (const { shardId, parentId } of await listShards(stream, databaseStreamArn)) {
      const isWaiting = parentId !== undefined && readers.has(parentId) && !finished.has(parentId);
      if (readers.has(shardId) || isWaiting) continue;
      readers.set(shardId, openShard(stream, databaseStreamArn, shardId, checkpoints.find(shardId)));
    }
  };
  /** True when any record came. */
  const readOnce = async (): Promise<boolean> => {
    if (readers.size === finished.size) await refreshShards();
    let any = false;
    for (const reader of readers.values()) {
      if (finished.has(reader.shardId)) continue;
      const records = await reader.read(mapping.batchSize);
      if (records === undefined) finished.add(reader.shardId);
      else if (records.length > 0) {
        any = true;
        await handle(reader, records).catch((error: unknown) => {
          reader.rewind(checkpoints.find(reader.shardId));
          throw error;
        });
      }
    }
    return any;
  };
  let pokes = 0;
  /** The pokes before the last poll that found nothing. */
  let answeredPokes = -1;
  let wake = () => {};
  const drain = async () => {
    do {
      const before = pokes;
      if (!(await readOnce())) answeredPokes = before;
    } while (answeredPokes !== pokes && !stop.signal.aborted);
  };
  /** For a poke, or for as long as a change may go unnoticed that did not come through our door. */
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pollMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const poll = async () => {
    while (!stop.signal.aborted) {
      try {
        await activity.during(drain);
        if (answeredPokes === pokes && !stop.signal.aborted) await pause();
      } catch (error) {
        if (stop.signal.aborted) return;
        onError(`${mapping.logicalId}: ${String(error)}`);
        await untilTime(clock, clock.now() + troubleMs, stop.signal).catch(() => {});
      }
    }
  };

  if (!checkpoints.hasStarted()) {
    if (mapping.startsAtLatest) {
      for (const { shardId } of await listShards(stream, databaseStreamArn)) await skipToEnd(shardId);
    }
    await checkpoints.markStarted();
  }
  const polling = poll();
  return {
    poke() {
      pokes += 1;
      wake();
    },
    async close() {
      stop.abort();
      wake();
      await polling;
      await checkpoints.close();
    },
  };
};
