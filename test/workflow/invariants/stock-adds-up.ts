import type { OrderRecord } from '../../../domain/orders/order.ts';
import { isTerminal } from '../../../domain/orders/status.ts';
import { exactQuantity } from '../../../domain/values/quantity.ts';
import type { Desk } from './desk-view.ts';

type Quantities = ReadonlyMap<string, number>;

/** Sums by SKU; what comes to nothing is left out. */
const summed = (entries: Iterable<readonly [sku: string, quantity: number]>): Quantities => {
  const sums = new Map<string, number>();
  for (const [sku, quantity] of entries) sums.set(sku, exactQuantity((sums.get(sku) ?? 0) + quantity));
  return new Map([...sums].filter(([, quantity]) => quantity !== 0));
};

/** What has left the house with an order, line by line. */
const shippedWith = ({ content, shipments }: OrderRecord): (readonly [string, number])[] => {
  const skus = new Map(content.lines.map(({ lineId, sku = '' }) => [lineId, sku]));
  return shipments.flatMap(({ lines }) =>
    lines.map(({ lineId, quantity }) => [skus.get(lineId) ?? lineId, quantity] as const),
  );
};

/** What an order must hold: all that is still to be shipped, from its acceptance to its end. */
const owedTo = (order: OrderRecord): Quantities =>
  order.state.reserved && !isTerminal(order.state.status)
    ? summed([
        ...order.content.lines.map(({ sku = '', quantity }) => [sku, quantity] as const),
        ...shippedWith(order).map(([sku, quantity]) => [sku, -quantity] as const),
      ])
    : new Map();

const inWords = (quantities: Quantities): string =>
  [...quantities]
    .map(([sku, quantity]) => `${quantity} ${sku}`)
    .sort()
    .join(', ') || 'nothing';

const reservations = ({ orders, reservations: rows }: Desk): string[] => {
  const held = new Map(rows.map(({ orderNumber, lines }) => [orderNumber, summed(Object.entries(lines))]));
  const known = new Set(orders.map(({ state }) => state.orderNumber));
  return [
    ...rows
      .filter(({ orderNumber }) => !known.has(orderNumber))
      .map(({ orderNumber }) => `RESERVATION#${orderNumber} holds stock for no order`),
    ...orders.flatMap((order) => {
      const { orderNumber, status } = order.state;
      const [holds, owed] = [inWords(held.get(orderNumber) ?? new Map()), inWords(owedTo(order))];
      return holds === owed
        ? []
        : [`${orderNumber} (${status}) holds ${holds}, not ${owed}: RESERVATION#${orderNumber}`];
    }),
  ];
};

const levels = ({ orders, receipts, reservations: rows, levels: found }: Desk): string[] => {
  const received = summed(receipts.map(({ sku, quantity }) => [sku, quantity]));
  const shipped = summed(orders.flatMap(shippedWith));
  const reserved = summed(rows.flatMap(({ lines }) => Object.entries(lines)));
  const of = (quantities: Quantities, sku: string) => quantities.get(sku) ?? 0;
  return found.flatMap((level) => {
    const row = `SKU#${level.sku} LEVEL`;
    const onHand = exactQuantity(of(received, level.sku) - of(shipped, level.sku));
    const free = exactQuantity(level.onHand - level.reserved);
    return [
      ...(['onHand', 'reserved', 'available'] as const)
        .filter((name) => level[name] < 0)
        .map((name) => `${row}: ${name} is ${level[name]}`),
      ...(level.onHand === onHand
        ? []
        : [`${row}: onHand is ${level.onHand}, received less shipped ${onHand}`]),
      ...(level.available === free
        ? []
        : [`${row}: available is ${level.available}, onHand less reserved ${free}`]),
      ...(level.reserved === of(reserved, level.sku)
        ? []
        : [`${row}: reserved is ${level.reserved}, orders hold ${of(reserved, level.sku)}`]),
    ];
  });
};

/** I2: per SKU onHand = received − shipped, available = onHand − reserved, none below 0, and reserved is what orders hold. */
export const stockAddsUp = (desk: Desk): string[] => [...levels(desk), ...reservations(desk)];
