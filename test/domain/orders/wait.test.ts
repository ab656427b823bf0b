import { expect, test } from 'vitest';
import type { OrderState } from '../../../domain/orders/order.ts';
import { type Status, statuses } from '../../../domain/orders/status.ts';
import { answerTo, type WaitKind, waitKinds } from '../../../domain/orders/wait.ts';
import { anOrder } from '../../builders/an-order.ts';

const cancellation = {
  reasonCode: 'CHANGED_MIND',
  requestedAt: '2026-03-02T09:00:00.000Z',
  requestedBy: 'partner:example-mall',
};
const answer = (kind: WaitKind, facts: Partial<OrderState>) => {
  const found = answerTo(kind, anOrder({ state: facts }).state);
  return found?.result === 'failure' ? found.error : (found?.result ?? 'waits');
};
const parcels = (sent: number, delivered: number) => ({ parcels: { sent, delivered } });

test.for([
  ['PAYMENT', { status: 'PENDING_PAYMENT' }, 'waits'],
  ['PAYMENT', { status: 'PENDING_PAYMENT', receivedAmount: 5 }, 'waits'],
  ['PAYMENT', { status: 'PAID' }, 'success'],
  ['PAYMENT', { status: 'READY_TO_SHIP' }, 'success'],
  ['PAYMENT', { status: 'RECEIVED' }, 'waits'],
  ['PAYMENT', { status: 'RECEIVED', openFindings: 1 }, 'OrderHeld'],
  ['PAYMENT', { status: 'RECEIVED', openFindings: 1, rejected: true }, 'OrderRejected'],
  ['PAYMENT', { status: 'ON_HOLD', openFindings: 1 }, 'OrderHeld'],
  ['PAYMENT', { status: 'PENDING_PAYMENT', cancellation }, 'OrderCancelled'],
  ['PAYMENT', { status: 'CANCELLED', cancellation }, 'OrderCancelled'],
  ['RESOLUTION', { status: 'ON_HOLD', openFindings: 2 }, 'waits'],
  ['RESOLUTION', { status: 'ON_HOLD', openFindings: 0 }, 'success'],
  ['RESOLUTION', { status: 'ON_HOLD', openFindings: 2, cancellation }, 'OrderCancelled'],
  ['RESOLUTION', { status: 'ON_HOLD', openFindings: 0, cancellation }, 'OrderCancelled'],
  ['OUTBOUND_SLIP', { status: 'READY_TO_SHIP' }, 'waits'],
  ['OUTBOUND_SLIP', { status: 'READY_TO_SHIP', slip: { slipId: 'S', outcome: 'MATCHED' } }, 'success'],
  ['OUTBOUND_SLIP', { status: 'READY_TO_SHIP', slip: { slipId: 'S', outcome: 'MISMATCH' } }, 'waits'],
  ['OUTBOUND_SLIP', { status: 'ON_HOLD', slip: { slipId: 'S', outcome: 'MISMATCH' } }, 'OrderHeld'],
  ['SHIPMENT', { status: 'READY_TO_SHIP' }, 'waits'],
  ['SHIPMENT', { status: 'PARTIALLY_SHIPPED' }, 'waits'],
  ['SHIPMENT', { status: 'SHIPPED' }, 'success'],
  ['SHIPMENT', { status: 'COMPLETED' }, 'success'],
  ['SHIPMENT', { status: 'ON_HOLD' }, 'OrderHeld'],
  ['SHIPMENT', { status: 'DELIVERY_EXCEPTION', exceptionFrom: 'SHIPPED' }, 'success'],
  ['SHIPMENT', { status: 'DELIVERY_EXCEPTION', exceptionFrom: 'PARTIALLY_SHIPPED' }, 'waits'],
  ['DELIVERY', { status: 'SHIPPED', ...parcels(0, 0) }, 'waits'],
  ['DELIVERY', { status: 'SHIPPED', ...parcels(2, 1) }, 'waits'],
  ['DELIVERY', { status: 'SHIPPED', ...parcels(2, 2) }, 'success'],
  ['DELIVERY', { status: 'DELIVERY_EXCEPTION', exceptionFrom: 'SHIPPED', ...parcels(2, 1) }, 'waits'],
] as const satisfies [WaitKind, Partial<OrderState>, string][])(
  '%s with %j: %s',
  ([kind, facts, expected]) => {
    expect(answer(kind, facts)).toBe(expected);
  },
);

/** What each wait may still be open in; everywhere else its answer is on file. */
const openIn: Record<WaitKind, readonly Status[]> = {
  PAYMENT: ['RECEIVED', 'PENDING_PAYMENT'],
  RESOLUTION: statuses,
  OUTBOUND_SLIP: statuses.filter((status) => status !== 'ON_HOLD'),
  SHIPMENT: statuses.filter((status) => !['ON_HOLD', 'SHIPPED', 'COMPLETED'].includes(status)),
  DELIVERY: statuses,
};

test.for(waitKinds)('a wait for %s stays open only where there is something to wait for', (kind) => {
  const open = statuses.filter(
    (status) => answer(kind, { status, openFindings: kind === 'RESOLUTION' ? 1 : 0 }) === 'waits',
  );
  expect(open).toEqual(openIn[kind]);
});
