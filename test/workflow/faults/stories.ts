import * as z from 'zod';
import { orderViewSchema, playOn } from '../../../demo/players.ts';
import { dayIn, plusDays } from '../../../domain/values/calendar.ts';
import type { Answer } from '../invariants/desk-view.ts';
import { mugs, sampleOrder } from '../test-desk.ts';
import type { People } from './people.ts';

/** What its people have done: they wait for the desk, or have nothing left to do. */
export type Move = 'acted' | 'waiting' | 'ended';

/** Something that the desk has to do from beginning to end, as its people see it. */
export type Story = {
  /** Everyone does what they would do now. Throws Unacknowledged when that has to be done again later. */
  act(): Promise<Move>;
  answers: Answer[];
  references: string[];
  sendsFile: boolean;
};

/** A story's name is part of its orders' references. */
export type Play = (people: People, name: string, now: () => number) => Story;

const orderSchema = orderViewSchema.extend({ version: z.int() });
export type SeenOrder = z.infer<typeof orderSchema>;

export const readOrder = async (people: People, orderNumber: string): Promise<SeenOrder> => {
  const { status, body } = await people.mall.get(`/v1/orders/${orderNumber}`);
  if (status !== 200) throw new Error(`${orderNumber}: ${status} ${JSON.stringify(body)}`);
  return orderSchema.parse(body);
};

const listSchema = z.object({ orders: z.array(z.object({ orderNumber: z.string() })) });

/** At the end its partner looks at the order's history, and finds it among those that changed last. */
const lookBack = async (people: People, orderNumber: string): Promise<void> => {
  const { status } = await people.mall.get(`/v1/orders/${orderNumber}/events`);
  if (status !== 200) throw new Error(`events of ${orderNumber}: ${status}`);
  const { orders } = listSchema.parse((await people.mall.get('/v1/orders?limit=5')).body);
  if (!orders.some((order) => order.orderNumber === orderNumber))
    throw new Error(`${orderNumber} is not listed`);
};

const teapots = mugs(1, {
  lineId: '2',
  sku: 'TEAPOT-600',
  name: '陶瓷茶壶',
  specification: '600ml',
  unitPrice: '89.00',
});

/** Money takes a while: meanwhile the sweep comes by twice. */
const payerTakesMs = 7 * 60_000;

type PlayOrder = (people: People, order: SeenOrder, now: number) => Promise<void>;

const playClean: PlayOrder = (people, order, now) =>
  playOn(people.actors, people.mall, order, 'deliver', new Date(now));

/** At first the payer pays too little, and makes it good when the order is held for it. */
const playWithWrongPayment: PlayOrder = async (people, order, now) => {
  const pay = async (paymentId: string, amount: string) => {
    const notice = { paymentId, amount, currency: order.currency, reference: order.orderNumber };
    const { status, body } = await people.actors.payer.post(
      `/v1/orders/${order.orderNumber}/payments`,
      notice,
    );
    if (status >= 300) throw new Error(`payment: ${status} ${JSON.stringify(body)}`);
  };
  if (order.status === 'PENDING_PAYMENT') return pay('FIRST', '100.00');
  if (order.status === 'ON_HOLD') return pay('REST', '28.80');
  return playClean(people, order, now);
};

/** An order of two articles; how it is paid and what its people do is told. */
const orderStory =
  (method: 'ON_ACCOUNT' | 'BANK_TRANSFER', play: PlayOrder): Play =>
  (people, name, now) => {
    const requestedDate = plusDays(dayIn('Asia/Shanghai', new Date(now())), 7);
    const plain = sampleOrder(name);
    const body = {
      ...plain,
      payment: { method },
      delivery: { ...plain.delivery, requestedDate },
      lines: [mugs(2), teapots],
    };
    const answers: Answer[] = [];
    let paidFrom = 0;
    let movedAt = 0;

    const place = async (): Promise<Move> => {
      const posted = await people.mall.post('/v1/orders', body, { 'Idempotency-Key': name });
      if (posted.status !== 202) throw new Error(`${name}: ${posted.status} ${JSON.stringify(posted.body)}`);
      const { orderNumber } = z.object({ orderNumber: z.string() }).parse(posted.body);
      answers.push({ partnerId: 'example-mall', key: name, orderNumber });
      paidFrom = now() + payerTakesMs;
      return 'acted';
    };

    return {
      answers,
      references: [name],
      sendsFile: false,
      act: async () => {
        await people.repeat();
        const [placed] = answers;
        if (!placed) return place();
        const order = await readOrder(people, placed.orderNumber);
        if (order.status === 'COMPLETED') {
          await lookBack(people, order.orderNumber);
          return 'ended';
        }
        const isTooEarly = order.status === 'PENDING_PAYMENT' && now() < paidFrom;
        if (isTooEarly || order.version === movedAt) return 'waiting';
        const before = people.posts();
        await play(people, order, now());
        movedAt = order.version;
        return people.posts() > before ? 'acted' : 'waiting';
      },
    };
  };

export const prepaidOrder = orderStory('BANK_TRANSFER', playClean);
export const orderOnAccount = orderStory('ON_ACCOUNT', playClean);
export const heldOrder = orderStory('BANK_TRANSFER', playWithWrongPayment);
