import { expect, test } from 'vitest';
import { transact } from '../../functions/shared/dynamodb.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';

const at = useOrderDesk();

let skus = 0;
/** An article with ten pieces, of which the order holds four. */
const reserved = async () => {
  const [sku, orderNumber] = [`ST-${++skus}`, `ORDER-${skus}`];
  await at.desk.addProduct(sku, 10);
  const held = new Map([[sku, 4]]);
  expect(await move(at.desk.stock.reserve(orderNumber, held))).toBe('written');
  return { sku, orderNumber, held };
};
const move = async (actions: Parameters<typeof transact>[0]) => (await transact(actions, at.desk.db)).outcome;

test('an order reserves once, whatever else happens to it', async () => {
  const { sku, orderNumber, held } = await reserved();
  expect(await move(at.desk.stock.reserve(orderNumber, held))).toBe('refused');
  expect(await at.desk.level(sku)).toEqual({ onHand: 10, reserved: 4, available: 6 });
});

test('no more is reserved than is free', async () => {
  const { sku } = await reserved();
  expect(await move(at.desk.stock.reserve('ANOTHER', new Map([[sku, 7]])))).toBe('refused');
  expect(await move(at.desk.stock.reserve('ANOTHER', new Map([[sku, 6]])))).toBe('written');
  expect(await at.desk.level(sku)).toEqual({ onHand: 10, reserved: 10, available: 0 });
});

test('what an order holds is given back once, even while others hold more', async () => {
  const { sku, orderNumber, held } = await reserved();
  await move(at.desk.stock.reserve('OTHER-HOLDER', new Map([[sku, 5]])));
  expect(await move(at.desk.stock.release(orderNumber, held))).toBe('written');
  expect(await move(at.desk.stock.release(orderNumber, held))).toBe('refused');
  expect(await at.desk.level(sku)).toEqual({ onHand: 10, reserved: 5, available: 5 });
});

test('an order that holds nothing gives nothing back', () => {
  expect(at.desk.stock.release('NOBODY', new Map())).toEqual([]);
});

test('a parcel takes its pieces out once, and is refused by who still thinks that more is held', async () => {
  const { sku, orderNumber, held } = await reserved();
  await move(at.desk.stock.reserve(`NEXT-TO-${sku}`, new Map([[sku, 5]])));
  const parcel = new Map([[sku, 1]]);
  expect(await move(at.desk.stock.ship(orderNumber, held, parcel))).toBe('written');
  expect(await move(at.desk.stock.ship(orderNumber, held, parcel))).toBe('refused');
  expect(await move(at.desk.stock.release(orderNumber, held))).toBe('refused');
  expect(await at.desk.stock.readReservation(orderNumber)).toEqual(new Map([[sku, 3]]));
  expect(await at.desk.level(sku)).toEqual({ onHand: 9, reserved: 8, available: 1 });
});

test('the last parcel leaves no reservation', async () => {
  const { sku, orderNumber, held } = await reserved();
  await move(at.desk.stock.ship(orderNumber, held, held));
  expect(await at.desk.stock.readReservation(orderNumber)).toEqual(new Map());
  expect(await at.desk.level(sku)).toEqual({ onHand: 6, reserved: 0, available: 6 });
});

test('levels of more articles than one request may ask for are all read', async () => {
  const many = Array.from({ length: 130 }, (_, index) => `MANY-${index}`);
  await Promise.all(many.slice(0, 120).map((sku) => at.desk.addProduct(sku, 1)));
  const levels = await at.desk.stock.readLevels([...many, ...many]);
  expect(new Set(levels.keys())).toEqual(new Set(many.slice(0, 120)));
});
