import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { simpleParser } from 'mailparser';
import * as z from 'zod';
import { issueDropKey } from '../../admin/commands/drop-key.ts';
import { localTarget } from '../../admin/targets.ts';
import { apiClient } from '../../demo/api-client.ts';
import { playOn } from '../../demo/players.ts';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import type { FaultKind } from '../../local/calls/fault.ts';
import { createFaultPort, type FaultPort } from '../../local/calls/fault-port.ts';
import { createVirtualClock } from '../../local/clock.ts';
import type { Usage } from '../../local/iam/usage.ts';
import { aMail } from '../builders/a-mail.ts';
import { aLine, csvOf, table } from '../intake/sample-orders.ts';
import { mugs, openTestDesk, sampleOrder, type TestDesk } from '../workflow/test-desk.ts';

const hourMs = 3_600_000;

const linksSchema = z.object({
  uploadId: z.string(),
  links: z.object({ resultXlsx: z.url().optional(), resultCsv: z.url().optional() }),
});
const formSchema = z.object({ uploadId: z.string(), url: z.url(), fields: z.record(z.string(), z.string()) });
const invoicesSchema = z.object({ invoices: z.array(z.object({ documentUrl: z.url() })) });

/** From somebody who is looked for, for what is counted by customer. */
const strangersLimitedArticle = {
  buyer: { name: '某某某', contact: { email: 'stranger@example.com' } },
  payment: { method: 'CASH_ON_DELIVERY' },
  lines: [
    {
      lineId: '1',
      sku: 'BAG-CANVAS',
      name: '帆布袋',
      specification: '米白 38×42cm',
      quantity: 1,
      unitPrice: '25.00',
    },
  ],
};

/** A desk with its clock and its faults in hand, and what its people do to it. */
/** Somebody whom only a name could tell. */
const unknown = { name: '无人知晓', contact: { email: 'nobody-knows@example.com' } };

const openExercise = async () => {
  const clock = createVirtualClock(Date.now());
  const faults = createFaultPort();
  const desk = await openTestDesk({ clock, calls: faults, schedules: false });
  const { cloud, partner, players, endpoints } = desk;

  const bodies = new Map<string, object>();
  const bodyOf = (reference: string, changes: Record<string, unknown> = {}) => {
    const order = sampleOrder(reference, changes);
    const requestedDate = plusDays(dayIn('Asia/Shanghai', new Date(clock.now())), 30);
    return { ...order, delivery: { ...order.delivery, requestedDate } };
  };
  const place = async (reference: string, changes: Record<string, unknown> = {}): Promise<string> => {
    const body = bodyOf(reference, changes);
    bodies.set(reference, body);
    const number = await desk.place(body);
    await cloud.idle();
    return number;
  };
  const notice = async (who: keyof TestDesk['players'], orderNumber: string, what: string, body: object) => {
    const answer = await players[who].post(`/v1/orders/${orderNumber}/${what}`, body);
    await cloud.idle();
    return answer.status;
  };

  return {
    ...desk,
    clock,
    faults,
    place,
    validateUnknown: () => partner.post('/v1/orders/validate', bodyOf('GRANT-NOBODY', { buyer: unknown })),
    /** Validated first, and placed with the token. */
    placeValidated: async (reference: string): Promise<string> => {
      const { body } = await partner.post('/v1/orders/validate', bodyOf(reference));
      return place(reference, z.object({ validationToken: z.string() }).parse(body));
    },
    posted: (reference: string) => bodies.get(reference) ?? {},
    readTemplate: () =>
      fetch(new URL('/v1/templates/orders.xlsx', endpoints.apiUrl), {
        headers: {
          Authorization: `Bearer ${endpoints.partners[0]?.apiKey}`,
          Accept: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
        },
      }),
    loadTable: (what: 'prices' | 'products', ...lines: string[]) =>
      fetch(new URL(`/desk/${what}`, endpoints.apiUrl), {
        method: 'POST',
        headers: { Authorization: `Bearer ${endpoints.staff.manager}`, 'Content-Type': 'text/csv' },
        body: lines.join('\n'),
      }),
    pass: (hours: number) => clock.advance(hours * hourMs),
    /** The sweep of the next full hour, which looks at every open order. */
    sweep: async () => {
      await clock.advanceTo(Math.ceil((clock.now() + 1) / hourMs) * hourMs + 60_000);
      await cloud.fireSchedule('EveryFiveMinutes');
      await cloud.idle();
    },
    pay: (orderNumber: string, amount: string, paymentId = 'P-1') =>
      notice('payer', orderNumber, 'payments', { paymentId, amount, currency: 'CNY' }),
    pack: async (orderNumber: string, quantity?: number, slipId = 'S-1') => {
      const { delivery, buyer, lines } = await desk.read(orderNumber);
      return notice('warehouse', orderNumber, 'outbound-slips', {
        slipId,
        recipientName: buyer.contact.name,
        address: delivery.address,
        lines: lines.map((line) => ({ sku: line.sku, quantity: quantity ?? line.quantity })),
      });
    },
    send: (orderNumber: string, shipmentId: string, lines?: object[]) =>
      notice('warehouse', orderNumber, 'shipments', {
        shipmentId,
        carrier: 'Example Express',
        trackingNumber: `EX${orderNumber.replaceAll('-', '').slice(2)}${shipmentId.at(-1)}`,
        ...(lines && { lines }),
      }),
    scan: (orderNumber: string, shipmentId: string, type: string) =>
      notice('carrier', orderNumber, `shipments/${shipmentId}/events`, {
        eventId: `${type}-${shipmentId}`,
        type,
        at: new Date(clock.now()).toISOString(),
      }),
    /** Everybody does what is next until the order is completed. */
    complete: async (orderNumber: string) => {
      for (let order = await desk.read(orderNumber); order.status !== 'COMPLETED'; ) {
        await playOn(players, partner, order, 'deliver', new Date(clock.now()));
        await cloud.idle();
        order = await desk.read(orderNumber);
      }
    },
    /** Opens every link to a document that was mailed so far. */
    followMailedLinks: async () => {
      for (const name of (await readdir(cloud.mailDir)).filter((one) => one.endsWith('.eml'))) {
        const { text = '' } = await simpleParser(await readFile(join(cloud.mailDir, name)));
        for (const [url] of text.matchAll(/http:\/\/127\.0\.0\.1:\d+\/\S+X-Amz-Signature\S+/g))
          await fetch(url);
      }
    },
  };
};
type Exercise = Awaited<ReturnType<typeof openExercise>>;

