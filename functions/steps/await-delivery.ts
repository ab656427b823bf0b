import { ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { waitInput } from '../shared/step-input.ts';
import { orderWaits } from '../shared/waits.ts';

/** Waits until every parcel is delivered, or as long as the partner's terms say. */
export const handler = stepHandler(waitInput, async ({ orderNumber, taskToken }) => {
  await orderWaits(ordersTable()).open(orderNumber, 'DELIVERY', taskToken, new Date());
  return { outcome: 'waiting' };
});
