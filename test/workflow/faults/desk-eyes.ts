import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  DescribeExecutionCommand,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  SFNClient,
} from '@aws-sdk/client-sfn';
import { BatchGetCommand, paginateQuery, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { localTarget } from '../../../admin/targets.ts';
import type { Row } from '../../../functions/shared/order-rows.ts';
import type { DeskView, MailFile } from '../invariants/desk-view.ts';
import type { TestDesk } from '../test-desk.ts';

const rowSchema = z.looseObject({ pk: z.string(), sk: z.string() });
const rowsSchema = z.array(rowSchema);
const numberSchema = z.object({ orderNumber: z.string() });
const levelSchema = z.looseObject({ ...rowSchema.shape, sku: z.string(), onHand: z.number() });
export type LevelRow = z.infer<typeof levelSchema>;

type Key = { pk: string; sk: string };

const skus = ['MUG-300-WH', 'TEAPOT-600'];
const mailFileName = /^\S+?Z-(.+)\.eml$/;

const mailOf = async (mailDir: string, name: string): Promise<MailFile> => {
  const [head = ''] = (await readFile(join(mailDir, name), 'utf8')).split(/\r?\n\r?\n/, 1);
  return {
    messageId: mailFileName.exec(name)?.[1] ?? '',
    reference: /^X-Entity-Ref-ID:\s*(\S+)/im.exec(head)?.[1] ?? '',
    at: new Date(0),
  };
};

/** What the operator sees of a desk: single rows, executions and files, not all of them at once. */
export const deskEyes = async ({ stateDir, endpoints }: TestDesk) => {
  const { dynamodb, tables } = await localTarget(stateDir);
  const { region, credentials, outputs, mailDir, documentsDir } = endpoints;
  const sfn = new SFNClient({
    region,
    credentials,
    endpoint: endpoints.endpoints.AWS_ENDPOINT_URL_SFN ?? '',
  });
  const { OrderStateMachineArn = '', UploadStateMachineArn = '' } = outputs;

  const rowsAt = async (table: string, Keys: Key[]): Promise<Row[]> => {
    if (Keys.length === 0) return [];
    const { Responses } = await dynamodb.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys, ConsistentRead: true } } }),
    );
    return rowsSchema.parse(Responses?.[table] ?? []);
  };

  return {
    /** All rows of some partitions of the Orders table. */
    partitions: async (pks: readonly string[]): Promise<Row[]> => {
      const rows: Row[] = [];
      for (const pk of pks) {
        const pages = paginateQuery(
          { client: dynamodb },
          {
            TableName: tables.orders,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': pk },
            ConsistentRead: true,
          },
        );
        for await (const { Items } of pages) rows.push(...rowsSchema.parse(Items ?? []));
      }
      return rows;
    },

    /** Numbers of a partner's orders that changed since then, whatever they are called. */
    ordersSince: async (partnerId: string, since: Date): Promise<string[]> => {
      const pages = paginateQuery(
        { client: dynamodb },
        {
          TableName: tables.orders,
          IndexName: 'byPartner',
          KeyConditionExpression: 'orderPartnerId = :partner',
          FilterExpression: 'updatedAt >= :since',
          ExpressionAttributeValues: { ':partner': partnerId, ':since': since.toISOString() },
        },
      );
      const numbers: string[] = [];
      for await (const { Items } of pages)
        numbers.push(
          ...z
            .array(numberSchema)
            .parse(Items ?? [])
            .map(({ orderNumber }) => orderNumber),
        );
      return numbers;
    },

    /** Ids of uploads since then: a file that was sent twice has a second one, which its sender does not know of. */
    uploadsSince: async (since: Date): Promise<string[]> => {
      const pages = paginateScan(
        { client: dynamodb },
        {
          TableName: tables.orders,
          FilterExpression: 'entity = :upload AND createdAt >= :since',
          ExpressionAttributeValues: { ':upload': 'UPLOAD', ':since': since.toISOString() },
        },
      );
      const ids: string[] = [];
      for await (const { Items } of pages)
        ids.push(
          ...z
            .array(z.object({ uploadId: z.string() }))
            .parse(Items ?? [])
            .map((row) => row.uploadId),
        );
      return ids;
    },

    idempotencyRow: (partnerId: string, key: string): Promise<Row[]> => {
      const hash = createHash('sha256').update(`/v1/orders\n${key}`).digest('hex');
      return rowsAt(tables.orders, [{ pk: `IDEMPOTENCY#${partnerId}#${hash}`, sk: 'IDEMPOTENCY' }]);
    },

    /** Levels of the articles that the stories are about. */
    levels: async (): Promise<LevelRow[]> =>
      z.array(levelSchema).parse(
        await rowsAt(
          tables.stock,
          skus.map((sku) => ({ pk: `SKU#${sku}`, sk: 'LEVEL' })),
        ),
      ),

    reservations: (orderNumbers: readonly string[]): Promise<Row[]> =>
      rowsAt(
        tables.stock,
        orderNumbers.map((orderNumber) => ({ pk: `RESERVATION#${orderNumber}`, sk: 'RESERVATION' })),
      ),

    orderExecution: async (name: string): Promise<DeskView['executions']> => {
      const executionArn = `${OrderStateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      try {
        const { status = '' } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return [{ machine: 'order', name, status }];
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return [];
        throw error;
      }
    },

    uploadExecutionsSince: async (since: Date): Promise<DeskView['executions']> => {
      const { executions = [] } = await sfn.send(
        new ListExecutionsCommand({ stateMachineArn: UploadStateMachineArn, maxResults: 20 }),
      );
      return executions
        .filter(({ startDate }) => startDate && startDate >= since)
        .map(({ name = '', status = '' }) => ({ machine: 'upload', name, status }));
    },

    mailNames: async (): Promise<Set<string>> => new Set(await readdir(mailDir)),

    /** The mails that left since. */
    mailsSince: async (before: ReadonlySet<string>): Promise<MailFile[]> => {
      const names = (await readdir(mailDir)).filter((name) => name.endsWith('.eml') && !before.has(name));
      return Promise.all(names.map((name) => mailOf(mailDir, name)));
    },

    documentsOf: async (orderNumber: string): Promise<string[]> => {
      const names = await readdir(join(documentsDir, 'orders', orderNumber)).catch(() => []);
      return names.map((name) => `orders/${orderNumber}/${name}`);
    },
  };
};

export type DeskEyes = Awaited<ReturnType<typeof deskEyes>>;
