import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { Partner } from '../../domain/partner.ts';
import type { Principal } from '../../domain/permissions.ts';
import { leavesOf } from '../../domain/provenance/leaves.ts';
import { createListOrderEvents } from '../../functions/api/list-order-events.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { createVerifyOrder } from '../../functions/intake/verify-order.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { heldOrders } from '../clarify/a-held-order.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('OP-1', 1000);
});

const bodySchema = z.object({
  events: z.array(z.looseObject({ type: z.string(), data: z.looseObject({}) })),
  provenance: z
    .array(z.object({ field: z.string(), raw: z.string(), locator: z.looseObject({ kind: z.string() }) }))
    .optional(),
});
const events = async (
  orderNumber: string,
  query: Record<string, string> = {},
  principal: Principal = asPartner(),
) => {
  const { body } = await createListOrderEvents(at.desk)(
    aRequest({ path: { orderNumber }, query, principal }),
  );
  return bodySchema.parse(body);
};

test('the first event of an order names its original', async () => {
  const orderNumber = await at.desk.place(mall, 'OP-1');
  const { events: told, provenance } = await events(orderNumber);
  expect(told[0]).toMatchObject({
    type: 'order.received',
    data: {
      source: {
        kind: 'API',
        objectKey: `orders/${orderNumber}/original.json`,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
      masterData: { taxRates: { 'OP-1': '0.13' } },
    },
  });
  expect(provenance).toBeUndefined();
});

test.for([
  ['its partner', asPartner()],
  ['staff', asStaff('desk')],
] as const)('%s sees where each field comes from, when asked for', async ([, principal]) => {
  const orderNumber = await at.desk.place(mall, 'OP-1');
  const { provenance = [] } = await events(orderNumber, { include: 'provenance' }, principal);
  const objectKey = `orders/${orderNumber}/original.json`;
  const pointer = '#/lines/0/unitPrice';
  expect(provenance).toContainEqual({
    field: pointer,
    raw: '"39.90"',
    locator: { kind: 'JSON', objectKey, pointer },
  });
  expect(provenance).toContainEqual({
    field: '#/lines/0/taxRate',
    raw: '0.13',
    locator: { kind: 'DERIVED', rule: 'catalogue-tax-rate', from: ['#/lines/0/sku'] },
  });
  const { content } = await at.desk.read(orderNumber);
  expect(provenance.map(({ field }) => field)).toEqual(leavesOf(content).map(({ field }) => field));
});

test('another partner sees nothing of it', async () => {
  const orderNumber = await at.desk.place(mall, 'OP-1');
  await expect(
    events(orderNumber, { include: 'provenance' }, asPartner('example-shop')),
  ).rejects.toMatchObject({ type: 'not-found' });
});

test('nothing else can be included', async () => {
  const orderNumber = await at.desk.place(mall, 'OP-1');
  await expect(events(orderNumber, { include: 'secrets' })).rejects.toMatchObject({
    type: 'invalid-parameter',
    members: { parameters: [{ name: 'include' }] },
  });
});

test('a field that was edited while its order was held comes from the event that says by whom, and the order stays proven', async () => {
  const { held, editOrder } = heldOrders(at.desk);
  const { orderNumber } = await held(mall, 'OP-1');
  const resolve = createResolveFinding({ ...at.desk, editOrder });
  const accept = { action: 'ACCEPT_OURS', reason: 'agreed' };
  await resolve(
    aRequest({ principal: asStaff('desk'), path: { findingId: `${orderNumber}.1` }, body: accept }),
  );
  const { provenance = [], events: told } = await events(orderNumber, { include: 'provenance' });
  const edit = told.findIndex(({ type }) => type === 'order.finding_resolved') + 1;
  expect(provenance).toContainEqual({
    field: '#/lines/0/unitPrice',
    raw: '39.90',
    locator: { kind: 'EDIT', event: edit },
  });
  expect(provenance).toContainEqual(
    expect.objectContaining({
      field: '#/amounts/payableAmount',
      locator: expect.objectContaining({ kind: 'DERIVED' }),
    }),
  );
  const order = await at.desk.read(orderNumber);
  const verify = createVerifyOrder({
    documents: at.desk.documents,
    inbox: { read: async () => Promise.reject(new Error('no file')) },
    inboxBucket: () => 'inbox',
  });
  expect(await verify(order)).toMatchObject({ differences: [] });
  const [line] = order.content.lines;
  const forged = {
    ...order,
    content: { ...order.content, lines: line ? [{ ...line, unitPrice: '1.00' }] : [] },
  };
  expect((await verify(forged)).differences).toMatchObject([
    { field: '#/lines/0/unitPrice', stored: '"1.00"', original: '"39.90"', locator: { kind: 'EDIT' } },
  ]);
});
