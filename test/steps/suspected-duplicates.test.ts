import { beforeAll, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();
let mall: Partner;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addProduct('SD', 1000);
});

const { delivery, ...same } = aSubmission();
const { customerId: _number, ...buyer } = same.buyer;
const from = (name: string, quantity = 1) => ({
  buyer: { ...buyer, name },
  delivery,
  lines: [aSubmittedLine({ sku: 'SD', quantity })],
});
const daysLater = (days: number) => new Date(orderDay.getTime() + days * 86_400_000);

const twinsOf = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).findings
    .filter(({ code }) => code === 'DUPLICATE_SUSPECTED')
    .map(({ severity, expected }) => `${severity} ${expected}`);

test('the same order again is told of the first, which is not told of it', async () => {
  const first = await at.desk.accept(mall, 'SD', from('甲某某'));
  const second = await at.desk.accept(mall, 'SD', from('甲某某'));
  const other = await at.desk.accept(mall, 'SD', from('甲某某', 2));
  expect([await twinsOf(first), await twinsOf(second), await twinsOf(other)]).toEqual([
    [],
    [`WARNING ${first}`],
    [],
  ]);
  expect((await at.desk.read(second)).state.status).toBe('PENDING_PAYMENT');
});

test('orders sent at the same moment and audited in any order are asked about but for the first', async () => {
  const numbers = await Promise.all([1, 2, 3].map(() => at.desk.place(mall, 'SD', from('乙某某'))));
  const [first = '', second = '', third = ''] = numbers.toSorted();
  for (const orderNumber of [third, first, second]) await at.desk.audit({ orderNumber });
  expect(await twinsOf(first)).toEqual([]);
  expect(await twinsOf(second)).toEqual([`WARNING ${first}`]);
  expect(await twinsOf(third)).toEqual([`WARNING ${second}`]);
});

test('an order that was cancelled is no twin', async () => {
  const first = await at.desk.accept(mall, 'SD', from('丙某某'));
  await createCancelOrder(at.desk)({ orderNumber: first, reasonCode: 'REQUESTED' });
  expect(await twinsOf(await at.desk.accept(mall, 'SD', from('丙某某')))).toEqual([]);
});

test('nor is one of some days ago', async () => {
  await at.desk.accept(mall, 'SD', from('丁某某'));
  at.desk.clock.now = daysLater(3.1);
  const again = await at.desk.accept(mall, 'SD', from('丁某某'));
  at.desk.clock.now = daysLater(5);
  const third = await at.desk.accept(mall, 'SD', from('丁某某'));
  at.desk.clock.now = orderDay;
  expect(await twinsOf(again)).toEqual([]);
  expect(await twinsOf(third)).toEqual([`WARNING ${again}`]);
});

test('it holds the order of a partner who wants that', async () => {
  const careful = await at.desk.addPartner({ partnerId: 'careful', suspectedDuplicates: 'HOLD' });
  const first = await at.desk.accept(careful, 'SD', from('戊某某'));
  const second = await at.desk.accept(careful, 'SD', from('戊某某'));
  expect(await twinsOf(second)).toEqual([`HOLD ${first}`]);
  expect((await at.desk.read(second)).state).toMatchObject({ reserved: false, openFindings: 1 });
});
