import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { mailFeedbackSchema } from '../../functions/mail/mail-feedback.ts';
import { createRecordMailFeedback } from '../../functions/mail/record-mail-feedback.ts';
import { renderMail } from '../../functions/mail/render-mail.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { createHoldOrder } from '../../functions/steps/hold-order.ts';
import { aRequest, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { aCompany } from '../builders/an-order.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { heldOrders } from '../clarify/a-held-order.ts';
import { aBounceEvent } from '../mail/ses-events.ts';

const at = useOrderDesk();
let mall: Partner;
let alone: Partner;
let orders: ReturnType<typeof heldOrders>;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  alone = await at.desk.addPartner({ partnerId: 'example-alone', notifyEmail: undefined });
  await at.desk.addProduct('CB-1', 1000);
  orders = heldOrders(at.desk);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});
const later = (hours: number) => {
  at.desk.clock.now = new Date(orderDay.getTime() + hours * 3_600_000);
};

const buyerAt = (email: string) => {
  const { customerId, ...buyer } = aSubmission().buyer;
  return { ...buyer, contact: { ...buyer.contact, email } };
};
const clean = { lines: [aSubmittedLine({ sku: 'CB-1', quantity: 1 })] };
/** At a price that its customer is asked about. */
const doubtful = {};

/** An address that a mail came back from. */
const aBouncedAddress = async (): Promise<string> => {
  const email = `${randomUUID()}@example.com`;
  await at.desk.orders.markContact(email, { reason: 'BOUNCED', at: at.desk.now().toISOString() });
  return email;
};

const heldAt = (email: string, changes: object = clean, partner = mall) =>
  orders.held(partner, 'CB-1', { buyer: buyerAt(email), ...changes });
const resolve = (
  findingId: string,
  action: string,
  more: object = {},
  group: 'desk' | 'manager' = 'manager',
) =>
  createResolveFinding({ ...at.desk, editOrder: orders.editOrder })(
    aRequest({
      principal: asStaff(group),
      path: { findingId },
      body: { action, reason: 'as agreed by telephone', ...more },
    }),
  );
const openCodes = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).findings.filter(({ open }) => open).map(({ code }) => code);
const remind = (orderNumber: string) =>
  createHoldOrder(at.desk)({ orderNumber, taskToken: randomUUID(), reason: 'HALF_TIME' });
const endOfTime = (orderNumber: string) =>
  createCancelOrder(at.desk)({ orderNumber, reasonCode: 'CLARIFICATION_TIMEOUT' });

describe('an order from an address that mail does not arrive at', () => {
  test('is held, and sales are asked: nothing is written to the address', async () => {
    const email = await aBouncedAddress();
    const { orderNumber } = await heldAt(email);
    expect(await openCodes(orderNumber)).toEqual(['CONTACT_BOUNCED']);
    expect(await at.desk.mailsOf(orderNumber)).toEqual(['clarification desk@example.com']);
  });

  test('whose customer is asked something too asks it by the partner', async () => {
    const { orderNumber } = await heldAt(await aBouncedAddress(), doubtful);
    expect((await openCodes(orderNumber)).sort()).toEqual(['CONTACT_BOUNCED', 'PRICE_MISMATCH']);
    expect((await at.desk.mailsOf(orderNumber)).sort()).toEqual([
      'clarification desk@example.com',
      'clarification orders@mall.example.com',
    ]);
  });

  test('and without a partner’s address shows the desk every question', async () => {
    const { orderNumber } = await heldAt(await aBouncedAddress(), doubtful, alone);
    const record = await at.desk.read(orderNumber);
    const [mail, ...others] = record.mails;
    expect([mail?.recipient, others]).toEqual(['desk@example.com', []]);
    if (!mail) throw new Error('no mail');
    const { text } = renderMail(mail, { kind: 'order', record, company: aCompany });
    expect(text).toContain('发往该邮箱的邮件无法送达');
    expect(text).toContain('39.90');
  });

  test('is reminded of at the desk, and stays on hold when its time is over', async () => {
    const { orderNumber } = await heldAt(await aBouncedAddress(), doubtful, alone);
    later(36);
    await remind(orderNumber);
    later(72);
    await endOfTime(orderNumber);
    expect((await at.desk.read(orderNumber)).state.status).toBe('ON_HOLD');
    expect((await at.desk.mailsOf(orderNumber)).sort()).toEqual([
      'clarification desk@example.com',
      'clarification-expired desk@example.com',
      'clarification-reminder desk@example.com',
    ]);
  });

  test('goes on when a manager lets the address pass, and so does the next one', async () => {
    const email = await aBouncedAddress();
    const { orderNumber } = await heldAt(email);
    later(1);
    expect((await resolve(`${orderNumber}.1`, 'OVERRIDE')).status).toBe(200);
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
    const next = await at.desk.accept(mall, 'CB-1', { buyer: buyerAt(email) });
    expect((await at.desk.read(next)).state.status).toBe('PENDING_PAYMENT');
  });

  test('goes on with a corrected address, which its mails go to', async () => {
    const { orderNumber } = await heldAt(await aBouncedAddress());
    const value = `${randomUUID()}@example.com`;
    const changes = [{ pointer: '#/buyer/contact/email', value }];
    expect((await resolve(`${orderNumber}.1`, 'EDIT', { changes }, 'desk')).status).toBe(200);
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
    expect(await at.desk.mailsOf(orderNumber)).toContain(`order-confirmed ${value}`);
  });

  test('is asked about again when the corrected address is another of the kind', async () => {
    const { orderNumber } = await heldAt(await aBouncedAddress());
    const changes = [{ pointer: '#/buyer/contact/email', value: await aBouncedAddress() }];
    await resolve(`${orderNumber}.1`, 'EDIT', { changes }, 'desk');
    await at.desk.audit({ orderNumber });
    expect(await openCodes(orderNumber)).toEqual(['CONTACT_BOUNCED']);
  });
});

