import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Customer, customerSchema, type Partner, partnerSchema } from '../../domain/partner.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';

const partnersEnv = env({ PARTNERS_TABLE: z.string() });

const keySchema = z.object({ partnerId: z.string(), keyId: z.string(), revokedAt: z.string().optional() });

/** Partners: profiles, customers, and the hashes of their API keys. */
export const partnersTable = (db = documentClient(), tableName = () => partnersEnv().PARTNERS_TABLE) => {
  const get = async (pk: string, sk: string) =>
    (await db.send(new GetCommand({ TableName: tableName(), Key: { pk, sk } }))).Item;

  return {
    readPartner: async (partnerId: string): Promise<Partner | undefined> => {
      const item = await get(`PARTNER#${partnerId}`, 'PROFILE');
      return item && partnerSchema.parse(item);
    },

    readCustomer: async (partnerId: string, customerId: string): Promise<Customer | undefined> => {
      const item = await get(`PARTNER#${partnerId}`, `CUSTOMER#${customerId}`);
      return item && customerSchema.parse(item);
    },

    /** The partner that a key's SHA-256 (hex) belongs to, unless the key was revoked. */
    findKey: async (keyHash: string): Promise<{ partnerId: string; keyId: string } | undefined> => {
      const item = await get(`KEY#${keyHash}`, 'KEY');
      const key = item && keySchema.parse(item);
      return key && !key.revokedAt ? { partnerId: key.partnerId, keyId: key.keyId } : undefined;
    },
  };
};

export type PartnersTable = ReturnType<typeof partnersTable>;
