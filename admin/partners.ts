import { type Partner, partnerSchema } from '../domain/partner.ts';
import type { RowProblem, RowRecord } from '../functions/master-data/read-records.ts';
import { readRows } from '../functions/master-data/rows.ts';
import { Refusal } from './refusal.ts';
import type { Target } from './targets.ts';

export const profileKey = (partnerId: string) => ({ pk: `PARTNER#${partnerId}`, sk: 'PROFILE' });

/** The partners among these, by id, as they are now. */
export const readPartners = async (
  { dynamodb, tables }: Target,
  ids: readonly string[],
): Promise<Map<string, Partner>> => {
  const partners = await readRows(dynamodb, tables.partners, ids.map(profileKey), partnerSchema);
  return new Map(partners.map(({ pk: _pk, sk: _sk, ...partner }) => [partner.partnerId, partner]));
};

/** Throws Refusal when there is no such partner. */
export const existingPartner = async (target: Target, partnerId: string): Promise<Partner> => {
  const partner = (await readPartners(target, [partnerId])).get(partnerId);
  if (!partner) throw new Refusal(`There is no partner ${partnerId}. Load it with "load partners" first.`);
  return partner;
};

/** Rows whose partner is not on file. */
export const unknownPartners = (
  records: readonly RowRecord<{ partnerId: string }>[],
  partners: ReadonlyMap<string, Partner>,
): RowProblem[] =>
  records
    .filter(({ record }) => !partners.has(record.partnerId))
    .map(({ row, record }) => ({
      row,
      column: 'partnerId',
      value: record.partnerId,
      message: 'is not a partner on file',
    }));
