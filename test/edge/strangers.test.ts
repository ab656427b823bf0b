import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { revokeKey, rotateKey } from '../../admin/commands/api-keys.ts';
import { formatOrderNumber } from '../../domain/orders/order-number.ts';
import { type RawAnswer, type RawClient, rawClient } from '../workflow/raw-client.ts';
import { numberOf, openRawDesk, type RawDesk } from '../workflow/raw-desk.ts';
import { eventually, mugs, sampleAddress, sampleOrder } from '../workflow/test-desk.ts';
import { type ApiDocument, documentSchema } from './described-api.ts';

const unknownUpload = '01990000-0000-7000-8000-000000000000';
const reference = 'OURS-1';

let desk: RawDesk;
let document: ApiDocument;
/** Each parameter of a path: what the mall has, and what nobody has. */
let ids: Record<string, { ours: string; nobodys: string }>;
let cursor: string;

beforeAll(async () => {
  desk = await openRawDesk();
  document = documentSchema.parse((await desk.mall('GET', '/v1/openapi.json')).body);
  const orderNumber = numberOf(await desk.post(sampleOrder(reference)));
  await desk.post(sampleOrder('OURS-2'));
  const body = JSON.stringify({ fileName: 'orders.xlsx' });
  const { uploadId } = z
    .object({ uploadId: z.string() })
    .parse((await desk.mall('POST', '/v1/uploads', { body })).body);
  const shipmentId = await shipped(orderNumber);
  ids = {
    orderNumber: { ours: orderNumber, nobodys: formatOrderNumber('2001-01-01', 1) },
    uploadId: { ours: uploadId, nobodys: unknownUpload },
    findingId: { ours: `${orderNumber}.1`, nobodys: `${formatOrderNumber('2001-01-01', 1)}.1` },
    shipmentId: { ours: shipmentId, nobodys: 'X-NOBODYS' },
    ruleName: { ours: 'discounts', nobodys: 'prizes' },
  };
  const page = (await desk.mall('GET', '/v1/orders?limit=1')).body;
  cursor = z.object({ nextCursor: z.string() }).parse(page).nextCursor;
});
afterAll(() => desk.close());

/** A parcel of the order, so that there is one to ask about. */
const shipped = async (orderNumber: string): Promise<string> => {
  await desk.untilStatus(orderNumber, 'READY_TO_SHIP');
  const send = (who: string, suffix: string, notice: unknown) =>
    desk.as(who)('POST', `/v1/orders/${orderNumber}/${suffix}`, { body: JSON.stringify(notice) });
  await send('example-warehouse', 'outbound-slips', slip);
  return eventually(async () => {
    const answer = await send('example-warehouse', 'shipments', parcel);
    return answer.status === 201 && parcel.shipmentId;
  });
};

const address = sampleAddress(reference);
const slip = { slipId: 'S-1', recipientName: '张示例', address, lines: [{ sku: 'MUG-300-WH', quantity: 2 }] };
const parcel = { shipmentId: 'X-OURS', carrier: 'Example Express', trackingNumber: 'EX00000001' };

/** A body that each route would take from its rightful caller. */
const bodies: Readonly<Record<string, unknown>> = {
  '/v1/orders': {},
  '/v1/orders/validate': {},
  '/v1/uploads': {},
  '/v1/orders/{orderNumber}/answers': { answers: [{ findingId: 'SO-1.1', answer: 'CONFIRM' }] },
  '/desk/findings/{findingId}/assignment': { assignee: null },
  '/desk/findings/{findingId}/resolution': { action: 'OVERRIDE', reason: 'x' },
  '/desk/orders/{orderNumber}/tags': { tags: ['vip'] },
  '/desk/rules/{ruleName}': { maximumPercent: { STANDARD: 5, SILVER: 8, GOLD: 10, WHOLESALE: 15 } },
  '/v1/orders/{orderNumber}/cancellation': { reasonCode: 'CHANGED_MIND' },
  '/v1/orders/{orderNumber}/payments': { paymentId: 'P-1', amount: '39.80', currency: 'CNY' },
  '/v1/orders/{orderNumber}/outbound-slips': slip,
  '/v1/orders/{orderNumber}/shipments': parcel,
  '/v1/orders/{orderNumber}/shipments/{shipmentId}/events': {
    eventId: 'E-1',
    type: 'DELIVERED',
    at: '2026-01-01T00:00:00Z',
  },
};

type Route = { method: string; path: string };
const routes = (): Route[] =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, { security }]) => security?.length !== 0)
      .map(([method]) => ({ method: method.toUpperCase(), path })),
  );

const call = (client: RawClient, { method, path }: Route, filled: string): Promise<RawAnswer> =>
  client(method, filled, method === 'GET' ? {} : { body: JSON.stringify(bodies[path]) });

