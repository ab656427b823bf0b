import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const prefix = 'rk_';
const pattern = /^rk_[A-Za-z0-9_-]{43}[0-9a-f]{6}$/;
const checksumLength = 6;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A new API key: `rk_`, 256 random bits as 43 base64url characters, and a checksum of six hex characters. */
export const newApiKey = (): string => {
  const body = prefix + randomBytes(32).toString('base64url');
  return body + sha256(body).slice(0, checksumLength);
};

/** True when the text has a key's form and its checksum agrees: a mistyped key is refused without any look-up. */
export const isWellFormedApiKey = (text: string): boolean => {
  if (!pattern.test(text)) return false;
  const [body, checksum] = [text.slice(0, -checksumLength), text.slice(-checksumLength)];
  return timingSafeEqual(Buffer.from(sha256(body).slice(0, checksumLength)), Buffer.from(checksum));
};

/** SHA-256 of the whole key in hex: what is stored and looked up, never the key itself. */
export const hashApiKey = (text: string): string => sha256(text);
