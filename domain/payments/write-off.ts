import type { OrderState, StoredFinding } from '../orders/order.ts';
import type { Partner } from '../partner.ts';
import type { MinorAmount } from '../values/money.ts';

type Owed = Pick<OrderState, 'payableAmount' | 'receivedAmount' | 'writtenOffAmount'>;

/** What an order counts as paid: money received, and what finance wrote off of it. */
export const coveredAmount = ({
  receivedAmount,
  writtenOffAmount,
}: Pick<Owed, 'receivedAmount' | 'writtenOffAmount'>): MinorAmount => receivedAmount + writtenOffAmount;

/** What is missing for an order to be paid in full; nothing where too much was. */
export const shortfallOf = (state: Owed): MinorAmount =>
  Math.max(0, state.payableAmount - coveredAmount(state));

/** True when what is missing of an order's money is no more than its partner lets be written off. */
export const mayWriteOff = (
  state: Owed,
  { code }: Pick<StoredFinding, 'code'>,
  { writeOffMinor = 0 }: Pick<Partner, 'writeOffMinor'>,
): boolean => {
  const shortfall = shortfallOf(state);
  return code === 'PAYMENT_MISMATCH' && shortfall > 0 && shortfall <= writeOffMinor;
};

/** What is still written off once more was received: money that comes after all takes its place. */
export const writtenOffBeside = (state: Owed, receivedAmount: MinorAmount): MinorAmount =>
  Math.min(state.writtenOffAmount, shortfallOf({ ...state, receivedAmount, writtenOffAmount: 0 }));
