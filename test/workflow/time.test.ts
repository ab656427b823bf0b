import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { localTarget } from '../../admin/targets.ts';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import { createVirtualClock } from '../../local/clock.ts';
import { mugs, openTestDesk, sampleOrder, type TestDesk } from './test-desk.ts';
import { csvFile, formSchema, goodLine, sendForm } from './upload-desk.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

const prepaid = { payment: { method: 'BANK_TRANSFER' } };

/** A sample order that is to be delivered two weeks after the given time. */
const orderAt = (nowMs: number, reference: string, changes: Record<string, unknown> = {}) => {
  const order = sampleOrder(reference, changes);
  const requestedDate = plusDays(dayIn('Asia/Shanghai', new Date(nowMs)), 14);
  return { ...order, delivery: { ...order.delivery, requestedDate } };
};

/** Does the work and prints how long it took on this machine. */
const timed = async <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
  const startedAt = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - startedAt) / 1000).toFixed(2)} s`);
  return result;
};

const expectCreated = ({ status, body }: { status: number; body: unknown }) =>
  expect([status, body]).toEqual([201, expect.anything()]);

/** What the world does to the order in the cloud's time, each time until nothing is in motion. */
const worldOf = ({ players, cloud, read }: TestDesk) => ({
  pay: async (orderNumber: string) => {
    const payment = { paymentId: 'P-1', amount: '39.80', currency: 'CNY' };
    expectCreated(await players.payer.post(`/v1/orders/${orderNumber}/payments`, payment));
    await cloud.idle();
  },
  pack: async (orderNumber: string) => {
    const { delivery, buyer, lines } = await read(orderNumber);
    const slip = {
      slipId: 'S-1',
      recipientName: buyer.contact.name,
      address: delivery.address,
      lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    };
    expectCreated(await players.warehouse.post(`/v1/orders/${orderNumber}/outbound-slips`, slip));
    await cloud.idle();
  },
  ship: async (orderNumber: string) => {
    const parcel = { shipmentId: 'X-1', carrier: 'Example Express', trackingNumber: 'EX00000001' };
    expectCreated(await players.warehouse.post(`/v1/orders/${orderNumber}/shipments`, parcel));
    await cloud.idle();
  },
});

describe('time passes', () => {
  const clock = createVirtualClock(Date.now());
  let desk: TestDesk;
  let world: ReturnType<typeof worldOf>;
  beforeAll(async () => {
    desk = await openTestDesk({ clock, schedules: false });
    world = worldOf(desk);
  });
  afterAll(() => desk.close());

  const placed = async (reference: string, changes: Record<string, unknown> = {}) => {
    const orderNumber = await desk.place(orderAt(clock.now(), reference, changes));
    await desk.cloud.idle();
    const placedMs = clock.now();
    return { orderNumber, untilHour: (hour: number) => clock.advanceTo(placedMs + hour * hourMs), placedMs };
  };
  const statusOf = async (orderNumber: string) => (await desk.read(orderNumber)).status;
  const mugsInStock = async () => (await desk.stock.readLevels(['MUG-300-WH'])).get('MUG-300-WH');

  test('for an order that everybody is late with: thirty days, every deadline of its own', async () => {
    const before = await mugsInStock();
    await timed('an order of thirty days', async () => {
      const { orderNumber, untilHour, placedMs } = await placed('THIRTY-DAYS', prepaid);
      await untilHour(23);
      await world.pay(orderNumber);
      await untilHour(200);
      await world.pack(orderNumber);
      await untilHour(550);
      await world.ship(orderNumber);
      await untilHour(717);
      expect(await statusOf(orderNumber)).toBe('SHIPPED');
      await untilHour(30 * 24);
      const order = await desk.orders.read(orderNumber);
      const told = order?.events.map(({ type, at, data }) => [
        (Date.parse(at) - placedMs) / hourMs,
        type === 'order.stuck' ? data.reason : type,
      ]);
      expect(told).toEqual([
        [0, 'order.received'],
        [0, 'order.confirmed'],
        [23, 'order.payment_received'],
        [23, 'order.ready_to_ship'],
        [95, 'SLIP_LATE'],
        [167, 'SLIP_LATE'],
        [200, 'order.slip_matched'],
        [248, 'SHIPMENT_LATE'],
        [296, 'SHIPMENT_LATE'],
        [344, 'SHIPMENT_LATE'],
        [392, 'SHIPMENT_LATE'],
        [440, 'SHIPMENT_LATE'],
        [488, 'SHIPMENT_LATE'],
        [536, 'SHIPMENT_LATE'],
        [550, 'order.shipped'],
        [550, 'invoice.issued'],
        [718, 'order.completed'],
      ]);
      expect(order?.mails.every(({ state }) => state === 'SENT')).toBe(true);
      expect(order?.mails.filter(({ template }) => template === 'stuck-order')).toHaveLength(9);
    });
    const after = await mugsInStock();
    expect(after).toEqual({
      ...before,
      onHand: (before?.onHand ?? 0) - 2,
      available: (before?.available ?? 0) - 2,
    });
  });

  test('until an unpaid order is cancelled at its deadline and its stock released', async () => {
    const before = await mugsInStock();
    const { orderNumber, untilHour } = await placed('NEVER-PAID', { ...prepaid, lines: [mugs(5)] });
    const reserved = { reserved: (before?.reserved ?? 0) + 5, available: (before?.available ?? 0) - 5 };
    await untilHour(24 - 1 / 60);
    expect([await statusOf(orderNumber), await mugsInStock()]).toMatchObject(['PENDING_PAYMENT', reserved]);
    await untilHour(24);
    expect(await statusOf(orderNumber)).toBe('CANCELLED');
    expect(await mugsInStock()).toEqual(before);
    expect(await desk.sentMails(orderNumber)).toContain('order-cancelled');
  });

  test('until a problem order that nobody answers is cancelled', async () => {
    const { orderNumber, untilHour } = await placed('UNANSWERED', {
      lines: [mugs(2, { unitPrice: '9.90' })],
    });
    await untilHour(71.9);
    expect(await statusOf(orderNumber)).toBe('ON_HOLD');
    await untilHour(72.1);
    expect(await statusOf(orderNumber)).toBe('CANCELLED');
  });

  test('until a key for repeating a post may be used for another order, and is gone from the table', async () => {
    const startMs = clock.now();
    const post = async (reference: string) => {
      const answer = await desk.partner.post('/v1/orders', orderAt(startMs, reference), {
        'Idempotency-Key': 'key-for-a-week',
      });
      await desk.cloud.idle();
      const { orderNumber } = z.object({ orderNumber: z.string().optional() }).parse(answer.body);
      return { status: answer.status, orderNumber };
    };
    const { dynamodb, tables } = await localTarget(desk.stateDir);
    const keysOnFile = async () => {
      const { Items = [] } = await dynamodb.send(
        new ScanCommand({
          TableName: tables.orders,
          FilterExpression: 'entity = :entity AND expiresAt = :time',
          ExpressionAttributeValues: {
            ':entity': 'IDEMPOTENCY',
            ':time': Math.floor((startMs + 7 * dayMs) / 1000),
          },
        }),
      );
      return Items;
    };
    const first = await post('KEY-1');
    expect(first.status).toBe(202);
    await clock.advance(7 * dayMs - hourMs);
    expect(await post('KEY-1')).toEqual(first);
    expect((await post('KEY-2')).status).toBe(422);
    expect(await keysOnFile()).toHaveLength(1);
    await clock.advance(2 * hourMs + minuteMs);
    expect(await keysOnFile()).toEqual([]);
    const second = await post('KEY-2');
    expect(second.status).toBe(202);
    expect(second.orderNumber).not.toBe(first.orderNumber);
  });

  test('until the link to an invoice opens nothing, and a new one does', async () => {
    const { orderNumber } = await placed('INVOICED');
    await world.pack(orderNumber);
    await world.ship(orderNumber);
    const invoiceUrl = async () => {
      const { body } = await desk.partner.get(`/v1/orders/${orderNumber}`);
      const { invoices } = z.object({ invoices: z.array(z.object({ documentUrl: z.url() })) }).parse(body);
      return z.string().parse(invoices[0]?.documentUrl);
    };
    const link = await invoiceUrl();
    const open = async (url: string) => (await fetch(url)).status;
    await clock.advance(14 * minuteMs);
    expect(await open(link)).toBe(200);
    await clock.advance(2 * minuteMs);
    expect(await open(link)).toBe(403);
    expect(await open(await invoiceUrl())).toBe(200);
  });

  test('until the links of a mail about a file open nothing, and the same file again brings new ones', async () => {
    const requestedDate = plusDays(dayIn('Asia/Shanghai', new Date(clock.now())), 7);
    const bytes = csvFile(
      goodLine('LINKED-1', { requestedDate }),
      goodLine('LINKED-2', { requestedDate, quantity: 'x' }),
    );
    const mailAbout = async (fileName: string) => {
      const form = formSchema.parse((await desk.partner.post('/v1/uploads', { fileName })).body);
      expect((await sendForm(form, bytes)).status).toBe(204);
      await desk.cloud.idle();
      const { mailDir } = desk.endpoints;
      const names = (await readdir(mailDir)).filter((name) => name.endsWith('.eml'));
      const mails = await Promise.all(
        names.map(async (name) => simpleParser(await readFile(join(mailDir, name)))),
      );
      const about = mails.filter(({ subject = '' }) => subject.includes(form.uploadId));
      expect(about).toHaveLength(1);
      const { text = '', html } = about[0] ?? {};
      expect(text).toContain('数量：内容的类型不正确（收到：x）。');
      const links = text.match(/https?:\S+/g) ?? [];
      for (const link of links) expect(html).toContain(link.replaceAll('&', '&amp;'));
      return links;
    };
    const statuses = async (links: readonly string[]) =>
      Promise.all(links.map(async (link) => (await fetch(link)).status));
    const links = await mailAbout('links.csv');
    expect(await statuses(links)).toEqual([200, 200, 200]);
    await clock.advance(6 * hourMs - minuteMs);
    expect(await statuses(links)).toEqual([200, 200, 200]);
    await clock.advance(2 * minuteMs);
    expect(await statuses(links)).toEqual([403, 403, 403]);
    expect(await statuses(await mailAbout('links again.csv'))).toEqual([200, 200, 200]);
  });
});

const logOf = async (desk: TestDesk, functionName: string): Promise<string[]> => {
  const folder = join(desk.stateDir, 'logs');
  const file = (await readdir(folder)).find((name) => name.includes(functionName)) ?? '';
  return (await readFile(join(folder, file), 'utf8')).split('\n');
};

test('in a day the watch makes its rounds every five minutes, and orders go on meanwhile', async () => {
  const clock = createVirtualClock(Date.now());
  const desk = await openTestDesk({ clock });
  try {
    const orderNumber = await desk.place(orderAt(clock.now(), 'WATCHED', prepaid));
    await desk.cloud.idle();
    await timed('a day with its 288 rounds', () => clock.advance(dayMs));
    expect((await desk.read(orderNumber)).status).toBe('CANCELLED');
    const rounds = (await logOf(desk, 'SweepOrders')).filter((line) => line.includes('sweep done'));
    const times = rounds.map((line) => Date.parse(line.split(' ')[0] ?? ''));
    expect(times).toHaveLength(288);
    const waits = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(new Set(waits)).toEqual(new Set([5 * minuteMs]));
  } finally {
    await desk.close();
  }
});
