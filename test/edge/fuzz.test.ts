import { randomInt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { formatOrderNumber } from '../../domain/orders/order-number.ts';
import { numberOf, openRawDesk, type RawDesk } from '../workflow/raw-desk.ts';
import { sampleAddress, sampleOrder } from '../workflow/test-desk.ts';
import { type ApiDocument, documentSchema, undescribed } from './described-api.ts';
import { type RandomRequest, randomRequest } from './random-request.ts';
import { rawExchange } from './raw-exchange.ts';

/** Its number is printed, and `FUZZ_SEED` plays it again. */
const seed = Number(process.env.FUZZ_SEED ?? randomInt(2 ** 31 - 1));
const requests = process.env.NIGHTLY ? 20_000 : 1_200;
const atOnce = 4;

vi.setConfig({ testTimeout: process.env.NIGHTLY ? 3_600_000 : 300_000 });

let desk: RawDesk;
let document: ApiDocument;
let names: Record<string, string[]>;
beforeAll(async () => {
  desk = await openRawDesk();
  document = documentSchema.parse((await desk.mall('GET', '/v1/openapi.json')).body);
  const prepaid = { payment: { method: 'BANK_TRANSFER' } };
  const own = [
    numberOf(await desk.post(sampleOrder('FUZZ-ACCOUNT'))),
    numberOf(await desk.post(sampleOrder('FUZZ-PREPAID', prepaid))),
  ];
  const body = JSON.stringify({ fileName: 'orders.xlsx' });
  const uploaded = z
    .object({ uploadId: z.string() })
    .parse((await desk.mall('POST', '/v1/uploads', { body })).body);
  names = {
    orderNumber: [...own, formatOrderNumber('2001-01-01', 1)],
    uploadId: [uploaded.uploadId, '01990000-0000-7000-8000-000000000000'],
    shipmentId: ['X-1', 'X-2'],
    findingId: [`${own[0]}.1`, `${own[1]}.2`],
    token: ['x'.repeat(43), own[0] ?? ''],
    ruleName: ['areas', 'discounts', 'orderTypes', 'promotions', 'prizes'],
  };
});
afterAll(() => desk.close());

const address = sampleAddress('FUZZ-ACCOUNT');
const order = '/v1/orders/{orderNumber}';

/** A body of each kind that would be taken, if order and caller were right. */
const samples: Record<string, unknown> = {
  '/v1/orders': sampleOrder('FUZZ-ORDER', {
    notes: 'x',
    promotionCodes: ['A'],
    totals: { payableAmount: '39.80' },
  }),
  '/v1/orders/validate': sampleOrder('FUZZ-TRIED', { validationToken: 'v1.example-mall.x.y' }),
  [`${order}/cancellation`]: { reasonCode: 'CHANGED_MIND', note: 'x' },
  [`${order}/payments`]: { paymentId: 'P-1', amount: '39.80', currency: 'CNY', reference: 'x' },
  [`${order}/outbound-slips`]: {
    slipId: 'S-1',
    recipientName: '张示例',
    address,
    lines: [{ sku: 'MUG-300-WH', quantity: 2 }],
  },
  [`${order}/shipments`]: { shipmentId: 'X-1', carrier: 'Example Express', trackingNumber: 'EX00000001' },
  [`${order}/shipments/{shipmentId}/events`]: {
    eventId: 'E-1',
    type: 'IN_TRANSIT',
    at: '2026-01-01T00:00:00Z',
  },
  '/desk/orders/{orderNumber}/tags': { tags: ['vip', '加急'] },
  [`${order}/answers`]: { answers: [{ findingId: 'SO-20260302-000001-1.1', answer: 'CONFIRM' }] },
  '/desk/findings/{findingId}/assignment': { assignee: 'li.lei' },
  '/desk/findings/{findingId}/resolution': { action: 'OVERRIDE', reason: 'x' },
  '/desk/rules/{ruleName}': { maximumPercent: { STANDARD: 5, SILVER: 8, GOLD: 10, WHOLESALE: 15 } },
  '/desk/prices': 'sku,currency,unitPrice,validFrom',
  '/desk/products': {},
  '/t/{token}/answers': { answers: [{ findingId: 'SO-20260302-000001-1.1', answer: 'CONFIRM' }] },
  '/v1/uploads': { fileName: 'orders.xlsx', mode: 'DRY_RUN' },
};

/** What an answer should not have been: a fault of ours, or something that the API does not say of itself. */
const faultsOf = (sent: RandomRequest, answer: Parameters<typeof undescribed>[3]): string[] => {
  const path = sent.path.split('?')[0];
  const faults = undescribed(document, sent.method, sent.route, answer);
  const isFault = answer.status >= 500;
  const reachesNone = sent.isSpoilt && undescribed(document, sent.method, undefined, answer).length === 0;
  return [...(isFault ? [`${answer.status} ${path}`] : []), ...(reachesNone ? [] : faults)];
};

/** Tokens by the name of who presents them; the mall, whose orders they are, asks most. */
const callers = (): Map<string, string> => {
  const { staff } = desk.endpoints;
  const partners = [
    ...Array<string>(12).fill('example-mall'),
    'sample-wholesale',
    'example-pay',
    'example-pay',
  ];
  const others = ['example-warehouse', 'example-warehouse', 'example-express', 'example-express'];
  return new Map([
    ...[...partners, ...others].map(
      (partnerId, index) => [`${partnerId} ${index}`, `Bearer ${desk.keyOf(partnerId)}`] as const,
    ),
    ...Object.entries(staff).map(([group, token]) => [group, `Bearer ${token}`] as const),
    ['nobody', ''],
    ['a stranger', `Bearer rk_${'a'.repeat(43)}000000`],
  ]);
};

test(`${requests} random requests get no fault of ours and no answer that is not described (FUZZ_SEED=${seed})`, async () => {
  const tokens = callers();
  const arbitrary = randomRequest({ document, names, samples, callers: [...tokens.keys()] });
  const queue = fc.sample(arbitrary, { seed, numRuns: requests });
  const { send, close } = rawExchange(desk.endpoints.apiUrl);
  const found: unknown[] = [];
  const statuses = new Map<number, number>();
  const work = async () => {
    for (let next = queue.pop(); next; next = queue.pop()) {
      const { caller, headers, ...request } = next;
      const token = tokens.get(caller);
      const answer = await send({
        ...request,
        headers: { ...headers, ...(token && { Authorization: token }) },
      });
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
      const faults = faultsOf(next, answer);
      if (faults.length > 0)
        found.push({
          faults,
          ...next,
          body: next.body?.toString('utf8').slice(0, 2000),
          answer: answer.text.slice(0, 500),
        });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  close();
  console.info(`FUZZ_SEED=${seed}`, Object.fromEntries([...statuses].sort()));
  expect(found).toEqual([]);
  for (const status of [200, 201, 400, 401, 403, 404, 422])
    expect(statuses.get(status), String(status)).toBeGreaterThan(0);
});
