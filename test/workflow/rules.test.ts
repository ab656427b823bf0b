import { afterAll, beforeAll, expect, test } from 'vitest';
import { apiClient } from '../../demo/api-client.ts';
import { createVirtualClock } from '../../local/clock.ts';
import { mugs, openTestDesk, sampleOrder, type TestDesk } from './test-desk.ts';

const minuteMs = 60_000;
const clock = createVirtualClock(Date.now());

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk({ clock, schedules: false });
});
afterAll(() => desk.close());

const staff = (group: 'desk' | 'finance') => apiClient(desk.endpoints.apiUrl, desk.endpoints.staff[group]);

/** The latest limits of discounts, and what they are for each tier. */
const discounts = async () => {
  const { status, body } = await staff('desk').get('/desk/rules/discounts');
  expect(status).toBe(200);
  return Object(body);
};

/** An order of a STANDARD customer who takes five percent off. */
const discounted = (reference: string, changes: Record<string, unknown> = {}) =>
  sampleOrder(reference, {
    buyer: { name: '示例茶室', contact: { name: '李示例', email: `${reference.toLowerCase()}@example.com` } },
    payment: { method: 'BANK_TRANSFER' },
    lines: [mugs(2, { discount: { type: 'PERCENT', value: '5' } })],
    ...changes,
  });

const lastAudit = async (orderNumber: string) => {
  const { body } = await desk.partner.get(`/v1/orders/${orderNumber}/events`);
  const { events } = Object(body);
  return events.filter(({ data }: { data: object }) => 'auditedWith' in data).at(-1).data.auditedWith.rules;
};

test('staff load a lower limit: orders audited before keep theirs, the next is held by it and names it, a validation says what changed', async () => {
  const before = await discounts();
  const passed = await desk.place(discounted('RULES-BEFORE'));
  await desk.untilStatus(passed, 'PENDING_PAYMENT');
  expect(await lastAudit(passed)).toMatchObject({ discounts: before.version });
  const validated = discounted('RULES-VALIDATED');
  const { body: verdict } = await desk.partner.post('/v1/orders/validate', validated);
  expect(verdict).toMatchObject({ valid: true });

  const content = { maximumPercent: { ...before.content.maximumPercent, STANDARD: 1 } };
  const ifMatch = { 'If-Match': `"${before.version}"` };
  const path = '/desk/rules/discounts?note=spring%20is%20over';
  expect((await staff('desk').put(path, content, ifMatch)).status).toBe(403);
  const version = before.version + 1;
  expect(await staff('finance').put(path, content, ifMatch)).toMatchObject({
    status: 200,
    body: { version },
  });
  expect(await staff('finance').put(path, content, ifMatch)).toMatchObject({
    status: 412,
    body: { currentVersion: version },
  });
  await clock.advance(minuteMs);

  const held = await desk.place(discounted('RULES-AFTER'));
  const { findings } = await desk.untilStatus(held, 'ON_HOLD');
  expect(findings).toMatchObject([{ code: 'DISCOUNT_NOT_ALLOWED', expected: '<= 1%' }]);
  expect(await lastAudit(held)).toMatchObject({ discounts: version });
  expect(await lastAudit(passed)).toMatchObject({ discounts: before.version });
  expect((await desk.read(passed)).status).toBe('PENDING_PAYMENT');

  const { validationToken } = Object(verdict);
  const outdated = await desk.partner.post(
    '/v1/orders',
    { ...validated, validationToken },
    { 'Idempotency-Key': 'rules-validated' },
  );
  expect(outdated).toMatchObject({
    status: 409,
    body: { changed: ['rules'], appeared: [{ code: 'DISCOUNT_NOT_ALLOWED' }] },
  });
  expect(await discounts()).toMatchObject({ version, note: 'spring is over', content });
});
