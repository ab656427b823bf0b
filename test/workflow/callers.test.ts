import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { issueKey, listKeys, revokeKey, rotateKey } from '../../admin/commands/api-keys.ts';
import { setPlan } from '../../admin/commands/usage-plan.ts';
import { formatOrderNumber } from '../../domain/orders/order-number.ts';
import type { staffGroups } from '../../domain/permissions.ts';
import { problemName, type RawAnswer, type RawClient, rawClient } from './raw-client.ts';
import { numberOf, openRawDesk, type RawDesk } from './raw-desk.ts';
import { eventually, mugs, sampleAddress, sampleOrder } from './test-desk.ts';

let desk: RawDesk;
let orderNumber: string;
beforeAll(async () => {
  desk = await openRawDesk();
  orderNumber = numberOf(await desk.post(sampleOrder('MALL-1', { payment: { method: 'BANK_TRANSFER' } })));
  await desk.untilStatus(orderNumber, 'PENDING_PAYMENT');
});
afterAll(() => desk.close());

const staff = (group: (typeof staffGroups)[number]): RawClient => desk.withToken(desk.endpoints.staff[group]);
const send = (client: RawClient, path: string, body: unknown): Promise<RawAnswer> =>
  client('POST', path, { body: JSON.stringify(body) });

/** Part of the synthesized stack that decides how long a revoked key may live on in the gateway's cache. */
const authorizerCacheSeconds = async (): Promise<number[]> => {
  const file = join(import.meta.dirname, '../../cdk.out/Rudan.template.json');
  const resources = z
    .object({
      Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() })),
    })
    .parse(JSON.parse(await readFile(file, 'utf8'))).Resources;
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::ApiGateway::Authorizer')
    .map(
      ({ Properties }) =>
        z.object({ AuthorizerResultTtlInSeconds: z.int() }).parse(Properties).AuthorizerResultTtlInSeconds,
    );
};

