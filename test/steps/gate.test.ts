import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { emptyAccount } from '../../domain/customers/customer-account.ts';
import { changeState } from '../../domain/orders/change-state.ts';
import type { OrderRecord, StoredFinding } from '../../domain/orders/order.ts';
import { isLegalTransition, type Status, statuses } from '../../domain/orders/status.ts';
import { answerTo, type WaitKind, waitKinds } from '../../domain/orders/wait.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import type { OrderChange, OrdersTable } from '../../functions/shared/orders-table.ts';
import { createAwaitOutboundSlip } from '../../functions/steps/await-outbound-slip.ts';
import { createCompleteOrder } from '../../functions/steps/complete-order.ts';
import { createIssueInvoice } from '../../functions/steps/issue-invoice.ts';
import { createReserveStock } from '../../functions/steps/reserve-stock.ts';
import { aCompany, anOrder } from '../builders/an-order.ts';

const next = z.object({ Next: z.string() });
const stateSchema = z.object({
  Resource: z.string().optional(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  Choices: z.array(next).default([]),
  Catch: z.array(next).default([]),
  Arguments: z.object({ FunctionName: z.string() }).optional(),
});
const machine = z
  .object({ StartAt: z.string(), States: z.record(z.string(), stateSchema) })
  .parse(JSON.parse(readFileSync(new URL('../../statemachines/order.asl.json', import.meta.url), 'utf8')));

type Edge = { from: string; to: string; isSuccess: boolean };
const edges: Edge[] = Object.entries(machine.States).flatMap(([from, state]) => [
  ...[state.Next, state.Default].flatMap((to) => (to ? [{ from, to, isSuccess: state.Next === to }] : [])),
  ...[...state.Choices, ...state.Catch].map(({ Next: to }) => ({ from, to, isSuccess: false })),
]);

const reachable = (start: string, passable: (edge: Edge) => boolean): Set<string> => {
  const seen = new Set([start]);
  for (const name of seen)
    for (const edge of edges) if (edge.from === name && passable(edge)) seen.add(edge.to);
  return seen;
};

/** Which wait stands behind a state of the machine. */
const waitOf: Record<string, WaitKind> = {
  AwaitPayment: 'PAYMENT',
  AwaitOutboundSlip: 'OUTBOUND_SLIP',
  AwaitShipment: 'SHIPMENT',
  HoldOrder: 'RESOLUTION',
};
const waitAt = (name: string): WaitKind | undefined =>
  waitOf[/^\$\{(\w+)\}$/.exec(machine.States[name]?.Arguments?.FunctionName ?? '')?.[1] ?? ''];

const question: StoredFinding = {
  severity: 'HOLD',
  code: 'PRICE_MISMATCH',
  pointer: '#/lines/0/unitPrice',
  number: 1,
  round: 1,
  open: true,
  foundAt: '2026-03-02T00:00:00.000Z',
};
const withQuestion = (status: Status): OrderRecord => ({
  ...anOrder({ state: { status, openFindings: 1, parcels: { sent: 1, delivered: 1 } } }),
  findings: [question],
});

describe('over all paths of the machine, while a blocking finding is open', () => {
  test('no wait for payment, slip, parcels or answers ends well, whatever the status', () => {
    for (const kind of waitKinds.filter((one) => one !== 'DELIVERY'))
      for (const status of statuses) {
        const { state } = withQuestion(status);
        const facts = { ...state, slip: { slipId: 'S', outcome: 'MATCHED' as const } };
        expect([kind, status, answerTo(kind, facts)?.result === 'success']).toEqual([kind, status, false]);
      }
  });

  /** With those answers refused, their states are left by a Catch only. */
  const isOpenAnyway = ({ from, isSuccess }: Edge) => !(isSuccess && waitAt(from));

  test('from the audit no later step is reached on any path', () => {
    const reached = reachable(machine.StartAt, isOpenAnyway);
    const later = [
      'Await Outbound Slip',
      'Await Shipment',
      'Issue Invoice',
      'Await Delivery',
      'Complete Order',
    ];
    expect(later.filter((name) => reached.has(name))).toEqual([]);
    expect([...reached].filter((name) => !later.includes(name))).toContain('Hold Order');
    const open = reachable(machine.StartAt, () => true);
    expect(later.filter((name) => !open.has(name))).toEqual([]);
  });

  test('from the hold nothing but an end, the wait itself or an hour’s pause is reached', () => {
    expect([...reachable('Hold Order', isOpenAnyway)].sort()).toEqual(
      [...reachable(machine.StartAt, isOpenAnyway)].sort(),
    );
    expect(edges.filter(({ from }) => from === 'Hold Order').map(({ to }) => to)).toEqual([
      'Audit Order',
      'Cancel Order',
      'Reject Order',
      'Remind And Hold',
      'Let An Hour Pass',
    ]);
  });
});

/** One order in memory: what is written to it is kept, as the table would. */
const memoryOf = (first: OrderRecord) => {
  const written: OrderChange[] = [];
  const orders: Pick<OrdersTable, 'read' | 'change'> = {
    read: async () => first,
    change: async (state, change, now) => {
      const changed = changeState(state, change, now);
      written.push(change);
      return {
        outcome: 'changed',
        state: changed,
        event: { sequence: 2, type: change.event.type, at: changed.updatedAt, actor: 'x', data: {} },
      };
    },
  };
  return { orders, written };
};

describe('called out of turn, while a blocking finding is open', () => {
  const deps = { company: () => aCompany, now: () => new Date('2026-03-03T00:00:00Z') };
  const steps: Record<
    string,
    (orders: Pick<OrdersTable, 'read' | 'change'>, order: string) => Promise<unknown>
  > = {
    'reserve-stock': (orders, orderNumber) =>
      createReserveStock({
        ...deps,
        orders,
        stock: {
          reserve: () => [],
          readLevels: async () => new Map(),
          takeFromAccount: () => [],
          readAccount: async () => emptyAccount,
        },
        catalogue: { readProducts: async () => new Map(), readRules: async () => rulesOf({}) },
        partners: {
          readPartner: async () => undefined,
          findCustomer: async () => ({ customer: undefined, candidates: [] }),
        },
      })({ orderNumber }),
    'await-outbound-slip': (orders, orderNumber) =>
      createAwaitOutboundSlip({ ...deps, orders, waits: { open: async () => {} } })({
        orderNumber,
        taskToken: 't',
      }),
    'issue-invoice': (orders, orderNumber) =>
      createIssueInvoice({
        ...deps,
        orders,
        documents: { put: async () => {} },
        render: async () => Buffer.from('pdf'),
      })({ orderNumber }),
    'complete-order': (orders, orderNumber) => createCompleteOrder({ ...deps, orders })({ orderNumber }),
  };
  const cases = Object.keys(steps).flatMap((step) => statuses.map((status) => ({ step, status })));

  test.for(cases)('$step moves no order on that is $status', async ({ step, status }) => {
    const order = withQuestion(status);
    const { orders, written } = memoryOf(order);
    await steps[step]?.(orders, order.state.orderNumber).catch(() => {});
    for (const { to } of written) expect(['CANCELLED', 'REJECTED', 'ON_HOLD', undefined]).toContain(to);
    const mails = written.flatMap((change) => change.mails ?? []).map(({ template }) => template);
    expect(mails.filter((template) => template !== 'stuck-order')).toEqual([]);
  });

  test('such a test would see a step: without the question the same calls do move orders', async () => {
    const moved = await Promise.all(
      cases.map(async ({ step, status }) => {
        const order = anOrder({ state: { status, parcels: { sent: 1, delivered: 1 } } });
        const { orders, written } = memoryOf(order);
        await steps[step]?.(orders, order.state.orderNumber).catch(() => {});
        return written.some(({ to }) => to !== undefined && isLegalTransition(status, to));
      }),
    );
    expect(moved.filter(Boolean).length).toBeGreaterThanOrEqual(3);
  });
});
