import { describe, expect, test } from 'vitest';
import type { Upload } from '../../domain/uploads/upload.ts';
import { mostUploadRows } from '../../domain/uploads/upload-limits.ts';
import { mostBatches, uploadDocuments } from '../../functions/intake/batch.ts';
import type { Layout } from '../../functions/intake/mapping/layout.ts';
import type { ReadOrder } from '../../functions/intake/mapping/map-order.ts';

const upload: Upload = {
  uploadId: '019a0000-0000-7000-8000-000000000001',
  partnerId: 'example-mall',
  objectKey: 'inbox/example-mall/orders.csv',
  versionId: 'v1',
  fileName: 'orders.csv',
  mode: 'REJECT_FAILED_ORDERS',
  language: 'zh-CN',
  status: 'PROCESSING',
  fileFindings: [],
  createdAt: '2025-10-14T02:00:00.000Z',
  updatedAt: '2025-10-14T02:00:00.000Z',
};
const layout: Layout = { headerRow: 1, language: 'zh-CN', columns: [] };

/** Orders that tell of being taken. */
function* ordersOf(count: number, taken: (index: number) => void = () => {}): Generator<ReadOrder> {
  for (let index = 0; index < count; index += 1) {
    taken(index);
    yield { reference: `PO-${index}`, body: {}, rows: [], findings: [] };
  }
}

const aBucket = (whenPut: () => void = () => {}) => {
  const objects = new Map<string, Buffer>();
  const documents = uploadDocuments({
    put: async (key, body) => {
      whenPut();
      objects.set(key, Buffer.from(body));
    },
    get: async (key) => objects.get(key) ?? Buffer.alloc(0),
  });
  return { objects, documents };
};

describe('the orders of a file are left in batches', () => {
  test.for([
    { orders: 1, batches: 1 },
    { orders: 25, batches: 1 },
    { orders: 26, batches: 2 },
    { orders: 10_000, batches: 400 },
    { orders: 10_001, batches: 385 },
    { orders: mostUploadRows, batches: 400 },
  ])('$orders orders in $batches', async ({ orders: orderCount, batches }) => {
    const { documents } = aBucket();
    const keys = await documents.writeBatches(upload, { layout, orderCount, orders: ordersOf(orderCount) });
    expect(keys).toHaveLength(batches);
    expect(keys.length).toBeLessThanOrEqual(mostBatches);
  });

  test('each order in one of them, in the order of the file', async () => {
    const { documents } = aBucket();
    const keys = await documents.writeBatches(upload, { layout, orderCount: 60, orders: ordersOf(60) });
    const references: string[] = [];
    for (const key of keys) {
      const { head, orders } = await documents.readBatch(key);
      expect(head).toMatchObject({ uploadId: upload.uploadId, versionId: 'v1', layout });
      references.push(...orders.map(({ reference }) => reference));
    }
    expect(references).toEqual(Array.from({ length: 60 }, (_, index) => `PO-${index}`));
  });

  test('under the same names when the file is read again', async () => {
    const { documents, objects } = aBucket();
    const write = () => documents.writeBatches(upload, { layout, orderCount: 60, orders: ordersOf(60) });
    expect(await write()).toEqual(await write());
    expect(objects.size).toBe(3);
  });

  test('each is written before the next is taken, so that a long file is never held whole', async () => {
    const seen: string[] = [];
    const { documents } = aBucket(() => seen.push('put'));
    const orders = ordersOf(60, (index) => index % 25 === 0 && seen.push(`take ${index}`));
    await documents.writeBatches(upload, { layout, orderCount: 60, orders });
    expect(seen).toEqual(['take 0', 'put', 'take 25', 'put', 'take 50', 'put']);
  });
});
