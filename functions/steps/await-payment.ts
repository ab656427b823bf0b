import { ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { waitInput } from '../shared/step-input.ts';
import { orderWaits } from '../shared/waits.ts';

/** Waits for the money: instructions went out with the reservation, the due time is the state's timeout. */
export const handler = stepHandler(waitInput, async ({ orderNumber, taskToken }) => {
  await orderWaits(ordersTable()).open(orderNumber, 'PAYMENT', taskToken, new Date());
  return { outcome: 'waiting' };
});
