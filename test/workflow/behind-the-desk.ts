import { readdir } from 'node:fs/promises';
import { paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { localTarget } from '../../admin/targets.ts';
import type { Endpoints } from '../../demo/desk.ts';
import type { OrderRecord } from '../../domain/order.ts';
import { createSweepOrders } from '../../functions/schedule/sweep-orders.ts';
import { answerTask, orderExecutions } from '../../functions/shared/executions.ts';
import { mailOutbox } from '../../functions/shared/mail-outbox.ts';
import { orderLists } from '../../functions/shared/order-lists.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { type StockLevel, stockTable } from '../../functions/shared/stock-table.ts';
import { orderWaits } from '../../functions/shared/waits.ts';

const hourMs = 3_600_000;

/** The first minute of an hour at least ten minutes from now: a sweep then looks at every order and every mail of today. */
const laterHour = (): Date => new Date(Math.ceil(Date.now() / hourMs + 1 / 6) * hourMs + 60_000);

/** What only the operator sees of a desk that comes and goes; its addresses are read anew for every look. */
export const behindTheDesk = (desk: { stateDir: string; endpoints: () => Endpoints }) => {
  const open = async () => {
    const { dynamodb, tables } = await localTarget(desk.stateDir);
    const { endpoints, region, credentials, outputs } = desk.endpoints();
    return {
      dynamodb,
      tables,
      orders: ordersTable(dynamodb, () => tables.orders),
      sfn: new SFNClient({ region, credentials, endpoint: endpoints.AWS_ENDPOINT_URL_SFN ?? '' }),
      machineArn: outputs.OrderStateMachineArn ?? '',
    };
  };

  return {
    /** All rows of one kind in the Orders table. */
    rowsOf: async (entity: string): Promise<Record<string, unknown>[]> => {
      const { dynamodb, tables } = await open();
      const pages = paginateScan(
        { client: dynamodb },
        {
          TableName: tables.orders,
          FilterExpression: 'entity = :entity',
          ExpressionAttributeValues: { ':entity': entity },
          ConsistentRead: true,
        },
      );
      const rows: Record<string, unknown>[] = [];
      for await (const { Items } of pages) rows.push(...(Items ?? []));
      return rows;
    },

    readOrder: async (orderNumber: string): Promise<OrderRecord> => {
      const record = await (await open()).orders.read(orderNumber);
      if (!record) throw new Error(`no order ${orderNumber}`);
      return record;
    },

    stockLevel: async (sku: string): Promise<StockLevel | undefined> => {
      const { dynamodb, tables } = await open();
      return (await stockTable(dynamodb, () => tables.stock).readLevels([sku])).get(sku);
    },

    executionStatuses: async (): Promise<string[]> => {
      const { sfn, machineArn } = await open();
      const statuses: string[] = [];
      for await (const page of paginateListExecutions({ client: sfn }, { stateMachineArn: machineArn }))
        statuses.push(...(page.executions ?? []).map(({ status }) => status ?? ''));
      return statuses;
    },

    /** How many mails left the desk, repeats counted. */
    countMailFiles: async (): Promise<number> =>
      (await readdir(desk.endpoints().mailDir)).filter((name) => name.endsWith('.eml')).length,

    /**
     * The sweep as the schedule would run it in a later hour, when everything left behind is old enough to be looked at.
     * Mails are another matter: to that sweep one that is being sent right now looks left behind too.
     */
    sweep: async ({ mails }: { mails: boolean }): Promise<void> => {
      const { dynamodb, tables, orders, sfn, machineArn } = await open();
      const outbox = mailOutbox(dynamodb, () => tables.orders);
      await createSweepOrders({
        orders,
        lists: orderLists(dynamodb, () => tables.orders),
        executions: orderExecutions(sfn, () => machineArn),
        waits: orderWaits(orders, (token, answer) => answerTask(token, answer, sfn)),
        outbox: mails ? outbox : { ...outbox, unsentSince: async function* () {} },
        company: () => {
          throw new Error('no execution fails by a crash, so there is nothing to report');
        },
        now: laterHour,
      })();
    },
  };
};

export type BehindTheDesk = ReturnType<typeof behindTheDesk>;
