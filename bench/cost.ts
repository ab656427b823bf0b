import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from '@aws-sdk/client-sfn';
import * as z from 'zod';
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

const measure = async (
  desk: BenchDesk,
  take: Awaited<ReturnType<typeof countingProxy>>['take'],
  method: 'ON_ACCOUNT' | 'BANK_TRANSFER',
) => {
  const place = async (reference: string) => {
    const body = threeLineOrder(reference, method, desk.products, new Date());
    const { orderNumber } = placedSchema.parse(
      (await desk.partner.post('/v1/orders', body, { 'Idempotency-Key': reference })).body,
    );
    return orderNumber;
  };
  await desk.finish(await place(`WARM-${method}`));
  take();
  const before = countInvocations(desk.stateDir);
  const orderNumber = await place(`COST-${method}`);
  await desk.finish(orderNumber);
  const { read, write } = take();
  const after = countInvocations(desk.stateDir);
  const mails = (await desk.orders.read(orderNumber))?.mails.length ?? 0;
  return {
    transitions: await countTransitions(desk, orderNumber),
    apiRequests: method === 'ON_ACCOUNT' ? 4 : 5,
    lambdaCalls: after.calls - before.calls,
    logKilobytes: after.kilobytes - before.kilobytes,
    read,
    write,
    s3Puts: 2,
    s3Gets: 1,
    mails,
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

/** What a clean three-line order costs on AWS, from counted calls and list prices. */
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
    const [onAccount, prepaid] = [
      await measure(desk, proxy.take, 'ON_ACCOUNT'),
      await measure(desk, proxy.take, 'BANK_TRANSFER'),
    ];
    const [account, paid] = [priced(onAccount), priced(prepaid)];
    const total = (rows: typeof account) => rows.reduce((sum, [, , cost]) => sum + cost, 0);
    return markdownTable(
      ['', 'On account: count', 'µ$', 'Prepaid: count', 'µ$'],
      [
        ...account.map(([name, count, cost], index) => [
          name,
          count,
          cost.toFixed(1),
          paid[index]?.[1] ?? '',
          paid[index]?.[2].toFixed(1) ?? '',
        ]),
        [
          '**Total, mail apart**',
          '',
          `**${total(account).toFixed(0)}**`,
          '',
          `**${total(paid).toFixed(0)}**`,
        ],
        [
          'Mails',
          onAccount.mails,
          onAccount.mails * microDollars.mail,
          prepaid.mails,
          prepaid.mails * microDollars.mail,
        ],
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
