import * as z from 'zod';
import { mailLocatorSchema } from '../../domain/provenance/field-origin.ts';
import { cellFindingSchema, type Upload } from '../../domain/uploads/upload.ts';
import type { DocumentsBucket } from '../shared/documents.ts';
import { layoutSchema } from './mapping/layout.ts';
import { locatedFindingSchema, orderRowSchema } from './mapping/locate.ts';
import type { OpenOrderFile } from './read-order-file.ts';

/** What the steps of an upload leave for each other in the documents bucket, under `uploads/<uploadId>/`. */

const headSchema = z.object({
  uploadId: z.string(),
  partnerId: z.string(),
  objectKey: z.string(),
  versionId: z.string(),
  /** The mail that brought the file. */
  mail: mailLocatorSchema.optional(),
  layout: layoutSchema,
});

const orderSchema = z.object({
  reference: z.string(),
  body: z.unknown(),
  rows: z.array(orderRowSchema),
  findings: z.array(locatedFindingSchema),
});
export type BatchOrder = z.infer<typeof orderSchema>;
export type Batch = { head: z.infer<typeof headSchema>; orders: BatchOrder[] };

/** What was read beside the orders; `fileFindings` are why the file was refused, or warnings about it. */
const readingSchema = z.object({
  layout: layoutSchema.optional(),
  fileSha256: z.string().optional(),
  examples: z.array(z.object({ reference: z.string(), rows: z.array(orderRowSchema) })),
  fileFindings: z.array(cellFindingSchema),
});
export type Reading = z.infer<typeof readingSchema>;

const orderOutcomes = ['CREATED', 'CREATED_ON_HOLD', 'SKIPPED_DUPLICATE', 'REJECTED', 'VALID'] as const;

const orderResultSchema = z.object({
  reference: z.string(),
  result: z.enum(orderOutcomes),
  orderNumber: z.string().optional(),
  rows: z.array(orderRowSchema),
  findings: z.array(locatedFindingSchema),
});
export type OrderResult = z.infer<typeof orderResultSchema>;

/** So few that both Maps of the upload machine fit its history with every batch tried to the last, docs/decisions/0009. */
export const mostBatches = 400;
const leastOrdersInBatch = 25;

const padded = (number: number): string => String(number).padStart(4, '0');
const batchKey = (uploadId: string, index: number): string =>
  `uploads/${uploadId}/batch-${padded(index + 1)}.jsonl`;
const readingKey = (uploadId: string): string => `uploads/${uploadId}/reading.json`;

/** `uploads/<id>/batch-0001.jsonl` has its results in `uploads/<id>/result-0001.json`, those of a check in `check-0001.json`. */
export const resultKey = (batch: string, kind: 'check' | 'result'): string =>
  batch.replace(/batch-(\d{4,})\.jsonl$/, `${kind}-$1.json`);

type Documents = Pick<DocumentsBucket, 'get' | 'put'>;

/** Reads and writes those documents. Everything is written under names that a repeat writes again. */
export const uploadDocuments = (documents: Documents) => ({
  /**
   * Writes batches of 25 orders, of more where the file is long, each a line of JSON after a first line about the file, and
   * returns their keys. Takes the orders as they are written.
   */
  writeBatches: async (
    upload: Upload,
    { layout, orderCount, orders }: Pick<OpenOrderFile, 'layout' | 'orderCount' | 'orders'>,
  ): Promise<string[]> => {
    const { uploadId, partnerId, objectKey, versionId = '', mail } = upload;
    const head = JSON.stringify({
      uploadId,
      partnerId,
      objectKey,
      versionId,
      mail: mail?.original,
      layout,
    } satisfies Batch['head']);
    const ordersInBatch = Math.max(leastOrdersInBatch, Math.ceil(orderCount / mostBatches));
    const keys: string[] = [];
    let lines: string[] = [];
    const write = async (): Promise<void> => {
      const key = batchKey(uploadId, keys.length);
      await documents.put(key, [head, ...lines].join('\n'), 'application/jsonl');
      keys.push(key);
      lines = [];
    };
    for (const order of orders) {
      if (lines.push(JSON.stringify(order)) === ordersInBatch) await write();
    }
    if (lines.length > 0) await write();
    return keys;
  },

  readBatch: async (key: string): Promise<Batch> => {
    const [head = '', ...lines] = (await documents.get(key)).toString('utf8').split('\n');
    return {
      head: headSchema.parse(JSON.parse(head)),
      orders: lines.map((line) => orderSchema.parse(JSON.parse(line))),
    };
  },

  writeReading: (uploadId: string, reading: Reading): Promise<void> =>
    documents.put(readingKey(uploadId), JSON.stringify(reading), 'application/json'),

  readReading: async (uploadId: string): Promise<Reading> =>
    readingSchema.parse(JSON.parse((await documents.get(readingKey(uploadId))).toString('utf8'))),

  writeResults: async (
    batch: string,
    kind: 'check' | 'result',
    results: readonly OrderResult[],
  ): Promise<void> => documents.put(resultKey(batch, kind), JSON.stringify(results), 'application/json'),

  readResults: async (key: string): Promise<OrderResult[]> =>
    z.array(orderResultSchema).parse(JSON.parse((await documents.get(key)).toString('utf8'))),
});

export type UploadDocuments = ReturnType<typeof uploadDocuments>;
