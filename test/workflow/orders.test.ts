import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { apiClient } from '../../demo/api-client.ts';
import { eventually, mugs, openTestDesk, sampleAddress, sampleOrder, type TestDesk } from './test-desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

const prepaid = { payment: { method: 'BANK_TRANSFER' } };

const pay = (orderNumber: string, amount: string, paymentId = 'P-1') =>
  desk.players.payer.post(`/v1/orders/${orderNumber}/payments`, { paymentId, amount, currency: 'CNY' });

const slip = (orderNumber: string, changes: Record<string, unknown> = {}) =>
  desk.players.warehouse.post(`/v1/orders/${orderNumber}/outbound-slips`, {
    slipId: 'S-1',
    recipientName: '张示例',
    address: sampleAddress('SLIP-1'),
    lines: [{ sku: 'MUG-300-WH', quantity: 2 }],
    ...changes,
  });

const listSchema = z.object({
  findings: z.array(z.looseObject({ findingId: z.string(), orderNumber: z.string() })),
});

/** The link to answer by, as the customer's mail about an order has it. */
const mailedLink = async (orderNumber: string): Promise<string | undefined> => {
  const names = (await readdir(desk.endpoints.mailDir)).filter((name) => name.endsWith('.eml'));
  for (const name of names) {
    const { text = '', to } = await simpleParser(await readFile(join(desk.endpoints.mailDir, name)));
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/\S*\/t\/[\w-]{43}/.exec(text) ?? [];
    if (url && text.includes(orderNumber) && JSON.stringify(to).includes('c10001@')) return url;
  }
  return undefined;
};

const available = async (sku: string) => (await desk.stock.readLevels([sku])).get(sku);

test('whatever the stack declares is served here', () => {
  expect(desk.cloud.notEmulated).toEqual([]);
});

describe('a clean order', () => {
  test('on account goes from post to completed, with one invoice and its mails', async () => {
    const orderNumber = await desk.place(sampleOrder('CLEAN-1'));
    const order = await desk.deliver(orderNumber);
    expect(order.invoices).toHaveLength(1);
    expect(await desk.sentMails(orderNumber)).toEqual([
      'completed',
      'invoice-issued',
      'order-confirmed',
      'order-confirmed',
      'shipped',
      'warehouse-pick',
    ]);
  });

  test('prepaid waits for its money, which may come in two identical notices', async () => {
    const orderNumber = await desk.place(sampleOrder('PREPAID-1', prepaid));
    await desk.untilStatus(orderNumber, 'PENDING_PAYMENT');
    const notices = [await pay(orderNumber, '39.80'), await pay(orderNumber, '39.80')];
    expect(notices.map(({ status }) => status)).toEqual([201, 200]);
    const order = await desk.deliver(orderNumber);
    expect(order.paymentStatus).toBe('PAID');
    expect(
      (await desk.sentMails(orderNumber)).filter((template) => template === 'payment-received'),
    ).toHaveLength(1);
  });

  test('takes goods out of stock once and leaves nothing reserved', async () => {
    const before = await available('TEAPOT-600');
    const teapot = {
      lineId: '1',
      sku: 'TEAPOT-600',
      name: '陶瓷茶壶',
      specification: '600ml',
      quantity: 3,
      unitPrice: '89.00',
    };
    const orderNumber = await desk.place(sampleOrder('STOCK-1', { lines: [teapot] }));
    await eventually(async () => (await desk.read(orderNumber)).status !== 'RECEIVED');
    const { status, findings } = await desk.read(orderNumber);
    expect({ status, findings }).toEqual({ status: 'READY_TO_SHIP', findings: [] });
    await desk.deliver(orderNumber);
    const after = await available('TEAPOT-600');
    expect(after).toMatchObject({
      onHand: (before?.onHand ?? 0) - 3,
      reserved: before?.reserved,
      available: (before?.available ?? 0) - 3,
    });
  });
});

