import { aMail } from '../builders/a-mail.ts';
import type { RawAnswer, RawClient } from '../workflow/raw-client.ts';
import { numberOf } from '../workflow/raw-desk.ts';
import { eventually, mugs, sampleOrder } from '../workflow/test-desk.ts';
import { csvFile, goodLine, openUploadDesk } from '../workflow/upload-desk.ts';
import { canary, mailTo, personal, told } from './personal-texts.ts';

export type Exchange = { method: string; path: string; answer: RawAnswer };

/** A desk whose callers are remembered with what they were answered. */
const openCallers = async () => {
  const desk = await openUploadDesk();
  const exchanges: Exchange[] = [];
  const remembered =
    (client: RawClient): RawClient =>
    async (method, path, request) => {
      const answer = await client(method, path, request);
      exchanges.push({ method, path, answer });
      return answer;
    };
  const as = (partnerId: string): RawClient => remembered(desk.as(partnerId));
  const mall = remembered(desk.mall);
  return {
    desk,
    exchanges,
    as,
    mall,
    staff: remembered(desk.withToken(desk.endpoints.staff.desk)),
    manager: remembered(desk.withToken(desk.endpoints.staff.manager)),
    post: (body: unknown) => desk.post(body, {}, mall),
    send: (who: string, path: string, body: unknown) => as(who)('POST', path, { body: JSON.stringify(body) }),
  };
};
type Callers = Awaited<ReturnType<typeof openCallers>>;

/** An order that is completed, with notices that say something of people too. */
const complete = async ({ desk, mall, post, send }: Callers): Promise<string> => {
  const body = personal('CANARY-DONE', 'Done', { payment: { method: 'BANK_TRANSFER' } });
  const { validationToken } = Object(
    (await mall('POST', '/v1/orders/validate', { body: JSON.stringify(body) })).body,
  );
  const number = numberOf(await post({ ...body, validationToken }));
  const path = `/v1/orders/${number}`;
  await desk.untilStatus(number, 'PENDING_PAYMENT');
  await send('example-pay', `${path}/payments`, {
    paymentId: 'P-1',
    amount: '39.80',
    currency: 'CNY',
    reference: canary('PaidBy'),
  });
  await desk.untilStatus(number, 'READY_TO_SHIP');
  const { delivery } = body;
  await send('example-warehouse', `${path}/outbound-slips`, {
    slipId: 'S-1',
    recipientName: told.find((text) => text.includes('DoneRecipient')),
    address: delivery.address,
    lines: [{ sku: 'MUG-300-WH', quantity: 2 }],
  });
  const parcel = { shipmentId: 'X-1', carrier: 'Example Express', trackingNumber: 'EX00000001' };
  await eventually(async () => (await send('example-warehouse', `${path}/shipments`, parcel)).status === 201);
  await desk.untilStatus(number, 'SHIPPED');
  await send('example-express', `${path}/shipments/X-1/events`, {
    eventId: 'E-1',
    type: 'DELIVERED',
    at: new Date().toISOString(),
    location: canary('Doorstep'),
    note: canary('HandedTo'),
  });
  await desk.untilStatus(number, 'COMPLETED');
  await send('example-warehouse', `${path}/shipments`, parcel);
  return number;
};

/** An order that is held, and cancelled with a word of why. */
const cancel = async ({ desk, mall, post }: Callers): Promise<string> => {
  const wrong = { lines: [mugs(2, { unitPrice: '1.00', note: canary('HeldLine') })] };
  const number = numberOf(await post(personal('CANARY-HELD', 'Cancelled', wrong)));
  await desk.untilStatus(number, 'ON_HOLD');
  const body = { reasonCode: 'CHANGED_MIND', note: canary('WhyCancelled') };
  await mall('POST', `/v1/orders/${number}/cancellation`, { body: JSON.stringify(body) });
  await desk.untilStatus(number, 'CANCELLED');
  return number;
};

