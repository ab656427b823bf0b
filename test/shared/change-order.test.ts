import { beforeAll, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { changeOrder } from '../../functions/shared/change-order.ts';
import { orderKey } from '../../functions/shared/order-rows.ts';
import { aSubmittedLine } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('CO-1', 100);
});

const touch = { event: { type: 'test.touched', actor: 'test' } };

test('changes made at once are all made, one after another, each with its event', async () => {
  const orderNumber = await at.desk.place(mall, 'CO-1');
  const changes = Array.from({ length: 5 }, () =>
    changeOrder(at.desk.orders, orderNumber, () => touch, at.desk.now()),
  );
  await Promise.all(changes);
  const { state, events } = await at.desk.read(orderNumber);
  expect(state).toMatchObject({ version: 6, eventCount: 6 });
  expect(events.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('a decision is made again on what another change left', async () => {
  const orderNumber = await at.desk.place(mall, 'CO-1');
  const stale = await at.desk.read(orderNumber);
  await changeOrder(at.desk.orders, orderNumber, () => touch, at.desk.now());
  const versions: number[] = [];
  await changeOrder(
    at.desk.orders,
    orderNumber,
    ({ state }) => {
      versions.push(state.version);
      return touch;
    },
    at.desk.now(),
    stale,
  );
  expect(versions).toEqual([1, 2]);
});

test('who says that nothing is open takes no order past a question that is', async () => {
  const lines = [aSubmittedLine({ sku: 'CO-1', quantity: 1, unitPrice: '1.00' })];
  const orderNumber = await at.desk.place(mall, 'CO-1', { lines });
  await at.desk.audit({ orderNumber });
  const before = await at.desk.read(orderNumber);
  expect(before.state).toMatchObject({ status: 'RECEIVED', openFindings: 1 });
  const lying = { ...before.state, openFindings: 0 };
  for (const step of [
    { to: 'PENDING_PAYMENT' as const },
    { facts: { reserved: true } },
    { facts: { pickRequested: true } },
  ])
    expect(await at.desk.orders.change(lying, { ...touch, ...step }, at.desk.now())).toEqual({
      outcome: 'stale',
    });
  expect(await at.desk.read(orderNumber)).toEqual(before);
});

test('no decision is no change', async () => {
  const orderNumber = await at.desk.place(mall, 'CO-1');
  const before = await at.desk.read(orderNumber);
  expect(await changeOrder(at.desk.orders, orderNumber, () => undefined, at.desk.now())).toEqual({
    outcome: 'unchanged',
    order: before,
  });
});

test('a row that must be new is written once, in whatever state of the order', async () => {
  const orderNumber = await at.desk.place(mall, 'CO-1');
  const row = { pk: orderKey(orderNumber), sk: 'SLIP#1', entity: 'TEST' };
  const { state } = await at.desk.read(orderNumber);
  const first = await at.desk.orders.change(state, { ...touch, newRows: [row] }, at.desk.now());
  expect(first.outcome).toBe('changed');
  const { state: next } = await at.desk.read(orderNumber);
  expect(await at.desk.orders.change(next, { ...touch, newRows: [row] }, at.desk.now())).toEqual({
    outcome: 'stale',
  });
  expect((await at.desk.read(orderNumber)).state).toEqual(next);
});

test('an action on another table that is refused changes nothing, and may be tried again', async () => {
  const orderNumber = await at.desk.place(mall, 'CO-1');
  const before = await at.desk.read(orderNumber);
  const tooMuch = at.desk.stock.reserve(orderNumber, new Map([['CO-1', 101]]));
  const change = changeOrder(at.desk.orders, orderNumber, () => ({ ...touch, also: tooMuch }), at.desk.now());
  await expect(change).rejects.toMatchObject({ name: 'Retryable' });
  expect(await at.desk.read(orderNumber)).toEqual(before);
  expect(await at.desk.orders.change(before.state, { ...touch, also: tooMuch }, at.desk.now())).toEqual({
    outcome: 'condition',
    refused: [true, false],
  });
});

test('an order that is not there cannot be changed', async () => {
  const change = changeOrder(at.desk.orders, 'SO-20260302-999999-0', () => touch, at.desk.now());
  await expect(change).rejects.toThrow('no order');
});

test('an order that keeps changing is left to be tried again', async () => {
  const orderNumber = await at.desk.place(mall, 'CO-1');
  const order = await at.desk.read(orderNumber);
  const restless = { read: async () => order, change: async () => ({ outcome: 'stale' }) as const };
  await expect(changeOrder(restless, orderNumber, () => touch, at.desk.now())).rejects.toMatchObject({
    name: 'Retryable',
  });
});