/** Every call of a site fails while `act` runs; the site must have been passed before. */
const during = async (
  { faults }: { faults: FaultPort },
  site: RegExp,
  act: () => Promise<unknown>,
  kind: FaultKind = 'error-before',
): Promise<void> => {
  const known = faults.trace().map((one) => one.site);
  const [found, ...others] = known.filter((one) => site.test(one));
  if (found === undefined || others.length > 0)
    throw new Error(`${site} is not one site: ${[found, ...others].join(', ')} of\n${known.join('\n')}`);
  faults.arm({ site: found, kind, nth: 'every' });
  await act();
  faults.disarm();
};

const file = (reference: string, nowMs: number, changes: object = {}): string => {
  const requestedDate = plusDays(dayIn('Asia/Shanghai', new Date(nowMs)), 7);
  const article = { sku: 'MUG-300-WH', itemName: '马克杯', specification: '300ml 白色', unitPrice: '19.90' };
  return csvOf(
    table([aLine({ orderReference: reference, requestedDate, quantity: '2', ...article, ...changes })]),
  );
};

const ordersWithoutTrouble = async (at: Exercise) => {
  const onAccount = await at.place('GRANT-ACCOUNT');
  await at.place('GRANT-STRANGER', strangersLimitedArticle);
  await at.complete(onAccount);
  const { body } = await at.partner.get(`/v1/orders/${onAccount}`);
  for (const { documentUrl } of invoicesSchema.parse(body).invoices) await fetch(documentUrl);
  await at.partner.get(`/v1/orders/${onAccount}/events?include=provenance`);
  await at.partner.get('/v1/orders?status=COMPLETED');
  await at.partner.get('/v1/orders?customerOrderReference=GRANT-ACCOUNT');
  const clerk = apiClient(at.endpoints.apiUrl, at.endpoints.staff.desk);
  await clerk.put(`/desk/orders/${onAccount}/tags`, { tags: ['grant'] });
  await clerk.get(`/desk/orders?orderNumber=${onAccount}`);
  await clerk.get('/desk/orders?partnerId=example-mall');
  await clerk.get('/desk/orders?tag=grant');
  await clerk.get('/desk/statistics?by=tag');
  const manager = apiClient(at.endpoints.apiUrl, at.endpoints.staff.manager);
  await manager.put('/desk/rules/areas', [{ countryCode: '*', served: true }], { 'If-Match': '"0"' });
  for (const path of ['/desk/rules', '/desk/rules/areas']) await manager.get(path);
  const article = 'sku,gtin,nameZh,nameEn,taxRate,pricesIncludeTax';
  await at.loadTable('products', article, 'GRANT-1,2000000000992,笔,Pen,0.13,yes');
  await at.loadTable('products', article, 'GRANT-1,,笔,Pen,0.13,yes');
  await at.loadTable('prices', 'sku,currency,unitPrice,validFrom', 'GRANT-1,CNY,1.00,2026-01-01');
  await at.partner.get('/v1/openapi.json');
  await at.readTemplate();
  await at.partner.post('/v1/orders', at.posted('GRANT-ACCOUNT'), { 'Idempotency-Key': 'another-key' });
  await at.complete(await at.place('GRANT-PREPAID', { payment: { method: 'BANK_TRANSFER' } }));

  await at.complete(await at.placeValidated('GRANT-VALIDATED'));
  await at.validateUnknown();
  const parcels = await at.place('GRANT-PARCELS', { lines: [mugs(3)] });
  await at.pass(80);
  await at.pack(parcels, 1, 'S-WRONG');
  await at.pack(parcels, undefined, 'S-RIGHT');
  await at.send(parcels, 'X-1', [{ lineId: '1', quantity: 1 }]);
  await at.send(parcels, 'X-2');
  await at.scan(parcels, 'X-1', 'LOST');
  await at.pass(24 * 10);
  await at.scan(parcels, 'X-1', 'DELIVERED');
  await at.scan(parcels, 'X-2', 'DELIVERED');
};

