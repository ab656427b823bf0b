import { describe, expect, test } from 'vitest';
import type { MailIntent } from '../../../domain/mail.ts';
import { decideContactBounced, type Undelivered } from '../../../domain/orders/contact-bounced.ts';
import type { OrderEvent, OrderRecord } from '../../../domain/orders/order.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { aCompany, anOrder } from '../../builders/an-order.ts';

const [customer, partner, invoice] = ['wang@example.com', 'orders@mall.example.com', 'invoices@example.com'];

const aMail = (changes: Partial<MailIntent> = {}): MailIntent => ({
  subject: 'SO-20260302-000001-0',
  template: 'shipped',
  event: 'EVENT-000004',
  recipient: customer,
  language: 'en',
  data: { shipmentId: 'SHIP-1' },
  state: 'SENT',
  createdAt: '2026-03-02T09:00:00.000Z',
  ...changes,
});

const aBounce = (changes: Partial<Undelivered> = {}): Undelivered => ({
  template: 'shipped',
  event: 'EVENT-000004',
  recipient: customer,
  reason: 'BOUNCED',
  ...changes,
});

const decide = (order: OrderRecord, undelivered = aBounce()) =>
  decideContactBounced(order, undelivered, 'workflow', aCompany);

const mailsOf = (decision: ReturnType<typeof decide>) =>
  decision?.mails?.map(({ template, recipient }) => `${template} ${recipient}`);

/** The order after a decision, as its table would give it back. */
const after = (order: OrderRecord, decision: ReturnType<typeof decide>): OrderRecord => {
  if (!decision) throw new Error('nothing was decided');
  const { type, actor, data = {} } = decision.event;
  const event: OrderEvent = {
    sequence: order.events.length + 1,
    type,
    at: '2026-03-02T09:00:00.000Z',
    actor,
    data,
  };
  const made = (decision.mails ?? []).map((mail) => aMail({ ...mail, event: 'EVENT-000009' }));
  return {
    ...order,
    state: { ...order.state, ...decision.facts },
    events: [...order.events, event],
    mails: [...order.mails, ...made],
  };
};

test('a mail that bounced is an event, a mark, a mail to the desk, and the same mail to the partner', () => {
  const decision = decide(anOrder({ mails: [aMail()] }));
  const told = {
    to: 'CUSTOMER',
    reason: 'BOUNCED',
    template: 'shipped',
    mail: 'EVENT-000004',
    sentTo: 'PARTNER',
  };
  expect(decision).toEqual({
    event: { type: 'order.contact_bounced', actor: 'workflow', data: told },
    facts: { contactBounced: true },
    mails: [
      { template: 'shipped', recipient: partner, language: 'en', data: { shipmentId: 'SHIP-1' } },
      { template: 'contact-bounced', recipient: 'desk@example.com', language: 'zh-CN', data: told },
    ],
  });
  expect(JSON.stringify(decision?.event)).not.toContain('@');
});

test('told again of the same mail, nothing is decided', () => {
  const order = anOrder({ mails: [aMail()] });
  expect(decide(after(order, decide(order)))).toBeUndefined();
});

test('the next mail that bounces goes to the partner too, and the desk is not told again', () => {
  const order = anOrder({ mails: [aMail(), aMail({ template: 'completed', event: 'EVENT-000006' })] });
  const next = decide(after(order, decide(order)), aBounce({ template: 'completed', event: 'EVENT-000006' }));
  expect(mailsOf(next)).toEqual([`completed ${partner}`]);
});

test('once the address was corrected or let pass, the desk is told of the next bounce', () => {
  const order = anOrder({ mails: [aMail(), aMail({ template: 'completed', event: 'EVENT-000006' })] });
  const { state, ...told } = after(order, decide(order));
  const trusted = { ...told, state: { ...state, contactBounced: false } };
  expect(mailsOf(decide(trusted, aBounce({ template: 'completed', event: 'EVENT-000006' })))).toEqual([
    `completed ${partner}`,
    'contact-bounced desk@example.com',
  ]);
});

describe('no second mail goes out', () => {
  test.for<[why: string, order: OrderRecord, undelivered: Undelivered]>([
    [
      'when the partner has its copy',
      anOrder({ mails: [aMail(), aMail({ recipient: partner })] }),
      aBounce(),
    ],
    [
      'when the mail arrived and was called spam',
      anOrder({ mails: [aMail()] }),
      aBounce({ reason: 'COMPLAINED' }),
    ],
    [
      'when the partner stands in for the customer already',
      anOrder({ mails: [aMail({ recipient: partner })], content: { customerEmail: partner } }),
      aBounce({ recipient: partner }),
    ],
    [
      'when there is no partner’s address',
      anOrder({ mails: [aMail()], partner: aPartner({ notifyEmail: undefined }) }),
      aBounce(),
    ],
    [
      'when the partner’s copy bounces',
      anOrder({ mails: [aMail({ recipient: partner })] }),
      aBounce({ recipient: partner }),
    ],
    ['when the mail is not on file', anOrder(), aBounce()],
  ])('%s', ([, order, undelivered]) => {
    expect(mailsOf(decide(order, undelivered))).toEqual(['contact-bounced desk@example.com']);
  });
});

test('an invoice that bounced goes to the customer, else to the partner, and marks no customer', () => {
  const order = anOrder({
    mails: [aMail({ template: 'invoice-issued', recipient: invoice })],
    content: { invoiceRequest: { titleType: 'INDIVIDUAL', title: '王敏', kind: 'NORMAL', email: invoice } },
  });
  const bounce = aBounce({ template: 'invoice-issued', recipient: invoice });
  expect(mailsOf(decide(order, bounce))?.[0]).toBe(`invoice-issued ${customer}`);
  expect(decide(order, bounce)?.facts).toBeUndefined();
  const outOfReach = { ...order, state: { ...order.state, contactBounced: true } };
  expect(mailsOf(decide(outOfReach, bounce))?.[0]).toBe(`invoice-issued ${partner}`);
});

test.for<[recipient: string, mails: string[] | undefined]>([
  ['warehouse@example.com', ['contact-bounced desk@example.com']],
  ['finance@example.com', ['contact-bounced desk@example.com']],
  ['desk@example.com', []],
  ['earlier@example.com', undefined],
])('a mail to %s makes %j', ([recipient, mails]) => {
  const order = anOrder({ mails: [aMail({ template: 'contact-bounced', recipient })] });
  expect(mailsOf(decide(order, aBounce({ template: 'contact-bounced', recipient })))).toEqual(mails);
});

test('even where every address bounces it comes to an end, the desk told once of each', () => {
  let order = anOrder({ mails: [aMail({ template: 'invoice-issued', recipient: invoice })] });
  order = {
    ...order,
    content: {
      ...order.content,
      invoiceRequest: { titleType: 'INDIVIDUAL', title: 'x', kind: 'NORMAL', email: invoice },
    },
  };
  const bounced = new Set<MailIntent>();
  for (;;) {
    const mail = order.mails.find((one) => !bounced.has(one));
    if (!mail) break;
    bounced.add(mail);
    const decision = decide(order, { ...mail, reason: 'BOUNCED' });
    if (decision) order = after(order, decision);
  }
  expect(order.mails.map(({ template, recipient }) => `${template} ${recipient}`)).toEqual([
    `invoice-issued ${invoice}`,
    `invoice-issued ${customer}`,
    'contact-bounced desk@example.com',
    `invoice-issued ${partner}`,
    'contact-bounced desk@example.com',
    'contact-bounced desk@example.com',
  ]);
});
