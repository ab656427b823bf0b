import { randomInt } from 'node:crypto';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as z from 'zod';
import { apiClient } from '../../demo/api-client.ts';
import { playOn } from '../../demo/players.ts';
import { type BehindTheDesk, behindTheDesk } from './behind-the-desk.ts';
import { type Death, type KillableDesk, openKillableDesk } from './killable-desk.ts';
import { eventually, orderSchema, sampleOrder } from './test-desk.ts';
import { csvFile, goodLine } from './upload-desk.ts';

const timeoutMs = 150_000;
vi.setConfig({ testTimeout: timeoutMs });

const kills = 6;
const ordersPerLife = 5;
const fileOrders = 80;
const sku = 'MUG-300-WH';

/** Says when to kill; the seed is printed, and CRASH_SEED plays the same moments again. */
const seed = Number(process.env.CRASH_SEED ?? randomInt(2 ** 31));
const randomBetween = (() => {
  let state = seed;
  return (from: number, to: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return from + (state / 0x80000000) * (to - from);
  };
})();

let desk: KillableDesk;
let behind: BehindTheDesk;
beforeAll(async () => {
  console.log(`CRASH_SEED=${seed}`);
  desk = await openKillableDesk();
  behind = behindTheDesk(desk);
  await desk.start();
});
afterAll(() => desk.close());

/** The desk as those see it who call it now: its addresses change with every start. */
const callers = () => {
  const { apiUrl, partners } = desk.endpoints();
  const as = (partnerId: string) =>
    apiClient(apiUrl, partners.find((partner) => partner.partnerId === partnerId)?.apiKey ?? '');
  return {
    mall: as('example-mall'),
    players: { payer: as('example-pay'), warehouse: as('example-warehouse'), carrier: as('example-express') },
  };
};

const isLostCall = (error: unknown): boolean =>
  error instanceof TypeError && error.message === 'fetch failed';

/** Posts an order under one key and plays it to its end, however often the desk dies; counts calls that got no answer. */
const seeThrough = async (reference: string, counts: { lost: number }): Promise<string> => {
  const method = reference.endsWith('0') ? 'BANK_TRANSFER' : 'ON_ACCOUNT';
  const body = sampleOrder(reference, { payment: { method } });
  let known: string | undefined;
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; await sleep(100)) {
    try {
      const { mall, players } = callers();
      const posted = await mall.post('/v1/orders', body, { 'Idempotency-Key': reference });
      if (posted.status !== 202)
        throw new Error(`${reference}: ${posted.status} ${JSON.stringify(posted.body)}`);
      const { orderNumber } = z.object({ orderNumber: z.string() }).parse(posted.body);
      if (known !== undefined && known !== orderNumber)
        throw new Error(`${reference}: ${known} became ${orderNumber}`);
      known = orderNumber;
      const order = orderSchema.parse((await mall.get(`/v1/orders/${orderNumber}`)).body);
      if (order.status === 'COMPLETED') return orderNumber;
      await playOn(players, mall, order, 'deliver', new Date());
    } catch (error) {
      if (!isLostCall(error)) throw error;
      counts.lost += 1;
    }
  }
  throw new Error(`${reference} did not come to its end`);
};

/** Kills the desk after so long, looks at what is left, and starts it again. */
const killAfter = async (delayMs: number): Promise<Death> => {
  await sleep(delayMs);
  const death = await desk.kill();
  await desk.start();
  return death;
};

/** Runs the sweep now and then until the work is done: after a crash some orders move by it alone. */
const sweepUntil = async (work: Promise<unknown>): Promise<void> => {
  let isDone = false;
  const end = work.finally(() => {
    isDone = true;
  });
  while (!isDone) {
    await Promise.race([end, sleep(2_000)]);
    if (!isDone) await behind.sweep({ mails: false });
  }
  await end;
};

/** Waits until no mail is unsent; claims that died with their mailer are put back in line by the sweep. */
const allMailsSent = () =>
  eventually(async () => {
    const unsent = (await behind.rowsOf('MAIL')).filter(({ state }) => state !== 'SENT');
    const isStuck = unsent.length > 0 && unsent.every(({ state }) => state === 'SENDING');
    if (isStuck) await behind.sweep({ mails: true });
    return unsent.length === 0;
  });

const common = [
  'completed',
  'invoice-issued',
  'order-confirmed',
  'order-confirmed',
  'shipped',
  'warehouse-pick',
];
const expectedMails = {
  ON_ACCOUNT: common,
  BANK_TRANSFER: [...common, 'payment-instructions', 'payment-received'].sort(),
};