const ordersWithTrouble = async (at: Exercise) => {
  const wrongPrice = {
    buyer: unknown,
    payment: { method: 'BANK_TRANSFER' },
    lines: [mugs(2, { unitPrice: '18.00' })],
  };
  const cancelled = await at.place('GRANT-CANCELLED', wrongPrice);
  await at.partner.post(`/v1/orders/${cancelled}/cancellation`, { reasonCode: 'CHANGED_MIND' });
  await at.cloud.idle();
  await at.place('GRANT-UNANSWERED', wrongPrice);
  const short = await at.place('GRANT-SHORT', { payment: { method: 'BANK_TRANSFER' } });
  await at.pay(short, '10.00', 'P-1');
  await at.pay(short, '29.80', 'P-2');
  await at.place('GRANT-UNPAID', { payment: { method: 'BANK_TRANSFER' } });
  const changed = await at.place('GRANT-CHANGED', { payment: { method: 'BANK_TRANSFER' } });
  await at.partner.post(`/v1/orders/${changed}/cancellation`, { reasonCode: 'CHANGED_MIND' });
  await at.place('GRANT-NONE-LEFT', { lines: [mugs(900_000)], shortagePolicy: 'CANCEL' });
  await at.pass(24 * 4);
};

/** The order number and the link of every mail so far that asks its customer something. */
const mailedLinks = async ({ cloud }: Exercise): Promise<Map<string, string>> => {
  const links = new Map<string, string>();
  for (const name of (await readdir(cloud.mailDir)).filter((one) => one.endsWith('.eml'))) {
    const { text = '' } = await simpleParser(await readFile(join(cloud.mailDir, name)));
    const [url] = /http:\/\/127\.0\.0\.1:\d+\/\S*\/t\/[\w-]{43}/.exec(text) ?? [];
    const [orderNumber] = /SO-\d{8}-\d{6}-\d/.exec(text) ?? [];
    if (url && orderNumber) links.set(orderNumber, url);
  }
  return links;
};

/** Questions answered by customer, partner and staff, while the tokens of the staff are good. */
const questionsAnswered = async (at: Exercise) => {
  const { endpoints, partner, cloud } = at;
  const wrongPrice = {
    buyer: unknown,
    payment: { method: 'BANK_TRANSFER' },
    promotionCodes: ['WELCOME-5'],
    lines: [mugs(2, { unitPrice: '18.00' })],
  };
  const manager = apiClient(endpoints.apiUrl, endpoints.staff.manager);
  const resolve = async (orderNumber: string, action: string) => {
    await manager.post(`/desk/findings/${orderNumber}.1/resolution`, { action, reason: 'agreed' });
    await cloud.idle();
  };
  for (const [reference, fields] of [
    ['GRANT-LINK', { 'answer-1': 'ACCEPT' }],
    ['GRANT-LINK-CANCEL', { cancel: 'yes' }],
  ] as const) {
    const orderNumber = await at.place(reference, wrongPrice);
    const url = (await mailedLinks(at)).get(orderNumber) ?? '';
    await fetch(url);
    await fetch(`${url}/answers`, { method: 'POST', body: new URLSearchParams(fields) });
    await cloud.idle();
  }
  const answered = await at.place('GRANT-ANSWERED', wrongPrice);
  await partner.post(`/v1/orders/${answered}/answers`, {
    answers: [{ findingId: `${answered}.1`, answer: 'ACCEPT' }],
  });
  const decided = await at.place('GRANT-DECIDED', wrongPrice);
  await manager.get('/desk/findings');
  await manager.post(`/desk/findings/${decided}.1/assignment`, { assignee: 'li.lei' });
  await resolve(decided, 'ASK_CUSTOMER');
  await resolve(decided, 'ACCEPT_OURS');
  await resolve(await at.place('GRANT-TURNED-DOWN', wrongPrice), 'REJECT');
};

