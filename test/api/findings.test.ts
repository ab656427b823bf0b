import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Partner } from '../../domain/partner.ts';
import { type Principal, staffGroups } from '../../domain/permissions.ts';
import { createAssignFinding } from '../../functions/api/assign-finding.ts';
import { answerSchema, createListFindings } from '../../functions/api/list-findings.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { findingsQueueTable } from '../../functions/shared/findings-queue.ts';
import { createRejectOrder } from '../../functions/steps/reject-order.ts';
import { aCustomer, aPartner } from '../builders/a-partner.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';
import { heldOrders } from '../clarify/a-held-order.ts';

const at = useOrderDesk();
let mall: Partner;
let shop: Partner;
let orders: ReturnType<typeof heldOrders>;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  shop = await at.desk.addPartner({ partnerId: 'example-shop' });
  await at.desk.addProduct('FI-1', 1000);
  await at.desk.addProduct('FI-2', 1000, { maximumPerOrder: 5 });
  orders = heldOrders(at.desk);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});

const list = async (query: Record<string, string> = {}, principal: Principal = asStaff('desk')) => {
  const queue = findingsQueueTable(at.desk.db, () => tables.orders);
  return z
    .strictObject(answerSchema.shape)
    .parse((await createListFindings({ queue })(aRequest({ principal, query }))).body);
};
const listAll = async (query: Record<string, string>, between: () => Promise<unknown> = async () => {}) => {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...query, ...(cursor && { cursor }) });
    ids.push(...page.findings.map(({ findingId }) => findingId));
    cursor = page.nextCursor;
    await between();
  } while (cursor);
  return ids;
};
const assign = (findingId: string, assignee: string | null, principal: Principal = asStaff('desk')) =>
  createAssignFinding(at.desk)(aRequest({ principal, path: { findingId }, body: { assignee } }));
const resolve = (
  findingId: string,
  action: string,
  more: object = {},
  principal: Principal = asStaff('manager'),
) =>
  createResolveFinding({ ...at.desk, editOrder: orders.editOrder })(
    aRequest({ principal, path: { findingId }, body: { action, reason: 'as agreed by telephone', ...more } }),
  );
const lastEvent = async (orderNumber: string) => (await at.desk.read(orderNumber)).events.at(-1);

