import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { apiClient } from '../../demo/api-client.ts';
import { eventually, mugs, openTestDesk, sampleOrder, type TestDesk } from './test-desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

/** A mailbox of Amazon's simulator; what stands behind the plus tells them apart. */
const simulated = (mailbox: 'bounce' | 'complaint' | 'success', label: string) =>
  `${mailbox}+${label}@simulator.amazonses.com`;
const from = (email: string) => ({
  buyer: { name: '无人知晓', contact: { name: '张示例', telephone: '+8613800138000', email } },
  payment: { method: 'CASH_ON_DELIVERY' },
});

const orderSchema = z.object({
  status: z.string(),
  contactBounced: z.boolean(),
  findings: z.array(z.object({ code: z.string(), pointer: z.string(), status: z.string() })),
});
const read = async (orderNumber: string) =>
  orderSchema.parse((await desk.partner.get(`/v1/orders/${orderNumber}`)).body);
const mailsTo = async (orderNumber: string, recipient: string) =>
  ((await desk.orders.read(orderNumber))?.mails ?? [])
    .filter((mail) => mail.recipient === recipient)
    .map(({ template, state, feedback }) => ({ template, state, reason: feedback?.reason }));
const resolve = (orderNumber: string, body: object) =>
  apiClient(desk.endpoints.apiUrl, desk.endpoints.staff.manager).post(
    `/desk/findings/${orderNumber}.1/resolution`,
    { reason: 'as agreed by telephone', ...body },
  );

const untilTold = (orderNumber: string) =>
  eventually(async () => {
    const told = await mailsTo(orderNumber, 'desk@example.com');
    return told.some(({ template, state }) => template === 'contact-bounced' && state === 'SENT') && told;
  });

test('an order whose mail bounces goes on and is flagged, and the next one is held', async () => {
  const email = simulated('bounce', 'cafe');
  const first = await desk.place(sampleOrder('BOUNCE-1', from(email)));
  expect(await untilTold(first)).toEqual([{ template: 'contact-bounced', state: 'SENT', reason: undefined }]);
  expect(await read(first)).toMatchObject({ status: 'READY_TO_SHIP', contactBounced: true, findings: [] });
  expect(await mailsTo(first, email)).toEqual([
    { template: 'order-confirmed', state: 'SENT', reason: 'BOUNCED' },
  ]);
  const { body } = await desk.partner.post('/v1/orders/validate', sampleOrder('BOUNCE-2', from(email)));
  expect(body).toMatchObject({ valid: false, findings: [{ severity: 'HOLD', code: 'CONTACT_BOUNCED' }] });
  const second = await desk.place(sampleOrder('BOUNCE-2', from(email)));
  await desk.untilStatus(second, 'ON_HOLD');
  expect((await read(second)).findings).toEqual([
    { code: 'CONTACT_BOUNCED', pointer: '#/buyer/contact/email', status: 'OPEN' },
  ]);
  expect(await mailsTo(second, email)).toEqual([]);
});

/** An order that is held for its address, which a mail came back from. */
const heldFor = async (reference: string, email: string): Promise<string> => {
  await desk.orders.markContact(email, { reason: 'BOUNCED', at: new Date().toISOString() });
  const orderNumber = await desk.place(sampleOrder(reference, from(email)));
  await desk.untilStatus(orderNumber, 'ON_HOLD');
  return orderNumber;
};

test('a held order goes on with a corrected address', async () => {
  const orderNumber = await heldFor('BOUNCE-CORRECTED', simulated('bounce', 'corrected'));
  const changes = [{ pointer: '#/buyer/contact/email', value: simulated('success', 'corrected') }];
  expect((await resolve(orderNumber, { action: 'EDIT', changes })).status).toBe(200);
  await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
  expect(await read(orderNumber)).toMatchObject({ contactBounced: false });
});

test('an address that was let pass and bounces again holds the next order again', async () => {
  const email = simulated('bounce', 'let-pass');
  const orderNumber = await heldFor('BOUNCE-LET-PASS', email);
  expect((await resolve(orderNumber, { action: 'OVERRIDE' })).status).toBe(200);
  await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
  await untilTold(orderNumber);
  const next = await desk.place(sampleOrder('BOUNCE-AGAIN', from(email)));
  await desk.untilStatus(next, 'ON_HOLD');
});

test('a question that bounces reaches the partner and the desk', async () => {
  const email = simulated('bounce', 'asked');
  const wrongPrice = { ...from(email), lines: [mugs(2, { unitPrice: '18.00' })] };
  const orderNumber = await desk.place(sampleOrder('BOUNCE-ASKED', wrongPrice));
  await untilTold(orderNumber);
  const toPartner = await mailsTo(orderNumber, 'orders@mall.example.com');
  expect(toPartner.map(({ template }) => template)).toEqual(['clarification']);
  expect(await read(orderNumber)).toMatchObject({
    status: 'ON_HOLD',
    contactBounced: true,
    findings: [{ code: 'PRICE_MISMATCH' }],
  });
});

test('a customer that calls our mail spam is told of as well, and sent no second copy', async () => {
  const email = simulated('complaint', 'cafe');
  const orderNumber = await desk.place(sampleOrder('COMPLAINT-1', from(email)));
  await untilTold(orderNumber);
  expect(await mailsTo(orderNumber, email)).toEqual([
    { template: 'order-confirmed', state: 'SENT', reason: 'COMPLAINED' },
  ]);
  expect(await mailsTo(orderNumber, 'orders@mall.example.com')).toHaveLength(1);
  const next = await desk.place(sampleOrder('COMPLAINT-2', from(email)));
  await desk.untilStatus(next, 'ON_HOLD');
});
