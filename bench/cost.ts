import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import type { Status } from '../domain/orders/status.ts';
import { toDecimal } from '../domain/values/money.ts';
import { startDatabase } from '../local/dynamodb/database-process.ts';
import { locateDatabase } from '../local/dynamodb/locate-database.ts';
import { type BenchDesk, openBenchDesk } from './bench-desk.ts';
import { countingProxy } from './counting-proxy.ts';
import { microDollars } from './prices.ts';
import { markdownTable } from './table.ts';
import { threeLineOrder } from './three-line-order.ts';

const placedSchema = z.object({ orderNumber: z.string() });

/** Each invocation logs under its own request id. */
const countInvocations = (stateDir: string): { calls: number; kilobytes: number } => {
  const ids = new Set<string>();
  let bytes = 0;
  for (const file of globSync(join(stateDir, 'logs', '*.log'))) {
    const text = readFileSync(file, 'utf8');
    bytes += text.length;
    for (const line of text.split('\n')) {
      const [, name, requestId] = line.split(' ');
      if (requestId) ids.add(`${name} ${requestId}`);
    }
  }
  return { calls: ids.size, kilobytes: bytes / 1000 };
};

/** States entered: each is billed as one transition. */
const countTransitions = async ({ endpoints }: BenchDesk, orderNumber: string): Promise<number> => {
  const sfn = new SFNClient({
    region: endpoints.region,
    credentials: endpoints.credentials,
    endpoint: endpoints.endpoints.AWS_ENDPOINT_URL_SFN ?? '',
  });
  const executionArn = `${endpoints.outputs.OrderStateMachineArn?.replace(':stateMachine:', ':execution:')}:${orderNumber}`;
  const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return events.filter(({ type }: HistoryEvent) => type?.endsWith('StateEntered')).length;
};

type Take = Awaited<ReturnType<typeof countingProxy>>['take'];

/** A way that an order goes, and what it takes of the services that are not counted by themselves. */
type Way = {
  name: string;
  body: (reference: string, desk: BenchDesk) => { lines: object[] };
  /** From the answer of the POST to the end. */
  play: (orderNumber: string, desk: BenchDesk) => Promise<void>;
  apiRequests: number;
  s3Puts: number;
  s3Gets: number;
};

const clean =
  (method: 'ON_ACCOUNT' | 'BANK_TRANSFER') =>
  (reference: string, { products }: BenchDesk) =>
    threeLineOrder(reference, method, products, new Date());

const untilStatus = async (orderNumber: string, status: Status, { orders }: BenchDesk): Promise<void> => {
  for (;;) {
    const record = await orders.read(orderNumber);
    if (record?.state.status === status && record.mails.every(({ state }) => state === 'SENT')) return;
    await sleep(100);
  }
};

/** Pays one cent too little, then the cent: the order is held, asked about and released. */
const payInTwo = async (orderNumber: string, desk: BenchDesk): Promise<void> => {
  await untilStatus(orderNumber, 'PENDING_PAYMENT', desk);
  const state = await desk.orders.readState(orderNumber);
  const pay = (paymentId: string, minor: number) =>
    desk.payer.post(`/v1/orders/${orderNumber}/payments`, {
      paymentId,
      amount: toDecimal(minor, 'CNY'),
      currency: 'CNY',
    });
  await pay(`FIRST-${orderNumber}`, (state?.payableAmount ?? 0) - 1);
  await untilStatus(orderNumber, 'ON_HOLD', desk);
  await pay(`REST-${orderNumber}`, 1);
  await untilStatus(orderNumber, 'READY_TO_SHIP', desk);
  await desk.finish(orderNumber);
};

const delivered = {
  s3Puts: 2,
  s3Gets: 1,
  play: (orderNumber: string, desk: BenchDesk) => desk.finish(orderNumber),
};

const ways: Way[] = [
  { ...delivered, name: 'On account', body: clean('ON_ACCOUNT'), apiRequests: 4 },
  { ...delivered, name: 'Prepaid', body: clean('BANK_TRANSFER'), apiRequests: 5 },
  { ...delivered, name: 'Held and released', body: clean('BANK_TRANSFER'), play: payInTwo, apiRequests: 6 },
  {
    name: 'Rejected',
    body: (reference, desk) => ({
      ...clean('ON_ACCOUNT')(reference, desk),
      shortagePolicy: 'CANCEL',
      lines: clean('ON_ACCOUNT')(reference, desk).lines.map((line) => ({ ...line, quantity: 900_000 })),
    }),
    play: (orderNumber, desk) => untilStatus(orderNumber, 'REJECTED', desk),
    apiRequests: 1,
    s3Puts: 1,
    s3Gets: 0,
  },
];