test('an address for the invoice alone, or a partner’s in the customer’s place, is told and holds nothing', async () => {
  const invoiceRequest = { titleType: 'INDIVIDUAL', title: '王敏', email: await aBouncedAddress() } as const;
  const orderNumber = await at.desk.accept(mall, 'CB-1', {
    buyer: buyerAt(`${randomUUID()}@example.com`),
    invoiceRequest,
  });
  const { state, findings } = await at.desk.read(orderNumber);
  expect([state.status, findings]).toMatchObject([
    'PENDING_PAYMENT',
    [{ severity: 'WARNING', code: 'CONTACT_BOUNCED', pointer: '#/invoiceRequest/email' }],
  ]);
});

describe('an order on hold whose question comes back', () => {
  const heldAndBounced = async (partner: Partner) => {
    const email = `${randomUUID()}@example.com`;
    const { orderNumber } = await heldAt(email, doubtful, partner);
    const asked = (await at.desk.read(orderNumber)).mails.find(({ recipient }) => recipient === email);
    if (!asked) throw new Error('nobody was asked');
    const { template, event } = asked;
    await at.desk.outbox.claim(
      { pk: `ORDER#${orderNumber}`, sk: `MAIL#${template}#${event}#${email}` },
      at.desk.now(),
    );
    const bounce = aBounceEvent({ recipient: email, subject: orderNumber, template, event });
    await createRecordMailFeedback(at.desk)(mailFeedbackSchema.parse(bounce));
    return { orderNumber, email };
  };
  const toOthers = async (orderNumber: string, email: string) =>
    (await at.desk.mailsOf(orderNumber)).filter((mail) => !mail.endsWith(email)).sort();

  test('asks the partner instead, tells the desk, and opens no further question', async () => {
    const { orderNumber, email } = await heldAndBounced(mall);
    expect(await toOthers(orderNumber, email)).toEqual([
      'clarification orders@mall.example.com',
      'contact-bounced desk@example.com',
    ]);
    expect(await openCodes(orderNumber)).toEqual(['PRICE_MISMATCH']);
    later(36);
    await remind(orderNumber);
    expect(await toOthers(orderNumber, email)).toEqual([
      'clarification orders@mall.example.com',
      'clarification-reminder desk@example.com',
      'clarification-reminder orders@mall.example.com',
      'contact-bounced desk@example.com',
    ]);
  });

  test('is not cancelled for want of an answer that nobody heard the question to', async () => {
    const { orderNumber } = await heldAndBounced(alone);
    later(72);
    await endOfTime(orderNumber);
    expect((await at.desk.read(orderNumber)).state.status).toBe('ON_HOLD');
    expect(await at.desk.mailsOf(orderNumber)).toContain('clarification-expired desk@example.com');
  });

  test('is within reach again by a corrected address', async () => {
    const { orderNumber } = await heldAndBounced(mall);
    const value = `${randomUUID()}@example.com`;
    await resolve(
      `${orderNumber}.1`,
      'EDIT',
      {
        changes: [
          { pointer: '#/buyer/contact/email', value },
          { pointer: '#/lines/0/unitPrice', value: '39.90' },
        ],
      },
      'desk',
    );
    expect((await at.desk.read(orderNumber)).state.contactBounced).toBe(false);
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
  });
});
