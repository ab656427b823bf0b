import * as z from 'zod';
import { type Partner, partnerRoles } from '../../domain/partner.ts';
import { currencies } from '../../domain/values/currencies.ts';
import { languages } from '../../domain/values/languages.ts';
import {
  email,
  headerAliases,
  listOf,
  oneOf,
  partnerId,
  percent,
  text,
  wholeNumber,
  yesNo,
} from '../../functions/master-data/columns.ts';
import { type Change, type LoadResult, refused, writeEach } from '../../functions/master-data/load-result.ts';
import {
  type RowProblem,
  type RowRecord,
  readRecords,
  repeatedRows,
} from '../../functions/master-data/read-records.ts';
import { differs, updateOf } from '../../functions/master-data/rows.ts';
import { transact } from '../../functions/shared/dynamodb.ts';
import { senderItems, sharedSenders, takenSenders } from '../order-senders.ts';
import { profileKey, readPartners } from '../partners.ts';
import { readTable } from '../read-table.ts';
import { Refusal } from '../refusal.ts';
import type { Target } from '../targets.ts';

/** With those that they replace, well within one transaction. */
const mostSenders = 40;

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
  orderSenders: listOf(email.toLowerCase())
    .refine((list) => list.length <= mostSenders, { error: `must not be more than ${mostSenders} addresses` })
    .transform((list) => [...new Set(list)])
    .default([])
    .describe('addresses whose mails to the order address are its orders, separated by semicolons'),
  headerAliases: headerAliases
    .optional()
    .describe('its own headers in spreadsheets, as THEIR HEADER=OUR COLUMN, separated by semicolons'),
  toleranceMinor: wholeNumber(0)
    .default(0)
    .describe('how far its totals may differ from ours, in minor units; blank: 0'),
  tolerancePercent: percent
    .optional()
    .describe('and in per cent of ours, where that is less than toleranceMinor; blank: no such limit'),
  writeOffMinor: wholeNumber(0)
    .optional()
    .describe('the most of one order that finance may write off, in minor units; blank: nothing'),
  suspectedDuplicates: oneOf(['WARN', 'HOLD'])
    .default('WARN')
    .describe('HOLD asks before an order like a recent one goes on, WARN only tells; blank: WARN'),
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
  const { notifyEmail, headerAliases: aliases, tolerancePercent, writeOffMinor } = record;
  const profile = { ...record, notifyEmail, headerAliases: aliases, tolerancePercent, writeOffMinor };
  if (existing && !differs(existing, profile)) return 'unchanged';
  const table = target.tables.partners;
  // An update, not a put: the usage key and the version of the API keys stand in the same row.
  const update = {
    Update: {
      TableName: table,
      Key: profileKey(record.partnerId),
      ...updateOf({ ...profile, entity: 'PROFILE' }),
    },
  };
  const { outcome } = await transact(
    [update, ...senderItems(table, record, existing?.orderSenders ?? [])],
    target.dynamodb,
  );
  if (outcome === 'refused')
    throw new Refusal(
      `An address of ${record.partnerId} was given to another partner meanwhile. Load the file again.`,
    );
  return existing ? 'changed' : 'created';
};

/** Per cent only lower the amount that is tolerated: of none there is nothing to lower. */
const idlePercents = (records: readonly RowRecord<PartnerRecord>[]): RowProblem[] =>
  records
    .filter(({ record }) => record.tolerancePercent !== undefined && record.toleranceMinor === 0)
    .map(({ row, record }) => ({
      row,
      column: 'tolerancePercent',
      value: String(record.tolerancePercent),
      message: 'needs a toleranceMinor too: the most that the per cent may come to',
    }));

/** Loads partners from a csv or xlsx file; their keys and usage plans stay as they are. */
export const loadPartners = async (target: Target, path: string): Promise<LoadResult> => {
  const { problems, records } = readRecords(await readTable(path), partnerColumns);
  problems.push(
    ...repeatedRows(records, 'partnerId', (record) => record.partnerId),
    ...idlePercents(records),
    ...sharedSenders(records),
    ...(await takenSenders(target, records)),
  );
  if (problems.length > 0) return refused(problems);
  const existing = await readPartners(
    target,
    records.map(({ record }) => record.partnerId),
  );
  return writeEach(records, ({ record }) => writePartner(target, record, existing.get(record.partnerId)));
};
