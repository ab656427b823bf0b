import { beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import type { Partner } from '../../domain/partner.ts';
import type { Principal } from '../../domain/permissions.ts';
import { leavesOf } from '../../domain/provenance/leaves.ts';
import { createListOrderEvents } from '../../functions/api/list-order-events.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

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
