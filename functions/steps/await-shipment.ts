import { ordersTable } from '../shared/orders-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import { waitInput } from '../shared/step-input.ts';
import { orderWaits } from '../shared/waits.ts';

/** Waits until the last parcel left; each parcel's mail goes out as the parcel is recorded. */
export const handler = stepHandler(waitInput, async ({ orderNumber, taskToken }) => {
  await orderWaits(ordersTable()).open(orderNumber, 'SHIPMENT', taskToken, new Date());
  return { outcome: 'waiting' };
});
