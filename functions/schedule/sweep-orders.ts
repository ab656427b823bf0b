import middy from '@middy/core';
import type { Company } from '../../domain/findings/decision.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { decideStuckReport } from '../../domain/orders/report-stuck.ts';
import { decideFaultRetry } from '../../domain/orders/retry-fault.ts';
import { isTerminal, type Status, statuses } from '../../domain/orders/status.ts';
import { changeOrder } from '../shared/change-order.ts';
import { company } from '../shared/company.ts';
import { type OrderExecutions, orderExecutions } from '../shared/executions.ts';
import { logger } from '../shared/logger.ts';
import { type MailOutbox, mailOutbox } from '../shared/mail-outbox.ts';
import { type OrderLists, orderLists } from '../shared/order-lists.ts';
import { type OrdersTable, ordersTable } from '../shared/orders-table.ts';
import { workflowActor } from '../shared/step-input.ts';
import { type OrderWaits, orderWaits } from '../shared/waits.ts';

type Deps = {
  orders: Pick<OrdersTable, 'read' | 'change'>;
  lists: Pick<OrderLists, 'openSince'>;
  executions: OrderExecutions;
  waits: Pick<OrderWaits, 'wake'>;
  outbox: Pick<MailOutbox, 'unsentSince' | 'requeue'>;
  company: () => Company;
  now?: () => Date;
};

/** Statuses that an order passes through within minutes, or that hold stock by the clock: looked at in every sweep. */
const quickStatuses: readonly Status[] = ['RECEIVED', 'PENDING_PAYMENT', 'PAID'];
const allOpenStatuses = statuses.filter((status) => !isTerminal(status));

const graceMs = 2 * 60_000;
const mailGraceMs = 5 * 60_000;
const reportEveryMs = 6 * 3_600_000;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Once an hour the sweep looks at every open order. */
const isFullSweep = (now: Date): boolean => now.getUTCMinutes() < 5;

/**
 * Finishes what a crash left between two writes: puts unsent mails back in line, starts executions that were not started,
 * lets failed ones go on and tells the desk, answers waits whose answer is on file, and tries orders again that a fault of
 * ours set aside.
 */
export const createSweepOrders = ({
  orders,
  lists,
  executions,
  waits,
  outbox,
  company,
  now = () => new Date(),
}: Deps) => {
  const sweepOrder = async (orderNumber: string): Promise<string> => {
    const status = await executions.statusOf(orderNumber);
    if (status === 'RUNNING') {
      await changeOrder(orders, orderNumber, (order) => decideFaultRetry(order, workflowActor), now());
      return waits.wake(orderNumber);
    }
    if (status === undefined) {
      await executions.start(orderNumber);
      return 'started';
    }
    const stuck = { reason: `EXECUTION_${status}` };
    const report = (order: OrderRecord) =>
      decideStuckReport(order, stuck, workflowActor, company(), now(), reportEveryMs);
    await changeOrder(orders, orderNumber, report, now());
    if (status === 'SUCCEEDED') return 'ended too early';
    await executions.redrive(orderNumber);
    return 'redriven';
  };

  return async () => {
    const counts: Record<string, number> = {};
    const count = (outcome: string) => {
      counts[outcome] = (counts[outcome] ?? 0) + 1;
    };
    for await (const key of outbox.unsentSince(new Date(now().getTime() - mailGraceMs))) {
      try {
        if (await outbox.requeue(key, now())) count('mails');
      } catch (error) {
        count('failed');
        logger.error('mail not put back in line', { subject: key.pk, error: nameOf(error) });
      }
    }
    const before = new Date(now().getTime() - graceMs);
    for await (const orderNumber of lists.openSince(
      isFullSweep(now()) ? allOpenStatuses : quickStatuses,
      before,
    )) {
      try {
        count(await sweepOrder(orderNumber));
      } catch (error) {
        count('failed');
        logger.error('order not swept', {
          orderNumber,
          error: nameOf(error),
        });
      }
    }
    logger.info('sweep done', counts);
    return counts;
  };
};

export const handler = middy().handler(async () => {
  const orders = ordersTable();
  return createSweepOrders({
    orders,
    lists: orderLists(),
    executions: orderExecutions(),
    waits: orderWaits(orders),
    outbox: mailOutbox(),
    company,
  })();
});
