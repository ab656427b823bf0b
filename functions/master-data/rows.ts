import { isDeepStrictEqual } from 'node:util';
import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';

export type Key = { pk: string; sk: string };

const keySchema = z.object({ pk: z.string(), sk: z.string() });
const batchSize = 100;

/** The rows that exist among these keys, by partition key. Strongly consistent. */
export const readRows = async <Schema extends z.ZodObject>(
  db: DynamoDBDocumentClient,
  tableName: string,
  wanted: readonly Key[],
  schema: Schema,
): Promise<(z.infer<Schema> & Key)[]> => {
  const rows: (z.infer<Schema> & Key)[] = [];
  let keys = [...new Map(wanted.map((key) => [`${key.pk} ${key.sk}`, key])).values()];
  while (keys.length > 0) {
    const { Responses, UnprocessedKeys } = await db.send(
      new BatchGetCommand({
        RequestItems: { [tableName]: { Keys: keys.slice(0, batchSize), ConsistentRead: true } },
      }),
    );
    const unprocessed = z.array(keySchema).parse(UnprocessedKeys?.[tableName]?.Keys ?? []);
    rows.push(
      ...(Responses?.[tableName] ?? []).map((item) => ({ ...schema.parse(item), ...keySchema.parse(item) })),
    );
    keys = [...unprocessed, ...keys.slice(batchSize)];
  }
  return rows;
};

type Update = {
  UpdateExpression: string;
  ExpressionAttributeNames: Record<string, string>;
  ExpressionAttributeValues: Record<string, unknown>;
};

/** An update that sets these attributes, removes those that are undefined, and leaves the row's others alone. */
export const updateOf = (attributes: Readonly<Record<string, unknown>>): Update => {
  const entries = Object.entries(attributes).map(([name, value], index) => ({ name, value, index }));
  const set = entries.filter(({ value }) => value !== undefined);
  const removed = entries.filter(({ value }) => value === undefined);
  const remove = removed.length > 0 ? ` REMOVE ${removed.map(({ index }) => `#a${index}`).join(', ')}` : '';
  return {
    UpdateExpression: `SET ${set.map(({ index }) => `#a${index} = :v${index}`).join(', ')}${remove}`,
    ExpressionAttributeNames: Object.fromEntries(entries.map(({ name, index }) => [`#a${index}`, name])),
    ExpressionAttributeValues: Object.fromEntries(set.map(({ value, index }) => [`:v${index}`, value])),
  };
};

/** True when the row does not have these attributes yet; undefined means absent. */
export const differs = (
  row: Readonly<Record<string, unknown>>,
  attributes: Readonly<Record<string, unknown>>,
): boolean => Object.entries(attributes).some(([name, value]) => !isDeepStrictEqual(row[name], value));
