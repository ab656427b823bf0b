import { GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Customer, customerSchema, type Partner, partnerSchema } from '../../domain/partner.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';

const partnersEnv = env({ PARTNERS_TABLE: z.string() });

const keySchema = z.object({ partnerId: z.string(), keyId: z.string(), revokedAt: z.string().optional() });

const senderSchema = z.object({ partnerId: z.string() });

/** Partners: profiles, customers, the addresses they may order from, and the hashes of their API keys. */
export const partnersTable = (db = documentClient(), tableName = () => partnersEnv().PARTNERS_TABLE) => {
  const get = async (pk: string, sk: string) =>
    (await db.send(new GetCommand({ TableName: tableName(), Key: { pk, sk } }))).Item;

  const readPartner = async (partnerId: string): Promise<Partner | undefined> => {
    const item = await get(`PARTNER#${partnerId}`, 'PROFILE');
    return item && partnerSchema.parse(item);
  };

  return {
    readPartner,

    /** The partner that may order by mails from an address (in small letters). */
    findSender: async (address: string): Promise<Partner | undefined> => {
      const item = await get(`SENDER#${address}`, 'SENDER');
      const partner = item && (await readPartner(senderSchema.parse(item).partnerId));
      return partner?.orderSenders.includes(address) ? partner : undefined;
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
