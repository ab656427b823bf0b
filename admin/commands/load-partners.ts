import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { currencies } from '../../domain/currencies.ts';
import { languages } from '../../domain/languages.ts';
import { type Partner, partnerRoles } from '../../domain/partner.ts';
import { email, listOf, oneOf, partnerId, text, wholeNumber, yesNo } from '../columns.ts';
import { type Change, type LoadResult, refused, writeEach } from '../load-result.ts';
import { profileKey, readPartners } from '../partners.ts';
import { readRecords, repeatedRows } from '../read-records.ts';
import { readTable } from '../read-table.ts';
import { differs, updateOf } from '../rows.ts';
import type { Target } from '../targets.ts';

export const partnerColumns = z.object({
  partnerId: partnerId.describe('short name in small letters; never changes'),
  name: text(200).describe('full name, as on documents'),
  active: yesNo.default(true).describe('no refuses new orders; blank: yes'),
  language: oneOf(languages).describe('of mails and documents when an order names none: zh-CN or en'),
  currencies: listOf(oneOf(currencies))
    .refine((list) => list.length > 0, { error: 'must name at least one currency' })
    .describe('currencies it may order in, separated by semicolons'),
  pricesIncludeTax: yesNo.describe('yes when its prices contain tax unless an order says otherwise'),
  notifyEmail: email
    .optional()
    .describe('gets upload results, copies, and mails when an order names no e-mail address'),
  toleranceMinor: wholeNumber(0)
    .default(0)
    .describe('how far its totals may differ from ours, in minor units; blank: 0'),
  paymentDueMinutes: wholeNumber(1)
    .default(1440)
    .describe('unpaid orders are cancelled after this long; blank: 1440'),
  autoCompleteDays: wholeNumber(1)
    .default(7)
    .describe('days after dispatch when an order counts as delivered; blank: 7'),
  clarificationHours: wholeNumber(1)
    .default(72)
    .describe('unanswered problem orders are cancelled after this long; blank: 72'),
  roles: listOf(oneOf(partnerRoles))
    .default([])
    .describe(
      'PAYMENT_PROVIDER, WAREHOUSE, CARRIER, separated by semicolons: may post notices about all orders; blank: none',
    ),
});
type PartnerRecord = z.infer<typeof partnerColumns>;

const writePartner = async (
  target: Target,
  record: PartnerRecord,
  existing: Partner | undefined,
): Promise<Change> => {
  const profile = { ...record, notifyEmail: record.notifyEmail };
  if (existing && !differs(existing, profile)) return 'unchanged';
  // An update, not a put: the usage key and the version of the API keys stand in the same row.
  await target.dynamodb.send(
    new UpdateCommand({
      TableName: target.tables.partners,
      Key: profileKey(record.partnerId),
      ...updateOf({ ...profile, entity: 'PROFILE' }),
    }),
  );
  return existing ? 'changed' : 'created';
};

/** Loads partners from a csv or xlsx file; their keys and usage plans stay as they are. */
export const loadPartners = async (target: Target, path: string): Promise<LoadResult> => {
  const { problems, records } = readRecords(await readTable(path), partnerColumns);
  problems.push(...repeatedRows(records, 'partnerId', (record) => record.partnerId));
  if (problems.length > 0) return refused(problems);
  const existing = await readPartners(
    target,
    records.map(({ record }) => record.partnerId),
  );
  return writeEach(records, ({ record }) => writePartner(target, record, existing.get(record.partnerId)));
};
