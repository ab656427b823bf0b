import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import * as z from 'zod';
import { mostUploadRows } from '../../domain/uploads/upload-limits.ts';
import { uploadDocuments } from '../../functions/intake/batch.ts';
import { createReadUpload } from '../../functions/intake/read-upload.ts';
import { createSubmitBatch } from '../../functions/intake/submit-batch.ts';
import { createWriteUploadResult } from '../../functions/intake/write-upload-result.ts';
import { catalogueTable } from '../../functions/shared/catalogue-table.ts';
import { inboundMailsTable } from '../../functions/shared/inbound-mails-table.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { createPlaceOrder } from '../../functions/shared/place-order.ts';
import { stockTable } from '../../functions/shared/stock-table.ts';
import { uploadsTable } from '../../functions/shared/uploads-table.ts';
import { benchTarget } from '../bench-database.ts';
import { report } from './report.ts';

/** One step of the upload machine over a file; what the steps leave for each other lies in a folder. */
const [, , step = '', folder = '', databaseUrl = '', file = ''] = process.argv;

const stateSchema = z.object({
  uploadId: z.string(),
  batches: z.array(z.string()),
  results: z.array(z.string()).default([]),
});
const stateFile = join(folder, 'state.json');
const keep = (state: z.input<typeof stateSchema>) => writeFile(stateFile, JSON.stringify(state));
const kept = async () => stateSchema.parse(JSON.parse(await readFile(stateFile, 'utf8')));

let puts = 0;
let gets = 0;
const bucket = {
  put: async (key: string, body: string | Buffer): Promise<void> => {
    puts += 1;
    await mkdir(dirname(join(folder, key)), { recursive: true });
    await writeFile(join(folder, key), body);
  },
  get: (key: string): Promise<Buffer> => {
    gets += 1;
    return readFile(join(folder, key));
  },
};
const inbox = { read: async () => ({ bytes: await readFile(file) }) };
const { dynamodb, tables } = benchTarget(databaseUrl);
const orders = ordersTable(dynamodb, () => tables.orders);
const partners = partnersTable(dynamodb, () => tables.partners);
const uploads = uploadsTable(dynamodb, () => tables.orders);
const documents = uploadDocuments(bucket);
const timeZone = () => 'Asia/Shanghai';

const steps: Record<string, () => Promise<void>> = {
  read: async () => {
    const read = await createReadUpload({
      inbox,
      uploads,
      mails: inboundMailsTable(dynamodb, () => tables.orders),
      partners,
      documents,
      timeZone,
      maxRows: () => mostUploadRows,
    })({
      bucket: 'inbox',
      key: `inbox/example-mall/${file.replaceAll('/', '-')}`,
      versionId: 'v1',
      executionId: 'bench',
    });
    await keep(stateSchema.parse(read));
  },

  place: async () => {
    const { uploadId, batches } = await kept();
    const submitBatch = createSubmitBatch({
      placeOrder: createPlaceOrder({
        orders,
        catalogue: catalogueTable(dynamodb, () => tables.catalogue),
        partners,
        documents: bucket,
        executions: { start: async () => {} },
        stock: stockTable(dynamodb, () => tables.stock),
        timeZone,
      }),
      orders,
      uploads,
      partners,
      documents,
    });
    const results: string[] = [];
    for (const batch of batches) {
      const { result, rejected } = await submitBatch({ uploadId, batch, purpose: 'submit' });
      if (rejected > 0) throw new Error(`the bench's own file has bad orders: ${result}`);
      results.push(result);
    }
    await keep({ uploadId, batches, results });
  },

  write: async () => {
    const { uploadId, results } = await kept();
    await createWriteUploadResult({ inbox, uploads, partners, documents, results: bucket })({
      uploadId,
      bucket: 'inbox',
      results,
    });
  },
};

const started = performance.now();
await steps[step]?.();
report(started, { puts, gets, batches: (await kept()).batches.length, format: extname(file).slice(1) });
process.exit();
