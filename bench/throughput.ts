import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type BenchDesk, openBenchDesk } from './bench-desk.ts';
import { markdownTable, quantile } from './table.ts';
import { threeLineOrder } from './three-line-order.ts';

const placedSchema = z.object({ orderNumber: z.string() });
const ordersPerRun = 60;
const writeSeconds = 3;

/** Runs `work` for every item with so many workers at a time. */
export const inParallel = async <Item>(
  items: readonly Item[],
  workers: number,
  work: (item: Item) => Promise<void>,
) => {
  const queue = items.values();
  await Promise.all(
    Array.from({ length: workers }, async () => {
      for (const item of queue) await work(item);
    }),
  );
};

/** Writes per second of the local database on this disk, of one item or of five in a transaction: the floor under everything else. */
const writeRate = async ({ target }: BenchDesk, workers: number, items: 1 | 5): Promise<number> => {
  const end = Date.now() + writeSeconds * 1000;
  let writes = 0;
  const put = (pk: string, sk: string) => ({
    TableName: target.tables.stock,
    Item: { pk: `BENCH#${pk}`, sk, note: 'x'.repeat(500) },
  });
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (Date.now() < end) {
        const pk = `${items}#${worker}#${writes++}`;
        const TransactItems = Array.from({ length: items }, (__, index) => ({ Put: put(pk, String(index)) }));
        if (items === 1) await target.dynamodb.send(new PutCommand(put(pk, '0')));
        else await target.dynamodb.send(new TransactWriteCommand({ TransactItems }));
      }
    }),
  );
  return writes / writeSeconds;
};

const run = async (desk: BenchDesk, clients: number) => {
  const puts = await writeRate(desk, clients, 1);
  const transactions = await writeRate(desk, clients, 5);
  const references = Array.from({ length: ordersPerRun }, (_, index) => `RATE-${clients}-${index}`);
  const numbers: string[] = [];
  const latencies: number[] = [];
  const started = performance.now();
  await inParallel(references, clients, async (reference) => {
    const body = threeLineOrder(reference, 'ON_ACCOUNT', desk.products, new Date());
    const sent = performance.now();
    const { status, body: answer } = await desk.partner.post('/v1/orders', body, {
      'Idempotency-Key': reference,
    });
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(answer)}`);
    latencies.push(performance.now() - sent);
    numbers.push(placedSchema.parse(answer).orderNumber);
  });
  const posted = performance.now();
  await inParallel(numbers, 8, desk.finish);
  const finished = performance.now();
  return [
    clients,
    Math.round(quantile(latencies, 0.5)),
    Math.round(quantile(latencies, 0.99)),
    (ordersPerRun / ((posted - started) / 1000)).toFixed(1),
    (ordersPerRun / ((finished - started) / 1000)).toFixed(1),
    Math.round(puts),
    Math.round(transactions),
  ];
};

/** Posts and whole orders per second on this machine, beside the database's own rate in the same run. */
export const benchThroughput = async (): Promise<string> => {
  const desk = await openBenchDesk();
  try {
    const rows: (string | number)[][] = [];
    for (const clients of [1, 8, 32]) rows.push(await run(desk, clients));
    return markdownTable(
      [
        'Clients',
        'POST p50, ms',
        'POST p99, ms',
        'Posts/s',
        'Orders/s, post to completed and mailed',
        'Database puts/s',
        'Database transactions/s (5 puts)',
      ],
      rows,
    );
  } finally {
    await desk.close();
  }
};
