import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { mailFeedbackSchema } from '../../functions/mail/mail-feedback.ts';
import { createRecordMailFeedback } from '../../functions/mail/record-mail-feedback.ts';
import { clearedContactRow } from '../../functions/shared/contact-marks.ts';
import { logger } from '../../functions/shared/logger.ts';
import { mailKey } from '../../functions/shared/mail-outbox.ts';
import { aSubmission, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';
import { aBounceEvent, aComplaintEvent } from './ses-events.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('MF-1', 1000);
});
beforeEach(() => {
  at.desk.clock.now = new Date(orderDay.getTime() + 60_000);
});

const record = (event: unknown) => createRecordMailFeedback(at.desk)(mailFeedbackSchema.parse(event));

const anAddress = () => `${randomUUID()}@example.com`;
const markOf = async (email: string, now = at.desk.now()) =>
  (await at.desk.orders.readContactMarks([{ email }], now)).get(email);

/** An accepted order, whose confirmation to the customer has left. */
const confirmed = async () => {
  const email = anAddress();
  const { customerId, ...buyer } = aSubmission().buyer;
  const orderNumber = await at.desk.accept(mall, 'MF-1', {
    buyer: { ...buyer, contact: { ...buyer.contact, email } },
  });
  const { mails } = await at.desk.read(orderNumber);
  const mail = mails.find(({ template, recipient }) => template === 'order-confirmed' && recipient === email);
  if (!mail) throw new Error('no confirmation');
  const key = mailKey(mail);
  await at.desk.outbox.claim(key, at.desk.now());
  return { orderNumber, email, key, told: { recipient: email, subject: orderNumber, event: mail.event } };
};

const bouncesOf = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).events.filter(({ type }) => type === 'order.contact_bounced');
const deskMailsOf = async (orderNumber: string) =>
  (await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith('contact-bounced'));

describe('a bounce', () => {
  test('marks the address, the mail and the order, and tells the desk', async () => {
    const { orderNumber, email, key, told } = await confirmed();
    expect(await record(aBounceEvent(told))).toEqual({ outcome: 'recorded' });
    const mark = { reason: 'BOUNCED', at: '2026-03-02T08:00:04.000Z' };
    expect(await markOf(email)).toEqual({ ...mark, subject: orderNumber });
    expect(await at.desk.outbox.read(key)).toMatchObject({ feedback: mark });
    expect((await at.desk.read(orderNumber)).state.contactBounced).toBe(true);
    expect(await bouncesOf(orderNumber)).toMatchObject([{ actor: 'workflow', data: { to: 'CUSTOMER' } }]);
    expect(await deskMailsOf(orderNumber)).toEqual(['contact-bounced desk@example.com']);
  });

  test('that is told five times, at once and later, is recorded once', async () => {
    const { orderNumber, told } = await confirmed();
    const event = aBounceEvent(told);
    await Promise.all([record(event), record(event), record(event)]);
    await record(event);
    await record(event);
    expect(await bouncesOf(orderNumber)).toHaveLength(1);
    expect(await deskMailsOf(orderNumber)).toHaveLength(1);
  });

  test('that comes before the mark of the sending leaves both', async () => {
    const { key, told } = await confirmed();
    await record(aBounceEvent(told));
    await at.desk.outbox.markSent(key, 'ses-1', at.desk.now());
    expect(await at.desk.outbox.read(key)).toMatchObject({
      state: 'SENT',
      messageId: 'ses-1',
      feedback: { reason: 'BOUNCED' },
    });
  });

  test('of a forwarded mail marks the address that we wrote to', async () => {
    const { email, told } = await confirmed();
    const elsewhere = anAddress();
    await record(aBounceEvent({ ...told, reported: elsewhere }));
    expect([await markOf(email), await markOf(elsewhere)]).toMatchObject([{ reason: 'BOUNCED' }, undefined]);
  });

  test('by SES itself, which remembers an earlier one, is one', async () => {
    const { email, told } = await confirmed();
    await record(aBounceEvent(told, 'Permanent', 'OnAccountSuppressionList'));
    expect(await markOf(email)).toMatchObject({ reason: 'BOUNCED' });
  });

  test.for(['Transient', 'Undetermined'])('that is %s says nothing of the address', async (bounceType) => {
    const { orderNumber, email, told } = await confirmed();
    expect(await record(aBounceEvent(told, bounceType))).toEqual({ outcome: 'passed over' });
    expect([await markOf(email), await bouncesOf(orderNumber)]).toEqual([undefined, []]);
  });

  test.for(['', 'upl-20260302-0001'])('of a mail about %j marks the address', async (subject) => {
    const recipient = anAddress();
    await record(aBounceEvent({ recipient, subject, template: 'upload-result', event: 'RESULT' }));
    expect(await markOf(recipient)).toMatchObject({ reason: 'BOUNCED' });
  });
});

