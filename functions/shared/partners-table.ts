import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type Customer, customerSchema, type Partner, partnerSchema } from '../../domain/partner.ts';
import { customerSortKey, type LookupKey, lookupPrefix, partnerPartition } from './customer-lookups.ts';
import { documentClient } from './dynamodb.ts';
import { env } from './env.ts';
import { createFindCustomer } from './find-customer.ts';

const partnersEnv = env({ PARTNERS_TABLE: z.string() });

const keySchema = z.object({ partnerId: z.string(), keyId: z.string(), revokedAt: z.string().optional() });

const namedSchema = z.object({ customerId: z.string(), name: z.string() });

/** As many as anybody looks at; more share no value by mistake. */
const maxAlike = 50;

const senderSchema = z.object({ partnerId: z.string() });

/** Partners: profiles, customers, the addresses they may order from, and the hashes of their API keys. */
export const partnersTable = (db = documentClient(), tableName = () => partnersEnv().PARTNERS_TABLE) => {
  const get = async (pk: string, sk: string) =>
    (await db.send(new GetCommand({ TableName: tableName(), Key: { pk, sk } }))).Item;

  const readPartner = async (partnerId: string): Promise<Partner | undefined> => {
    const item = await get(partnerPartition(partnerId), 'PROFILE');
    return item && partnerSchema.parse(item);
  };

  const readCustomer = async (partnerId: string, customerId: string): Promise<Customer | undefined> => {
    const item = await get(partnerPartition(partnerId), customerSortKey(customerId));
    return item && customerSchema.parse(item);
  };

  const customersFrom = async (partnerId: string, prefix: string) => {
    const { Items } = await db.send(
      new QueryCommand({
        TableName: tableName(),
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': partnerPartition(partnerId), ':prefix': prefix },
        Limit: maxAlike,
      }),
    );
    return z.array(namedSchema).parse(Items ?? []);
  };

  return {
    readPartner,
    readCustomer,

    /** The customer on file that a buyer is, or those that it may be. */
    findCustomer: createFindCustomer({
      readCustomer,
      customersBy: (partnerId, key: LookupKey, value) =>
        customersFrom(partnerId, lookupPrefix(key, key === 'NAME' ? value : `${value}#`)),
      customersFrom: (partnerId, beginning) => customersFrom(partnerId, customerSortKey(beginning)),
    }),

    /** The partner that may order by mails from an address (in small letters). */
    findSender: async (address: string): Promise<Partner | undefined> => {
      const item = await get(`SENDER#${address}`, 'SENDER');
      const partner = item && (await readPartner(senderSchema.parse(item).partnerId));
      return partner?.orderSenders.includes(address) ? partner : undefined;
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
