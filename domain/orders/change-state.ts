import type { Decision } from '../findings/decision.ts';
import { openFindings } from '../findings/findings.ts';
import type { OrderState } from './order.ts';
import { isLegalTransition, type Status } from './status.ts';

/** A status change that contract §6 does not list. */
export class IllegalTransition extends Error {
  override readonly name: string = 'IllegalTransition';
  readonly from: Status;
  constructor(from: Status, to: Status, why = 'is not a legal transition') {
    super(`${from} → ${to} ${why}`);
    this.from = from;
  }
}

/** A step onward while a question about the order is open. */
export class GateClosed extends IllegalTransition {
  override readonly name = 'GateClosed';
  constructor(from: Status, to: Status, open: number) {
    super(from, to, `while ${open} findings are open`);
  }
}

/** Where an order may go while a blocking finding is open: aside, or to its end. */
const pastTheGate: readonly Status[] = ['ON_HOLD', 'CANCELLED', 'REJECTED'];

type Change = Pick<Decision, 'to' | 'facts' | 'findings'>;

/** True for a step onward, in status or in deed: no question may be open before it, nor be left open by it. */
export const needsOpenGate = ({ status }: OrderState, { to = status, facts = {} }: Change): boolean => {
  const { reserved, pickRequested, invoice } = facts;
  return (to !== status && !pastTheGate.includes(to)) || Boolean(reserved || pickRequested || invoice);
};

/**
 * The state after a change, one version and one event later; open findings are counted, never told. Throws IllegalTransition,
 * and GateClosed for a step onward while a blocking finding is open.
 */
export const changeState = (state: OrderState, change: Change, now: Date): OrderState => {
  const at = now.toISOString();
  const to = change.to ?? state.status;
  if (to !== state.status && !isLegalTransition(state.status, to))
    throw new IllegalTransition(state.status, to);
  const open = change.findings ? openFindings(change.findings) : state.openFindings;
  // An order that returns from hold is received with what its new audit found; nothing follows from being received.
  const blocking = Math.max(state.openFindings, to === 'RECEIVED' ? 0 : open);
  if (needsOpenGate(state, change) && blocking > 0) throw new GateClosed(state.status, to, blocking);
  return {
    ...state,
    ...change.facts,
    openFindings: open,
    status: to,
    statusSince: to === state.status ? state.statusSince : at,
    version: state.version + 1,
    eventCount: state.eventCount + 1,
    updatedAt: at,
  };
};
