import { expect, test } from 'vitest';
import { changeState, IllegalTransition } from '../../domain/change-state.ts';
import { isLegalTransition, isTerminal, type Status, statuses, transitions } from '../../domain/status.ts';
import { anOrder } from '../builders/an-order.ts';

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

test('a change counts one version and one event, and the time of a status only when it changes', () => {
  const { state } = anOrder({ state: { version: 4, eventCount: 7 } });
  const now = new Date('2026-03-03T00:00:00Z');
  const held = changeState(state, { to: 'ON_HOLD', facts: { openFindings: 2 } }, now);
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
