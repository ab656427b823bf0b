import { expect, test } from 'vitest';
import { isOrderNumber } from '../../domain/orders/order-number.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();

test('a thousand orders that are placed at the same time have a thousand numbers, and none is lost', {
  timeout: 300_000,
}, async () => {
  const partner = await at.desk.addPartner();
  await at.desk.addProduct('NO-1', 1000);
  const numbers = await Promise.all(Array.from({ length: 1000 }, () => at.desk.place(partner, 'NO-1')));
  expect(new Set(numbers).size).toBe(1000);
  expect(numbers.every(isOrderNumber)).toBe(true);
  expect(new Set(at.desk.executions.started)).toEqual(new Set(numbers));
});