const measure = async (desk: BenchDesk, take: Take, way: Way) => {
  const slug = way.name.replaceAll(' ', '-');
  const goThrough = async (reference: string) => {
    const body = way.body(reference, desk);
    const { orderNumber } = placedSchema.parse(
      (await desk.partner.post('/v1/orders', body, { 'Idempotency-Key': reference })).body,
    );
    await way.play(orderNumber, desk);
    return orderNumber;
  };
  await goThrough(`WARM-${slug}`);
  await desk.cloud.idle();
  take();
  const before = countInvocations(desk.stateDir);
  const orderNumber = await goThrough(`COST-${slug}`);
  await desk.cloud.idle();
  const { read, write } = take();
  const after = countInvocations(desk.stateDir);
  return {
    transitions: await countTransitions(desk, orderNumber),
    apiRequests: way.apiRequests,
    lambdaCalls: after.calls - before.calls,
    logKilobytes: after.kilobytes - before.kilobytes,
    read,
    write,
    s3Puts: way.s3Puts,
    s3Gets: way.s3Gets,
    mails: (await desk.orders.read(orderNumber))?.mails.length ?? 0,
  };
};

type Counts = Awaited<ReturnType<typeof measure>>;

const priced = (counts: Counts): [string, number, number][] => [
  ['State transitions', counts.transitions, counts.transitions * microDollars.transition],
  ['API requests', counts.apiRequests, counts.apiRequests * microDollars.apiRequest],
  ['Lambda calls', counts.lambdaCalls, counts.lambdaCalls * microDollars.lambdaCall],
  ['DynamoDB write units', counts.write, counts.write * microDollars.writeUnit],
  ['DynamoDB read units', counts.read, counts.read * microDollars.readUnit],
  [
    'S3 puts and gets',
    counts.s3Puts + counts.s3Gets,
    counts.s3Puts * microDollars.s3Put + counts.s3Gets * microDollars.s3Get,
  ],
  ['Log, kB', Math.round(counts.logKilobytes * 10) / 10, counts.logKilobytes * microDollars.logKilobyte],
];

/** What a three-line order costs on AWS, clean, held or rejected, from counted calls and list prices. */
export const benchCost = async (): Promise<string> => {
  const location = locateDatabase({});
  if (location.kind !== 'binary') throw new Error('the cost bench needs the embedded database');
  const folder = await mkdtemp(join(tmpdir(), 'rudan-bench-db-'));
  const database = await startDatabase({
    binary: location.path,
    stateDir: folder,
    port: 0,
    onExit: (reason) => console.error(reason),
  });
  const proxy = await countingProxy(database.url);
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.url;
  const desk = await openBenchDesk();
  proxy.ignore(desk.endpoints.credentials.accessKeyId);
  try {
    const costs: { name: string; mails: number; rows: [string, number, number][] }[] = [];
    for (const way of ways) {
      const counts = await measure(desk, proxy.take, way);
      costs.push({ name: way.name, mails: counts.mails, rows: priced(counts) });
    }
    const total = (rows: [string, number, number][]) => rows.reduce((sum, [, , cost]) => sum + cost, 0);
    return markdownTable(
      ['', ...costs.flatMap(({ name }) => [`${name}: count`, 'µ$'])],
      [
        ...(costs[0]?.rows ?? []).map(([name], index) => [
          name,
          ...costs.flatMap(({ rows }) => [rows[index]?.[1] ?? '', rows[index]?.[2].toFixed(1) ?? '']),
        ]),
        ['**Total, mail apart**', ...costs.flatMap(({ rows }) => ['', `**${total(rows).toFixed(0)}**`])],
        ['Mails', ...costs.flatMap(({ mails }) => [mails, mails * microDollars.mail])],
      ],
    );
  } finally {
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    await desk.close();
    await proxy.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
};
