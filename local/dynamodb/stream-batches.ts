import type { Activity } from '../calls/activity.ts';
import { type Clock, untilTime } from '../clock.ts';
import { readBatchResponse } from '../lambda/batch-response.ts';
import type { MappingSpec } from '../lambda/declared-mappings.ts';
import type { InvokeResult } from '../lambda/function-runner.ts';
import { untilAborted } from '../lambda/until-aborted.ts';
import type { StreamRecord } from './stream-reader.ts';

export type BatchOptions = {
  mapping: MappingSpec;
  invoke: (functionName: string, payload: string) => Promise<InvokeResult>;
  /** Puts the record of a lost batch where the mapping says. */
  sendToDestination: (arn: string, body: string) => Promise<void>;
  /** Every record up to this one is dealt with. */
  checkpoint: (sequenceNumber: string) => Promise<void>;
  clock: Clock;
  activity: Activity;
  /** Wait before the n-th retry. */
  retryDelayMs?: (attempt: number) => number;
  signal: AbortSignal;
};

type Shard = { shardId: string };
type Failure = {
  condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  attempts: number;
  result?: InvokeResult;
};

const backOff = (attempt: number): number => Math.min(10_000, 100 * 2 ** attempt);

const sequenceOf = (record: StreamRecord): string => record.dynamodb.SequenceNumber;
const arrivalMs = (record: StreamRecord): number => (record.dynamodb.ApproximateCreationDateTime ?? 0) * 1000;

const destinationBody = (
  records: StreamRecord[],
  { condition, attempts, result }: Failure,
  { sourceArn, functionName }: MappingSpec,
  { shardId }: Shard,
  now: number,
) => {
  const [first = 0, last = first] = [records[0], records.at(-1)].map((record) =>
    record ? arrivalMs(record) : 0,
  );
  return {
    requestContext: {
      requestId: result?.requestId,
      functionArn: functionName,
      condition,
      approximateInvokeCount: attempts,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: result?.functionError ?? null,
    },
    version: '1.0',
    timestamp: new Date(now).toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: records[0] && sequenceOf(records[0]),
      endSequenceNumber: records.at(-1)?.dynamodb.SequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first).toISOString(),
      approximateArrivalOfLastRecord: new Date(last).toISOString(),
      batchSize: records.length,
      streamArn: sourceArn,
    },
  };
};

/** Runs one batch to its end: done, partly done and repeated from the first failure, halved, or given up. */
export const createBatchProcessor = (options: BatchOptions) => {
  const { mapping, invoke, sendToDestination, checkpoint, clock, activity, signal } = options;
  const { retryDelayMs = backOff } = options;

  const giveUp = async (records: StreamRecord[], failure: Failure, shard: Shard) => {
    if (mapping.onFailureArn !== undefined) {
      const body = destinationBody(records, failure, mapping, shard, clock.now());
      await sendToDestination(mapping.onFailureArn, JSON.stringify(body));
    }
  };
  const isTooOld = (record: StreamRecord) => clock.now() - arrivalMs(record) > mapping.maxRecordAgeMs;

  /** The index of the first record that failed, none when all went well; undefined when Lambda refused the call. */
  const firstFailure = async (
    records: StreamRecord[],
  ): Promise<{ at: number | undefined; result?: InvokeResult } | undefined> => {
    const call = invoke(mapping.functionName, JSON.stringify({ Records: records })).catch(() => undefined);
    const result = await untilAborted(call, signal);
    if (result === undefined) return undefined;
    if (result.functionError) return { at: 0, result };
    if (!mapping.reportsItemFailures) return { at: undefined };
    const ids = records.map(sequenceOf);
    const response = readBatchResponse(result.payload, ids);
    if (response.kind === 'done') return { at: undefined };
    if (response.kind === 'failed') return { at: 0, result };
    return { at: Math.min(...response.failedIds.map((id) => ids.indexOf(id))), result };
  };

  const pause = (attempt: number) =>
    activity.outside(() => untilTime(clock, clock.now() + retryDelayMs(attempt), signal));

  const runBatch = async (
    batch: StreamRecord[],
    attempt: number,
    shard: Shard,
    refusals = 0,
  ): Promise<void> => {
    signal.throwIfAborted();
    const tooOld = batch.filter(isTooOld);
    if (tooOld.length > 0) await giveUp(tooOld, { condition: 'RecordAgeExceeded', attempts: attempt }, shard);
    const records = batch.filter((record) => !isTooOld(record));
    const last = batch.at(-1);
    if (last === undefined) return;
    if (records.length === 0) return checkpoint(sequenceOf(last));
    const outcome = await firstFailure(records);
    signal.throwIfAborted();
    if (outcome === undefined) {
      // A throttled call has not run the function: no attempt is used up, as on AWS; only age ends this.
      await pause(refusals + 1);
      return runBatch(batch, attempt, shard, refusals + 1);
    }
    const { at, result } = outcome;
    if (at === undefined) return checkpoint(sequenceOf(last));
    const lastGood = records[at - 1];
    if (lastGood !== undefined) {
      await checkpoint(sequenceOf(lastGood));
      return retry(records.slice(at), 1, shard, result);
    }
    if (mapping.bisects && records.length > 1) {
      const middle = Math.ceil(records.length / 2);
      await runBatch(records.slice(0, middle), attempt, shard);
      return runBatch(records.slice(middle), attempt, shard);
    }
    return retry(records, attempt + 1, shard, result);
  };
  const retry = async (records: StreamRecord[], attempt: number, shard: Shard, result?: InvokeResult) => {
    const last = records.at(-1);
    if (attempt > mapping.maxRetryAttempts && last !== undefined) {
      const failure: Failure = { condition: 'RetryAttemptsExhausted', attempts: attempt };
      await giveUp(records, result ? { ...failure, result } : failure, shard);
      return checkpoint(sequenceOf(last));
    }
    await pause(attempt);
    return runBatch(records, attempt, shard);
  };

  return { process: (records: StreamRecord[], shard: Shard) => runBatch(records, 0, shard) };
};
