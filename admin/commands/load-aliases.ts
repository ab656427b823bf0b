import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { articlesOf, readProducts, unknownArticles } from '../../functions/master-data/catalogue.ts';
import { identifier, partnerId } from '../../functions/master-data/columns.ts';
import { type Change, type LoadResult, refused, writeEach } from '../../functions/master-data/load-result.ts';
import { readRecords, repeatedRows } from '../../functions/master-data/read-records.ts';
import { readRows } from '../../functions/master-data/rows.ts';
import { readPartners, unknownPartners } from '../partners.ts';
import { readTable } from '../read-table.ts';
import type { Target } from '../targets.ts';

export const aliasColumns = z.object({
  partnerId: partnerId.describe('the partner that uses the code, loaded before'),
  buyerItemId: identifier.describe("the partner's own code, given in orders as buyerItemId"),
  sku: identifier.describe('article number that it means, loaded before'),
});
type Alias = z.infer<typeof aliasColumns>;

const aliasKey = ({ partnerId, buyerItemId }: Alias) => ({
  pk: `ALIAS#${partnerId}#${buyerItemId}`,
  sk: 'ALIAS',
});

const writeAlias = async (
  { dynamodb, tables }: Target,
  alias: Alias,
  existingSku: string | undefined,
): Promise<Change> => {
  if (existingSku === alias.sku) return 'unchanged';
  const item = { ...aliasKey(alias), entity: 'ALIAS', sku: alias.sku };
  await dynamodb.send(new PutCommand({ TableName: tables.catalogue, Item: item }));
  return existingSku === undefined ? 'created' : 'changed';
};

/** Loads partners' own article codes from a csv or xlsx file; those it does not name stay as they are. */
export const loadAliases = async (target: Target, path: string): Promise<LoadResult> => {
  const { problems, records } = readRecords(await readTable(path), aliasColumns);
  const products = await readProducts(
    target,
    records.map(({ record }) => record.sku),
  );
  const partners = await readPartners(
    target,
    records.map(({ record }) => record.partnerId),
  );
  problems.push(
    ...unknownPartners(records, partners),
    ...(await unknownArticles(target, articlesOf(records), products)),
    ...repeatedRows(records, 'buyerItemId', ({ partnerId, buyerItemId }) => `${partnerId} ${buyerItemId}`),
  );
  if (problems.length > 0) return refused(problems);
  const keys = records.map(({ record }) => aliasKey(record));
  const rows = await readRows(target.dynamodb, target.tables.catalogue, keys, z.object({ sku: z.string() }));
  const existing = new Map(rows.map(({ pk, sku }) => [pk, sku]));
  return writeEach(records, ({ record }) => writeAlias(target, record, existing.get(aliasKey(record).pk)));
};
