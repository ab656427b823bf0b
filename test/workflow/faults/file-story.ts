import * as z from 'zod';
import { dayIn, plusDays } from '../../../domain/values/calendar.ts';
import type { Answer } from '../invariants/desk-view.ts';
import { csvFile, goodLine, sendForm, type UploadForm } from '../upload-desk.ts';
import { type People, Unacknowledged } from './people.ts';
import { type Move, type Play, readOrder } from './stories.ts';

const formSchema = z.object({
  uploadId: z.string(),
  url: z.url(),
  fields: z.record(z.string(), z.string()),
  expiresAt: z.iso.datetime(),
});
const uploadSchema = z.object({ status: z.string(), fileFindings: z.array(z.object({ code: z.string() })) });
const listSchema = z.object({ orders: z.array(z.object({ orderNumber: z.string() })) });

const send = async (form: UploadForm, bytes: Buffer): Promise<void> => {
  const answer = await sendForm(form, bytes).catch((error: unknown) => {
    throw new Unacknowledged('no answer', { cause: error });
  });
  await answer.body?.cancel();
  if (answer.status >= 500) throw new Unacknowledged(`answered with ${answer.status}`);
  if (answer.status !== 204) throw new Error(`the form was refused: ${answer.status}`);
};

const ordersOf = async (people: People, reference: string): Promise<string[]> => {
  const { body } = await people.mall.get(`/v1/orders?customerOrderReference=${reference}`);
  return listSchema.parse(body).orders.map(({ orderNumber }) => orderNumber);
};

/** Whoever is told that a file failed by a fault of the desk looks at it after a while and sends it again. */
const sentAgainAfterMs = 30 * 60_000;

/** A file of two orders, handed in by the API, and again if it failed; when they are placed, its partner thinks better of it. */
export const smallFile: Play = (people, name, now) => {
  const requestedDate = plusDays(dayIn('Asia/Shanghai', new Date(now())), 7);
  const references = [`${name}-1`, `${name}-2`];
  const bytes = csvFile(
    ...references.flatMap((orderReference) => [
      goodLine(orderReference, { requestedDate }),
      goodLine(orderReference, {
        requestedDate,
        sku: 'TEAPOT-600',
        itemName: '陶瓷茶壶',
        specification: '600ml',
        quantity: '1',
        unitPrice: '89.00',
      }),
    ]),
  );
  const answers: Answer[] = [];
  const cancelled = new Set<string>();
  let form: UploadForm | undefined;
  let isSent = false;
  let isTaken = false;
  let handInFrom = 0;

  const handIn = async (): Promise<Move> => {
    if (!form || Date.parse(form.expiresAt) <= now()) {
      const { status, body } = await people.mall.post('/v1/uploads', { fileName: `${name}.csv` });
      if (status !== 201) throw new Error(`${name}: ${status} ${JSON.stringify(body)}`);
      form = formSchema.parse(body);
    }
    await send(form, bytes);
    isSent = true;
    return 'acted';
  };

  const lookAtUpload = async (): Promise<Move> => {
    const { body } = await people.mall.get(`/v1/uploads/${form?.uploadId}`);
    const { status, fileFindings } = uploadSchema.parse(body);
    if (status === 'AWAITING_FILE' || status === 'PROCESSING') return 'waiting';
    const isFaultOfDesk = status === 'FAILED' && fileFindings.some(({ code }) => code === 'UPLOAD_FAULT');
    if (!isFaultOfDesk && status !== 'COMPLETED') throw new Error(`${name} is ${status}`);
    isTaken = status === 'COMPLETED';
    if (!isTaken) {
      form = undefined;
      isSent = false;
      handInFrom = now() + sentAgainAfterMs;
    }
    return 'acted';
  };

  const cancelOrder = async (orderNumber: string): Promise<Move> => {
    const { status } = await readOrder(people, orderNumber);
    if (status === 'CANCELLED') return 'ended';
    if (cancelled.has(orderNumber) || (status !== 'PENDING_PAYMENT' && status !== 'ON_HOLD'))
      return 'waiting';
    cancelled.add(orderNumber);
    const { status: answered, body } = await people.actors.partner.post(
      `/v1/orders/${orderNumber}/cancellation`,
      { reasonCode: 'CHANGED_MIND' },
    );
    if (answered !== 202) throw new Error(`cancellation: ${answered} ${JSON.stringify(body)}`);
    return 'acted';
  };

  const cancelOrders = async (): Promise<Move> => {
    const numbers: string[] = [];
    for (const reference of references) numbers.push(...(await ordersOf(people, reference)));
    if (numbers.length !== references.length) throw new Error(`${name} became ${numbers.join(' and ')}`);
    const moves: Move[] = [];
    for (const orderNumber of numbers) moves.push(await cancelOrder(orderNumber));
    if (moves.includes('acted')) return 'acted';
    return moves.includes('waiting') ? 'waiting' : 'ended';
  };

  return {
    answers,
    references,
    sendsFile: true,
    act: async () => {
      await people.repeat();
      if (!isSent) return now() < handInFrom ? 'waiting' : handIn();
      return isTaken ? cancelOrders() : lookAtUpload();
    },
  };
};
