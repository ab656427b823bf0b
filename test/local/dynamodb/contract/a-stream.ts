import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type Shard,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';

const parentsFirst = (shards: readonly Shard[]): string[] => {
  const ordered = new Set<string>();
  const visit = ({ ShardId, ParentShardId }: Shard) => {
    const parent = shards.find((one) => one.ShardId === ParentShardId);
    if (parent) visit(parent);
    if (ShardId) ordered.add(ShardId);
  };
  shards.forEach(visit);
  return [...ordered];
};

/** Ids of a stream's shards, parents before their children. */
export const shardsOf = async (streams: DynamoDBStreamsClient, StreamArn: string): Promise<string[]> => {
  const { StreamDescription } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  return parentsFirst(StreamDescription?.Shards ?? []);
};

/** An iterator behind the record `after`, or at the oldest one kept. */
export const iteratorAt = async (
  streams: DynamoDBStreamsClient,
  StreamArn: string,
  ShardId: string,
  { after }: { after?: string | undefined } = {},
): Promise<string | undefined> => {
  const position =
    after === undefined
      ? ({ ShardIteratorType: 'TRIM_HORIZON' } as const)
      : ({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after } as const);
  const command = new GetShardIteratorCommand({ StreamArn, ShardId, ...position });
  return (await streams.send(command)).ShardIterator;
};

/** An open shard has no end: several empty answers in a row mean that there is nothing new. */
const emptyAnswers = 3;

/** What a shard holds behind `after`, or from its beginning. */
export const readShard = async (
  streams: DynamoDBStreamsClient,
  streamArn: string,
  shardId: string,
  start: { after?: string | undefined } = {},
): Promise<StreamRecord[]> => {
  const all: StreamRecord[] = [];
  let ShardIterator = await iteratorAt(streams, streamArn, shardId, start);
  for (let empty = 0; ShardIterator !== undefined && empty < emptyAnswers; ) {
    const { Records = [], NextShardIterator } = await streams.send(new GetRecordsCommand({ ShardIterator }));
    all.push(...Records);
    empty = Records.length === 0 ? empty + 1 : 0;
    ShardIterator = NextShardIterator;
  }
  return all;
};
