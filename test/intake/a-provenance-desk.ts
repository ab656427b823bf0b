import { NoSuchKey } from '@aws-sdk/client-s3';
import { emptyAccount } from '../../domain/customers/customer-account.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { Product } from '../../domain/product.ts';
import { rulesOf } from '../../domain/rules/rules.ts';
import type { SubmittedLine } from '../../domain/submissions/order-schema.ts';
import { uploadSchema } from '../../domain/uploads/upload.ts';
import { uploadDocuments } from '../../functions/intake/batch.ts';
import { readOrderFile } from '../../functions/intake/read-order-file.ts';
import { InvalidFile } from '../../functions/intake/readers/invalid-file.ts';
import { createSubmitBatch } from '../../functions/intake/submit-batch.ts';
import { createVerifyOrder } from '../../functions/intake/verify-order.ts';
import { contentRows, eventRow, fromRows, stateRow } from '../../functions/shared/order-rows.ts';
import type { NewOrder } from '../../functions/shared/orders-table.ts';
import { createPlaceOrder } from '../../functions/shared/place-order.ts';
import { aPartner } from '../builders/a-partner.ts';
import { aProduct } from '../builders/a-product.ts';

type Options = {
  partner?: Partner;
  products?: Product[];
  /** SKUs by the partner's own codes and by GTIN. */
  otherNames?: Record<string, string>;
  now: Date;
};

/** An order as it comes back from its rows. */
const stored = ({ state, content, event }: NewOrder): OrderRecord => {
  const { orderNumber } = state;
  const rows = [...contentRows(orderNumber, content), eventRow(orderNumber, event), stateRow(state)];
  const record = fromRows(JSON.parse(JSON.stringify(rows)));
  if (!record) throw new Error('an order is what its rows say');
  return record;
};

/** Intake and verification with nothing below them but memory: orders, documents, and files by key and version. */
export const aProvenanceDesk = ({
  partner = aPartner(),
  products = [aProduct()],
  otherNames = {},
  now,
}: Options) => {
  const archive = new Map<string, Buffer>();
  const files = new Map<string, Buffer>();
  const placed = new Map<string, OrderRecord>();
  let last = 0;
  const timeZone = () => 'Asia/Shanghai';
  const documents = {
    put: async (key: string, body: string | Buffer) => {
      archive.set(key, Buffer.from(body));
    },
    get: async (key: string) => {
      const body = archive.get(key);
      if (!body) throw new NoSuchKey({ $metadata: {}, message: key });
      return body;
    },
  };
  const nameOf = ({ buyerItemId, gtin }: Pick<SubmittedLine, 'buyerItemId' | 'gtin'>) =>
    otherNames[buyerItemId ?? gtin ?? ''];
  const placeOrder = createPlaceOrder({
    orders: {
      create: async (order) => {
        placed.set(order.state.orderNumber, stored(order));
        return 'created';
      },
      nextNumbers: async () => {
        last += 1;
        return last;
      },
      findReference: async () => undefined,
      findAlike: async () => [],
      readContactMarks: async () => new Map(),
      readState: async () => undefined,
    },
    catalogue: {
      articlesLike: async () => new Map(),
      resolveSkus: async (_partnerId, lines) => lines.map((line) => line.sku ?? nameOf(line)),
      readProducts: async () => new Map(products.map((product) => [product.sku, product])),
      readRules: async () => rulesOf({}),
    },
    partners: { findCustomer: async () => ({ customer: undefined, candidates: [] }) },
    documents,
    executions: { start: async () => {} },
    stock: { readLevels: async () => new Map(), readAccount: async () => emptyAccount },
    timeZone,
    now: () => now,
  });
  const order = (orderNumber: string): OrderRecord => {
    const record = placed.get(orderNumber);
    if (!record) throw new Error(`no order ${orderNumber}`);
    return record;
  };
  const submitBatch = createSubmitBatch({
    placeOrder,
    orders: { read: async (orderNumber) => placed.get(orderNumber) },
    partners: { readPartner: async () => partner },
    uploads: { readBatch: async () => undefined, recordBatch: async () => {} },
    documents: uploadDocuments(documents),
  });

  return {
    partner,
    archive,
    files,
    documents,
    order,
    orders: () => [...placed.values()],

    /** Posts a body as it is written; answers the order's number. */
    post: async (text: string): Promise<string> => {
      const result = await placeOrder({
        partner,
        body: JSON.parse(text),
        source: { kind: 'API', text },
        commit: true,
      });
      if (result.outcome !== 'created') throw new Error(`${text}: ${JSON.stringify(result)}`);
      return result.orderNumber;
    },

    /** Drops a file and places its orders; answers their numbers. Fails when one is refused. */
    send: async (
      bytes: Buffer,
      {
        objectKey = `inbox/${partner.partnerId}/orders.csv`,
        versionId = 'v1',
        mail = undefined as unknown,
      } = {},
    ): Promise<string[]> => {
      files.set(`${objectKey}?${versionId}`, bytes);
      const at = now.toISOString();
      const upload = uploadSchema.parse({
        uploadId: `${objectKey}-${versionId}`,
        partnerId: partner.partnerId,
        objectKey,
        versionId,
        mail,
        fileName: objectKey.slice(objectKey.lastIndexOf('/') + 1),
        mode: 'REJECT_FAILED_ORDERS',
        language: 'zh-CN',
        status: 'PROCESSING',
        createdAt: at,
        updatedAt: at,
      });
      const read = await readOrderFile(bytes, { partner, now, timeZone: timeZone() });
      const problems = read.orders.flatMap(({ findings }) =>
        findings.filter(({ severity }) => severity === 'ERROR'),
      );
      if (problems.length > 0) throw new Error(JSON.stringify(problems));
      const before = new Set(placed.keys());
      for (const batch of await uploadDocuments(documents).writeBatches(upload, read)) {
        const { rejected } = await submitBatch({ uploadId: upload.uploadId, batch, purpose: 'submit' });
        if (rejected > 0) throw new Error(archive.get(batch.replace('batch-', 'result-'))?.toString());
      }
      return [...placed.keys()].filter((orderNumber) => !before.has(orderNumber));
    },

    /** A verifier that has read nothing yet. */
    verifier: () =>
      createVerifyOrder({
        documents,
        inbox: {
          read: async ({ key, versionId }) => {
            const bytes = files.get(`${key}?${versionId}`);
            if (!bytes) throw new InvalidFile('FILE_GONE');
            return { bytes };
          },
        },
        inboxBucket: () => 'inbox',
      }),
  };
};