describe('the queue of the desk', () => {
  test('has each open question with its values, its fix and when it is due; narrowed by code, partner and assignee', async () => {
    const { orderNumber } = await orders.held(shop, 'FI-1');
    const { findings } = await list({ partner: 'example-shop' });
    expect(findings).toMatchObject([
      {
        findingId: `${orderNumber}.1`,
        orderNumber,
        partnerId: 'example-shop',
        severity: 'HOLD',
        code: 'PRICE_MISMATCH',
        pointer: '#/lines/0/unitPrice',
        detail: expect.stringContaining('differs from ours (on the order: 18.00, ours: 39.90)'),
        value: '18.00',
        expected: '39.90',
        suggestion: '39.90',
        fix: 'Change it to “39.90”.',
        audience: 'customer',
        status: 'OPEN',
        round: 1,
        openedAt: orderDay.toISOString(),
        evidence: expect.arrayContaining([expect.objectContaining({ source: 'PRICE_LIST' })]),
        dueAt: new Date(orderDay.getTime() + aPartner().clarificationHours * 3_600_000).toISOString(),
      },
    ]);
    expect(await listAll({ partner: 'example-shop', code: 'STOCK_SHORT' })).toEqual([]);
    expect(await listAll({ partner: 'example-shop', assignee: 'li.lei' })).toEqual([]);
    await assign(`${orderNumber}.1`, 'li.lei');
    expect(await listAll({ partner: 'example-shop', assignee: 'li.lei' })).toEqual([`${orderNumber}.1`]);
    expect(await listAll({ partner: 'example-shop', assignee: 'none' })).toEqual([]);
    expect(await lastEvent(orderNumber)).toMatchObject({
      type: 'order.finding_assigned',
      actor: 'staff:li.lei',
      data: { findingId: `${orderNumber}.1`, before: null, after: 'li.lei' },
    });
    await assign(`${orderNumber}.1`, null);
    expect(await listAll({ partner: 'example-shop', assignee: 'none' })).toEqual([`${orderNumber}.1`]);
  });

  test('is read in pages that neither miss nor repeat what stays, however orders come and go between them', async () => {
    const two = [
      aSubmittedLine({ lineId: '1', sku: 'FI-1', quantity: 1, unitPrice: '1.00' }),
      aSubmittedLine({ lineId: '2', sku: 'FI-2', quantity: 1, unitPrice: '2.00' }),
    ];
    const staying: string[] = [];
    for (let minute = 0; minute < 6; minute++) {
      at.desk.clock.now = new Date(orderDay.getTime() + minute * 60_000);
      const { orderNumber } = await orders.held(mall, 'FI-1', { lines: two });
      staying.push(`${orderNumber}.1`, `${orderNumber}.2`);
    }
    let round = 0;
    const ids = await listAll({ limit: '3', partner: mall.partnerId }, async () => {
      round += 1;
      at.desk.clock.now = new Date(orderDay.getTime() + (10 + round) * 60_000);
      if (round < 4) await orders.held(mall, 'FI-1');
      if (round === 1) {
        const [first = '', second = ''] = staying.splice(0, 2);
        for (const id of [first, second]) await resolve(id, 'ACCEPT_THEIRS');
      }
    });
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => staying.includes(id))).toEqual(staying);
    const resolved = await listAll({ status: 'RESOLVED', partner: mall.partnerId });
    expect(resolved).toHaveLength(2);
  });

  test.for<Record<string, string>>([
    { cursor: 'nonsense' },
    { limit: '0' },
    { code: 'NO_SUCH' },
    { status: 'closed' },
    { other: 'x' },
  ])('refuses %j', async (query) => {
    await expect(list(query)).rejects.toMatchObject({
      type: 'invalid-parameter',
    });
  });

  test('is for desk, purchasing, finance and managers', async () => {
    const seeing = [];
    for (const group of staffGroups)
      if (
        await list({}, asStaff(group)).then(
          () => true,
          () => false,
        )
      )
        seeing.push(group);
    expect(seeing).toEqual(['desk', 'purchasing', 'finance', 'manager']);
    await expect(list({}, asPartner())).rejects.toMatchObject({ type: 'forbidden' });
  });
});

