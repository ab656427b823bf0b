import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MailIntent } from '../../domain/mail.ts';
import { transact } from '../../functions/shared/dynamodb.ts';
import {
  claimSeconds,
  type MailKey,
  mailIntentItem,
  mailKey,
  mailOutbox,
} from '../../functions/shared/mail-outbox.ts';
import { anOrdersTable } from './an-orders-table.ts';
import { anIntent } from './mail-cases.ts';

let table: Awaited<ReturnType<typeof anOrdersTable>>;
let outbox: ReturnType<typeof mailOutbox>;

beforeAll(async () => {
  table = await anOrdersTable();
  outbox = mailOutbox(table.db, table.tableName);
});
afterAll(() => table.close());

let mails = 0;
const aStoredMail = async (more: Partial<MailIntent> = {}) => {
  mails += 1;
  const intent = anIntent('order-confirmed', 'en', { state: 'PENDING', event: `EVENT-${mails}`, ...more });
  await transact([mailIntentItem(intent, table.tableName())], table.db);
  return mailKey(intent);
};

const t0 = new Date('2025-10-14T03:00:00.000Z');
const later = (seconds: number) => new Date(t0.getTime() + seconds * 1000);
const unsentSince = async (before: Date): Promise<MailKey[]> => {
  const keys: MailKey[] = [];
  for await (const key of outbox.unsentSince(before)) keys.push(key);
  return keys;
};
const unsent = () => unsentSince(later(86_400));

test('a mail of an order, one of an upload and the answer to one lie with their subjects', async () => {
  expect(await aStoredMail({ event: 'EVENT-X' })).toEqual({
    pk: 'ORDER#SO-20251014-000123-4',
    sk: 'MAIL#order-confirmed#EVENT-X#wang@example.com',
  });
  expect(mailKey(anIntent('upload-result', 'en')).pk).toBe('UPLOAD#upl-20251014-0001');
  expect(mailKey(anIntent('mail-refused', 'en', { subject: 'abc' })).pk).toBe('INBOUND_MAIL#abc');
});

test('of many who claim a mail at once, one gets it', async () => {
  const key = await aStoredMail();
  const claims = await Promise.all(Array.from({ length: 20 }, () => outbox.claim(key, t0)));
  expect(claims.filter((claim) => claim !== undefined)).toHaveLength(1);
});

test('a claim holds until it is old, then another takes the mail over', async () => {
  const key = await aStoredMail();
  await outbox.claim(key, t0);
  expect(await outbox.claim(key, later(claimSeconds))).toBeUndefined();
  expect(await outbox.claim(key, later(claimSeconds + 1))).toMatchObject({ state: 'SENDING' });
});

test('a mail given back can be claimed at once, but only by its holder', async () => {
  const key = await aStoredMail();
  await outbox.claim(key, t0);
  await outbox.release(key, later(5));
  expect(await outbox.claim(key, later(10))).toBeUndefined();
  await outbox.release(key, t0);
  expect(await outbox.read(key)).toMatchObject({ state: 'SENDING' });
  expect(await outbox.claim(key, later(10))).toBeDefined();
});

test('a sent mail is never claimed or put back in line', async () => {
  const key = await aStoredMail();
  await outbox.claim(key, t0);
  await outbox.markSent(key, 'ses-1', later(1));
  expect(await outbox.claim(key, later(86_400))).toBeUndefined();
  expect(await outbox.requeue(key, later(86_400))).toBe(false);
  expect(await outbox.read(key)).toMatchObject({
    state: 'SENT',
    messageId: 'ses-1',
    sentAt: later(1).toISOString(),
  });
});

test('what has left is sent, even if somebody put it back in line meanwhile', async () => {
  const key = await aStoredMail();
  await outbox.claim(key, t0);
  expect(await outbox.requeue(key, later(claimSeconds + 1))).toBe(true);
  await outbox.markSent(key, 'ses-4', later(claimSeconds + 2));
  expect(await outbox.claim(key, later(claimSeconds + 3))).toBeUndefined();
});

test('a refused mail is closed for good and leaves the order readable', async () => {
  const key = await aStoredMail();
  await outbox.claim(key, t0);
  await outbox.markRefused(key, 'MessageRejected');
  expect(await outbox.claim(key, later(86_400))).toBeUndefined();
  expect(await outbox.requeue(key, later(86_400))).toBe(false);
  expect(await outbox.read(key)).toMatchObject({ template: 'order-confirmed' });
  expect(await unsent()).not.toContainEqual(key);
});

test('a mail whose mailer died is put back in line, once its claim is old', async () => {
  const key = await aStoredMail();
  await outbox.claim(key, t0);
  expect(await outbox.requeue(key, later(60))).toBe(false);
  expect(await outbox.requeue(key, later(claimSeconds + 1))).toBe(true);
  expect(await outbox.read(key)).toMatchObject({ state: 'PENDING' });
  expect(await outbox.claim(key, later(claimSeconds + 2))).toBeDefined();
});

test('unsent mails are found until they are sent, whatever became of their mailer', async () => {
  const [waiting, held, failed, sent] = [
    await aStoredMail(),
    await aStoredMail(),
    await aStoredMail(),
    await aStoredMail(),
  ];
  for (const key of [held, failed, sent]) await outbox.claim(key, t0);
  await outbox.release(failed, t0);
  await outbox.markSent(sent, 'ses-2', t0);
  const found = await unsent();
  for (const key of [waiting, held, failed]) expect(found).toContainEqual(key);
  expect(found).not.toContainEqual(sent);
});

test('a mail asked for after the given time is left out', async () => {
  const key = await aStoredMail({ createdAt: later(3600).toISOString() });
  expect(await unsentSince(later(3600))).not.toContainEqual(key);
  expect(await unsentSince(later(3601))).toContainEqual(key);
});

test('marking a mail that is not there makes no row', async () => {
  const key = { pk: 'ORDER#none', sk: 'MAIL#none' };
  await outbox.markSent(key, 'ses-3', t0);
  expect(await outbox.read(key)).toBeUndefined();
});
