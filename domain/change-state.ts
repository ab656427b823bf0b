import type { Facts } from './decision.ts';
import type { OrderState } from './order.ts';
import { isLegalTransition, type Status } from './status.ts';

/** A status change that contract §6 does not list. */
export class IllegalTransition extends Error {
  override readonly name = 'IllegalTransition';
  readonly from: Status;
  constructor(from: Status, to: Status) {
    super(`${from} → ${to} is not a legal transition`);
    this.from = from;
  }
}

/** The state after a change, one version and one event later. Throws IllegalTransition. */
export const changeState = (
  state: OrderState,
  change: { to?: Status; facts?: Facts },
  now: Date,
): OrderState => {
  const at = now.toISOString();
  const to = change.to ?? state.status;
  if (to !== state.status && !isLegalTransition(state.status, to))
    throw new IllegalTransition(state.status, to);
  return {
    ...state,
    ...change.facts,
    status: to,
    statusSince: to === state.status ? state.statusSince : at,
    version: state.version + 1,
    eventCount: state.eventCount + 1,
    updatedAt: at,
  };
};
