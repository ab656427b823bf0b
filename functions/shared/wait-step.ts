import type { WaitKind } from '../../domain/orders/wait.ts';
import { ordersTable } from './orders-table.ts';
import { stepHandler } from './step-handler.ts';
import { waitInput } from './step-input.ts';
import { orderWaits } from './waits.ts';

/** A step that only waits: it remembers the task token, and answers at once if the order's facts do already. */
export const waitStep = (kind: WaitKind) =>
  stepHandler(waitInput, async ({ orderNumber, taskToken }) => {
    await orderWaits(ordersTable()).open(orderNumber, kind, taskToken, new Date());
    return { outcome: 'waiting' };
  });
