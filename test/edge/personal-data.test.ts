import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { aMail } from '../builders/a-mail.ts';
import type { RawAnswer } from '../workflow/raw-client.ts';
import { numberOf } from '../workflow/raw-desk.ts';
import { eventually, mugs, sampleOrder } from '../workflow/test-desk.ts';
import { csvFile, goodLine, openUploadDesk, type UploadDesk } from '../workflow/upload-desk.ts';

/** Texts about people that stand nowhere else: whatever holds one of them holds personal data. */
const told: string[] = [];
const canary = (name: string): string => {
  const text = `Kanari${name}vogel`;
  told.push(text);
  return text;
};
const mailTo = (name: string): string => `${canary(name).toLowerCase()}@example.com`;
const telephone = (digits: string): string => {
  told.push(digits);
  return `+86139${digits}`;
};
/** What a mail reader would turn into a header of its own. */
const disguise = (text: string): string => `=?utf-8?Q?${text}=0D=0ABcc=3A_evil=40example.com?=`;

/** An order with something of a person in each of its texts. */
const personal = (reference: string, name: string, changes: Record<string, unknown> = {}) => {
  const { buyer, delivery } = sampleOrder(reference);
  return sampleOrder(reference, {
    buyer: {
      ...buyer,
      name: disguise(canary(`${name}Buyer`)),
      contact: {
        name: disguise(canary(`${name}Contact`)),
        telephone: telephone(`${name.length}7310246`),
        email: mailTo(`${name}Mail`),
      },
    },
    delivery: {
      ...delivery,
      recipientName: canary(`${name}Recipient`),
      telephone: telephone(`${name.length}7310357`),
      address: {
        ...delivery.address,
        line1: canary(`${name}Street`),
        line2: canary(`${name}Door`),
        district: canary(`${name}District`),
      },
    },
    invoiceRequest: {
      titleType: 'ORGANIZATION',
      title: canary(`${name}Title`),
      taxpayerId: '91310115MA1K3YYYYY',
      address: canary(`${name}Office`),
      bankName: canary(`${name}Bank`),
      bankAccount: canary(`${name}Account`),
      email: mailTo(`${name}Invoice`),
    },
    notes: canary(`${name}Notes`),
    metadata: { from: canary(`${name}Metadata`) },
    lines: [mugs(2, { note: canary(`${name}LineNote`), customization: canary(`${name}Engraving`) })],
    ...changes,
  });
};

let desk: UploadDesk;
let orderNumbers: string[];
let strangersAnswers: RawAnswer[];

const send = (who: string, path: string, body: unknown): Promise<RawAnswer> =>
  desk.as(who)('POST', path, { body: JSON.stringify(body) });

/** An order that is completed, with notices that say something of people too. */
const complete = async (): Promise<string> => {
  const body = personal('CANARY-DONE', 'Done', { payment: { method: 'BANK_TRANSFER' } });
  const { validationToken } = Object(
    (await desk.mall('POST', '/v1/orders/validate', { body: JSON.stringify(body) })).body,
  );
  const number = numberOf(await desk.post({ ...body, validationToken }));
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
  return number;
};

/** An order that is held, and cancelled with a word of why. */
const cancel = async (): Promise<string> => {
  const wrong = { lines: [mugs(2, { unitPrice: '1.00', note: canary('HeldLine') })] };
  const number = numberOf(await desk.post(personal('CANARY-HELD', 'Cancelled', wrong)));
  await desk.untilStatus(number, 'ON_HOLD');
  const body = { reasonCode: 'CHANGED_MIND', note: canary('WhyCancelled') };
  await desk.mall('POST', `/v1/orders/${number}/cancellation`, { body: JSON.stringify(body) });
  await desk.untilStatus(number, 'CANCELLED');
  return number;
};