/** An answer without what differs between any two requests. */
const told = ({ status, text }: RawAnswer): string =>
  `${status} ${text.replaceAll(/"(instance|requestId)":"[^"]*",?/g, '')}`;

const parametersOf = (path: string): string[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** The path with every parameter ours, those named nobody's. */
const fill = (path: string, nobodys: readonly string[]): string =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const known = ids[name];
    if (!known) throw new Error(`${path}: no id is known for {${name}}`);
    return nobodys.includes(name) ? known.nobodys : known.ours;
  });

describe('another partner', () => {
  const stranger = () => desk.as('sample-wholesale');

  test('is answered about what is ours as about what is nobody’s, on every route and at every id', async () => {
    const asked: string[] = [];
    for (const route of routes().filter(({ path }) => path.includes('{'))) {
      const names = parametersOf(route.path);
      const unknown = told(await call(stranger(), route, fill(route.path, names)));
      expect(unknown).toMatch(route.path.startsWith('/desk') ? /^403 / : /^404 /);
      for (const some of [[], ...names.map((name) => [name])]) {
        const path = fill(route.path, some);
        expect(told(await call(stranger(), route, path)), `${route.method} ${path}`).toBe(unknown);
        asked.push(path);
      }
    }
    expect(asked.length).toBeGreaterThan(15);
  });

  test.for<[name: string, ours: () => string, nobodys: string]>([
    ['customerOrderReference', () => reference, 'NOBODYS-1'],
    ['partnerId', () => 'example-mall', 'nobody'],
    ['cursor', () => cursor, 'eyJwayI6Im5vYm9keSJ9'],
  ])('learns nothing by %s in a query', async ([name, ours, nobodys]) => {
    const ask = async (value: string) =>
      told(await stranger()('GET', `/v1/orders?${name}=${encodeURIComponent(value)}`));
    expect(await ask(ours())).toBe(await ask(nobodys));
  });

  test.for<
    [name: string, body: (id: string) => Record<string, unknown>, ours: () => string, nobodys: string]
  >([
    [
      'a customer of ours',
      (customerId) => ({ buyer: { ...sampleOrder('').buyer, customerId } }),
      () => 'C10001',
      'C99999',
    ],
    [
      'another partner’s article code',
      (buyerItemId) => ({ lines: [mugs(1, { sku: undefined, buyerItemId })] }),
      () => 'EI-PAPER-70',
      'NOBODYS',
    ],
    [
      'an upload of ours',
      (uploadId) => ({ attachments: [{ uploadId, name: 'a.pdf' }] }),
      () => ids.uploadId?.ours ?? '',
      unknownUpload,
    ],
    [
      'a licence’s upload of ours',
      (uploadId) => ({ qualifications: [{ type: 'FOOD', number: 'F', uploadId }] }),
      () => ids.uploadId?.ours ?? '',
      unknownUpload,
    ],
  ])('learns nothing by naming %s in an order', async ([, body, ours, nobodys]) => {
    const tried = async (id: string) => {
      const text = JSON.stringify(sampleOrder('STRANGER-1', body(id)));
      const answer = await stranger()('POST', '/v1/orders/validate', { body: text });
      const { validationToken, ...rest } = z.looseObject({ validationToken: z.string() }).parse(answer.body);
      return JSON.stringify(rest).replaceAll(id, '…');
    };
    expect(await tried(ours())).toBe(await tried(nobodys));
  });

  test('may use a reference that we have used', async () => {
    const answer = await desk.post(sampleOrder(reference), {}, stranger());
    expect([answer.status, numberOf(answer) === ids.orderNumber?.ours]).toEqual([202, false]);
  });

  test('has changed nothing', async () => {
    expect(await desk.read(ids.orderNumber?.ours ?? '')).toMatchObject({
      status: 'SHIPPED',
      paymentStatus: 'UNPAID',
    });
  });
});

describe('every route', () => {
  test('turns away who has no key, a wrong one, part of one or a revoked one, all in the same words', async () => {
    const { key, keyId } = await rotateKey(desk.target, 'sample-shoji');
    await revokeKey(desk.target, 'sample-shoji', keyId);
    const ours = desk.keyOf('example-mall');
    const credentials = [
      undefined,
      `Bearer ${key}`,
      `Bearer ${ours.slice(0, -1)}`,
      `Bearer rk_${'a'.repeat(49)}`,
      'Bearer x',
    ];
    for (const route of routes()) {
      const answers = new Set<string>();
      for (const credential of credentials) {
        const answer = await call(rawClient(desk.endpoints.apiUrl, credential), route, fill(route.path, []));
        answers.add(told(answer));
      }
      expect([...answers], `${route.method} ${route.path}`).toEqual([
        expect.stringMatching(/^401 .*unauthenticated/),
      ]);
    }
  });
});
