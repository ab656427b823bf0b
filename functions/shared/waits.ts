import { answerTo, type WaitKind } from '../../domain/orders/wait.ts';
import { answerTask } from './executions.ts';
import type { OrdersTable } from './orders-table.ts';

/**
 * A wait stores its token, then looks whether its answer is on file already; an event is stored, then looks for a token.
 * Whichever comes second answers, so neither order of the two loses the order.
 */
export const orderWaits = (
  orders: Pick<OrdersTable, 'readState' | 'openWait' | 'readWait'>,
  answer = answerTask,
) => {
  /** Answers the order's open wait if the facts on file answer it; harmless at any time and any number of times. */
  const wake = async (orderNumber: string): Promise<'answered' | 'gone' | 'waiting'> => {
    const wait = await orders.readWait(orderNumber);
    const state = wait && (await orders.readState(orderNumber));
    const found = state && answerTo(wait.kind, state);
    return found ? answer(wait.taskToken, found) : 'waiting';
  };

  return {
    wake,
    open: async (orderNumber: string, kind: WaitKind, taskToken: string, now: Date): Promise<void> => {
      await orders.openWait(orderNumber, { kind, taskToken, openedAt: now.toISOString() });
      await wake(orderNumber);
    },
  };
};

export type OrderWaits = ReturnType<typeof orderWaits>;
