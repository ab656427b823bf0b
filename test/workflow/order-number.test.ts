import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ListExecutionsCommand, SFNClient } from '@aws-sdk/client-sfn';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { readPages } from '../invoice/read-pdf.ts';
import { mugs, openTestDesk, sampleOrder, type TestDesk } from './test-desk.ts';

let desk: TestDesk;
/** The one order of this desk, played through whatever can happen to an order that is delivered in the end. */
let orderNumber: string;

const notice = async (who: keyof TestDesk['players'], what: string, body: object) => {
  const { status } = await desk.players[who].post(`/v1/orders/${orderNumber}/${what}`, body);
  expect([what, status]).toEqual([what, 201]);
};
const pay = (paymentId: string, amount: string) =>
  notice('payer', 'payments', { paymentId, amount, currency: 'CNY', reference: orderNumber });
const pack = async (slipId: string, quantity: number) => {
  const { buyer, delivery } = await desk.read(orderNumber);
  await notice('warehouse', 'outbound-slips', {
    slipId,
    recipientName: buyer.contact.name,
    address: delivery.address,
    lines: [{ sku: 'MUG-300-WH', quantity }],
  });
};
const ship = (parcel: number, quantity: number) =>
  notice('warehouse', 'shipments', {
    shipmentId: `X-${parcel}`,
    carrier: 'Example Express',
    trackingNumber: `EX0000000${parcel}`,
    lines: [{ lineId: '1', quantity }],
  });
const scan = (parcel: number, type: string) =>
  notice('carrier', `shipments/X-${parcel}/events`, {
    eventId: `${type}-${parcel}`,
    type,
    at: new Date().toISOString(),
  });

const playTheWholeLife = async () => {
  orderNumber = await desk.place(
    sampleOrder('LIFE-1', {
      payment: { method: 'BANK_TRANSFER' },
      sourceChannel: 'SALES_FORM',
      notes: '易碎\u{1f984}',
      lines: [mugs(2, { name: '马克杯\u{1f984}' })],
    }),
  );
  await desk.untilStatus(orderNumber, 'PENDING_PAYMENT');
  await pay('P-1', '1.00');
  await desk.untilStatus(orderNumber, 'ON_HOLD');
  await pay('P-2', '38.80');
  await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
  await pack('S-1', 1);
  await desk.untilStatus(orderNumber, 'ON_HOLD');
  await pack('S-2', 2);
  await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
  await ship(1, 1);
  await ship(2, 1);
  await scan(1, 'LOST');
  await desk.untilStatus(orderNumber, 'DELIVERY_EXCEPTION');
  await scan(1, 'DELIVERED');
  await scan(2, 'DELIVERED');
  await desk.untilStatus(orderNumber, 'COMPLETED');
  await desk.sentMails(orderNumber);
  await desk.partner.get(`/v1/orders/${orderNumber}/events`);
  await desk.partner.post(`/v1/orders/${orderNumber}/cancellation`, { reasonCode: 'LATE' });
  await desk.cloud.idle();
};

beforeAll(async () => {
  desk = await openTestDesk();
  await playTheWholeLife();
});
afterAll(() => desk.close());

const mailsOnDisk = () =>
  Promise.all(
    globSync(join(desk.endpoints.mailDir, '*.eml')).map(async (file) => simpleParser(readFileSync(file))),
  );

/** What functions logged, as they wrote it: `time function request-id line`. */
const logLines = () =>
  globSync(join(desk.stateDir, 'logs', '*.log')).flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== ''),
  );

describe('the number of an order stands', () => {
  test('in the subject and in both bodies of every mail about it, of which there are many kinds', async () => {
    const mails = await mailsOnDisk();
    const record = await desk.orders.read(orderNumber);
    expect(new Set(record?.mails.map(({ template }) => template))).toEqual(
      new Set([
        'order-received',
        'order-confirmed',
        'payment-instructions',
        'payment-mismatch',
        'payment-received',
        'warehouse-pick',
        'slip-mismatch',
        'clarification',
        'shipped',
        'delivery-exception',
        'invoice-issued',
        'completed',
      ]),
    );
    expect(mails).toHaveLength(record?.mails.length ?? 0);
    for (const { subject = '', text = '', html } of mails)
      for (const part of [subject, text, html || '']) expect(part).toContain(orderNumber);
  });

  test('on its invoice, in the texts of the page and in the name of the file', async () => {
    const attached = (await mailsOnDisk()).flatMap(({ attachments }) => attachments);
    expect(attached.length).toBeGreaterThan(0);
    for (const { content, filename = '' } of attached) {
      expect(readPages(content).join('\n')).toContain(orderNumber);
      expect(filename).toContain(orderNumber.slice(3, -2));
    }
  });

  test('in the key of every document', () => {
    const documents = globSync('**/*', { cwd: desk.endpoints.documentsDir, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name));
    expect(documents.length).toBeGreaterThanOrEqual(2);
    for (const file of documents) expect(file).toContain(`/orders/${orderNumber}/`);
  });

  test('on every row of it: events, findings, payments, slips, parcels, mails', async () => {
    const record = await desk.orders.read(orderNumber);
    const events = record?.events ?? [];
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, index) => index + 1));
    expect(events.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['order.received', 'order.on_hold', 'order.confirmed', 'order.completed']),
    );
    for (const mail of record?.mails ?? []) expect(mail.subject).toBe(orderNumber);
    const { body } = await desk.partner.get(`/v1/orders/${orderNumber}/events`);
    expect(body).toMatchObject({ orderNumber });
  });

  test('as the name of its one execution', async () => {
    const { region, credentials, endpoints, outputs } = desk.endpoints;
    const sfn = new SFNClient({ region, credentials, endpoint: endpoints.AWS_ENDPOINT_URL_SFN ?? '' });
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: outputs.OrderStateMachineArn }),
    );
    expect(executions.map(({ name }) => name)).toEqual([orderNumber]);
  });

  test('in every line that is logged of it', () => {
    const lines = logLines();
    const without = lines.filter((line) => !line.includes(orderNumber));
    expect(without).toEqual([]);
    expect(lines.length).toBeGreaterThan(30);
  });
});

test('sixteen orders that are posted at the same time have sixteen numbers', async () => {
  const numbers = await Promise.all(
    Array.from({ length: 16 }, (_, index) => desk.place(sampleOrder(`MANY-${index}`, { lines: [mugs(1)] }))),
  );
  expect(new Set([...numbers, orderNumber]).size).toBe(17);
  expect(numbers.every(isOrderNumber)).toBe(true);
});
