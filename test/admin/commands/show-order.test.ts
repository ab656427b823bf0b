import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { describeOrder, showOrder } from '../../../admin/commands/show-order.ts';
import { catalogueTable } from '../../../functions/shared/catalogue-table.ts';
import { ordersTable } from '../../../functions/shared/orders-table.ts';
import { partnersTable } from '../../../functions/shared/partners-table.ts';
import { createPlaceOrder } from '../../../functions/shared/place-order.ts';
import { stockTable } from '../../../functions/shared/stock-table.ts';
import { loadMasterData } from '../../../samples/load-master-data.ts';
import { readSampleOrders } from '../../../samples/read-samples.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();
beforeEach(() => {
  vi.stubEnv('ORDERS_TABLE', local.target.tables.orders);
});
afterEach(() => {
  vi.unstubAllEnvs();
});
const now = new Date('2026-03-02T08:00:00Z');

const placeSample = async (file: string): Promise<string> => {
  const { dynamodb, tables } = local.target;
  const sample = (await readSampleOrders(now, 'Asia/Shanghai')).find((one) => one.file.startsWith(file));
  const partners = partnersTable(dynamodb, () => tables.partners);
  const partner = await partners.readPartner(sample?.partnerId ?? '');
  if (!sample || !partner) throw new Error(`no sample ${file}`);
  const placeOrder = createPlaceOrder({
    orders: ordersTable(dynamodb, () => tables.orders),
    catalogue: catalogueTable(dynamodb, () => tables.catalogue),
    partners,
    documents: { put: async () => {} },
    executions: { start: async () => {} },
    stock: stockTable(dynamodb, () => tables.stock),
    timeZone: () => 'Asia/Shanghai',
    now: () => now,
  });
  const placed = await placeOrder({
    partner,
    body: sample.body,
    source: { kind: 'API', text: JSON.stringify(sample.body) },
    commit: true,
  });
  if (placed.outcome !== 'created') throw new Error(placed.outcome);
  return placed.orderNumber;
};

test('an order is shown with its status, its amount and what happened to it', async () => {
  await loadMasterData(local.target);
  const orderNumber = await placeSample('11');
  const text = describeOrder(await showOrder(local.target, orderNumber));
  expect(text.split('\n')).toEqual([
    `${orderNumber}  RECEIVED since 2026-03-02T08:00:00.000Z`,
    '  example-mall, SALES-2026-03-02-11, 示例广告设计工作室',
    expect.stringMatching(/^ {2}4 lines, \d+\.\d\d CNY, BANK_TRANSFER$/),
    '  2026-03-02T08:00:00.000Z  order.received  → RECEIVED  by partner:example-mall',
    '  mail order-received to c10003@example.com: PENDING',
  ]);
});
