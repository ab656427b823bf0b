import { setTimeout as sleep } from 'node:timers/promises';
import { localTarget } from '../admin/targets.ts';
import { type OrdersTable, ordersTable } from '../functions/shared/orders-table.ts';
import { type ApiClient, apiClient } from './api-client.ts';
import type { Endpoints } from './desk.ts';
import type { Outcome } from './outcome-table.ts';
import { type OrderView, orderViewSchema, playOn } from './players.ts';
import type { Followed } from './submit-samples.ts';

/** Statuses in which an order from a file has got as far as it will by itself. */
const restingStatuses = ['COMPLETED', 'ON_HOLD', 'CANCELLED', 'REJECTED'];

const isAtRest = ({ status }: OrderView, { expected }: Followed): boolean =>
  expected ? status === expected.status : restingStatuses.includes(status);

const describeGap = (
  order: OrderView,
  followed: Followed,
  templates: readonly string[],
): string | undefined => {
  if (!isAtRest(order, followed)) return `expected ${followed.expected?.status ?? 'an end'}`;
  if (order.status === 'COMPLETED' && order.invoices.length !== 1) return `${order.invoices.length} invoices`;
  const missing = (followed.expected?.mails ?? []).filter((template) => !templates.includes(template));
  return missing.length > 0 ? `no mail ${missing.join(', ')}` : undefined;
};

type Follower = { order: OrderView; outcome: Outcome; done: boolean };

/** Reads an order as its partner sees it, and the mails of its outbox that have been sent. */
const look = async (
  partner: ApiClient,
  orders: Pick<OrdersTable, 'read'>,
  followed: Followed,
): Promise<Follower> => {
  const order = orderViewSchema.parse((await partner.get(`/v1/orders/${followed.orderNumber}`)).body);
  const mails = (await orders.read(followed.orderNumber))?.mails ?? [];
  const sent = mails
    .filter(({ state }) => state === 'SENT')
    .toSorted((a, b) => a.event.localeCompare(b.event))
    .map(({ template }) => template);
  const problem = describeGap(order, followed, sent);
  const [invoice] = order.invoices;
  return {
    order,
    done: problem === undefined && sent.length === mails.length,
    outcome: {
      orderNumber: followed.orderNumber,
      partnerId: followed.partnerId,
      from: followed.from,
      status: order.status,
      mails: sent,
      ...(invoice && { invoiceNumber: invoice.invoiceNumber }),
      ...(problem !== undefined && { problem }),
    },
  };
};

type FollowOptions = {
  endpoints: Endpoints;
  stateDir: string;
  keyOf: (partnerId: string) => string;
  timeoutMs: number;
  progress: (line: string) => void;
};

const counted = (outcomes: Iterable<Outcome>): string => {
  const counts = new Map<string, number>();
  for (const { status } of outcomes) counts.set(status, (counts.get(status) ?? 0) + 1);
  return [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
};

/** Plays payer, warehouse and carrier until every order has come to its expected end, or time is up. */
export const followOrders = async (
  followed: readonly Followed[],
  { endpoints, stateDir, keyOf, timeoutMs, progress }: FollowOptions,
): Promise<Outcome[]> => {
  const as = (partnerId: string) => apiClient(endpoints.apiUrl, keyOf(partnerId));
  const players = {
    payer: as('example-pay'),
    warehouse: as('example-warehouse'),
    carrier: as('example-express'),
  };
  const target = await localTarget(stateDir);
  const orders = ordersTable(target.dynamodb, () => target.tables.orders);
  const outcomes = new Map<string, Outcome>();
  const open = new Set(followed);
  const deadline = Date.now() + timeoutMs;
  let last = '';
  while (open.size > 0 && Date.now() < deadline) {
    for (const one of open) {
      const { order, outcome, done } = await look(as(one.partnerId), orders, one);
      outcomes.set(one.orderNumber, outcome);
      if (done) open.delete(one);
      else await playOn(players, as(one.partnerId), order, one.play, new Date());
    }
    const line = counted(outcomes.values());
    if (line !== last) progress(`  ${line}`);
    last = line;
    if (open.size > 0) await sleep(500);
  }
  return followed.flatMap(({ orderNumber }) => outcomes.get(orderNumber) ?? []);
};