describe('a problem order', () => {
  test('with a wrong price is held, tells both prices, and its partner can cancel it', async () => {
    const orderNumber = await desk.place(sampleOrder('HELD-1', { lines: [mugs(2, { unitPrice: '9.90' })] }));
    const held = await desk.untilStatus(orderNumber, 'ON_HOLD');
    expect(held.findings).toMatchObject([
      { code: 'PRICE_MISMATCH', status: 'OPEN', value: '9.90', expected: '19.90' },
    ]);
    const cancelled = await desk.partner.post(`/v1/orders/${orderNumber}/cancellation`, {
      reasonCode: 'CHANGED_MIND',
    });
    expect(cancelled.status).toBe(202);
    await desk.untilStatus(orderNumber, 'CANCELLED');
    expect(await desk.sentMails(orderNumber)).toContain('order-cancelled');
  });

  test('is answered by the link in its mail, without a login, and then goes its way', async () => {
    const orderNumber = await desk.place(sampleOrder('HELD-2', { lines: [mugs(2, { unitPrice: '9.90' })] }));
    const url = await eventually(() => mailedLink(orderNumber));
    expect(url.startsWith(desk.endpoints.apiUrl)).toBe(true);
    const page = await fetch(url);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    const action = /<form method="post" action="([^"]+)"/.exec(await page.text())?.[1] ?? '';
    const answer = () =>
      fetch(new URL(action, url), { method: 'POST', body: new URLSearchParams({ 'answer-1': 'ACCEPT' }) });
    expect((await answer()).status).toBe(200);
    const order = await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
    expect(order.findings).toMatchObject([{ code: 'PRICE_MISMATCH', status: 'RESOLVED' }]);
    expect([(await answer()).status, (await fetch(url)).status]).toEqual([404, 404]);
  });

  test('is decided on by staff: listed, assigned, let pass by a manager, and delivered at its price', async () => {
    const staff = apiClient(desk.endpoints.apiUrl, desk.endpoints.staff.manager);
    const orderNumber = await desk.place(sampleOrder('HELD-3', { lines: [mugs(2, { unitPrice: '9.90' })] }));
    await desk.untilStatus(orderNumber, 'ON_HOLD');
    const { findings } = listSchema.parse(
      await eventually(async () => {
        const { body } = await staff.get('/desk/findings?code=PRICE_MISMATCH&partner=example-mall&limit=100');
        return listSchema.parse(body).findings.some((one) => one.orderNumber === orderNumber) && body;
      }),
    );
    const { findingId = '' } = findings.find((one) => one.orderNumber === orderNumber) ?? {};
    expect(await staff.post(`/desk/findings/${findingId}/assignment`, { assignee: 'li.lei' })).toMatchObject({
      status: 200,
      body: { assignee: 'li.lei' },
    });
    const decision = { action: 'ACCEPT_THEIRS', reason: 'promised by sales' };
    const decide = () => staff.post(`/desk/findings/${findingId}/resolution`, decision);
    expect(await decide()).toMatchObject({ status: 200, body: { status: 'RESOLVED' } });
    expect(await decide()).toMatchObject({ status: 409 });
    await desk.deliver(orderNumber);
  });

  test('paid too little is held, and goes on when the rest arrives', async () => {
    const orderNumber = await desk.place(sampleOrder('SHORT-PAID-1', prepaid));
    await desk.untilStatus(orderNumber, 'PENDING_PAYMENT');
    await pay(orderNumber, '30.00', 'P-1');
    await desk.untilStatus(orderNumber, 'ON_HOLD');
    await pay(orderNumber, '9.80', 'P-2');
    const order = await desk.deliver(orderNumber);
    expect(order.findings).toMatchObject([{ code: 'PAYMENT_MISMATCH', status: 'RESOLVED' }]);
  });

  test('with a slip that differs cannot be shipped until a right slip comes', async () => {
    const orderNumber = await desk.place(sampleOrder('SLIP-1'));
    await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
    const wrong = await slip(orderNumber, { lines: [{ sku: 'MUG-300-WH', quantity: 3 }] });
    expect(wrong.body).toMatchObject({ result: 'MISMATCH', differences: [{ slip: '3', order: '2' }] });
    await desk.untilStatus(orderNumber, 'ON_HOLD');
    const shipment = { shipmentId: 'X-1', carrier: 'Example Express', trackingNumber: 'EX00000001' };
    expect((await desk.players.warehouse.post(`/v1/orders/${orderNumber}/shipments`, shipment)).status).toBe(
      409,
    );
    expect((await slip(orderNumber, { slipId: 'S-2' })).body).toMatchObject({ result: 'MATCHED' });
    await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
    await eventually(
      async () =>
        (await desk.players.warehouse.post(`/v1/orders/${orderNumber}/shipments`, shipment)).status === 201,
    );
    await desk.deliver(orderNumber);
  });

  test('never gets the last piece that another order has', async () => {
    const sku = 'LAMP-DESK';
    const free = (await available(sku))?.available ?? 0;
    expect(free).toBeGreaterThan(0);
    const numbers = await Promise.all(
      Array.from({ length: free + 2 }, (_, index) =>
        desk.place(
          sampleOrder(`RACE-${index}`, {
            lines: [mugs(1, { sku, name: '台灯', specification: 'LED 12W', unitPrice: '145.77' })],
          }),
        ),
      ),
    );
    const settled = await Promise.all(
      numbers.map((orderNumber) =>
        eventually(async () => {
          const { status } = await desk.read(orderNumber);
          return status !== 'RECEIVED' && status;
        }),
      ),
    );
    expect(settled.filter((status) => status === 'READY_TO_SHIP')).toHaveLength(free);
    expect(await available(sku)).toMatchObject({ available: 0, reserved: free });
  });
});
