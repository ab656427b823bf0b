import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Customer, customerSchema, customerTiers } from '../../domain/partner.ts';
import { email, identifier, licence, listOf, oneOf, partnerId, telephone, text } from '../columns.ts';
import { type Change, type LoadResult, refused, writeEach } from '../load-result.ts';
import { readPartners, unknownPartners } from '../partners.ts';
import { readRecords, repeatedRows } from '../read-records.ts';
import { readTable } from '../read-table.ts';
import { differs, readRows } from '../rows.ts';
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
  qualifications: listOf(licence)
    .default([])
    .describe('licences on file, TYPE/NUMBER/VALID-UNTIL separated by semicolons: FOOD/JY-0001/2035-12-31'),
});
type CustomerRecord = z.infer<typeof customerColumns>;

const customerKey = ({ partnerId, customerId }: Pick<CustomerRecord, 'partnerId' | 'customerId'>) => ({
  pk: `PARTNER#${partnerId}`,
  sk: `CUSTOMER#${customerId}`,
});
const nameOf = ({ partnerId, customerId }: Pick<CustomerRecord, 'partnerId' | 'customerId'>) =>
  `${partnerId} ${customerId}`;

const writeCustomer = async (
  { dynamodb, tables }: Target,
  record: CustomerRecord,
  existing: Customer | undefined,
): Promise<Change> => {
  if (existing && !differs(existing, { ...record, email: record.email, telephone: record.telephone }))
    return 'unchanged';
  await dynamodb.send(
    new PutCommand({
      TableName: tables.partners,
      Item: { ...customerKey(record), entity: 'CUSTOMER', ...record },
    }),
  );
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