test('every order is completed exactly once, however often the desk is killed', async () => {
  const opening = await behind.stockLevel(sku);
  const counts = { lost: 0 };
  const deaths: Death[] = [];
  const work: Promise<string>[] = [];
  for (let life = 0; life <= kills; life++) {
    for (let index = 0; index < ordersPerLife; index++)
      work.push(seeThrough(`CRASH-${life}${index}`, counts));
    if (life < kills) deaths.push(await killAfter(randomBetween(200, 3_000)));
  }
  const all = Promise.all(work);
  await sweepUntil(all);
  const numbers = await all;

  expect(deaths).toEqual(Array<Death>(kills).fill({ signal: 'SIGKILL', portRefuses: true }));
  expect(counts.lost).toBeGreaterThan(0);
  expect(new Set(numbers).size).toBe((kills + 1) * ordersPerLife);
  expect((await behind.rowsOf('ORDER')).map(({ orderNumber }) => orderNumber).sort()).toEqual(
    numbers.toSorted(),
  );

  await allMailsSent();
  const records = await Promise.all(numbers.map(behind.readOrder));
  expect(new Set(records.map((record) => record.state.invoice?.invoiceNumber)).size).toBe(numbers.length);
  for (const record of records) {
    const method = record.state.paymentMethod === 'BANK_TRANSFER' ? 'BANK_TRANSFER' : 'ON_ACCOUNT';
    expect(record.state.status).toBe('COMPLETED');
    expect(record.mails.map(({ template }) => template).sort()).toEqual(expectedMails[method]);
    expect(record.events.map(({ sequence }) => sequence)).toEqual(record.events.map((_, index) => index + 1));
    expect(record.payments).toHaveLength(method === 'BANK_TRANSFER' ? 1 : 0);
    expect([record.slips.length, record.shipments.length]).toEqual([1, 1]);
  }
  const shipped = numbers.length * 2;
  const onHand = (opening?.onHand ?? 0) - shipped;
  expect(await behind.stockLevel(sku)).toEqual({ sku, onHand, reserved: 0, available: onHand });
  const statuses = await eventually(async () => {
    const found = await behind.executionStatuses();
    return !found.includes('RUNNING') && found;
  });
  expect(statuses).toEqual(Array<string>(numbers.length).fill('SUCCEEDED'));

  // A mail goes out twice only where a kill fell between its sending and its mark: the mailer sends one at a time.
  const repeats = (await behind.countMailFiles()) - (await behind.rowsOf('MAIL')).length;
  expect(repeats).toBeGreaterThanOrEqual(0);
  expect(repeats).toBeLessThanOrEqual(kills);
  console.log(
    `${kills} kills, ${numbers.length} orders, ${counts.lost} calls without an answer, ${repeats} mails twice`,
  );
});

test('a file is imported once, though the desk is killed in the middle of it', async () => {
  const references = Array.from(
    { length: fileOrders },
    (_, index) => `FILE-${String(index).padStart(3, '0')}`,
  );
  const { uploadDir } = desk.endpoints();
  const file = join(uploadDir, 'example-mall', 'killed.csv');
  await writeFile(`${file}.part`, csvFile(...references.map((reference) => goodLine(reference))));
  await rename(`${file}.part`, file);
  const placed = async () =>
    (await behind.rowsOf('ORDER'))
      .map(({ customerOrderReference }) => customerOrderReference)
      .filter((name) => String(name).startsWith('FILE-'));
  const before = await eventually(async () => {
    const found = await placed();
    return found.length >= 10 && found.length;
  });
  expect(before).toBeLessThan(references.length);
  const death = await killAfter(0);
  expect(death).toEqual({ signal: 'SIGKILL', portRefuses: true });

  const [upload] = await eventually(async () => {
    const uploads = await behind.rowsOf('UPLOAD');
    return uploads.every(({ status }) => status !== 'PROCESSING') && uploads;
  });
  expect(upload).toMatchObject({
    status: 'COMPLETED',
    counts: {
      rows: fileOrders,
      orders: fileOrders,
      created: fileOrders,
      onHold: 0,
      rejected: 0,
      duplicate: 0,
    },
  });
  expect((await placed()).sort()).toEqual(references);
  await allMailsSent();
  expect((await behind.rowsOf('MAIL')).filter(({ template }) => template === 'upload-result')).toHaveLength(
    1,
  );
  await sweepUntil(
    eventually(async () => {
      const open = (await behind.rowsOf('ORDER')).filter(({ status }) => status === 'RECEIVED');
      return open.length === 0;
    }),
  );
});
