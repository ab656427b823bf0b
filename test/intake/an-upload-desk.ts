import { readFileSync } from 'node:fs';
import { PutCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import { onTestFinished, vi } from 'vitest';
import * as z from 'zod';
import type { Target } from '../../admin/targets.ts';
import { mailIntentSchema } from '../../domain/mail.ts';
import type { Partner } from '../../domain/partner.ts';
import {
  rowResultSchema,
  type UploadCounts,
  uploadCountsSchema,
  uploadSchema,
  uploadStatuses,
} from '../../domain/uploads/upload.ts';
import { defaultUploadRows } from '../../domain/uploads/upload-limits.ts';
import { uploadPhases } from '../../domain/uploads/upload-progress.ts';
import { createReadUploadStatus } from '../../functions/api/read-upload-status.ts';
import { uploadDocuments } from '../../functions/intake/batch.ts';
import { createFailUpload } from '../../functions/intake/fail-upload.ts';
import type { InboxFile } from '../../functions/intake/inbox.ts';
import { createReadUpload } from '../../functions/intake/read-upload.ts';
import { InvalidFile } from '../../functions/intake/readers/invalid-file.ts';
import { createSubmitBatch, submitBatchInput } from '../../functions/intake/submit-batch.ts';
import { arrivedFileSchema } from '../../functions/intake/upload-identity.ts';
import {
  createWriteUploadResult,
  writeUploadResultInput,
} from '../../functions/intake/write-upload-result.ts';
import { catalogueTable } from '../../functions/shared/catalogue-table.ts';
import { classifyError } from '../../functions/shared/classify-error.ts';
import { inboundMailsTable } from '../../functions/shared/inbound-mails-table.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { createPlaceOrder } from '../../functions/shared/place-order.ts';
import { stockTable } from '../../functions/shared/stock-table.ts';
import { uploadsTable } from '../../functions/shared/uploads-table.ts';
import type { JsonValue } from '../../local/json.ts';
import { TaskError } from '../../local/states/engine.ts';
import { aPartner } from '../builders/a-partner.ts';
import { aPrice, aProduct } from '../builders/a-product.ts';
import { aRequest, asPartner } from '../builders/a-request.ts';
import { lambda, runOnce } from '../local/states/start-engine.ts';
import { now, timeZone } from './sample-orders.ts';

const machineSchema = z.object({ StartAt: z.string(), States: z.record(z.string(), z.json()) });

const machine = () => {
  const text = readFileSync(new URL('../../statemachines/upload.asl.json', import.meta.url), 'utf8');
  return machineSchema.parse(JSON.parse(text.replaceAll(/\$\{(\w+)\}/g, '$1')));
};

const resultSchema = z.object({
  uploadId: z.string(),
  status: z.string(),
  counts: uploadCountsSchema,
  fileFindings: z.array(z.looseObject({ code: z.string() })),
  rows: z.array(
    rowResultSchema.extend({
      findings: z.array(z.looseObject({ code: z.string(), message: z.record(z.string(), z.string()) })),
    }),
  ),
});

const statusSchema = z.object({
  status: z.enum(uploadStatuses),
  counts: uploadCountsSchema.optional(),
  progress: z
    .strictObject({
      phase: z.enum(uploadPhases),
      ordersDone: z.int(),
      ordersChecked: z.int().optional(),
      ordersTotal: z.int().optional(),
    })
    .optional(),
});
export type UploadStatus = z.infer<typeof statusSchema>;

const callSchema = z.discriminatedUnion('FunctionName', [
  z.object({ FunctionName: z.literal('ReadUpload'), Payload: arrivedFileSchema }),
  z.object({ FunctionName: z.literal('SubmitBatch'), Payload: submitBatchInput }),
  z.object({ FunctionName: z.literal('WriteUploadResult'), Payload: writeUploadResultInput }),
  z.object({ FunctionName: z.literal('FailUpload'), Payload: arrivedFileSchema }),
]);
type Call = z.infer<typeof callSchema>;
export type StepName = Call['FunctionName'];

/** Told of every step, and of every order that a batch writes, before and after; may throw in its place. */
type Fault = (name: StepName | 'PlaceOrder', when: 'before' | 'after', call: number) => void | Promise<void>;

/** created + onHold + rejected + duplicate + example + valid, which must be the orders of the file. */
export const accountedFor = (counts: UploadCounts): number =>
  counts.created + counts.onHold + counts.rejected + counts.duplicate + counts.example + counts.valid;

/**
 * The intake over a local database: an inbox that files are dropped into, a documents bucket in memory, and the upload
 * machine. `fault` may throw before or after a step or the writing of an order, as a crash there would.
 */
export const anUploadDesk = async (
  target: Target,
  changes: Partial<Partner> = {},
  maxRows = defaultUploadRows,
) => {
  const { dynamodb, tables } = target;
  vi.stubEnv('ORDERS_TABLE', tables.orders);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const partner = aPartner(changes);
  const put = (TableName: string, Item: Record<string, unknown>) =>
    dynamodb.send(new PutCommand({ TableName, Item }));
  await put(tables.partners, { pk: `PARTNER#${partner.partnerId}`, sk: 'PROFILE', ...partner });
  const sellAt = async (unitPrice: string) => {
    const product = aProduct({ prices: [aPrice({ unitPrice })] });
    await put(tables.catalogue, { pk: `SKU#${product.sku}`, sk: 'PRODUCT', ...product });
    return product;
  };
  const product = await sellAt('39.90');
  await put(tables.stock, {
    pk: `SKU#${product.sku}`,
    sk: 'LEVEL',
    sku: product.sku,
    onHand: 1000,
    reserved: 0,
    available: 1000,
  });

  const objects = new Map<string, Buffer>();
  const bucket = {
    put: async (key: string, body: string | Buffer) => {
      objects.set(key, Buffer.from(body));
    },
    get: async (key: string): Promise<Buffer> => {
      const object = objects.get(key);
      if (!object) throw new Error(`NoSuchKey ${key}`);
      return object;
    },
  };
  const files = new Map<string, InboxFile>();
  const started: string[] = [];
  const orders = ordersTable(dynamodb, () => tables.orders);
  const partners = partnersTable(dynamodb, () => tables.partners);
  const uploads = uploadsTable(dynamodb, () => tables.orders);
  const mails = inboundMailsTable(dynamodb, () => tables.orders);
  const documents = uploadDocuments(bucket);
  const clock = () => now;

  let fault: Fault = () => {};
  const calls = new Map<string, number>();
  /** Runs one call between two moments at which it may be interrupted. */
  const interruptible = async <Result>(
    name: StepName | 'PlaceOrder',
    work: () => Promise<Result>,
  ): Promise<Result> => {
    const count = (calls.get(name) ?? 0) + 1;
    calls.set(name, count);
    await fault(name, 'before', count);
    const result = await work();
    await fault(name, 'after', count);
    return result;
  };

  const inbox = {
    read: async ({ key, versionId }: { key: string; versionId: string }) => {
      const file = files.get(`${key}?${versionId}`);
      if (!file) throw new InvalidFile('FILE_GONE');
      return file;
    },
  };
  const steps = {
    ReadUpload: createReadUpload({
      inbox,
      uploads,
      mails,
      partners,
      documents,
      timeZone: () => timeZone,
      maxRows: () => maxRows,
      now: clock,
    }),
    SubmitBatch: createSubmitBatch({
      placeOrder: createPlaceOrder({
        orders: {
          ...orders,
          create: (...order) => interruptible('PlaceOrder', () => orders.create(...order)),
        },
        catalogue: catalogueTable(dynamodb, () => tables.catalogue),
        partners,
        documents: bucket,
        executions: {
          start: async (orderNumber) => {
            started.push(orderNumber);
          },
        },
        stock: stockTable(dynamodb, () => tables.stock),
        timeZone: () => timeZone,
        now: clock,
      }),
      orders,
      partners,
      uploads,
      documents,
      now: clock,
    }),
    WriteUploadResult: createWriteUploadResult({
      inbox,
      uploads,
      partners,
      documents,
      results: bucket,
      now: clock,
    }),
    FailUpload: createFailUpload({ uploads, mails, partners, now: clock }),
  };

  const answer = (call: Call): Promise<unknown> => {
    switch (call.FunctionName) {
      case 'ReadUpload':
        return steps.ReadUpload(call.Payload);
      case 'SubmitBatch':
        return steps.SubmitBatch(call.Payload);
      case 'WriteUploadResult':
        return steps.WriteUploadResult(call.Payload);
      case 'FailUpload':
        return steps.FailUpload(call.Payload);
      default:
        return call satisfies never;
    }
  };

  /** Rows of the Orders table of one kind. */
  const rows = async <Schema extends z.ZodType>(
    entity: string,
    schema: Schema,
  ): Promise<z.infer<Schema>[]> => {
    const found: unknown[] = [];
    for await (const { Items = [] } of paginateScan({ client: dynamodb }, { TableName: tables.orders }))
      found.push(...Items.filter((item) => item.entity === entity));
    return z.array(schema).parse(found);
  };

  return {
    steps,
    started,
    objects,
    uploads,
    partnerId: partner.partnerId,

    /** Changes the one price of the catalogue. */
    sellAt,

    /** Puts a file into the inbox; answers the event that tells of it. */
    drop: (
      bytes: Buffer,
      {
        key = `inbox/${partner.partnerId}/orders.csv`,
        versionId = 'v1',
        mode = undefined as string | undefined,
      } = {},
    ) => {
      files.set(`${key}?${versionId}`, { bytes, mode });
      return { bucket: 'inbox', key, versionId };
    },

    /** Runs upload.asl.json on an event. */
    run: async (event: JsonValue, interrupt: Fault = () => {}) => {
      fault = interrupt;
      calls.clear();
      const invoke = async (args: JsonValue): Promise<JsonValue> => {
        const call = callSchema.parse(args);
        try {
          const result = await interruptible(call.FunctionName, () => answer(call));
          return { StatusCode: 200, Payload: z.json().parse(JSON.parse(JSON.stringify(result))) };
        } catch (error) {
          const { name, message } = classifyError(error);
          throw new TaskError(name, message);
        }
      };
      const { engine, executionArn, ...described } = await runOnce(
        { states: machine().States, integrations: { [lambda]: invoke } },
        event,
      );
      // By less than a step's timeout, so that none times out while it is really at work.
      for (let rest = 0; rest < 300 && (await engine.describe(executionArn)).status === 'RUNNING'; rest++) {
        await engine.clock.advance(30_000);
        await engine.idle();
      }
      const steps = Object.fromEntries([...calls].filter(([name]) => name !== 'PlaceOrder'));
      return { ...described, ...(await engine.describe(executionArn)), calls: steps };
    },

    /** What GET /v1/uploads/{uploadId} says. */
    status: async (uploadId: string) => {
      const { body } = await createReadUploadStatus({ uploads, documents: { link: async (key) => key } })(
        aRequest({ principal: asPartner(partner.partnerId), path: { uploadId } }),
      );
      return statusSchema.parse(body);
    },

    uploadRows: () => rows('UPLOAD', uploadSchema),
    mails: () => rows('MAIL', mailIntentSchema),
    orderNumbers: async () =>
      (await rows('ORDER', z.object({ orderNumber: z.string() }))).map(({ orderNumber }) => orderNumber),
    result: (uploadId: string) => {
      const json = objects.get(`results/${partner.partnerId}/${uploadId}.json`);
      return resultSchema.parse(JSON.parse(json?.toString() ?? 'null'));
    },
    workbook: (uploadId: string): Buffer =>
      objects.get(`results/${partner.partnerId}/${uploadId}.xlsx`) ?? Buffer.alloc(0),
  };
};
