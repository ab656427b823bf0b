import * as z from 'zod';
import { ServiceError } from '../http/service-error.ts';
import type { JsonValue } from '../json.ts';
import type { DatabaseClient } from './database-client.ts';
import type { IndexSpec, TableSpec } from './declared-tables.ts';

const descriptionSchema = z.object({
  Table: z.object({
    KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
    GlobalSecondaryIndexes: z.array(z.object({ IndexName: z.string() })).default([]),
    LatestStreamArn: z.string().optional(),
  }),
});
type Description = z.infer<typeof descriptionSchema>['Table'];

const describe = async ({ table }: DatabaseClient, name: string): Promise<Description | undefined> => {
  try {
    return descriptionSchema.parse(await table('DescribeTable', { TableName: name })).Table;
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'ResourceNotFoundException') return undefined;
    throw error;
  }
};

const indexInput = ({ IndexName, KeySchema, Projection }: IndexSpec): JsonValue => ({
  IndexName,
  KeySchema,
  Projection: JSON.parse(JSON.stringify(Projection)),
});

const streamInput = ({ StreamSpecification: stream }: TableSpec): Record<string, JsonValue> =>
  stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.StreamViewType } } : {};

const create = async ({ table }: DatabaseClient, spec: TableSpec) => {
  const indexes: Record<string, JsonValue> = {};
  if (spec.GlobalSecondaryIndexes.length > 0) {
    indexes.GlobalSecondaryIndexes = spec.GlobalSecondaryIndexes.map(indexInput);
  }
  if (spec.LocalSecondaryIndexes.length > 0) {
    indexes.LocalSecondaryIndexes = spec.LocalSecondaryIndexes.map(indexInput);
  }
  await table('CreateTable', {
    TableName: spec.name,
    AttributeDefinitions: spec.AttributeDefinitions,
    KeySchema: spec.KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...indexes,
    ...streamInput(spec),
  });
  const { AttributeName: attribute, Enabled: enabled } = spec.TimeToLiveSpecification ?? {};
  if (!enabled || attribute === undefined) return;
  await table('UpdateTimeToLive', {
    TableName: spec.name,
    TimeToLiveSpecification: { AttributeName: attribute, Enabled: true },
  });
};

const keyText = (keys: { AttributeName: string; KeyType: string }[]) =>
  keys.map(({ AttributeName: name, KeyType: type }) => `${name} ${type}`).join(', ');

const update = async ({ table }: DatabaseClient, spec: TableSpec, found: Description) => {
  if (keyText(spec.KeySchema) !== keyText(found.KeySchema)) {
    throw new Error(
      `Table ${spec.name} is stored with the key (${keyText(found.KeySchema)}), the template now says ` +
        `(${keyText(spec.KeySchema)}). A key cannot change: start fresh, or give the table another name.`,
    );
  }
  const isNew = ({ IndexName: name }: IndexSpec) =>
    !found.GlobalSecondaryIndexes.some((one) => one.IndexName === name);
  for (const index of spec.GlobalSecondaryIndexes.filter(isNew)) {
    await table('UpdateTable', {
      TableName: spec.name,
      AttributeDefinitions: spec.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: indexInput(index) }],
    });
  }
  if (spec.StreamSpecification && found.LatestStreamArn === undefined) {
    await table('UpdateTable', { TableName: spec.name, ...streamInput(spec) });
  }
};

/**
 * Creates the table, or gives the stored one the indexes and the stream that the template has gained.
 * Answers the ARN under which the database itself knows the stream. Throws when the key differs.
 */
export const ensureTable = async (
  client: DatabaseClient,
  spec: TableSpec,
): Promise<{ databaseStreamArn: string | undefined }> => {
  const found = await describe(client, spec.name);
  if (found === undefined) await create(client, spec);
  else await update(client, spec, found);
  return { databaseStreamArn: (await describe(client, spec.name))?.LatestStreamArn };
};