describe('a complaint', () => {
  test.for(['abuse', 'fraud', null])('of kind %s marks the address', async (kind) => {
    const { orderNumber, email, told } = await confirmed();
    await record(aComplaintEvent(told, kind));
    expect(await markOf(email)).toMatchObject({ reason: 'COMPLAINED' });
    expect(await bouncesOf(orderNumber)).toMatchObject([{ data: { to: 'CUSTOMER', reason: 'COMPLAINED' } }]);
    expect(await deskMailsOf(orderNumber)).toHaveLength(1);
  });

  test('that takes one back is none', async () => {
    const { email, told } = await confirmed();
    expect(await record(aComplaintEvent(told, 'not-spam'))).toEqual({ outcome: 'passed over' });
    expect(await markOf(email)).toBeUndefined();
  });
});

describe('the mark of an address', () => {
  const told = (recipient: string, day: string) =>
    aBounceEvent({ recipient, subject: '', at: `${day}T08:00:00.000Z` });

  test('is of the latest report, in whatever order they come', async () => {
    const email = anAddress();
    await record(told(email, '2026-02-20'));
    await record(told(email, '2026-03-01'));
    await record(told(email, '2026-02-25'));
    expect(await markOf(email)).toMatchObject({ at: '2026-03-01T08:00:00.000Z' });
  });

  test('is the same however the address is written', async () => {
    const email = anAddress();
    await record(told(email.toUpperCase(), '2026-03-01'));
    expect(await markOf(email)).toMatchObject({ reason: 'BOUNCED' });
  });

  test('ends after 90 days', async () => {
    const email = anAddress();
    await record(told(email, '2026-03-01'));
    expect(await markOf(email, new Date('2026-05-30T07:59:59Z'))).toBeDefined();
    expect(await markOf(email, new Date('2026-05-30T08:00:01Z'))).toBeUndefined();
  });

  test('once cleared is not brought back by an older report, but by a newer one', async () => {
    const email = anAddress();
    await record(told(email, '2026-02-20'));
    await at.desk.put(tables.orders, clearedContactRow(email, new Date('2026-03-01T08:00:00Z')));
    await record(told(email, '2026-02-25'));
    expect(await markOf(email)).toBeUndefined();
    await record(told(email, '2026-03-02'));
    expect(await markOf(email)).toMatchObject({ at: '2026-03-02T08:00:00.000Z' });
  });

  test('holds no address', async () => {
    await record(told(anAddress(), '2026-03-01'));
    const { Items = [] } = await at.desk.db.send(
      new ScanCommand({
        TableName: tables.orders,
        FilterExpression: 'entity = :contact',
        ExpressionAttributeValues: { ':contact': 'CONTACT' },
      }),
    );
    expect(Items.length).toBeGreaterThan(0);
    expect(JSON.stringify(Items)).not.toContain('@');
  });
});

test('no address is logged, and what is no report is refused without quoting it', async () => {
  const lines = (['info', 'warn', 'error'] as const).map((level) =>
    vi.spyOn(logger, level).mockReturnValue(undefined),
  );
  const { told } = await confirmed();
  await record(aBounceEvent(told));
  await record(aBounceEvent(told, 'Transient'));
  const logged = lines.flatMap(({ mock }) => mock.calls);
  for (const line of lines) line.mockRestore();
  expect(logged).toHaveLength(2);
  expect(JSON.stringify(logged)).not.toContain('@');
  const spoilt = aBounceEvent(told);
  const { error } = mailFeedbackSchema.safeParse({ ...spoilt, detail: { ...spoilt.detail, bounce: {} } });
  expect(error?.message).toBeDefined();
  expect(error?.message).not.toContain('@');
});
