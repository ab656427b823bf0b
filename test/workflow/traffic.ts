import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { type ApiClient, apiClient } from '../../demo/api-client.ts';
import { playOn } from '../../demo/players.ts';
import type { Status } from '../../domain/orders/status.ts';
import type { BehindTheDesk } from './behind-the-desk.ts';
import type { Answer } from './invariants/desk-view.ts';
import type { KillableDesk } from './killable-desk.ts';
import { orderSchema, sampleOrder } from './test-desk.ts';
import { csvFile, goodLine } from './upload-desk.ts';

const pauseMs = 200;

export const orderKinds = ['on account', 'prepaid'] as const;
export type OrderKind = (typeof orderKinds)[number];

const partnerOf: Readonly<Record<OrderKind, string>> = {
  'on account': 'example-mall',
  prepaid: 'sample-shoji',
};

/** Where no clean order gets to. */
const neverSeen: readonly Status[] = [
  'ON_HOLD',
  'CANCELLED',
  'REJECTED',
  'BACKORDERED',
  'DELIVERY_EXCEPTION',
];

/** An order on its way: its number, and its end. */
export type Passage = { reference: string; posted: Promise<string>; completed: Promise<string> };

const listSchema = z.object({ orders: z.array(z.object({ orderNumber: z.string() })) });

/** The code of the innermost cause of a call that got no answer, or only a part of one. */
const isLostCall = (error: unknown): boolean => {
  if (!(error instanceof Error)) return false;
  if (
    'code' in error &&
    ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(String(error.code))
  )
    return true;
  return error.cause !== undefined ? isLostCall(error.cause) : error.message === 'terminated';
};

const bodyOf = (kind: OrderKind, reference: string) =>
  kind === 'on account'
    ? sampleOrder(reference)
    : sampleOrder(reference, {
        payment: { method: 'BANK_TRANSFER' },
        buyer: {
          name: '示例杂货店',
          contact: { name: '李示例', telephone: '+8613800138001', email: 'b20002@example.com' },
        },
      });

/** Callers that see every order through to its end, however often the desk dies under them, until the signal ends them. */
export const openTraffic = (desk: KillableDesk, behind: BehindTheDesk, signal: AbortSignal) => {
  const answers: Answer[] = [];
  const passages: Passage[] = [];
  let lostCalls = 0;

  /** The desk as it is reached now: its addresses change with every start. */
  const as = (partnerId: string): ApiClient => {
    const { apiUrl, partners } = desk.endpoints();
    return apiClient(apiUrl, partners.find((partner) => partner.partnerId === partnerId)?.apiKey ?? '');
  };

  /** Tries until there is something, through all calls that get no answer. */
  const persist = async <Value>(look: () => Promise<Value | undefined>): Promise<Value> => {
    for (;;) {
      signal.throwIfAborted();
      try {
        const value = await look();
        if (value !== undefined) return value;
      } catch (error) {
        if (!isLostCall(error)) throw error;
        lostCalls += 1;
      }
      await sleep(pauseMs);
    }
  };

  const post = (kind: OrderKind, reference: string): Promise<string> =>
    persist(async () => {
      const partnerId = partnerOf[kind];
      const headers = { 'Idempotency-Key': reference };
      const posted = await as(partnerId).post('/v1/orders', bodyOf(kind, reference), headers);
      if (posted.status !== 202) throw new Error(`${reference}: ${JSON.stringify(posted)}`);
      const { orderNumber } = z.object({ orderNumber: z.string() }).parse(posted.body);
      answers.push({ partnerId, key: reference, orderNumber });
      return orderNumber;
    });

  const find = (reference: string): Promise<string> =>
    persist(async () => {
      const { body } = await as('example-mall').get(`/v1/orders?customerOrderReference=${reference}`);
      return listSchema.parse(body).orders[0]?.orderNumber;
    });

  /** While a life lasts, payer, warehouse and carrier of a calm order do nothing before its execution rests. */
  const whenCalm = (client: ApiClient, orderNumber: string, isCalm: () => boolean): ApiClient => ({
    ...client,
    post: async (...call) => {
      while (isCalm() && !(await behind.isWaiting(orderNumber))) await sleep(20);
      return client.post(...call);
    },
  });

  const complete = (partnerId: string, orderNumber: string, isCalm: () => boolean): Promise<string> =>
    persist(async () => {
      const partner = as(partnerId);
      const order = orderSchema.parse((await partner.get(`/v1/orders/${orderNumber}`)).body);
      if (order.status === 'COMPLETED') return orderNumber;
      if (neverSeen.includes(order.status)) throw new Error(`${orderNumber} is ${order.status}`);
      const calm = (player: string) => whenCalm(as(player), orderNumber, isCalm);
      const players = {
        payer: calm('example-pay'),
        warehouse: calm('example-warehouse'),
        carrier: calm('example-express'),
      };
      await playOn(players, partner, order, 'deliver', new Date());
      return undefined;
    });

  const follow = (
    partnerId: string,
    reference: string,
    posted: Promise<string>,
    isCalm = () => false,
  ): Passage => {
    const completed = posted.then((orderNumber) => complete(partnerId, orderNumber, isCalm));
    // Whoever waits for it is told; one that nobody waits for any more must not end the test run.
    completed.catch(() => undefined);
    const passage = { reference, posted, completed };
    passages.push(passage);
    return passage;
  };

  return {
    answers,
    passages,
    lostCalls: () => lostCalls,

    /** Posts an order; if calm, every notice about it waits until its execution rests, as long as this life lasts. */
    order: (kind: OrderKind, reference: string, { calm }: { calm: boolean }): Passage => {
      let isCalm = calm;
      const end = () => {
        isCalm = false;
      };
      if (calm) desk.death().then(end, end);
      return follow(partnerOf[kind], reference, post(kind, reference), () => isCalm);
    },

    /** Drops a file of orders into a partner's folder, as a file share does. */
    file: async (name: string, references: readonly string[]): Promise<void> => {
      const path = join(desk.endpoints().uploadDir, 'example-mall', name);
      await writeFile(`${path}.part`, csvFile(...references.map((reference) => goodLine(reference))));
      await rename(`${path}.part`, path);
    },

    /** Sees orders of a dropped file through, as soon as they are there. */
    followFiled: (references: readonly string[]): Passage[] =>
      references.map((reference) => follow('example-mall', reference, find(reference))),
  };
};

export type Traffic = ReturnType<typeof openTraffic>;
