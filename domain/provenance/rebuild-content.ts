import { completeOrder } from '../orders/complete-order.ts';
import type { OrderContent, OrderSource } from '../orders/order.ts';
import { readSubmission } from '../submissions/read-submission.ts';
import { type MasterData, otherNameOf } from './received-order-data.ts';

type Received = { source: OrderSource; masterData: MasterData; receivedAt: string };

/** The order as it must be stored, made again from its original by the same steps; undefined when that is no order. */
export const rebuildContent = (
  body: unknown,
  { source, masterData, receivedAt }: Received,
): OrderContent | undefined => {
  const { submission } = readSubmission(body);
  return (
    submission &&
    completeOrder(submission, {
      partner: masterData.partner,
      skus: submission.lines.map((line) => line.sku ?? masterData.skus[otherNameOf(line)]),
      products: new Map(Object.entries(masterData.taxRates).map(([sku, taxRate]) => [sku, { taxRate }])),
      source,
      now: new Date(receivedAt),
    })
  );
};
