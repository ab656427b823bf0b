import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterEach, expect, test, vi } from 'vitest';
import { runAdmin } from '../../../admin/run.ts';
import type { Target } from '../../../admin/targets.ts';
import { leavesOf } from '../../../domain/provenance/leaves.ts';
import { uploadSchema } from '../../../domain/uploads/upload.ts';
import { uploadDocuments } from '../../../functions/intake/batch.ts';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { createSubmitBatch } from '../../../functions/intake/submit-batch.ts';
import { catalogueTable } from '../../../functions/shared/catalogue-table.ts';
import { documentsBucket } from '../../../functions/shared/documents.ts';
import { ordersTable } from '../../../functions/shared/orders-table.ts';
import { partnersTable } from '../../../functions/shared/partners-table.ts';
import { createPlaceOrder } from '../../../functions/shared/place-order.ts';
import { readProvenance } from '../../../functions/shared/read-provenance.ts';
import { stockTable } from '../../../functions/shared/stock-table.ts';
import { loadMasterData } from '../../../samples/load-master-data.ts';
import { readSampleOrders } from '../../../samples/read-samples.ts';
import { aLine, csvOf, table } from '../../intake/sample-orders.ts';
import { startS3 } from '../../local/s3/s3-fixture.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();
afterEach(() => {
  vi.unstubAllEnvs();
});
const now = new Date('2026-03-02T08:00:00Z');
const timeZone = 'Asia/Shanghai';
const objectKey = 'inbox/example-mall/orders.csv';

/** A desk with the sample orders and one more out of a file, and the command line on it. */
const aDesk = async () => {
  await loadMasterData(local.target);
  const { client } = await startS3();
  const bucketName = 'documents';
  const target: Target = {
    ...local.target,
    s3: client,
    documents: { bucketName },
    inbox: { ...local.target.inbox, bucketName },
  };
  const { dynamodb, tables } = target;
  vi.stubEnv('ORDERS_TABLE', tables.orders);
  const orders = ordersTable(dynamodb, () => tables.orders);
  const partners = partnersTable(dynamodb, () => tables.partners);
  const documents = documentsBucket(client, () => bucketName);
  const placeOrder = createPlaceOrder({
    orders,
    catalogue: catalogueTable(dynamodb, () => tables.catalogue),
    partners,
    documents,
    executions: { start: async () => {} },
    stock: stockTable(dynamodb, () => tables.stock),
    timeZone: () => timeZone,
    now: () => now,
  });
  const partnerOf = async (partnerId: string) => {
    const partner = await partners.readPartner(partnerId);
    if (!partner) throw new Error(`no partner ${partnerId}`);
    return partner;
  };

  const numbers: string[] = [];
  for (const { partnerId, body } of await readSampleOrders(now, timeZone)) {
    const source = { kind: 'API', text: JSON.stringify(body) } as const;
    const placed = await placeOrder({ partner: await partnerOf(partnerId), body, source, commit: true });
    if (placed.outcome !== 'created') throw new Error(JSON.stringify(placed));
    numbers.push(placed.orderNumber);
  }

  const bytes = Buffer.from(csvOf(table([aLine({ requestedDate: '2026-03-20', sku: 'MUG-300-WH' })])));
  const { VersionId: versionId = '' } = await client.send(
    new PutObjectCommand({ Bucket: bucketName, Key: objectKey, Body: bytes }),
  );
  const partner = await partnerOf('example-mall');
  const upload = uploadSchema.parse({
    uploadId: 'u1',
    partnerId: partner.partnerId,
    objectKey,
    versionId,
    fileName: 'orders.csv',
    mode: 'REJECT_FAILED_ORDERS',
    language: 'zh-CN',
    status: 'PROCESSING',
    createdAt: now.toISOString(),
    updatedAt: now.toISOString(),
  });
  const batches = uploadDocuments(documents);
  const uploads = { readBatch: async () => undefined, recordBatch: async () => {} };
  const submitBatch = createSubmitBatch({ placeOrder, orders, partners, uploads, documents: batches });
  const file = await readOrderFile(bytes, { partner, now, timeZone });
  for (const batch of await batches.writeBatches(upload, file)) {
    const { result } = await submitBatch({ uploadId: 'u1', batch, purpose: 'submit' });
    for (const { orderNumber } of await batches.readResults(result))
      if (orderNumber) numbers.push(orderNumber);
  }

  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const write = (text: string) => {
      lines.push(...text.split('\n'));
    };
    const exitCode = await runAdmin(['verify-provenance', ...argv], {
      connect: async () => target,
      write,
      writeError: write,
    });
    return { exitCode, lines };
  };
  return { client, dynamodb, tables, orders, documents, numbers, versionId, bucketName, run };
};

test('every field of every sample order has an origin, and is proven', async () => {
  const { orders, documents, numbers, run } = await aDesk();
  let fields = 0;
  for (const orderNumber of numbers) {
    const record = await orders.read(orderNumber);
    const known = record && (await readProvenance(record, documents));
    const stored = leavesOf(record?.content).map(({ field }) => field);
    expect(new Set(known?.map(({ field }) => field))).toEqual(new Set(stored));
    fields += stored.length;
  }
  expect(numbers).toHaveLength(21);
  expect(await run()).toEqual({
    exitCode: 0,
    lines: [`21 orders, ${fields} fields compared; 0 differences in 0 orders.`],
  });
});

test('a field that somebody changed, and a version that is gone, are told each in a line', async () => {
  const { client, dynamodb, tables, numbers, versionId, bucketName, run } = await aDesk();
  const [posted = '', untouched = ''] = numbers;
  const fromFile = numbers.at(-1) ?? '';
  await dynamodb.send(
    new UpdateCommand({
      TableName: tables.orders,
      Key: { pk: `ORDER#${posted}`, sk: 'CONTENT' },
      UpdateExpression: 'SET content.buyer.#name = :name',
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': 'Somebody Else' },
    }),
  );
  await client.send(new DeleteObjectCommand({ Bucket: bucketName, Key: objectKey, VersionId: versionId }));
  const { exitCode, lines } = await run();
  expect(exitCode).toBe(1);
  expect(lines).toEqual([
    expect.stringMatching(
      new RegExp(
        `^${posted} {2}#/buyer/name: differs from the original; stored "Somebody Else"; original ".+"; at orders/${posted}/original.json #/buyer/name$`,
      ),
    ),
    `${fromFile}  #: the original is not there; stored ${objectKey}?versionId=${versionId}`,
    expect.stringMatching(/^21 orders, \d+ fields compared; 2 differences in 2 orders\.$/),
  ]);
  expect(await run(untouched)).toMatchObject({ exitCode: 0 });
  expect((await run(untouched, posted)).lines).toHaveLength(2);
});

test('an order that does not exist is refused', async () => {
  const { run } = await aDesk();
  expect(await run('SO-20260302-999999-0')).toMatchObject({ exitCode: 1 });
});
