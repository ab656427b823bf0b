import * as z from 'zod';
import { type Customer, customerSchema, customerTiers } from '../../domain/partner.ts';
import {
  creditLimits,
  email,
  identifier,
  licence,
  listOf,
  oneOf,
  partnerId,
  taxId,
  telephone,
  text,
} from '../../functions/master-data/columns.ts';
import { type Change, type LoadResult, refused, writeEach } from '../../functions/master-data/load-result.ts';
import { readRecords, repeatedRows } from '../../functions/master-data/read-records.ts';
import { differs, readRows } from '../../functions/master-data/rows.ts';
import { customerSortKey, lookupRows, partnerPartition } from '../../functions/shared/customer-lookups.ts';
import { type TransactItem, transact } from '../../functions/shared/dynamodb.ts';
import { readPartners, unknownPartners } from '../partners.ts';
import { readTable } from '../read-table.ts';
import { Refusal } from '../refusal.ts';
import type { Target } from '../targets.ts';

export const customerColumns = z.object({
  partnerId: partnerId.describe('the partner whose customer it is, loaded before'),
  customerId: identifier.describe('number that orders give as buyer.customerId'),
  name: text(200).describe('full name'),
  tier: oneOf(customerTiers)
    .default('STANDARD')
    .describe('STANDARD, SILVER, GOLD or WHOLESALE; decides the price list; blank: STANDARD'),
  email: email.optional().describe('e-mail address'),
  telephone: telephone.optional().describe('with country code: +8613800138000'),
  taxId: taxId
    .optional()
    .describe('tax number as invoices name it; orders without a customer number are matched by it, too'),
  qualifications: listOf(licence)
    .default([])
    .describe('licences on file, TYPE/NUMBER/VALID-UNTIL separated by semicolons: FOOD/JY-0001/2035-12-31'),
  creditLimits: creditLimits
    .default({})
    .describe(
      'the most it may owe on account, by currency and separated by semicolons: CNY 50000.00;USD 10000; blank: no limit',
    ),
});
type CustomerRecord = z.infer<typeof customerColumns>;

type CustomerNames = Pick<CustomerRecord, 'partnerId' | 'customerId'>;
const customerKey = ({ partnerId, customerId }: CustomerNames) => ({
  pk: partnerPartition(partnerId),
  sk: customerSortKey(customerId),
});
const nameOf = ({ partnerId, customerId }: CustomerNames) => `${partnerId} ${customerId}`;

/** Nobody changed meanwhile what the customer is found by. */
const unchangedSince = (existing: Customer | undefined) => {
  if (!existing) return { ConditionExpression: 'attribute_not_exists(pk)' };
  const fields = (['name', 'email', 'telephone', 'taxId'] as const).map((field, index) => ({
    field,
    name: `#n${index}`,
    value: `:v${index}`,
    known: existing[field],
  }));
  const given = fields.filter(({ known }) => known !== undefined);
  return {
    ConditionExpression: fields
      .map(({ name, value, known }) =>
        known === undefined ? `attribute_not_exists(${name})` : `${name} = ${value}`,
      )
      .join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(fields.map(({ name, field }) => [name, field])),
    ExpressionAttributeValues: Object.fromEntries(given.map(({ value, known }) => [value, known])),
  };
};

/** What turns the rows that lead to the customer of before into those of now. */
const lookupItems = (
  TableName: string,
  record: CustomerRecord,
  existing: Customer | undefined,
): TransactItem[] => {
  const rows = lookupRows(record);
  const kept = new Set(rows.map(({ sk }) => sk));
  const gone = (existing ? lookupRows(existing) : []).filter(({ sk }) => !kept.has(sk));
  return [
    ...rows.map((Item) => ({ Put: { TableName, Item } })),
    ...gone.map(({ pk, sk }) => ({ Delete: { TableName, Key: { pk, sk } } })),
  ];
};

const writeCustomer = async (
  { dynamodb, tables }: Target,
  record: CustomerRecord,
  existing: Customer | undefined,
): Promise<Change> => {
  const { email, telephone, taxId: taxNumber } = record;
  if (existing && !differs(existing, { ...record, email, telephone, taxId: taxNumber })) return 'unchanged';
  const own = {
    Put: {
      TableName: tables.partners,
      Item: { ...customerKey(record), entity: 'CUSTOMER', ...record },
      ...unchangedSince(existing),
    },
  };
  const { outcome } = await transact([own, ...lookupItems(tables.partners, record, existing)], dynamodb);
  if (outcome === 'refused')
    throw new Refusal(`${nameOf(record)} was changed by someone else meanwhile. Load the file again.`);
  return existing ? 'changed' : 'created';
};

/** Loads partners' customers with tier and licences from a csv or xlsx file; those it does not name stay as they are. */
export const loadCustomers = async (target: Target, path: string): Promise<LoadResult> => {
  const { problems, records } = readRecords(await readTable(path), customerColumns);
  const partners = await readPartners(
    target,
    records.map(({ record }) => record.partnerId),
  );
  problems.push(...unknownPartners(records, partners), ...repeatedRows(records, 'customerId', nameOf));
  if (problems.length > 0) return refused(problems);
  const keys = records.map(({ record }) => customerKey(record));
  const rows = await readRows(target.dynamodb, target.tables.partners, keys, customerSchema);
  const existing = new Map(rows.map((row) => [nameOf(row), row]));
  return writeEach(records, ({ record }) => writeCustomer(target, record, existing.get(nameOf(record))));
};
