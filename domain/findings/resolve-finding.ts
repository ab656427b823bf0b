import type { LeafChange } from '../orders/edit-content.ts';
import type { OrderContent, OrderRecord, ResolutionAction, StoredFinding } from '../orders/order.ts';
import type { CustomerTier } from '../partner.ts';
import { shortfallOf } from '../payments/write-off.ts';
import { toDecimal } from '../values/money.ts';
import { type Decision, toCustomer } from './decision.ts';
import { questionsAbout, resolveByNumber, withoutLapsed } from './finding-decisions.ts';
import { findingIdOf } from './finding-id.ts';

/** A decision of staff on one finding. */
export type Resolving = {
  action: ResolutionAction;
  reason: string;
  /** What to ask the customer beside the finding, with ASK_CUSTOMER. */
  question?: string | undefined;
};

/** An order's content as an edit leaves it. */
export type Edited = {
  content: OrderContent;
  customerTier: CustomerTier;
  /** Of the customer on file that the buyer is. */
  customerId?: string | undefined;
  changes: LeafChange[];
  given: string[];
};

/** What the state repeats of the content. */
export const factsOfEdit = ({ content, customerTier, customerId, changes }: Edited) => ({
  payableAmount: content.amounts.payableAmount,
  paymentMethod: content.payment.method,
  orderType: content.orderType,
  customerId: content.buyer.customerId ?? customerId,
  requestedDate: content.delivery.requestedDate ?? content.delivery.requestedPeriod?.end,
  customerTier,
  // What was given up was given up of another amount.
  writtenOffAmount: 0,
  // Nothing came back of mail to the new address yet.
  ...(changes.some(({ field }) => field === '#/customerEmail') && { contactBounced: false }),
});

/** What an event tells of an edit: every field before and after, and which of them were given. */
export const dataOfEdit = ({ changes, given, customerTier, customerId }: Edited) => ({
  changes,
  given,
  customerTier,
  ...(customerId && { customerId }),
});

/** Findings after an edit: those about the edited fields are answered, and what was let pass before is let pass no more. */
export const findingsAfterEdit = (
  findings: readonly StoredFinding[],
  { given, changes }: Edited,
  numbers: readonly number[],
  resolution: NonNullable<StoredFinding['resolution']>,
): StoredFinding[] => {
  const about = questionsAbout(
    findings,
    given.map((pointer) => ({ pointer, value: null })),
  );
  const answered = new Set([...numbers, ...about.map(({ number }) => number)]);
  return resolveByNumber(
    withoutLapsed(
      findings,
      changes.map(({ field }) => field),
    ),
    answered,
    resolution,
  );
};

const askCustomer = (
  { content, findings }: OrderRecord,
  finding: StoredFinding,
  question: string | undefined,
  now: Date,
): Pick<Decision, 'findings' | 'mails'> => {
  const { customerNote: _answered, question: _earlier, ...asked } = finding;
  const again: StoredFinding = {
    ...asked,
    askedOf: 'customer',
    askedAt: now.toISOString(),
    ...(question && { question }),
  };
  return {
    findings: findings.map((one) => (one.number === finding.number ? again : one)),
    mails: [toCustomer(content, 'clarification')],
  };
};

/** Never accepted, an order is rejected; else it is cancelled, its stock released and its money owed back. */
const turnDown = ({ state }: OrderRecord, reason: string, actor: string, now: Date): Decision['facts'] =>
  state.reserved || state.receivedAmount > 0
    ? {
        cancellation: {
          reasonCode: 'STAFF_REJECTED',
          note: reason,
          requestedAt: now.toISOString(),
          requestedBy: actor,
        },
      }
    : { rejected: true };

const isOfCustomer = ({ code, pointer }: StoredFinding): boolean =>
  code === 'CONTACT_BOUNCED' && pointer.startsWith('#/buyer/');

/** True when staff give up what is missing of a payment. */
const isWriteOff = ({ code }: StoredFinding, action: ResolutionAction): boolean =>
  code === 'PAYMENT_MISMATCH' && action === 'ACCEPT_THEIRS';

const effectOf = (
  order: OrderRecord,
  finding: StoredFinding,
  { action, reason, question }: Resolving,
  actor: string,
  now: Date,
  edited: Edited | undefined,
): Omit<Decision, 'event'> => {
  const resolution = { action, by: actor, at: now.toISOString(), reason };
  const only = new Set([finding.number]);
  switch (action) {
    case 'ASK_CUSTOMER':
      return askCustomer(order, finding, question, now);
    case 'ACCEPT_OURS':
    case 'EDIT':
      if (!edited) throw new Error(`${action} edits the order`);
      return {
        facts: factsOfEdit(edited),
        findings: findingsAfterEdit(order.findings, edited, [finding.number], resolution),
      };
    case 'ACCEPT_THEIRS':
    case 'OVERRIDE':
      if (isWriteOff(finding, action))
        return {
          facts: { writtenOffAmount: order.state.writtenOffAmount + shortfallOf(order.state) },
          findings: resolveByNumber(order.findings, only, resolution),
          mails: [toCustomer(order.content, 'payment-received')],
        };
      return {
        ...(isOfCustomer(finding) && { facts: { contactBounced: false } }),
        findings: resolveByNumber(order.findings, only, { ...resolution, accepted: true }),
      };
    case 'REJECT':
      return {
        facts: turnDown(order, reason, actor, now),
        findings: resolveByNumber(order.findings, only, resolution),
      };
    default:
      return action satisfies never;
  }
};

/** What an event tells of money that is given up. */
const dataOfWriteOff = ({ state }: OrderRecord) => ({
  amount: toDecimal(shortfallOf(state), state.currency),
  currency: state.currency,
});

/** Decides on an open finding: one event that says who, when, why, and what was before and after. */
export const decideResolution = (
  order: OrderRecord,
  finding: StoredFinding,
  resolving: Resolving,
  actor: string,
  now: Date,
  edited?: Edited,
): Decision => {
  const effect = effectOf(order, finding, resolving, actor, now, edited);
  const shown = ({ open, askedOf, value, expected }: StoredFinding) => ({
    status: open ? 'OPEN' : 'RESOLVED',
    ...(askedOf && { askedOf }),
    ...(value !== undefined && { value }),
    ...(expected !== undefined && { expected }),
  });
  const after = effect.findings?.find(({ number }) => number === finding.number) ?? finding;
  return {
    ...effect,
    event: {
      type: isWriteOff(finding, resolving.action) ? 'order.written_off' : 'order.finding_resolved',
      actor,
      data: {
        findingId: findingIdOf(order.state.orderNumber, finding),
        code: finding.code,
        pointer: finding.pointer,
        action: resolving.action,
        reason: resolving.reason,
        before: shown(finding),
        after: shown(after),
        ...(edited && dataOfEdit(edited)),
        ...(isWriteOff(finding, resolving.action) && dataOfWriteOff(order)),
      },
    },
  };
};
