import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { DatabaseCall } from './database-client.ts';

const recordSchema = z.looseObject({
  eventName: z.string(),
  dynamodb: z.looseObject({
    SequenceNumber: z.string(),
    ApproximateCreationDateTime: z.number().optional(),
    Keys: z.record(z.string(), z.json()).default({}),
  }),
});
export type StreamRecord = z.infer<typeof recordSchema>;

const recordsSchema = z.object({ Records: z.array(recordSchema), NextShardIterator: z.string().nullish() });
const iteratorSchema = z.object({ ShardIterator: z.string() });
const streamSchema = z.object({
  StreamDescription: z.object({
    Shards: z.array(z.object({ ShardId: z.string(), ParentShardId: z.string().nullish() })),
    LastEvaluatedShardId: z.string().nullish(),
  }),
});

export type ShardReader = {
  shardId: string;
  /** The next records, oldest first, none when there are none yet; undefined at the end of a closed shard. */
  read(limit: number): Promise<StreamRecord[] | undefined>;
  /** Continues after this record, or at the oldest one kept. */
  rewind(sequenceNumber: string | undefined): void;
};

type Shard = { ShardId: string; ParentShardId?: string | null | undefined };

/** Parents before their children: a key's changes move from one to the other. */
const parentsFirst = (shards: Shard[]): Shard[] => {
  const ordered = new Set<Shard>();
  const visit = (shard: Shard) => {
    const parent = shards.find(({ ShardId: id }) => id === shard.ParentShardId);
    if (parent && !ordered.has(parent)) visit(parent);
    ordered.add(shard);
  };
  shards.forEach(visit);
  return [...ordered];
};

/** All shards of a stream, parents first. */
export const listShards = async (
  stream: DatabaseCall,
  streamArn: string,
): Promise<{ shardId: string; parentId: string | undefined }[]> => {
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const input = { StreamArn: streamArn, ...(after && { ExclusiveStartShardId: after }) };
    const { StreamDescription: page } = streamSchema.parse(await stream('DescribeStream', input));
    shards.push(...page.Shards);
    after = page.LastEvaluatedShardId ?? undefined;
  } while (after !== undefined);
  return parentsFirst(shards).map(({ ShardId: shardId, ParentShardId: parent }) => ({
    shardId,
    parentId: parent ?? undefined,
  }));
};

const isLostPosition = (error: unknown) =>
  error instanceof ServiceError &&
  ['ExpiredIteratorException', 'TrimmedDataAccessException'].includes(error.code);

/** Reads one shard from behind `sequenceNumber`, or from its beginning. */
export const openShard = (
  stream: DatabaseCall,
  streamArn: string,
  shardId: string,
  sequenceNumber: string | undefined,
): ShardReader => {
  let position = sequenceNumber;
  let iterator: string | null | undefined;
  const iteratorAt = async (): Promise<string> => {
    const from: Record<string, string> =
      position === undefined
        ? { ShardIteratorType: 'TRIM_HORIZON' }
        : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position };
    const answer = await stream('GetShardIterator', { StreamArn: streamArn, ShardId: shardId, ...from });
    return iteratorSchema.parse(answer).ShardIterator;
  };
  const forget = (error: unknown): StreamRecord[] => {
    if (!isLostPosition(error)) throw error;
    if (error instanceof ServiceError && error.code === 'TrimmedDataAccessException') position = undefined;
    iterator = undefined;
    return [];
  };
  return {
    shardId,
    rewind(to) {
      position = to;
      iterator = undefined;
    },
    async read(limit) {
      if (iterator === null) return undefined;
      try {
        iterator ??= await iteratorAt();
        const answer = recordsSchema.parse(
          await stream('GetRecords', { ShardIterator: iterator, Limit: limit }),
        );
        iterator = answer.NextShardIterator ?? null;
        position = answer.Records.at(-1)?.dynamodb.SequenceNumber ?? position;
        return answer.Records;
      } catch (error) {
        return forget(error);
      }
    },
  };
};
