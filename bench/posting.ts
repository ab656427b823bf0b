import { catalogueTable } from '../functions/shared/catalogue-table.ts';
import { type NewOrder, ordersTable } from '../functions/shared/orders-table.ts';
import { partnersTable } from '../functions/shared/partners-table.ts';
import { createPlaceOrder } from '../functions/shared/place-order.ts';
import { stockTable } from '../functions/shared/stock-table.ts';
import { type BenchDesk, openBenchDesk } from './bench-desk.ts';
import { markdownTable, quantile } from './table.ts';
import { benchPartner, threeLineOrder } from './three-line-order.ts';
import { inParallel } from './throughput.ts';

const ordersPerRun = 30;

type Writer = (reference: string) => Promise<void>;

/** Everything between the request and the answer but the gateway, the archive and the start of the execution. */
const placeInProcess = async ({ target, products }: BenchDesk, orders: ReturnType<typeof ordersTable>) => {
  const partners = partnersTable(target.dynamodb, () => target.tables.partners);
  const partner = await partners.readPartner(benchPartner);
  if (!partner) throw new Error(`no partner ${benchPartner}`);
  const placeOrder = createPlaceOrder({
    orders,
    catalogue: catalogueTable(target.dynamodb, () => target.tables.catalogue),
    partners,
    documents: { put: async () => {} },
    executions: { start: async () => {} },
    stock: stockTable(target.dynamodb, () => target.tables.stock),
    timeZone: () => 'Asia/Shanghai',
  });
  return async (reference: string): Promise<void> => {
    const body = threeLineOrder(reference, 'ON_ACCOUNT', products, new Date());
    const { outcome } = await placeOrder({
      partner,
      body,
      source: { kind: 'API', text: JSON.stringify(body) },
      idempotency: { key: reference, fingerprint: reference },
      commit: true,
    });
    if (outcome !== 'created') throw new Error(`${reference}: ${outcome}`);
  };
};

/** The very writes of a POST, a counter and a transaction, of an order that another one stands model for. */
const writeOnly =
  (orders: ReturnType<typeof ordersTable>, model: NewOrder): Writer =>
  async (reference) => {
    const sequence = await orders.nextNumbers('BENCH');
    const orderNumber = `${model.state.orderNumber}-${sequence}`;
    const { idempotency } = model;
    await orders.create(
      {
        ...model,
        state: { ...model.state, orderNumber, customerOrderReference: reference },
        idempotency: idempotency && { ...idempotency, key: reference },
      },
      new Date(),
    );
  };

const post =
  ({ partner, products }: BenchDesk): Writer =>
  async (reference) => {
    const body = threeLineOrder(reference, 'ON_ACCOUNT', products, new Date());
    const { status, body: answer } = await partner.post('/v1/orders', body, { 'Idempotency-Key': reference });
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(answer)}`);
  };

const measure = async (name: string, clients: number, write: Writer, count = ordersPerRun) => {
  const latencies: number[] = [];
  const started = performance.now();
  const prefix = name.replaceAll(/[^a-z]/gi, '').slice(0, 30);
  const references = Array.from({ length: count }, (_, index) => `${prefix}-${clients}-${index}`);
  await inParallel(references, clients, async (reference) => {
    const sent = performance.now();
    await write(reference);
    latencies.push(performance.now() - sent);
  });
  const rate = count / ((performance.now() - started) / 1000);
  return { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), rate };
};

/** How long a POST takes, and its parts: its database writes alone, and all of it but the cloud around the function. */
export const benchPosting = async (): Promise<string> => {
  const desk = await openBenchDesk({ schedules: false });
  const orders = ordersTable(desk.target.dynamodb, () => desk.target.tables.orders);
  try {
    let model: NewOrder | undefined;
    const modelled = await placeInProcess(desk, {
      ...orders,
      create: (order, now) => {
        model = order;
        return orders.create(order, now);
      },
    });
    await modelled('MODEL');
    if (!model) throw new Error('no order was written');
    const writers: [string, Writer][] = [
      ['its database writes', writeOnly(orders, model)],
      ['the same in one process, without gateway, archive and execution', await placeInProcess(desk, orders)],
      ['POST', post(desk)],
    ];
    for (const [name, write] of writers) await measure(`${name} warm`, 4, write, 8);
    const rows: (string | number)[][] = [];
    let floor = Number.NaN;
    for (const clients of [1, 8, 32]) {
      for (const [what, write] of writers) {
        await desk.cloud.idle();
        const { p50, p99, rate } = await measure(what, clients, write);
        floor = what === writers[0]?.[0] ? p50 : floor;
        rows.push([clients, what, p50.toFixed(1), p99.toFixed(1), rate.toFixed(0), (p50 / floor).toFixed(1)]);
      }
    }
    return markdownTable(['Clients', 'What', 'p50, ms', 'p99, ms', 'Per second', 'Times its writes'], rows);
  } finally {
    await desk.close();
  }
};
