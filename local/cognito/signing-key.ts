import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { exportJWK, generateKeyPair } from 'jose';
import * as z from 'zod';
import { writeFileDurably } from '../durable/write-file.ts';

const publicKeySchema = z.object({
  kty: z.literal('RSA'),
  kid: z.string(),
  alg: z.literal('RS256'),
  use: z.literal('sig'),
  n: z.string(),
  e: z.string(),
});
const privateKeySchema = publicKeySchema.extend({
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
export type SigningKey = z.infer<typeof privateKeySchema>;

const createKey = async (): Promise<SigningKey> => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = await exportJWK(privateKey);
  return privateKeySchema.parse({ ...jwk, kid: randomUUID(), alg: 'RS256', use: 'sig' });
};

/** The key in the file, an RSA one as JWK; made at the first start and kept, so that tokens outlive a restart. */
export const openSigningKey = async (file: string): Promise<SigningKey> => {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  });
  if (text !== undefined) return privateKeySchema.parse(JSON.parse(text));
  const key = await createKey();
  await writeFileDurably(file, JSON.stringify(key), { mode: 0o600 });
  return key;
};

/** What may be given away, to verify with. */
export const publicPart = (key: SigningKey) => publicKeySchema.parse(key);
