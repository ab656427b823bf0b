import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { type DynamoDBDocumentClient, paginateScan, type ScanCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { localTarget } from '../../admin/targets.ts';
import { apiClient } from '../../demo/api-client.ts';
import type { Endpoints } from '../../demo/desk.ts';
import { createSweepOrders } from '../../functions/schedule/sweep-orders.ts';
import { answerTask, orderExecutions } from '../../functions/shared/executions.ts';
import { mailOutbox } from '../../functions/shared/mail-outbox.ts';
import { orderLists } from '../../functions/shared/order-lists.ts';
import type { Row } from '../../functions/shared/order-rows.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { orderWaits } from '../../functions/shared/waits.ts';
import type { DeskView, MailFile } from './invariants/desk-view.ts';

const hourMs = 3_600_000;

/** The first minute of an hour at least ten minutes from now: a sweep then looks at every order and every mail of today. */
const laterHour = (): Date => new Date(Math.ceil(Date.now() / hourMs + 1 / 6) * hourMs + 60_000);

const rowSchema = z.looseObject({ pk: z.string(), sk: z.string() });
const listSchema = z.object({
  orders: z.array(z.object({ orderNumber: z.string() })),
  nextCursor: z.string().optional(),
});

const allRows = async (
  client: DynamoDBDocumentClient,
  TableName: string,
  filter: Pick<ScanCommandInput, 'FilterExpression' | 'ExpressionAttributeValues'> = {},
): Promise<Row[]> => {
  const rows: Row[] = [];
  for await (const { Items } of paginateScan({ client }, { TableName, ConsistentRead: true, ...filter }))
    rows.push(...z.array(rowSchema).parse(Items ?? []));
  return rows;
};

/** `20261124T090102003Z-<message id>.eml`, as the desk's mail folder names its files. */
const mailFileName = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-(.+)\.eml$/;

const mailFiles = async (mailDir: string): Promise<MailFile[]> => {
  const names = (await readdir(mailDir)).filter((name) => name.endsWith('.eml'));
  return Promise.all(
    names.map(async (name) => {
      const [, year, month, day, hour, minute, second, ms, messageId = ''] = mailFileName.exec(name) ?? [];
      const [head = ''] = (await readFile(join(mailDir, name), 'utf8')).split(/\r?\n\r?\n/, 1);
      const reference = /^X-Entity-Ref-ID:\s*(\S+)/im.exec(head)?.[1] ?? '';
      const at = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`);
      return { messageId, reference, at };
    }),
  );
};

const listedOrders = async (api: ReturnType<typeof apiClient>): Promise<string[]> => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const { body } = await api.get(`/v1/orders?limit=100${cursor ? `&cursor=${cursor}` : ''}`);
    const page = listSchema.parse(body);
    found.push(...page.orders.map(({ orderNumber }) => orderNumber));
    cursor = page.nextCursor;
  } while (cursor);
  return found;
};

/** What only the operator sees of a desk that comes and goes, at its addresses of the moment. */
export const behindTheDesk = (desk: { stateDir: string; endpoints: () => Endpoints }) => {
  const connect = async () => {
    const { dynamodb, tables } = await localTarget(desk.stateDir);
    const { endpoints, region, credentials, outputs } = desk.endpoints();
    return {
      dynamodb,
      tables,
      orders: ordersTable(dynamodb, () => tables.orders),
      sfn: new SFNClient({ region, credentials, endpoint: endpoints.AWS_ENDPOINT_URL_SFN ?? '' }),
      machines: {
        order: outputs.OrderStateMachineArn ?? '',
        upload: outputs.UploadStateMachineArn ?? '',
      },
    };
  };
  let connected: { apiUrl: string; clients: ReturnType<typeof connect> } | undefined;
  const open = () => {
    const { apiUrl } = desk.endpoints();
    if (connected?.apiUrl !== apiUrl) connected = { apiUrl, clients: connect() };
    return connected.clients;
  };

  const executions = async (): Promise<DeskView['executions']> => {
    const { sfn, machines } = await open();
    const found: DeskView['executions'] = [];
    for (const machine of ['order', 'upload'] as const) {
      const pages = paginateListExecutions({ client: sfn }, { stateMachineArn: machines[machine] });
      for await (const page of pages)
        for (const { name = '', status = '' } of page.executions ?? []) found.push({ machine, name, status });
    }
    return found;
  };

  return {
    executions,

    /** All rows of one kind in the Orders table. */
    rowsOf: async (entity: string): Promise<Row[]> => {
      const { dynamodb, tables } = await open();
      return allRows(dynamodb, tables.orders, {
        FilterExpression: 'entity = :entity',
        ExpressionAttributeValues: { ':entity': entity },
      });
    },

    /** Whether an order's execution has handed out the token that it now waits for. */
    isWaiting: async (orderNumber: string): Promise<boolean> => {
      const { sfn, machines } = await open();
      const executionArn = `${machines.order.replace(':stateMachine:', ':execution:')}:${orderNumber}`;
      const last = { executionArn, reverseOrder: true, maxResults: 1 };
      const { events } = await sfn.send(new GetExecutionHistoryCommand(last));
      return events?.[0]?.type === 'TaskSubmitted';
    },

    /** Everything there is to see; what the caller alone knows is given to it. */
    look: async (known: Pick<DeskView, 'answers' | 'interruptions'>): Promise<DeskView> => {
      const { dynamodb, tables } = await open();
      const { apiUrl, partners, mailDir, documentsDir } = desk.endpoints();
      const documents = await readdir(documentsDir, { recursive: true, withFileTypes: true });
      return {
        ...known,
        orderRows: await allRows(dynamodb, tables.orders),
        stockRows: await allRows(dynamodb, tables.stock),
        executions: await executions(),
        mailFiles: await mailFiles(mailDir),
        documents: documents
          .filter((entry) => entry.isFile())
          .map(({ parentPath, name }) => join(parentPath, name).slice(documentsDir.length + 1)),
        lists: await Promise.all(
          partners.map(async ({ partnerId, apiKey }) => ({
            partnerId,
            orderNumbers: await listedOrders(apiClient(apiUrl, apiKey)),
          })),
        ),
      };
    },

    /**
     * The sweep as the schedule would run it in a later hour, when everything left behind is old enough to be looked at.
     * Mails are another matter: to that sweep one that is being sent right now looks left behind too.
     */
    sweep: async ({ mails }: { mails: boolean }): Promise<void> => {
      const { dynamodb, tables, orders, sfn, machines } = await open();
      const outbox = mailOutbox(dynamodb, () => tables.orders);
      await createSweepOrders({
        orders,
        lists: orderLists(dynamodb, () => tables.orders),
        executions: orderExecutions(sfn, () => machines.order),
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
