import type { Target } from '../../admin/targets.ts';
import { catalogueTable } from '../../functions/shared/catalogue-table.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { createPlaceOrder, type PlaceOrderResult } from '../../functions/shared/place-order.ts';
import { stockTable } from '../../functions/shared/stock-table.ts';

const neverWritten = async (): Promise<never> => {
  throw new Error('a dry run writes nothing');
};

/** What placing an order would answer with the data that is loaded, findings of its audit included. */
export const dryRunOrder = async (
  { dynamodb, tables }: Target,
  partnerId: string,
  body: unknown,
  now: Date,
  timeZone: string,
): Promise<PlaceOrderResult> => {
  const partners = partnersTable(dynamodb, () => tables.partners);
  const partner = await partners.readPartner(partnerId);
  if (!partner) throw new Error(`no partner ${partnerId}`);
  const placeOrder = createPlaceOrder({
    orders: {
      create: neverWritten,
      nextNumbers: neverWritten,
      findReference: async () => undefined,
      findAlike: async () => [],
      readContactMarks: async () => new Map(),
      readState: neverWritten,
    },
    catalogue: catalogueTable(dynamodb, () => tables.catalogue),
    partners,
    documents: { put: neverWritten },
    executions: { start: neverWritten },
    stock: stockTable(dynamodb, () => tables.stock),
    timeZone: () => timeZone,
    now: () => now,
  });
  return placeOrder({ partner, body, source: { kind: 'API', text: JSON.stringify(body) }, commit: false });
};
