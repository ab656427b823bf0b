import * as z from 'zod';
import type { AccessNeed } from '../access.ts';
import { anything, arnOf, type Place } from './arn.ts';
import { leadingKeys, type PartitionKeyOf, queriedKey } from './leading-keys.ts';

export type DynamodbPlace = Place & {
  /** For conditions on `dynamodb:LeadingKeys`. */
  partitionKeyOf: PartitionKeyOf;
  /** The stream behind a stream ARN or shard iterator of the database, by the app's ARN. */
  streamOf?: (arnOrIterator: string) => string | undefined;
};

const item = z.record(z.string(), z.unknown());
type Item = z.infer<typeof item>;

const single = z.object({ TableName: z.string(), Key: item.optional(), Item: item.optional() });
const search = z.object({
  TableName: z.string(),
  IndexName: z.string().optional(),
  KeyConditionExpression: z.string().optional(),
  ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
  ExpressionAttributeValues: item.optional(),
});
const keyed = z.object({ TableName: z.string(), Key: item });
const put = z.object({ TableName: z.string(), Item: item });
const transaction = z.object({
  TransactItems: z.array(
    z.union([
      z.object({ Get: keyed }).transform(({ Get }) => ({ action: 'GetItem', ...Get, Item: undefined })),
      z.object({ Put: put }).transform(({ Put }) => ({ action: 'PutItem', ...Put, Key: undefined })),
      z
        .object({ Update: keyed })
        .transform(({ Update }) => ({ action: 'UpdateItem', ...Update, Item: undefined })),
      z
        .object({ Delete: keyed })
        .transform(({ Delete }) => ({ action: 'DeleteItem', ...Delete, Item: undefined })),
      z.object({ ConditionCheck: keyed }).transform(({ ConditionCheck: check }) => ({
        action: 'ConditionCheckItem',
        ...check,
        Item: undefined,
      })),
    ]),
  ),
});
const batchGet = z.object({ RequestItems: z.record(z.string(), z.object({ Keys: z.array(item) })) });
const batchWrite = z.object({
  RequestItems: z.record(
    z.string(),
    z.array(
      z.object({
        PutRequest: z.object({ Item: item }).optional(),
        DeleteRequest: z.object({ Key: item }).optional(),
      }),
    ),
  ),
});
const stream = z.object({ StreamArn: z.string().optional(), ShardIterator: z.string().optional() });
const streamList = z.object({ TableName: z.string().optional() });

const tableArn = (table: string, place: Place): string => arnOf('dynamodb', table, place, 'table/');

const needOf = (
  action: string,
  table: string,
  items: readonly (Item | undefined)[],
  place: DynamodbPlace,
): AccessNeed => {
  const keys = leadingKeys(table, items, place.partitionKeyOf);
  return {
    action: `dynamodb:${action}`,
    resource: tableArn(table, place),
    ...(keys.length > 0 && { context: { 'dynamodb:LeadingKeys': keys } }),
  };
};

const singleNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] => {
  const { TableName: table, Key: key, Item: whole } = single.parse(input);
  return [needOf(operation, table, [key ?? whole], place)];
};

const searchNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] => {
  const asked = search.parse(input);
  const table = tableArn(asked.TableName, place);
  const index = asked.IndexName;
  const key = queriedKey(asked, place.partitionKeyOf(asked.TableName, index));
  return [
    {
      action: `dynamodb:${operation}`,
      resource: index === undefined ? table : `${table}/index/${index}`,
      ...(key !== undefined && { context: { 'dynamodb:LeadingKeys': [key] } }),
    },
  ];
};

const transactionNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] =>
  transaction.parse(input).TransactItems.map(({ action, TableName: table, Key: key, Item: whole }) => {
    const need = needOf(action, table, [key ?? whole], place);
    return { ...need, context: { ...need.context, 'dynamodb:EnclosingOperation': operation } };
  });

const batchGetNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] =>
  Object.entries(batchGet.parse(input).RequestItems).map(([table, { Keys: keys }]) =>
    needOf(operation, table, keys, place),
  );

const batchWriteNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] =>
  Object.entries(batchWrite.parse(input).RequestItems).map(([table, writes]) => {
    const items = writes.map(({ PutRequest, DeleteRequest }) => PutRequest?.Item ?? DeleteRequest?.Key);
    return needOf(operation, table, items, place);
  });

/** AWS's shard iterators begin with their stream's ARN. */
const streamOfIterator = (arnOrIterator: string): string => arnOrIterator.split('|')[0] ?? arnOrIterator;

const streamNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] => {
  const { StreamArn: arn, ShardIterator: iterator } = stream.parse(input);
  const { streamOf = streamOfIterator } = place;
  const asked = arn ?? iterator;
  const resource = (asked === undefined ? undefined : streamOf(asked)) ?? anything;
  return [{ action: `dynamodb:${operation}`, resource }];
};

const streamListNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] => {
  const { TableName: table = '*' } = streamList.parse(input);
  return [{ action: `dynamodb:${operation}`, resource: `${tableArn(table, place)}/stream/*` }];
};

const needsOf: Record<string, typeof singleNeeds> = {
  BatchGetItem: batchGetNeeds,
  BatchWriteItem: batchWriteNeeds,
  DescribeStream: streamNeeds,
  GetRecords: streamNeeds,
  GetShardIterator: streamNeeds,
  ListStreams: streamListNeeds,
  Query: searchNeeds,
  Scan: searchNeeds,
  TransactGetItems: transactionNeeds,
  TransactWriteItems: transactionNeeds,
};

/**
 * What an operation takes: a transaction item by item, a batch table by table, a search on its index. An input that
 * names no table takes a grant on everything.
 */
export const dynamodbNeeds = (operation: string, input: unknown, place: DynamodbPlace): AccessNeed[] => {
  const read = Object.hasOwn(needsOf, operation) ? needsOf[operation] : undefined;
  try {
    return (read ?? singleNeeds)(operation, input, place);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    return [{ action: `dynamodb:${operation}`, resource: anything }];
  }
};