describe('a caller', () => {
  const ourKey = () => desk.keyOf('example-mall');

  test.for<[string, () => string | undefined]>([
    ['without a credential', () => undefined],
    ['with an empty one', () => ''],
    ['with the scheme alone', () => 'Bearer'],
    ['with another scheme', () => `Basic ${btoa(`example-mall:${ourKey()}`)}`],
    ['with the key alone', () => ourKey()],
    ['with a key cut short', () => `Bearer ${ourKey().slice(0, -1)}`],
    [
      'with a key of one changed character',
      () => `Bearer rk_${ourKey()[3] === 'A' ? 'B' : 'A'}${ourKey().slice(4)}`,
    ],
    ['with a key in two parts', () => `Bearer ${ourKey().replace(/.{9}$/, ' $&')}`],
    ['with a key that was never issued', () => `Bearer rk_${'a'.repeat(43)}${'0'.repeat(6)}`],
    [
      'with a token that nobody signed',
      () => `Bearer ${btoa('{"alg":"none"}')}.${btoa('{"username":"desk"}')}.`,
    ],
    [
      'with a token of changed content',
      () =>
        `Bearer ${desk.endpoints.staff.finance.replace(/\.[^.]+\./, `.${btoa('{"cognito:groups":["finance"]}')}.`)}`,
    ],
    ['with 6000 characters', () => `Bearer ${'x'.repeat(6000)}`],
  ])('%s is not let in', async ([, authorization]) => {
    const answer = await rawClient(desk.endpoints.apiUrl, authorization())('GET', '/v1/orders');
    expect([answer.status, problemName(answer)]).toEqual([401, 'unauthenticated']);
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  });

  test('with a revoked key is not let in, and where its answer is cached for a minute at most', async () => {
    const { key, keyId } = await rotateKey(desk.target, 'sample-shoji');
    await revokeKey(desk.target, 'sample-shoji', keyId);
    expect((await desk.withToken(key)('GET', '/v1/orders')).status).toBe(401);
    const cached = await authorizerCacheSeconds();
    expect(cached).toHaveLength(1);
    expect(Math.max(...cached)).toBeLessThanOrEqual(60);
  });

  test('keeps the other key when one is revoked', async () => {
    const [first] = await listKeys(desk.target, 'sample-shoji');
    const second = await rotateKey(desk.target, 'sample-shoji');
    await revokeKey(desk.target, 'sample-shoji', first?.keyId ?? '');
    expect((await desk.withToken(second.key)('GET', '/v1/orders')).status).toBe(200);
    await expect(issueKey(desk.target, 'sample-shoji')).rejects.toThrow(/live key/);
  });

  test('beyond its rate is told to come back later, and does not slow the others', async () => {
    await setPlan(desk.target, 'example-imports', { rate: 1, burst: 1 });
    const noisy = desk.as('example-imports');
    const answers = await Promise.all(Array.from({ length: 8 }, () => noisy('GET', '/v1/orders')));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(5);
    expect(refused.length).toBeLessThan(8);
    for (const answer of refused) {
      expect([answer.status, problemName(answer)]).toEqual([429, 'rate-limited']);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    const quiet = await Promise.all(Array.from({ length: 8 }, () => desk.mall('GET', '/v1/orders')));
    expect(quiet.map(({ status }) => status)).toEqual(Array<number>(8).fill(200));
  });
});

const payment = { paymentId: 'P-1', amount: '39.80', currency: 'CNY' };
const slipFor = (reference: string) => ({
  slipId: 'S-1',
  recipientName: '张示例',
  address: sampleAddress(reference),
  lines: [{ sku: 'MUG-300-WH', quantity: 2 }],
});
const slip = slipFor('MALL-1');
const shipment = { shipmentId: 'X-1', carrier: 'Example Express', trackingNumber: 'EX00000001' };
const scan = { eventId: 'E-1', type: 'DELIVERED', at: '2026-01-01T00:00:00Z' };

/** What one order can be asked or told. */
const calls: [method: string, suffix: string, body?: unknown][] = [
  ['GET', ''],
  ['GET', '/events'],
  ['POST', '/cancellation', { reasonCode: 'CHANGED_MIND' }],
  ['POST', '/payments', payment],
  ['POST', '/outbound-slips', slip],
  ['POST', '/shipments', shipment],
  ['POST', '/shipments/X-1/events', scan],
];

/** An answer without what differs between any two requests. */
const withoutIds = ({ status, text }: RawAnswer): string =>
  `${status} ${text.replaceAll(/"(instance|requestId)":"[^"]*",?/g, '')}`;

describe('an order of another partner', () => {
  test.for(calls)('%s %s is answered like one that does not exist', async ([method, suffix, body]) => {
    const stranger = desk.as('sample-wholesale');
    const nowhere = formatOrderNumber('2001-01-01', 1);
    const ask = (number: string) =>
      stranger(
        method,
        `/v1/orders/${number}${suffix}`,
        body === undefined ? {} : { body: JSON.stringify(body) },
      );
    const [foreign, unknown, misspelt] = [await ask(orderNumber), await ask(nowhere), await ask('SO-1')];
    expect(foreign.status).toBe(404);
    expect(withoutIds(foreign)).toBe(withoutIds(unknown));
    expect(withoutIds(misspelt)).toBe(withoutIds(unknown));
  });

  test('stands as it stood', async () => {
    expect(await desk.read(orderNumber)).toMatchObject({
      status: 'PENDING_PAYMENT',
      paymentStatus: 'UNPAID',
    });
  });

  test('is not in a stranger’s list, whatever it asks for', async () => {
    const stranger = desk.as('sample-wholesale');
    for (const query of ['', '?customerOrderReference=MALL-1', '?status=PENDING_PAYMENT'])
      expect((await stranger('GET', `/v1/orders${query}`)).body).toEqual({ orders: [] });
    expect((await stranger('GET', '/v1/orders?partnerId=example-mall')).status).toBe(404);
  });

  test('cannot be seen by those who may tell it things', async () => {
    for (const partnerId of ['example-pay', 'example-warehouse', 'example-express'])
      expect((await desk.as(partnerId)('GET', `/v1/orders/${orderNumber}`)).status).toBe(404);
  });
});

test('an upload of another partner is answered like one that does not exist', async () => {
  const body = JSON.stringify({ fileName: 'orders.xlsx' });
  const { uploadId } = z
    .object({ uploadId: z.string() })
    .parse((await desk.mall('POST', '/v1/uploads', { body })).body);
  expect((await desk.mall('GET', `/v1/uploads/${uploadId}`)).status).toBe(200);
  const stranger = desk.as('sample-wholesale');
  const ask = async (id: string) => withoutIds(await stranger('GET', `/v1/uploads/${id}`));
  const unknown = await ask('01990000-0000-7000-8000-000000000000');
  expect(unknown).toMatch(/^404 /);
  for (const id of [uploadId, 'x', '%00', 'x'.repeat(3000), '..%2f..%2forders'])
    expect(await ask(id)).toBe(unknown);
});

describe('a notice', () => {
  test.for(calls.slice(3))('%s %s is not for the partner whose order it is', async ([, suffix, body]) => {
    const answer = await send(desk.mall, `/v1/orders/${orderNumber}${suffix}`, body);
    expect([answer.status, problemName(answer)]).toEqual([403, 'forbidden']);
  });

  test('is only for those whose work it is', async () => {
    const path = `/v1/orders/${orderNumber}`;
    for (const group of ['desk', 'warehouse', 'logistics', 'purchasing', 'manager'] as const)
      expect((await send(staff(group), `${path}/payments`, payment)).status, group).toBe(403);
    for (const group of ['desk', 'finance', 'logistics', 'purchasing', 'manager'] as const)
      expect((await send(staff(group), `${path}/outbound-slips`, slip)).status, group).toBe(403);
    for (const group of ['desk', 'finance', 'purchasing', 'manager'] as const)
      expect((await send(staff(group), `${path}/shipments`, shipment)).status, group).toBe(403);
    for (const partnerId of ['example-warehouse', 'example-express'])
      expect((await send(desk.as(partnerId), `${path}/payments`, payment)).status, partnerId).toBe(404);
  });

  test.for<[suffix: string, changes: Record<string, unknown>, pointer: string, code: string]>([
    ['/payments', { amount: '39.801' }, '#/amount', 'FORMAT_INVALID'],
    ['/payments', { amount: '0.00' }, '#/amount', 'FORMAT_INVALID'],
    ['/payments', { amount: 39.8 }, '#/amount', 'TYPE_INVALID'],
    ['/payments', { currency: 'USD' }, '#/currency', 'CURRENCY_NOT_ALLOWED'],
    ['/payments', { status: 'PAID' }, '#/status', 'UNKNOWN_FIELD'],
    ['/payments', { paymentId: undefined }, '#/paymentId', 'REQUIRED_MISSING'],
  ])('%s with %j is refused at its place', async ([suffix, changes, pointer, code]) => {
    const answer = await send(staff('finance'), `/v1/orders/${orderNumber}${suffix}`, {
      ...payment,
      ...changes,
    });
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({ errors: [{ pointer, code }] });
  });

  test('of the warehouse comes too early while nothing is paid', async () => {
    const path = `/v1/orders/${orderNumber}`;
    for (const [client, suffix, body] of [
      [staff('warehouse'), '/outbound-slips', slip],
      [staff('logistics'), '/shipments', shipment],
    ] as const) {
      const answer = await send(client, `${path}${suffix}`, body);
      expect([answer.status, problemName(answer)]).toEqual([409, 'illegal-transition']);
      expect(answer.body).toMatchObject({ allowed: expect.arrayContaining(['PAID']) });
    }
    expect((await send(staff('logistics'), `${path}/shipments/X-1/events`, scan)).status).toBe(404);
  });
});

test('staff play an order to its end by their own tokens, and what is repeated counts once', async () => {
  const number = numberOf(await desk.post(sampleOrder('STAFF-1', { payment: { method: 'BANK_TRANSFER' } })));
  const path = `/v1/orders/${number}`;
  const twice = async (client: RawClient, suffix: string, body: unknown) => {
    const first = await eventually(async () => {
      const answer = await send(client, `${path}${suffix}`, body);
      return answer.status !== 409 && answer.status;
    });
    return [first, (await send(client, `${path}${suffix}`, body)).status];
  };
  await desk.untilStatus(number, 'PENDING_PAYMENT');
  expect(await twice(staff('finance'), '/payments', payment)).toEqual([201, 200]);
  await desk.untilStatus(number, 'READY_TO_SHIP');
  expect(await twice(staff('warehouse'), '/outbound-slips', slipFor('STAFF-1'))).toEqual([201, 200]);
  expect(await twice(staff('logistics'), '/shipments', shipment)).toEqual([201, 200]);
  await desk.untilStatus(number, 'SHIPPED');
  expect(await twice(staff('logistics'), '/shipments/X-1/events', scan)).toEqual([201, 200]);
  await desk.untilStatus(number, 'COMPLETED');
  const seen = await staff('desk')('GET', path);
  expect(seen.body).toMatchObject({ status: 'COMPLETED', paymentStatus: 'PAID' });
  const late = await send(staff('desk'), `${path}/cancellation`, { reasonCode: 'CHANGED_MIND' });
  expect(late.body).toMatchObject({ status: 409, currentStatus: 'COMPLETED', allowed: [] });
});

test('staff place no orders and hand in no files', async () => {
  expect((await desk.post(sampleOrder('STAFF-2'), {}, staff('desk'))).status).toBe(403);
  expect((await send(staff('desk'), '/v1/uploads', { fileName: 'orders.xlsx' })).status).toBe(403);
});

test('a line that is called like a part of every object can be shipped, or is refused at once', async () => {
  for (const lineId of ['toString', 'valueOf', 'hasOwnProperty', '__defineGetter__']) {
    const body = sampleOrder(`LINE-${lineId.replaceAll('_', '')}`, { lines: [mugs(1, { lineId })] });
    await desk.deliver(numberOf(await desk.post(body)));
  }
  for (const lineId of ['__proto__', 'constructor'])
    expect((await desk.post(sampleOrder('LINE-X', { lines: [mugs(1, { lineId })] }))).status).toBe(422);
});
