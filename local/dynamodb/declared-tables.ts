import * as z from 'zod';
import type { Registry } from '../assembly/registry.ts';

const keySchema = z.array(z.object({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projectionSchema = z.object({
  ProjectionType: z.string().optional(),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const indexSchema = z.object({ IndexName: z.string(), KeySchema: keySchema, Projection: projectionSchema });

const tableSchema = z.object({
  AttributeDefinitions: z.array(
    z.object({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z.array(indexSchema).default([]),
  LocalSecondaryIndexes: z.array(indexSchema).default([]),
  StreamSpecification: z.object({ StreamViewType: z.string().default('NEW_AND_OLD_IMAGES') }).optional(),
  TimeToLiveSpecification: z
    .object({ AttributeName: z.string().optional(), Enabled: z.union([z.boolean(), z.stringbool()]) })
    .optional(),
});

export type IndexSpec = z.infer<typeof indexSchema>;
export type TableSpec = z.infer<typeof tableSchema> & { name: string; streamArn: string };

/** The partition key attribute of a table, by its name or ARN, or of one of its indexes. */
export const partitionKeysOf = (tables: readonly TableSpec[]) => {
  const byTable = new Map(tables.map((table) => [table.name, table]));
  return (nameOrArn: string, index?: string): string | undefined => {
    const table = byTable.get(nameOrArn.split('/').at(-1) ?? '');
    const indexes = [...(table?.GlobalSecondaryIndexes ?? []), ...(table?.LocalSecondaryIndexes ?? [])];
    const keyed = index === undefined ? table : indexes.find(({ IndexName: name }) => name === index);
    return keyed?.KeySchema.find(({ KeyType: type }) => type === 'HASH')?.AttributeName;
  };
};

/** The tables of the templates, TableV2's global tables among them (one region: this one). */
export const declaredTables = (registry: Registry): TableSpec[] =>
  registry.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map((resource) => ({
    ...resource.read(tableSchema),
    name: resource.ref,
    streamArn: resource.attribute('StreamArn'),
  }));
