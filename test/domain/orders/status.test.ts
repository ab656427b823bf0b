import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { changeState, GateClosed, IllegalTransition } from '../../../domain/orders/change-state.ts';
import type { StoredFinding } from '../../../domain/orders/order.ts';
import {
  isLegalTransition,
  isTerminal,
  type Status,
  statuses,
  transitions,
} from '../../../domain/orders/status.ts';
import { anOrder } from '../../builders/an-order.ts';

/** The rows of contract §6, in its order. */
const contractRows = [
  ['RECEIVED', 'ON_HOLD'],
  ['RECEIVED', 'REJECTED'],
  ['RECEIVED', 'PENDING_PAYMENT'],
  ['RECEIVED', 'PAID'],
  ['RECEIVED', 'READY_TO_SHIP'],
  ['RECEIVED', 'BACKORDERED'],
  ['ON_HOLD', 'RECEIVED'],
  ['ON_HOLD', 'REJECTED'],
  ['ON_HOLD', 'CANCELLED'],
  ['PENDING_PAYMENT', 'PAID'],
  ['PENDING_PAYMENT', 'ON_HOLD'],
  ['PENDING_PAYMENT', 'CANCELLED'],
  ['PAID', 'READY_TO_SHIP'],
  ['PAID', 'BACKORDERED'],
  ['BACKORDERED', 'READY_TO_SHIP'],
  ['BACKORDERED', 'ON_HOLD'],
  ['READY_TO_SHIP', 'PARTIALLY_SHIPPED'],
  ['READY_TO_SHIP', 'SHIPPED'],
  ['READY_TO_SHIP', 'ON_HOLD'],
  ['PAID', 'ON_HOLD'],
  ['PARTIALLY_SHIPPED', 'SHIPPED'],
  ['PARTIALLY_SHIPPED', 'DELIVERY_EXCEPTION'],
  ['SHIPPED', 'DELIVERY_EXCEPTION'],
  ['DELIVERY_EXCEPTION', 'SHIPPED'],
  ['DELIVERY_EXCEPTION', 'PARTIALLY_SHIPPED'],
  ['DELIVERY_EXCEPTION', 'CANCELLED'],
  ['SHIPPED', 'COMPLETED'],
  ['DELIVERY_EXCEPTION', 'COMPLETED'],
  ['PAID', 'CANCELLED'],
  ['BACKORDERED', 'CANCELLED'],
  ['READY_TO_SHIP', 'CANCELLED'],
] as const satisfies [Status, Status][];

const pairs = statuses.flatMap((from) => statuses.map((to) => [from, to] as const));
const isInContract = (from: Status, to: Status) =>
  contractRows.some((row) => row[0] === from && row[1] === to);

test.for(pairs)('%s to %s is as the contract has it', ([from, to]) => {
  expect(isLegalTransition(from, to)).toBe(isInContract(from, to));
});

test('completed, cancelled and rejected are the ends', () => {
  expect(statuses.filter(isTerminal)).toEqual(['COMPLETED', 'CANCELLED', 'REJECTED']);
});

test('every status can be reached from RECEIVED, and an end from every status', () => {
  const reachable = (from: Status, seen = new Set<Status>()): Set<Status> => {
    seen.add(from);
    for (const to of transitions[from]) if (!seen.has(to)) reachable(to, seen);
    return seen;
  };
  expect(reachable('RECEIVED')).toEqual(new Set(statuses));
  for (const status of statuses) expect([...reachable(status)].some(isTerminal)).toBe(true);
});

test.for(pairs.filter(([from, to]) => from !== to))(
  'a change from %s to %s is made only where legal',
  ([from, to]) => {
    const { state } = anOrder({ state: { status: from } });
    const change = () => changeState(state, { to }, new Date('2026-03-03T00:00:00Z'));
    if (isInContract(from, to)) expect(change().status).toBe(to);
    else expect(change).toThrow(IllegalTransition);
  },
);

const aQuestion = (number: number, changes: Partial<StoredFinding> = {}): StoredFinding => ({
  severity: 'HOLD',
  code: 'PRICE_MISMATCH',
  pointer: `#/lines/${number}/unitPrice`,
  number,
  round: 1,
  open: true,
  foundAt: '2026-03-02T00:00:00.000Z',
  ...changes,
});

describe('while a blocking finding is open', () => {
  const now = new Date('2026-03-03T00:00:00Z');
  const aside: readonly Status[] = ['ON_HOLD', 'CANCELLED', 'REJECTED'];
  const legal = pairs.filter(([from, to]) => isLegalTransition(from, to));

  test.for(legal)('an order goes from %s to %s only where that is aside or an end', ([from, to]) => {
    const { state } = anOrder({ state: { status: from, openFindings: 1 } });
    const change = () => changeState(state, { to }, now);
    if (aside.includes(to)) expect(change()).toMatchObject({ status: to, openFindings: 1 });
    else expect(change).toThrow(GateClosed);
  });

  test('no change whatever takes an order onward that leaves a question open, or that finds one open', () => {
    const finding = fc.record({ number: fc.integer({ min: 1, max: 9 }), open: fc.boolean() });
    const anyChange = fc.record({
      pair: fc.constantFrom(...legal),
      openBefore: fc.integer({ min: 0, max: 3 }),
      findings: fc.option(fc.array(finding), { nil: undefined }),
    });
    fc.assert(
      fc.property(anyChange, ({ pair: [from, to], openBefore, findings }) => {
        const { state } = anOrder({ state: { status: from, openFindings: openBefore } });
        const after = findings?.map(({ number, open }) => aQuestion(number, { open }));
        const open = after ? after.filter((one) => one.open).length : openBefore;
        const change = () => changeState(state, { to, ...(after && { findings: after }) }, now);
        const onward = !aside.includes(to);
        if (onward && (openBefore > 0 || (to !== 'RECEIVED' && open > 0))) expect(change).toThrow(GateClosed);
        else expect(change()).toMatchObject({ status: to, openFindings: open });
      }),
    );
  });

  test('warnings and answered findings hold nothing back', () => {
    const { state } = anOrder({ state: { status: 'RECEIVED' } });
    const findings = [aQuestion(1, { severity: 'WARNING' }), aQuestion(2, { open: false })];
    expect(changeState(state, { to: 'PENDING_PAYMENT', findings }, now).status).toBe('PENDING_PAYMENT');
  });
});

test('a change counts one version and one event, and the time of a status only when it changes', () => {
  const { state } = anOrder({ state: { version: 4, eventCount: 7 } });
  const now = new Date('2026-03-03T00:00:00Z');
  const held = changeState(state, { to: 'ON_HOLD', findings: [aQuestion(1), aQuestion(2)] }, now);
  expect(held).toEqual({
    ...state,
    status: 'ON_HOLD',
    openFindings: 2,
    version: 5,
    eventCount: 8,
    statusSince: now.toISOString(),
    updatedAt: now.toISOString(),
  });
  const told = changeState(held, {}, new Date('2026-03-04T00:00:00Z'));
  expect(told).toMatchObject({
    statusSince: held.statusSince,
    updatedAt: '2026-03-04T00:00:00.000Z',
    version: 6,
  });
});
