import { paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Partner, partnerSchema } from '../../domain/partner.ts';
import type { Target } from '../targets.ts';

/** All partners, by id. Reads the whole table, which is small. */
export const listPartners = async ({ dynamodb, tables }: Target): Promise<Partner[]> => {
  const pages = paginateScan(
    { client: dynamodb },
    {
      TableName: tables.partners,
      FilterExpression: 'sk = :profile',
      ExpressionAttributeValues: { ':profile': 'PROFILE' },
    },
  );
  const partners: Partner[] = [];
  for await (const { Items } of pages) partners.push(...z.array(partnerSchema).parse(Items ?? []));
  return partners.toSorted((a, b) => a.partnerId.localeCompare(b.partnerId));
};
