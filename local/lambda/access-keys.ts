import { createHmac, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileDurably } from '../durable/write-file.ts';
import type { AccessKey } from './function-spec.ts';

export type AccessKeys = {
  /** The fake key of a caller (a function's ARN, the operator); the same at every start with the same state. */
  keyOf(caller: string): AccessKey;
  /** A new key for the session of a role, until `end`. */
  openSession(caller: string): AccessKey & { end(): void };
  /** The secret behind an access key id that keyOf or openSession has given. */
  secretOf(accessKeyId: string): string | undefined;
  /** The caller whom keyOf or openSession has given the access key. */
  callerOf(accessKeyId: string): string | undefined;
};

const accessKeyIdLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const toLetters = (bytes: Buffer, length: number): string =>
  [...bytes.subarray(0, length)].map((byte) => accessKeyIdLetters[byte % 32]).join('');

/** Derives every caller's key from one seed kept in the state folder, so signatures outlive a restart. */
export const openAccessKeys = async (stateDir: string): Promise<AccessKeys> => {
  mkdirSync(stateDir, { recursive: true });
  const file = join(stateDir, 'access-key-seed');
  if (!existsSync(file)) await writeFileDurably(file, randomBytes(32).toString('hex'));
  const seed = readFileSync(file, 'utf8');
  const derive = (purpose: string) => createHmac('sha256', seed).update(purpose).digest();
  const holders = new Map<string, { caller: string; secret: string }>();
  return {
    keyOf(caller) {
      const accessKeyId = `AKIA${toLetters(derive(`id/${caller}`), 16)}`;
      const secretAccessKey = derive(`secret/${caller}`).toString('base64').slice(0, 40);
      holders.set(accessKeyId, { caller, secret: secretAccessKey });
      return { accessKeyId, secretAccessKey };
    },
    openSession(caller) {
      const accessKeyId = `ASIA${toLetters(randomBytes(16), 16)}`;
      const secretAccessKey = randomBytes(30).toString('base64');
      holders.set(accessKeyId, { caller, secret: secretAccessKey });
      return { accessKeyId, secretAccessKey, end: () => holders.delete(accessKeyId) };
    },
    secretOf: (accessKeyId) => holders.get(accessKeyId)?.secret,
    callerOf: (accessKeyId) => holders.get(accessKeyId)?.caller,
  };
};
