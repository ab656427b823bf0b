import { globSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
import { findingIdOf } from '../domain/findings/finding-id.ts';
import { isOpenQuestion } from '../domain/findings/findings.ts';
import type { Status } from '../domain/orders/status.ts';
import { toDecimal } from '../domain/values/money.ts';
import { type CallPort, openPort } from '../local/calls/call-port.ts';
import { startDatabase } from '../local/dynamodb/database-process.ts';
import { locateDatabase } from '../local/dynamodb/locate-database.ts';
import { type BenchDesk, openBenchDesk } from './bench-desk.ts';
import { countingProxy } from './counting-proxy.ts';
import { microDollars } from './prices.ts';
import { markdownTable } from './table.ts';
import { threeLineOrder } from './three-line-order.ts';

/** A refused order has no number. */
const answerSchema = z.object({ orderNumber: z.string().optional() });

const countLogKilobytes = (stateDir: string): number =>
  globSync(join(stateDir, 'logs', '*.log')).reduce((sum, file) => sum + statSync(file).size, 0) / 1000;

/** Counts how often a function is invoked, by whichever service. */
const countingPort = () => {
  let invocations = 0;
  const calls: CallPort = {
    ...openPort,
    pass: (call, perform) => {
      if (call.service === 'lambda' && call.action === 'Invoke') invocations++;
      return perform();
    },
  };
  return { calls, invocations: () => invocations };
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
  /** From the answer of the POST to the end; a refused order has none. */
  play?: (orderNumber: string, desk: BenchDesk) => Promise<void>;
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

const tooCheap = (reference: string, desk: BenchDesk) => {
  const order = clean('ON_ACCOUNT')(reference, desk);
  return {
    ...order,
    lines: order.lines.map((line, index) => (index === 0 ? { ...line, unitPrice: '0.01' } : line)),
  };
};

/** Takes our price where the order's was another: all is checked again, and the order goes on. */
const takeOurPrice = async (orderNumber: string, desk: BenchDesk): Promise<void> => {
  await untilStatus(orderNumber, 'ON_HOLD', desk);
  const record = await desk.orders.read(orderNumber);
  const answers = (record?.findings ?? [])
    .filter(isOpenQuestion)
    .map((finding) => ({ findingId: findingIdOf(orderNumber, finding), answer: 'ACCEPT' }));
  const { status, body } = await desk.partner.post(`/v1/orders/${orderNumber}/answers`, { answers });
  if (status !== 200) throw new Error(`${orderNumber}: ${status} ${JSON.stringify(body)}`);
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
  { ...delivered, name: 'Held and answered', body: tooCheap, play: takeOurPrice, apiRequests: 5 },
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
  {
    name: 'Refused (422)',
    body: (reference, desk) => ({
      ...clean('ON_ACCOUNT')(reference, desk),
      totals: { payableAmount: '0.01' },
    }),
    apiRequests: 1,
    s3Puts: 0,
    s3Gets: 0,
  },
];

const measure = async (desk: BenchDesk, count: { take: Take; invocations: () => number }, way: Way) => {
  const slug = way.name.replaceAll(' ', '-');
  const goThrough = async (reference: string) => {
    const body = way.body(reference, desk);
    const { status, body: answer } = await desk.partner.post('/v1/orders', body, {
      'Idempotency-Key': reference,
    });
    if (status !== (way.play ? 202 : 422))
      throw new Error(`${reference}: ${status} ${JSON.stringify(answer)}`);
    const { orderNumber } = answerSchema.parse(answer);
    if (orderNumber) await way.play?.(orderNumber, desk);
    return orderNumber;
  };
  await goThrough(`WARM-${slug}`);
  await desk.cloud.idle();
  count.take();
  const invocationsBefore = count.invocations();
  const kilobytesBefore = countLogKilobytes(desk.stateDir);
  const orderNumber = await goThrough(`COST-${slug}`);
  await desk.cloud.idle();
  const { read, write } = count.take();
  return {
    transitions: orderNumber ? await countTransitions(desk, orderNumber) : 0,
    apiRequests: way.apiRequests,
    lambdaCalls: count.invocations() - invocationsBefore,
    logKilobytes: countLogKilobytes(desk.stateDir) - kilobytesBefore,
    read,
    write,
    s3Puts: way.s3Puts,
    s3Gets: way.s3Gets,
    mails: orderNumber ? ((await desk.orders.read(orderNumber))?.mails.length ?? 0) : 0,
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

/** What a three-line order costs on AWS, clean, held, rejected or refused, from counted calls and list prices. */
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
  const { calls, invocations } = countingPort();
  const desk = await openBenchDesk({ calls });
  proxy.ignore(desk.endpoints.credentials.accessKeyId);
  try {
    const costs: { name: string; mails: number; rows: [string, number, number][] }[] = [];
    for (const way of ways) {
      const counts = await measure(desk, { take: proxy.take, invocations }, way);
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