const upload = async ({ partner, cloud }: Exercise, fileName: string, content: string): Promise<string> => {
  const form = formSchema.parse((await partner.post('/v1/uploads', { fileName })).body);
  const body = new FormData();
  for (const [name, value] of Object.entries(form.fields)) body.append(name, value);
  body.append('file', new Blob([content]), fileName);
  await fetch(form.url, { method: 'POST', body });
  await cloud.idle();
  return form.uploadId;
};

const filesOfAllKinds = async (at: Exercise) => {
  const first = await upload(at, 'orders.csv', file('GRANT-FILE', at.clock.now()));
  await at.cloud.idle();
  const { links } = linksSchema.parse((await at.partner.get(`/v1/uploads/${first}`)).body);
  for (const url of [links.resultXlsx, links.resultCsv]) if (url) await fetch(url);
  await upload(at, 'again.csv', file('GRANT-FILE', at.clock.now()));
  await upload(at, 'held.csv', file('GRANT-FILE-HELD', at.clock.now(), { unitPrice: '18.00' }));
  await upload(at, 'nonsense.csv', 'no orders in here');
  await at.followMailedLinks();
};

/** While the clock still shows the hour of the SDK's own signatures, and of the tokens. */
const filesDroppedByPartners = async ({ stateDir, cloud, clock, endpoints }: Exercise) => {
  const key = await issueDropKey(await localTarget(stateDir), 'example-mall', 1);
  const s3 = new S3Client({ region: key.region, endpoint: key.endpoint ?? '', credentials: key });
  const [Bucket, Body] = [endpoints.outputs.InboxBucketName, file('GRANT-DROPPED', clock.now())];
  await s3.send(new PutObjectCommand({ Bucket, Key: 'inbox/example-mall/pos/orders.csv', Body }));
  await cloud.idle();
};

const mailIn = async ({ cloud }: Exercise, attachments: { filename: string; content: string }[]) => {
  const envelope = { from: 'buyer@mall.example.com', to: ['orders-in@example.com'] };
  await cloud.receiveMail(await aMail({ attachments }), envelope);
  await cloud.idle();
};

const ordersByMail = async (at: Exercise) => {
  await mailIn(at, [{ filename: 'orders.csv', content: file('GRANT-MAIL', at.clock.now()) }]);
  await mailIn(at, []);
  await apiClient(at.endpoints.apiUrl, at.endpoints.staff.desk).get('/desk/inbound-mails');
};

const mailsInTrouble = async (at: Exercise) => {
  await during(at, /ReceiveMail\S* dynamodb:GetItem$/, async () => {
    await mailIn(at, []);
    await at.pass(1);
  });
  await during(at, /MailArrived\S* lambda:Invoke/, async () => {
    await mailIn(at, []);
    await at.pass(30);
  });
};

/** Answers that are on file before their wait opens: the wait finds them itself. */
const answersBeforeTheirWaits = async (at: Exercise) => {
  const prepaid = { payment: { method: 'BANK_TRANSFER' } };
  const wrongPrice = {
    buyer: unknown,
    payment: { method: 'BANK_TRANSFER' },
    lines: [mugs(2, { unitPrice: '18.00' })],
  };
  await during(at, /HoldOrder\S* dynamodb:PutItem$/, async () => {
    const cancelled = await at.place('GRANT-CANCELLED-EARLY', wrongPrice);
    await at.partner.post(`/v1/orders/${cancelled}/cancellation`, { reasonCode: 'CHANGED_MIND' });
    const short = await at.place('GRANT-SHORT-EARLY', prepaid);
    await at.pay(short, '10.00', 'P-1');
    await at.pay(short, '29.80', 'P-2');
  });
  await during(at, /AwaitOutboundSlip\S* dynamodb:PutItem$/, async () => {
    await at.pack(await at.place('GRANT-SLIP-EARLY'), 1);
  });
  await during(at, /AwaitDelivery\S* dynamodb:PutItem$/, async () => {
    const delivered = await at.place('GRANT-DELIVERED-EARLY');
    await at.pack(delivered);
    await at.send(delivered, 'X-1');
    await at.scan(delivered, 'X-1', 'DELIVERED');
  });
  await at.pass(1);
};

