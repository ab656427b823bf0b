import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { localTarget } from '../../admin/targets.ts';
import { apiClient } from '../../demo/api-client.ts';
import { openDesk } from '../../demo/desk.ts';
import { orderViewSchema, playOn } from '../../demo/players.ts';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { stockTable } from '../../functions/shared/stock-table.ts';
import type { CloudOptions } from '../../local/cloud.ts';

/** Waits until a value is there; the longest wait is far beyond what the slowest machine needs. */
export const eventually = async <Value>(
  look: () => Promise<Value | undefined | false>,
  timeoutMs = 60_000,
): Promise<Value> => {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > deadline) throw new Error('waited in vain');
    await sleep(100);
  }
};

export const orderSchema = orderViewSchema.extend({
  paymentStatus: z.string(),
  findings: z.array(
    z.object({
      code: z.string(),
      status: z.string(),
      value: z.string().optional(),
      expected: z.string().optional(),
    }),
  ),
});

/** A house for each reference, so that no order is taken for another's duplicate. */
export const sampleAddress = (reference: string) => ({
  line1: `示例路 ${reference} 号`,
  city: '上海市',
  region: 'CN-SH',
  postalCode: '200000',
  countryCode: 'CN',
});

/** A clean one-line order of a sample partner; fields of `changes` replace its own. */
export const sampleOrder = (reference: string, changes: Record<string, unknown> = {}) => ({
  customerOrderReference: reference,
  currency: 'CNY',
  buyer: {
    customerId: 'C10001',
    name: '示例咖啡馆',
    contact: { name: '张示例', telephone: '+8613800138000', email: 'c10001@example.com' },
  },
  delivery: {
    address: sampleAddress(reference),
    requestedDate: plusDays(dayIn('Asia/Shanghai', new Date()), 7),
  },
  payment: { method: 'ON_ACCOUNT' },
  lines: [mugs(2)],
  ...changes,
});

/** A line of white mugs at the price of the sample price list. */
export const mugs = (quantity: number, changes: Record<string, unknown> = {}) => ({
  lineId: '1',
  sku: 'MUG-300-WH',
  name: '马克杯',
  specification: '300ml 白色',
  quantity,
  unitPrice: '19.90',
  ...changes,
});

/** The whole desk on this machine, in a folder of its own. */
export const openTestDesk = async (cloud: Partial<CloudOptions> = {}) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'rudan-test-'));
  const desk = await openDesk({ stateDir, port: 0, fresh: true, samples: true, cloud, progress: () => {} });
  const { endpoints } = desk;
  const as = (partnerId: string) =>
    apiClient(
      endpoints.apiUrl,
      endpoints.partners.find((partner) => partner.partnerId === partnerId)?.apiKey ?? '',
    );
  const target = await localTarget(stateDir);
  const partner = as('example-mall');
  const players = {
    payer: as('example-pay'),
    warehouse: as('example-warehouse'),
    carrier: as('example-express'),
  };
  const orders = ordersTable(target.dynamodb, () => target.tables.orders);

  const read = async (orderNumber: string) =>
    orderSchema.parse((await partner.get(`/v1/orders/${orderNumber}`)).body);

  return {
    ...desk,
    stateDir,
    as,
    partner,
    players,
    orders,
    stock: stockTable(target.dynamodb, () => target.tables.stock),
    read,

    /** Posts an order and returns its number; fails unless it was accepted. */
    place: async (body: { customerOrderReference: string }): Promise<string> => {
      const answer = await partner.post('/v1/orders', body, {
        'Idempotency-Key': `key-${body.customerOrderReference}`,
      });
      if (answer.status !== 202) throw new Error(JSON.stringify(answer));
      return z.object({ orderNumber: z.string() }).parse(answer.body).orderNumber;
    },

    untilStatus: (orderNumber: string, status: string) =>
      eventually(async () => {
        const order = await read(orderNumber);
        return order.status === status && order;
      }),

    /** Plays payer, warehouse and carrier until the order is completed. */
    deliver: (orderNumber: string) =>
      eventually(async () => {
        const order = await read(orderNumber);
        if (order.status === 'COMPLETED') return order;
        await playOn(players, partner, order, 'deliver', new Date());
        return false;
      }),

    /** Templates of an order's mails, once all of them are sent. */
    sentMails: (orderNumber: string) =>
      eventually(async () => {
        const mails = (await orders.read(orderNumber))?.mails ?? [];
        return mails.every(({ state }) => state === 'SENT') && mails.map(({ template }) => template).sort();
      }),

    close: async () => {
      await desk.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
};

export type TestDesk = Awaited<ReturnType<typeof openTestDesk>>;