/** What is refused or misread on its way in. */
const refuse = async (): Promise<void> => {
  const { buyer } = sampleOrder('x');
  const contact = {
    name: canary('RefusedName'),
    telephone: canary('RefusedPhone'),
    email: canary('RefusedMail'),
  };
  await desk.post(sampleOrder('CANARY-REFUSED', { buyer: { ...buyer, contact }, [canary('Field')]: 'x' }));
  await desk.post(`{"buyer":{"name":"${canary('Broken')}"`);
  await desk.mall('GET', `/v1/orders?${canary('Query')}=${canary('QueryValue')}`);
  const lines = [
    goodLine('CANARY-FILE-1', { customerName: canary('FileCustomer'), address: canary('FileStreet') }),
    goodLine('CANARY-FILE-2', { contactEmail: canary('FileMail'), quantity: canary('FileQuantity') }),
  ];
  await desk.upload('orders.csv', csvFile(...lines));
  const { orderAddress = '' } = desk.endpoints;
  const from = mailTo('Unknown');
  await desk.cloud.receiveMail(await aMail({ from, to: orderAddress, subject: canary('Subject') }), {
    from,
    to: [orderAddress],
  });
};

/** What those who are none of the order's business are told about it. */
const askAround = async (orderNumber: string): Promise<RawAnswer[]> => {
  const path = `/v1/orders/${orderNumber}`;
  const answers = [
    await desk.as('sample-wholesale')('GET', path),
    await desk.as('example-pay')('GET', `${path}/events`),
    await send('example-pay', `${path}/payments`, { paymentId: 'P-1', amount: '1.00', currency: 'CNY' }),
    await send('example-warehouse', `${path}/shipments`, {
      shipmentId: 'X-9',
      carrier: 'Example Express',
      trackingNumber: 'EX00000009',
    }),
    await send('example-warehouse', `${path}/payments`, {}),
  ];
  expect(answers.map(({ status }) => status)).toEqual([404, 404, 409, 409, 404]);
  return answers;
};

beforeAll(async () => {
  desk = await openUploadDesk();
  const [done, cancelled] = await Promise.all([complete(), cancel(), refuse()]);
  orderNumbers = [done, cancelled];
  strangersAnswers = await askAround(done);
  for (const number of orderNumbers) await desk.sentMails(number);
  await desk.cloud.idle();
});
afterAll(() => desk.close());

/** All that lies in a folder of the desk's state, file by file. */
const textsUnder = async (folder: string): Promise<[file: string, text: string][]> => {
  const root = join(desk.stateDir, folder);
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, name }) => {
        const text = await readFile(join(parentPath, name), 'utf8');
        return [join(parentPath, name), text] as [string, string];
      }),
  );
};

const revealed = (text: string): string[] => {
  const small = text.toLowerCase();
  return told.filter((one) => small.includes(one.toLowerCase()));
};

test.for([
  ['logs', 'no line of a log'],
  ['states', 'no input, output or history of an execution'],
])('%s: %s says anything of a person', async ([folder = '']) => {
  expect(told.length).toBeGreaterThan(50);
  const texts = await textsUnder(folder);
  for (const number of orderNumbers)
    expect(
      texts.some(([, text]) => text.includes(number)),
      number,
    ).toBe(true);
  expect(texts.flatMap(([file, text]) => revealed(text).map((one) => `${file}: ${one}`))).toEqual([]);
});

test('no refusal tells a stranger anything of a person', () => {
  for (const { text } of strangersAnswers) expect(revealed(text)).toEqual([]);
});

test('whatever the texts are, a mail has the headers that ours have, and its one recipient', async () => {
  const files = (await readdir(desk.endpoints.mailDir)).filter((name) => name.endsWith('.eml'));
  const mails = await Promise.all(
    files.map(async (name) => simpleParser(await readFile(join(desk.endpoints.mailDir, name)))),
  );
  expect(mails.filter(({ text = '' }) => revealed(text).length > 0).length).toBeGreaterThan(5);
  for (const { headers, to, cc, bcc, headerLines } of mails) {
    expect([cc, bcc]).toEqual([undefined, undefined]);
    expect(headerLines.filter(({ key }) => key === 'subject')).toHaveLength(1);
    expect(Array.isArray(to) ? to.length : to?.value.length).toBe(1);
    expect(JSON.stringify([...headers.keys()])).not.toMatch(/bcc|evil/);
    expect(JSON.stringify(headers.get('to'))).not.toContain('evil');
  }
});
