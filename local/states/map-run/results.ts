import * as z from 'zod';
import type { JsonValue } from '../../json.ts';
import type { Archive } from '../archive.ts';
import type { ResultWriter } from '../definition/map-schemas.ts';
import type { ExecutionEntry } from '../execution.ts';
import { TaskError } from '../integration.ts';
import type { Outcome } from '../journal/record.ts';
import { redriveStatusOf } from '../redrivable.ts';
import { mapRunId } from './arns.ts';
import type { MapRun } from './map-run.ts';
import { MapRunError } from './map-run-error.ts';
import { type CallService, writeObject } from './s3-calls.ts';

type Transformation = NonNullable<NonNullable<ResultWriter['WriterConfig']>['Transformation']>;
type Ended = { entry: ExecutionEntry; outcome: Outcome };

const iso = (ms: number): string => new Date(ms).toISOString();

const recordOf = async (
  archive: Archive,
  { entry, outcome }: Ended,
  nowMs: number,
): Promise<Record<string, JsonValue>> => {
  const { status, reason } = redriveStatusOf(entry, nowMs);
  const ending: Record<string, JsonValue> =
    outcome.status === 'SUCCEEDED'
      ? { Output: JSON.stringify(outcome.output), OutputDetails: { Included: true } }
      : {
          ...(outcome.error === undefined ? {} : { Error: outcome.error }),
          ...(outcome.cause === undefined ? {} : { Cause: outcome.cause }),
        };
  return {
    ExecutionArn: entry.arn,
    Input: JSON.stringify(await archive.input(entry)),
    InputDetails: { Included: true },
    Name: entry.name,
    ...ending,
    RedriveCount: entry.redriveCount,
    RedriveStatus: status,
    ...(reason === undefined ? {} : { RedriveStatusReason: reason }),
    StartDate: iso(entry.startedAtMs),
    StateMachineArn: entry.machineArn,
    Status: entry.status,
    StopDate: iso(entry.stoppedAtMs ?? nowMs),
  };
};

const endedOf = async (archive: Archive, run: MapRun): Promise<Ended[]> => {
  const places = [...run.children.entries()].sort(([one], [other]) => one - other);
  const ended: Ended[] = [];
  for (const [, entry] of places) {
    const outcome = await archive.outcome(entry);
    if (outcome !== undefined) ended.push({ entry, outcome });
  }
  return ended;
};

const transformed = async (
  archive: Archive,
  ended: Ended[],
  transformation: Transformation,
  nowMs: number,
): Promise<JsonValue[]> => {
  const results: JsonValue[] = [];
  for (const one of ended) {
    const { outcome } = one;
    // What failed is told of in full, whatever the transformation.
    if (transformation === 'NONE' || outcome.status !== 'SUCCEEDED') {
      results.push(await recordOf(archive, one, nowMs));
    } else if (transformation === 'FLATTEN' && Array.isArray(outcome.output)) {
      results.push(...outcome.output);
    } else {
      results.push(outcome.output);
    }
  }
  return results;
};

const linesOf = (results: JsonValue[]): string => results.map((result) => JSON.stringify(result)).join('\n');

/** What a Map state gets of a map run whose results are not written to S3: of those that succeeded. */
export const stateResult = async (
  archive: Archive,
  run: MapRun,
  writer: ResultWriter | undefined,
  nowMs: number,
): Promise<JsonValue> => {
  const { Transformation = 'COMPACT', OutputType = 'JSON' } = writer?.WriterConfig ?? {};
  const ended = (await endedOf(archive, run)).filter(({ outcome }) => outcome.status === 'SUCCEEDED');
  const results = await transformed(archive, ended, Transformation, nowMs);
  return OutputType === 'JSONL' ? linesOf(results) : results;
};

const destinationSchema = z.looseObject({ Bucket: z.string(), Prefix: z.string().default('') });

/** Writes the results of a map run to S3, and answers what its state gets; throws MapRunError States.ResultWriterFailed. */
export const writeResults = async (
  archive: Archive,
  run: MapRun,
  { WriterConfig }: ResultWriter,
  destination: JsonValue,
  call: CallService,
  nowMs: number,
): Promise<JsonValue> => {
  const { Transformation = 'NONE', OutputType = 'JSON' } = WriterConfig ?? {};
  try {
    const { Bucket, Prefix } = destinationSchema.parse(destination);
    const folder = `${Prefix === '' || Prefix.endsWith('/') ? Prefix : `${Prefix}/`}${mapRunId(run.arn)}`;
    const ended = await endedOf(archive, run);
    const write = async (name: string, isWanted: (one: Ended) => boolean): Promise<JsonValue[]> => {
      const wanted = ended.filter(isWanted);
      if (wanted.length === 0) return [];
      const results = await transformed(archive, wanted, Transformation, nowMs);
      const text = OutputType === 'JSONL' ? linesOf(results) : JSON.stringify(results);
      const key = `${folder}/${name}_0.json`;
      await writeObject(call, Bucket, key, text);
      return [{ Key: key, Size: Buffer.byteLength(text) }];
    };
    const ResultFiles = {
      FAILED: await write('FAILED', ({ outcome }) => outcome.status !== 'SUCCEEDED'),
      PENDING: [],
      SUCCEEDED: await write('SUCCEEDED', ({ outcome }) => outcome.status === 'SUCCEEDED'),
    };
    const manifest = { DestinationBucket: Bucket, MapRunArn: run.arn, ResultFiles };
    const Key = `${folder}/manifest.json`;
    await writeObject(call, Bucket, Key, JSON.stringify(manifest));
    return { MapRunArn: run.arn, ResultWriterDetails: { Bucket, Key } };
  } catch (error) {
    const cause = error instanceof TaskError ? error.cause : String(error);
    throw new MapRunError('States.ResultWriterFailed', cause);
  }
};