describe('a decision', () => {
  test('to take our price changes the order, and it is received, checked again and accepted', async () => {
    const { orderNumber, token } = await orders.held(mall, 'FI-1');
    const answer = await resolve(
      await orders.idOf(orderNumber, 'PRICE_MISMATCH'),
      'ACCEPT_OURS',
      {},
      asStaff('desk'),
    );
    expect(answer.body).toMatchObject({ status: 'RESOLVED', orderStatus: 'ON_HOLD', openFindings: 0 });
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
    const { content, state } = await at.desk.read(orderNumber);
    expect(content.lines[0]).toMatchObject({ unitPrice: '39.90', lineAmountMinor: 3990 });
    expect(state.payableAmount).toBe(content.amounts.payableAmount);
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
  });

  test('is an event with who, when, why, before and after', async () => {
    const { orderNumber } = await orders.held(mall, 'FI-1');
    await resolve(`${orderNumber}.1`, 'ACCEPT_OURS');
    expect(await lastEvent(orderNumber)).toMatchObject({
      type: 'order.finding_resolved',
      actor: 'staff:li.lei',
      at: orderDay.toISOString(),
      data: {
        findingId: `${orderNumber}.1`,
        code: 'PRICE_MISMATCH',
        action: 'ACCEPT_OURS',
        reason: 'as agreed by telephone',
        before: { status: 'OPEN', value: '18.00', expected: '39.90' },
        after: { status: 'RESOLVED' },
        given: ['#/lines/0/unitPrice'],
        changes: expect.arrayContaining([
          { field: '#/lines/0/unitPrice', before: '18.00', after: '39.90' },
          { field: '#/amounts/payableAmount', before: 1800, after: 3990 },
        ]),
      },
    });
  });

  test('to let their price pass holds for that price only', async () => {
    const { orderNumber } = await orders.held(mall, 'FI-1');
    await resolve(`${orderNumber}.1`, 'ACCEPT_THEIRS', {}, asStaff('finance'));
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });

    const { orderNumber: other } = await orders.held(mall, 'FI-2', {
      lines: [aSubmittedLine({ sku: 'FI-2', quantity: 9, unitPrice: '18.00' })],
    });
    await resolve(await orders.idOf(other, 'PRICE_MISMATCH'), 'OVERRIDE');
    const limit = await orders.idOf(other, 'LIMIT_EXCEEDED');
    await resolve(limit, 'EDIT', { changes: [{ pointer: '#/lines/0/quantity', value: 4 }] }, asStaff('desk'));
    expect(await orders.auditAgain(other)).toMatchObject({ outcome: 'held' });
    expect(await orders.find(other, 'PRICE_MISMATCH')).toMatchObject({ open: true, round: 2 });
  });

  test('that is left to another audit asks again what is still wrong, under a new number', async () => {
    const { orderNumber } = await orders.held(mall, 'FI-1');
    const changes = [{ pointer: '#/lines/0/unitPrice', value: '20.00' }];
    await resolve(`${orderNumber}.1`, 'EDIT', { changes }, asStaff('desk'));
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'held' });
    expect(await orders.find(orderNumber, 'PRICE_MISMATCH')).toMatchObject({
      number: 2,
      round: 2,
      value: '20.00',
    });
    await orders.hold(orderNumber);
    expect(
      (await at.desk.mailsOf(orderNumber)).filter((mail) => mail.startsWith('clarification')),
    ).toHaveLength(2);
  });

  test('wakes the order only when it was the last that was open', async () => {
    const lines = [
      aSubmittedLine({ lineId: '1', sku: 'FI-1', quantity: 1, unitPrice: '1.00' }),
      aSubmittedLine({ lineId: '2', sku: 'FI-2', quantity: 1, unitPrice: '2.00' }),
    ];
    const { orderNumber, token } = await orders.held(mall, 'FI-1', { lines });
    await resolve(`${orderNumber}.1`, 'ACCEPT_THEIRS');
    expect(at.desk.answered.has(token)).toBe(false);
    expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'held' });
    await resolve(`${orderNumber}.2`, 'ACCEPT_THEIRS');
    expect(at.desk.answered.get(token)).toEqual({ result: 'success' });
  });

  test('on what is answered already is a conflict, and of two at once one counts', async () => {
    const { orderNumber } = await orders.held(mall, 'FI-1');
    const both = await Promise.allSettled([
      resolve(`${orderNumber}.1`, 'ACCEPT_THEIRS'),
      resolve(`${orderNumber}.1`, 'ACCEPT_OURS'),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    await expect(resolve(`${orderNumber}.1`, 'REJECT')).rejects.toMatchObject({
      type: 'conflict',
      status: 409,
    });
    await expect(assign(`${orderNumber}.1`, 'li.lei')).rejects.toMatchObject({ type: 'conflict' });
    const { events } = await at.desk.read(orderNumber);
    expect(events.filter(({ type }) => type === 'order.finding_resolved')).toHaveLength(1);
  });

  test('to ask the customer mails the question and leaves it open', async () => {
    const { orderNumber, token } = await orders.held(mall, 'FI-1');
    await resolve(
      `${orderNumber}.1`,
      'ASK_CUSTOMER',
      { question: 'Which price was promised?' },
      asStaff('desk'),
    );
    expect(await orders.find(orderNumber, 'PRICE_MISMATCH')).toMatchObject({
      open: true,
      askedOf: 'customer',
      question: 'Which price was promised?',
    });
    expect(at.desk.answered.has(token)).toBe(false);
    expect(
      (await at.desk.mailsOf(orderNumber)).filter((mail) => mail === 'clarification wang@example.com'),
    ).toHaveLength(2);
  });

  test('to reject ends an order that was never accepted', async () => {
    const { orderNumber, token } = await orders.held(mall, 'FI-1');
    await resolve(`${orderNumber}.1`, 'REJECT');
    expect(at.desk.answered.get(token)).toEqual({ result: 'failure', error: 'OrderRejected' });
    await createRejectOrder(at.desk)({ orderNumber });
    expect((await at.desk.read(orderNumber)).state).toMatchObject({ status: 'REJECTED', openFindings: 0 });
  });

  test.for([
    ['SUBSTITUTE', {}, 'not-offered'],
    ['RESCHEDULE', {}, 'not-offered'],
    ['EDIT', {}, 'validation-failed'],
    ['EDIT', { changes: [{ pointer: '#/customerOrderReference', value: 'X' }] }, 'validation-failed'],
    ['EDIT', { changes: [{ pointer: '#/lines/0/lineAmountMinor', value: 1 }] }, 'validation-failed'],
    ['EDIT', { changes: [{ pointer: '#/terms/toleranceMinor', value: 9_999_999 }] }, 'validation-failed'],
    ['EDIT', { changes: [{ pointer: '#/lines/0/quantity', value: -1 }] }, 'validation-failed'],
    ['EDIT', { changes: [{ pointer: '#/lines/7/sku', value: 'FI-1' }] }, 'validation-failed'],
    ['EDIT', { changes: [{ pointer: '#/buyer/__proto__/x', value: 'X' }] }, 'validation-failed'],
    ['APPROVE', {}, 'validation-failed'],
  ] as const)('%s with %j is %s, and changes nothing', async ([action, more, type]) => {
    const { orderNumber } = await orders.held(mall, 'FI-1');
    const before = await at.desk.read(orderNumber);
    await expect(resolve(`${orderNumber}.1`, action, more)).rejects.toMatchObject({ type });
    expect(await at.desk.read(orderNumber)).toEqual(before);
  });

  test('is not offered to let pass what nothing can be shipped without', async () => {
    const { orderNumber } = await orders.held(mall, 'FI-1', {
      lines: [aSubmittedLine({ sku: 'FI-1', quantity: 100_000 })],
    });
    for (const action of ['OVERRIDE', 'ACCEPT_THEIRS'])
      await expect(resolve(await orders.idOf(orderNumber, 'STOCK_SHORT'), action)).rejects.toMatchObject({
        type: 'not-offered',
        members: { offered: ['ASK_CUSTOMER', 'EDIT', 'REJECT'] },
      });
  });

  test('that the groups are not entitled to is refused', async () => {
    const { orderNumber } = await orders.held(mall, 'FI-1');
    for (const [action, group] of [
      ['OVERRIDE', 'desk'],
      ['ACCEPT_THEIRS', 'desk'],
      ['REJECT', 'finance'],
      ['EDIT', 'finance'],
      ['ASK_CUSTOMER', 'purchasing'],
    ] as const)
      await expect(
        resolve(
          `${orderNumber}.1`,
          action,
          { changes: [{ pointer: '#/notes', value: 'x' }] },
          asStaff(group),
        ),
      ).rejects.toMatchObject({ type: 'forbidden' });
    await expect(resolve(`${orderNumber}.1`, 'OVERRIDE', {}, asPartner())).rejects.toMatchObject({
      type: 'forbidden',
    });
    await expect(assign(`${orderNumber}.1`, 'x', asStaff('purchasing'))).rejects.toMatchObject({
      type: 'forbidden',
    });
  });

  test.for(['SO-20260302-000001-0.99', 'SO-20990302-000001-0.1', 'nonsense', '..'])(
    'on %s, which is no finding, is not found',
    async (findingId) => {
      await expect(resolve(findingId, 'REJECT')).rejects.toMatchObject({ type: 'not-found' });
    },
  );
});

test('an edit of customer, date and payment is told by the state too, and by whatever lists it', async () => {
  await at.desk.addCustomer(aCustomer({ customerId: 'C-GOLD', tier: 'GOLD' }));
  const { orderNumber } = await orders.held(mall, 'FI-1');
  const changes = [
    { pointer: '#/buyer/customerId', value: 'C-GOLD' },
    { pointer: '#/delivery/requestedDate', value: '2026-03-25' },
    { pointer: '#/payment/method', value: 'CARD' },
    { pointer: '#/lines/0/unitPrice', value: '39.90' },
  ];
  const price = await orders.idOf(orderNumber, 'PRICE_MISMATCH');
  await resolve(price, 'EDIT', { changes }, asStaff('desk'));
  const { state, events } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({
    customerId: 'C-GOLD',
    customerTier: 'GOLD',
    requestedDate: '2026-03-25',
    paymentMethod: 'CARD',
    payableAmount: 3990,
  });
  expect(events.at(-1)?.data.changes).toContainEqual({
    field: '#/payment/method',
    before: 'BANK_TRANSFER',
    after: 'CARD',
  });
});
