import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
});

const onAccount: Partial<SubmissionInput> = { payment: { method: 'ON_ACCOUNT' } };
const linesOf = (quantities: Record<string, number>): SubmissionInput['lines'] =>
  Object.entries(quantities).map(([sku, quantity], index) =>
    aSubmittedLine({ lineId: String(index + 1), sku, quantity }),
  );

test('a prepaid order holds its stock and waits for money until it is due', async () => {
  await at.desk.addProduct('RS-1', 10);
  const orderNumber = await at.desk.place(mall, 'RS-1', { lines: linesOf({ 'RS-1': 4 }) });
  expect(await at.desk.reserve({ orderNumber })).toEqual({
    outcome: 'awaiting-payment',
    paymentTimeoutSeconds: 86_400,
    clarificationTimeoutSeconds: 72 * 3600,
  });
  expect(await at.desk.level('RS-1')).toEqual({ onHand: 10, reserved: 4, available: 6 });
  const { state, events } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({ status: 'PENDING_PAYMENT', reserved: true, version: 2 });
  expect(events.at(-1)).toMatchObject({ type: 'order.confirmed', from: 'RECEIVED', to: 'PENDING_PAYMENT' });
  expect(await at.desk.mailsOf(orderNumber)).toEqual([
    'order-confirmed orders@mall.example.com',
    'order-confirmed wang@example.com',
    'payment-instructions wang@example.com',
  ]);
});

test('the step run three times reserves once and answers the same', async () => {
  await at.desk.addProduct('RS-2', 10);
  const orderNumber = await at.desk.place(mall, 'RS-2', { lines: linesOf({ 'RS-2': 3 }) });
  const first = await at.desk.reserve({ orderNumber });
  const before = await at.desk.read(orderNumber);
  expect(await at.desk.reserve({ orderNumber })).toEqual(first);
  expect(await at.desk.reserve({ orderNumber })).toEqual(first);
  expect(await at.desk.read(orderNumber)).toEqual(before);
  expect(await at.desk.level('RS-2')).toMatchObject({ reserved: 3 });
});

test('the step run five times at once reserves once', async () => {
  await at.desk.addProduct('RS-3', 10);
  const orderNumber = await at.desk.place(mall, 'RS-3', { ...onAccount, lines: linesOf({ 'RS-3': 2 }) });
  const results = await Promise.all(Array.from({ length: 5 }, () => at.desk.reserve({ orderNumber })));
  expect(new Set(results.map(({ outcome }) => outcome))).toEqual(new Set(['ready']));
  expect(await at.desk.level('RS-3')).toMatchObject({ reserved: 2 });
  const { events, mails } = await at.desk.read(orderNumber);
  expect(events).toHaveLength(2);
  expect(mails).toHaveLength(3);
});

test('lines of one article are one reservation', async () => {
  await at.desk.addProduct('RS-4', 5);
  const lines = [
    aSubmittedLine({ lineId: '1', sku: 'RS-4', quantity: 2 }),
    aSubmittedLine({ lineId: '2', sku: 'RS-4', quantity: 3 }),
  ];
  const orderNumber = await at.desk.place(mall, 'RS-4', { lines });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'awaiting-payment' });
  expect(await at.desk.level('RS-4')).toEqual({ onHand: 5, reserved: 5, available: 0 });
  expect(await at.desk.stock.readReservation(orderNumber)).toEqual(new Map([['RS-4', 5]]));
});

test('all lines or none: short of one article, nothing of the other is held', async () => {
  await at.desk.addProduct('RS-5A', 10);
  await at.desk.addProduct('RS-5B', 1);
  const orderNumber = await at.desk.place(mall, 'RS-5A', { lines: linesOf({ 'RS-5A': 4, 'RS-5B': 2 }) });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'short' });
  expect(await at.desk.level('RS-5A')).toMatchObject({ reserved: 0, available: 10 });
  const { state, findings } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({ status: 'RECEIVED', openFindings: 1, reserved: false });
  expect(findings).toMatchObject([
    { code: 'STOCK_SHORT', pointer: '#/lines/1/quantity', value: '2', expected: '1', open: true },
  ]);
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'held' });
});

test('short under the policy to cancel is a refusal', async () => {
  await at.desk.addProduct('RS-6', 0);
  const orderNumber = await at.desk.place(mall, 'RS-6', { shortagePolicy: 'CANCEL' });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'rejected' });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'rejected' });
});

test('an article that was never received is short, not a fault', async () => {
  await at.desk.addProduct('RS-7', 5);
  const orderNumber = await at.desk.place(mall, 'RS-7', { lines: linesOf({ 'RS-7': 1, 'RS-NEVER': 1 }) });
  expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'short' });
});

describe('the last pieces', () => {
  test.for([2, 10, 40])('asked for by %i orders at once go to exactly half of them', async (orders) => {
    const sku = `RS-RACE-${orders}`;
    const stock = orders / 2;
    await at.desk.addProduct(sku, stock);
    const numbers = await Promise.all(
      Array.from({ length: orders }, () => at.desk.place(mall, sku, onAccount)),
    );
    const reserveUntilDecided = async (orderNumber: string): Promise<string> => {
      try {
        return (await at.desk.reserve({ orderNumber })).outcome;
      } catch (error) {
        if (error instanceof Error && error.name === 'Retryable') return reserveUntilDecided(orderNumber);
        throw error;
      }
    };
    const outcomes = await Promise.all(numbers.map(reserveUntilDecided));
    const count = (wanted: string) => outcomes.filter((outcome) => outcome === wanted).length;
    expect({ ready: count('ready'), short: count('short') }).toEqual({ ready: stock, short: stock });
    expect(await at.desk.level(sku)).toEqual({ onHand: stock, reserved: stock, available: 0 });
  });
});

test('whatever is reserved and released in whatever order, stock is conserved', async () => {
  const skus = ['RS-P1', 'RS-P2'];
  const opening = 12;
  let round = 0;
  const { now, company, orders, stock } = at.desk;
  const cancel = createCancelOrder({ orders, stock, company, now });
  const action = fc.record({
    kind: fc.constantFrom('order', 'cancel', 'repeat'),
    which: fc.nat(9),
    quantities: fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(action, { maxLength: 8 }), async (actions) => {
      const names = skus.map((sku) => `${sku}-${round}`);
      round++;
      for (const sku of names) await at.desk.addProduct(sku, opening);
      const numbers: string[] = [];
      for (const { kind, which, quantities } of actions) {
        const orderNumber = numbers[which % Math.max(1, numbers.length)];
        if (kind === 'order') {
          const wanted = names.map((sku, index) => [sku, quantities[index] ?? 0] as const);
          const lines = linesOf(Object.fromEntries(wanted.filter(([, quantity]) => quantity > 0)));
          const placed = await at.desk.place(mall, '', { lines });
          await at.desk.reserve({ orderNumber: placed });
          if ((await at.desk.read(placed)).state.status === 'PENDING_PAYMENT') numbers.push(placed);
        } else if (orderNumber && kind === 'cancel') await cancel({ orderNumber, reasonCode: 'REQUESTED' });
        else if (orderNumber) await at.desk.reserve({ orderNumber });
        const held = await Promise.all(numbers.map((number) => stock.readReservation(number)));
        for (const sku of names) {
          const reserved = held.reduce((sum, lines) => sum + (lines.get(sku) ?? 0), 0);
          expect(await at.desk.level(sku)).toEqual({
            onHand: opening,
            reserved,
            available: opening - reserved,
          });
        }
      }
    }),
    { numRuns: 15 },
  );
});
