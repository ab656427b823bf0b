import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localTarget } from '../admin/targets.ts';
import { apiClient } from '../demo/api-client.ts';
import { openDesk } from '../demo/desk.ts';
import { orderViewSchema, playOn } from '../demo/players.ts';
import { catalogueTable } from '../functions/shared/catalogue-table.ts';
import { orderResource } from '../functions/shared/order-resource.ts';
import { ordersTable } from '../functions/shared/orders-table.ts';
import type { CloudOptions } from '../local/cloud.ts';
import { benchPartner, benchSkus } from './three-line-order.ts';

/** A desk of its own in a temporary folder, and what the benches need of it. */
export const openBenchDesk = async (cloud: Partial<CloudOptions> = {}) => {
  const stateDir = await mkdtemp(join(tmpdir(), 'rudan-bench-'));
  const desk = await openDesk({ stateDir, port: 0, fresh: true, samples: true, cloud, progress: () => {} });
  const { endpoints } = desk;
  const keyOf = (partnerId: string) =>
    endpoints.partners.find((partner) => partner.partnerId === partnerId)?.apiKey ?? '';
  const as = (partnerId: string) => apiClient(endpoints.apiUrl, keyOf(partnerId));
  const partner = as(benchPartner);
  const players = {
    payer: as('example-pay'),
    warehouse: as('example-warehouse'),
    carrier: as('example-express'),
  };
  const target = await localTarget(stateDir);
  const orders = ordersTable(target.dynamodb, () => target.tables.orders);

  /** Plays an order to its end, and waits until all its mails are sent. */
  const finish = async (orderNumber: string): Promise<void> => {
    for (;;) {
      const record = await orders.read(orderNumber);
      const areMailsSent = record?.mails.every(({ state }) => state === 'SENT');
      if (record?.state.status === 'COMPLETED' && areMailsSent) return;
      if (record?.state.status === 'ON_HOLD')
        throw new Error(`${orderNumber} is on hold: ${JSON.stringify(record.findings)}`);
      // Read past the API, whose calls are counted.
      if (record)
        await playOn(
          players,
          partner,
          orderViewSchema.parse(orderResource(record, 'en')),
          'deliver',
          new Date(),
        );
      await sleep(100);
    }
  };

  return {
    ...desk,
    stateDir,
    partner,
    payer: players.payer,
    target,
    orders,
    finish,
    products: await catalogueTable(target.dynamodb, () => target.tables.catalogue).readProducts(benchSkus),
    close: async () => {
      await desk.close();
      await rm(stateDir, { recursive: true, force: true });
    },
  };
};

export type BenchDesk = Awaited<ReturnType<typeof openBenchDesk>>;