/** Two orders that were both told that the last pieces are there. */
const lastPieces = async (at: Exercise) => {
  const { available = 0 } = (await at.stock.readLevels(['MUG-300-WH'])).get('MUG-300-WH') ?? {};
  await during(at, /ReserveStock\S* dynamodb:TransactWriteItems$/, async () => {
    for (const reference of ['GRANT-LAST-1', 'GRANT-LAST-2'])
      await at.place(reference, { lines: [mugs(available - 1, { unitPrice: '18.91' })] });
  });
  await at.pass(1);
};

/** What fails is moved on by the sweeper, or laid aside for a person to see. */
const faultsOfOurs = async (at: Exercise) => {
  const prepaid = { payment: { method: 'BANK_TRANSFER' } };
  await during(at, /PlaceOrder\S* states:StartExecution$/, () => at.place('GRANT-NOT-STARTED'));
  await at.sweep();

  const unwoken = await at.place('GRANT-NOT-WOKEN', prepaid);
  await during(at, /RecordPayment\S* states:SendTaskSuccess$/, () => at.pay(unwoken, '39.80'));
  const uncancelled = await at.place('GRANT-NOT-CANCELLED', prepaid);
  await during(at, /CancelOrderRequest\S* states:SendTaskFailure$/, () =>
    at.partner.post(`/v1/orders/${uncancelled}/cancellation`, { reasonCode: 'CHANGED_MIND' }),
  );
  await at.sweep();

  const failed = await at.place('GRANT-FAILED');
  await during(at, /IssueInvoice\S* s3:PutObject$/, async () => {
    await at.pack(failed);
    await at.send(failed, 'X-1');
    await at.pass(1);
  });
  await at.sweep();
  await at.pass(24 * 8);

  await during(at, /SendMail\S* ses:SendRawEmail$/, async () => {
    await at.place('GRANT-NO-MAIL');
    await at.pass(12);
  });
  await at.sweep();

  await during(at, /SweepOrders\S* dynamodb:Query$/, async () => {
    await at.sweep();
    await at.pass(1);
  });
  await during(at, /EveryFiveMinutes\S* lambda:Invoke/, async () => {
    await at.sweep();
    await at.pass(1);
  });
};

const filesInTrouble = async (at: Exercise) => {
  const sent = (reference: string) => upload(at, `${reference}.csv`, file(reference, at.clock.now()));
  const placed = /SubmitBatch\S* dynamodb:TransactWriteItems$/;
  await during(at, placed, () => sent('GRANT-FILE-TWICE'), 'error-after');
  await at.pass(1);
  await during(at, /ReadUpload\S* s3:PutObject$/, async () => {
    await at.partner.get(`/v1/uploads/${await sent('GRANT-UNREADABLE')}`);
    await at.pass(1);
  });
  await during(at, /FileArrived\S* states:StartExecution/, async () => {
    await sent('GRANT-UNSEEN');
    await at.pass(30);
  });
};

/** A customer whose mailbox is gone; and two more of whom nobody hears. */
const mailsThatCameBack = async (at: Exercise) => {
  const from = (label: string) => ({
    buyer: { name: '无人知晓', contact: { email: `bounce+${label}@simulator.amazonses.com` } },
  });
  await at.place('GRANT-BOUNCED', from('first'));
  await during(at, /RecordMailFeedback\S* dynamodb:Query$/, async () => {
    await at.place('GRANT-BOUNCED-IN-VAIN', from('second'));
    await at.pass(1);
  });
  await during(at, /CameBack\S* lambda:Invoke/, async () => {
    await at.place('GRANT-BOUNCED-UNHEARD', from('third'));
    await at.pass(30);
  });
};

const stories = {
  filesDroppedByPartners,
  ordersByMail,
  questionsAnswered,
  ordersWithoutTrouble,
  ordersWithTrouble,
  filesOfAllKinds,
  answersBeforeTheirWaits,
  faultsOfOurs,
  filesInTrouble,
  mailsInTrouble,
  mailsThatCameBack,
  lastPieces,
};

/** Plays everything that can happen to orders and files once, with the app's own policies deciding; what they were used for. */
export const exerciseGrants = async (progress: (line: string) => void): Promise<Usage> => {
  const at = await openExercise();
  try {
    for (const [what, act] of Object.entries(stories)) {
      progress(what);
      await act(at);
    }
    return at.cloud.usage();
  } finally {
    await at.close();
  }
};
