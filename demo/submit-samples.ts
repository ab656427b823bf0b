import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { makeSampleMails } from '../samples/mails/make-mails.ts';
import { readSampleOrders } from '../samples/read-samples.ts';
import { makeSampleSpreadsheets } from '../samples/spreadsheets/make-spreadsheets.ts';
import { apiClient } from './api-client.ts';
import type { Endpoints } from './desk.ts';
import type { Dropped } from './follow-uploads.ts';
import type { Play } from './players.ts';

/** An order that the demo follows, and what should become of it. */
export type Followed = {
  orderNumber: string;
  partnerId: string;
  from: string;
  play: Play;
  expected?: { status: string; mails: readonly string[] };
};

const placedSchema = z.object({ orderNumber: z.string() });

/** Posts the twenty sample orders, each with its partner's key. */
export const postSampleOrders = async (
  { apiUrl }: Endpoints,
  keyOf: (partnerId: string) => string,
  now: Date,
  timeZone: string,
): Promise<Followed[]> => {
  const followed: Followed[] = [];
  for (const { file, partnerId, idempotencyKey, body, next, expected } of await readSampleOrders(
    now,
    timeZone,
  )) {
    const { status, body: answer } = await apiClient(apiUrl, keyOf(partnerId)).post('/v1/orders', body, {
      'Idempotency-Key': idempotencyKey,
    });
    if (status !== 202) throw new Error(`${file}: ${status} ${JSON.stringify(answer)}`);
    followed.push({
      orderNumber: placedSchema.parse(answer).orderNumber,
      partnerId,
      from: file,
      play: next,
      expected,
    });
  }
  return followed;
};

const putFile = async (folder: string, name: string, bytes: Uint8Array): Promise<void> => {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `.${name}`), bytes);
  await rename(join(folder, `.${name}`), join(folder, name));
};

/** Hands in the sample mails that bring orders, as the mail service would; answers the spreadsheets in them. */
export const sendSampleMails = async ({ mailInDir }: Endpoints, now: Date): Promise<Dropped[]> => {
  const sent: Dropped[] = [];
  for (const { name, bytes, ...mail } of await makeSampleMails(now)) {
    if (mail.refusal) continue;
    await putFile(mailInDir, name, bytes);
    sent.push({ ...mail.attachment, name: `${name}: ${mail.attachment.name}` });
  }
  return sent;
};

/** Drops the three sample spreadsheets into the upload folder, as a partner's file share would. */
export const dropSampleSpreadsheets = async ({ uploadDir }: Endpoints, now: Date) => {
  const sheets = await makeSampleSpreadsheets(now);
  for (const { name, partnerId, bytes } of sheets) await putFile(join(uploadDir, partnerId), name, bytes);
  return sheets;
};
