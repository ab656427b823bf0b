import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { type BenchDesk, openBenchDesk } from './bench-desk.ts';
import { markdownTable, quantile } from './table.ts';
import { threeLineOrder } from './three-line-order.ts';

const placedSchema = z.object({ orderNumber: z.string() });
const ordersPerRun = 60;
const putSeconds = 3;

/** Runs `work` for every item with so many workers at a time. */
const inParallel = async <Item>(
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

/** Single puts per second of the local database on this disk: the floor under everything else. */
const putRate = async ({ target }: BenchDesk, workers: number): Promise<number> => {
  const end = Date.now() + putSeconds * 1000;
  let puts = 0;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (Date.now() < end) {
        const Item = { pk: `BENCH#${worker}#${puts++}`, sk: 'BENCH', note: 'x'.repeat(500) };
        await target.dynamodb.send(new PutCommand({ TableName: target.tables.stock, Item }));
      }
    }),
  );
  return puts / putSeconds;
};

const run = async (desk: BenchDesk, clients: number) => {
  const floor = await putRate(desk, clients);
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
    Math.round(floor),
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
      ],
      rows,
    );
  } finally {
    await desk.close();
  }
};