/** What is refused or misread on its way in. */
const refuse = async ({ desk, mall, post }: Callers): Promise<string> => {
  const { buyer } = sampleOrder('x');
  const contact = {
    name: canary('RefusedName'),
    telephone: canary('RefusedPhone'),
    email: canary('RefusedMail'),
  };
  await post(sampleOrder('CANARY-REFUSED', { buyer: { ...buyer, contact }, [canary('Field')]: 'x' }));
  await post(`{"buyer":{"name":"${canary('Broken')}"`);
  await mall('GET', `/v1/orders?${canary('Query')}=${canary('QueryValue')}`);
  const lines = [
    goodLine('CANARY-FILE-1', { customerName: canary('FileCustomer'), address: canary('FileStreet') }),
    goodLine('CANARY-FILE-2', { contactEmail: canary('FileMail'), quantity: canary('FileQuantity') }),
  ];
  const { uploadId } = await desk.upload('orders.csv', csvFile(...lines));
  const { orderAddress = '' } = desk.endpoints;
  const from = mailTo('Unknown');
  await desk.cloud.receiveMail(await aMail({ from, to: orderAddress, subject: canary('Subject') }), {
    from,
    to: [orderAddress],
  });
  return uploadId;
};

/** What those who are none of the order's business are told about it. */
const askAround = async ({ as, send }: Callers, orderNumber: string): Promise<RawAnswer[]> => {
  const path = `/v1/orders/${orderNumber}`;
  const answers = [
    await as('sample-wholesale')('GET', path),
    await as('example-pay')('GET', `${path}/events`),
    await send('example-pay', `${path}/payments`, { paymentId: 'P-1', amount: '1.00', currency: 'CNY' }),
    await send('example-warehouse', `${path}/shipments`, {
      shipmentId: 'X-9',
      carrier: 'Example Express',
      trackingNumber: 'EX00000009',
    }),
    await send('example-warehouse', `${path}/payments`, {}),
  ];
  return answers;
};

/** Reads everything that there is to read of orders, a file and a mail. */
const readAll = async (
  { mall, staff, manager }: Callers,
  orderNumbers: readonly string[],
  uploadId: string,
) => {
  for (const number of orderNumbers)
    for (const suffix of ['', '/events', '/events?include=provenance'])
      await mall('GET', `/v1/orders/${number}${suffix}`);
  for (const query of ['', '?limit=1', '?status=COMPLETED', '?customerOrderReference=CANARY-DONE'])
    await mall('GET', `/v1/orders${query}`);
  await mall('GET', `/v1/uploads/${uploadId}`);
  await staff('GET', '/desk/inbound-mails');
  await staff('PUT', `/desk/orders/${orderNumbers[0]}/tags`, { body: JSON.stringify({ tags: ['vip'] }) });
  for (const [note, body] of [
    [canary('RuleNote'), { promotions: [] }],
    ['x', { [canary('RuleField')]: canary('RuleValue') }],
  ] as const)
    await manager('PUT', `/desk/rules/promotions?note=${note}`, {
      body: JSON.stringify(body),
      headers: { 'If-Match': '*' },
    });
  for (const list of ['rules', 'rules/promotions']) await manager('GET', `/desk/${list}`);
  for (const list of ['orders', 'orders?tag=vip', 'statistics', 'statistics?by=tag'])
    await staff('GET', `/desk/${list}`);
};

/** A desk at which orders were completed, cancelled and refused, every text of them about people. */
export const openLivedInDesk = async () => {
  const callers = await openCallers();
  const { desk, exchanges } = callers;
  const [done, cancelled, uploadId] = await Promise.all([
    complete(callers),
    cancel(callers),
    refuse(callers),
  ]);
  const orderNumbers = [done, cancelled];
  for (const number of orderNumbers) await desk.sentMails(number);
  await desk.cloud.idle();
  await readAll(callers, orderNumbers, uploadId);
  const strangersAnswers = await askAround(callers, done);
  return { ...desk, exchanges, orderNumbers, strangersAnswers };
};
export type LivedInDesk = Awaited<ReturnType<typeof openLivedInDesk>>;
