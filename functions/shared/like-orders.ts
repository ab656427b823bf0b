import { createHash } from 'node:crypto';
import { duplicateWindowDays } from '../../domain/audit/check-duplicate.ts';
import { cameBefore, likenessOf, type Twin } from '../../domain/customers/likeness.ts';
import type { OrdersTable } from './orders-table.ts';

/** Where an order leaves its mark for those like it. */
export const likenessHash = (...order: Parameters<typeof likenessOf>): string =>
  createHash('sha256')
    .update(likenessOf(...order))
    .digest('hex');

/** Enough to find one that was not cancelled. */
const mostRead = 5;

/**
 * The latest order like this one that came before it and still stands; none for most orders, which costs one read. `order` is
 * undefined for one that is only tried.
 */
export const findTwins = async (
  orders: Pick<OrdersTable, 'findAlike' | 'readState'>,
  hash: string,
  order: Twin | undefined,
  now: Date,
): Promise<Twin[]> => {
  const since = new Date(
    (order ? Date.parse(order.createdAt) : now.getTime()) - duplicateWindowDays * 86_400_000,
  );
  const alike = (await orders.findAlike(hash, since)).filter((twin) => !order || cameBefore(twin, order));
  for (const twin of alike.toReversed().slice(0, mostRead)) {
    const state = await orders.readState(twin.orderNumber);
    if (state && state.status !== 'CANCELLED' && state.status !== 'REJECTED') return [twin];
  }
  return [];
};
