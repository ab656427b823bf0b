import { randomBytes } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as z from 'zod';
import type { Partner } from '../../domain/partner.ts';
import { createAnswerQuestions } from '../../functions/api/answer-questions.ts';
import { createResolveFinding } from '../../functions/api/resolve-finding.ts';
import { answerUrl } from '../../functions/mail/answer-url.ts';
import { logger } from '../../functions/shared/logger.ts';
import { createCancelOrder } from '../../functions/steps/cancel-order.ts';
import { createHoldOrder } from '../../functions/steps/hold-order.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { aCompany } from '../builders/an-order.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';
import { heldOrders } from '../clarify/a-held-order.ts';
import { customerLinks } from '../clarify/a-link.ts';

const at = useOrderDesk();
let mall: Partner;
let orders: ReturnType<typeof heldOrders>;
let customer: ReturnType<typeof customerLinks>;
beforeAll(async () => {
  mall = await at.desk.addPartner();
  await at.desk.addPartner({ partnerId: 'example-shop' });
  await at.desk.addProduct('AN-1', 1000);
  orders = heldOrders(at.desk);
  customer = customerLinks(at.desk);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
});

const later = (hours: number) => {
  at.desk.clock.now = new Date(orderDay.getTime() + hours * 3_600_000);
};
/** A wrong price and a wrong specification: questions 1 and 2, in that order of the audit's checks. */
const twoQuestions = [
  aSubmittedLine({ sku: 'AN-1', quantity: 1, unitPrice: '18.00', specification: '500ml 红色' }),
];
const heldWithTwo = async () => {
  const { orderNumber, token: taskToken } = await orders.held(mall, 'AN-1', { lines: twoQuestions });
  return { orderNumber, taskToken, token: await customer.issue(orderNumber) };
};
const heldWithOne = async () => {
  const { orderNumber, token: taskToken } = await orders.held(mall, 'AN-1');
  return { orderNumber, taskToken, token: await customer.issue(orderNumber) };
};
const eventTypes = async (orderNumber: string) =>
  (await at.desk.read(orderNumber)).events.map(({ type }) => type);
const partnerAnswers = (orderNumber: string, answers: object[], principal = asPartner()) =>
  createAnswerQuestions({ ...at.desk, answerOrder: customer.answerOrder })(
    aRequest({ principal, path: { orderNumber }, body: { answers } }),
  );

describe('a customer’s link', () => {
  test('shows only what is asked of the customer, in its language or the other one', async () => {
    const { orderNumber, token } = await heldWithTwo();
    const { statusCode, body } = await customer.get(token);
    expect(statusCode).toBe(200);
    expect(body).toContain('<html lang="zh-CN">');
    expect(body).toContain(orderNumber);
    expect(body.match(/<fieldset/g)).toHaveLength(2);
    expect((await customer.get(token, { query: { lang: 'en' } })).body).toContain('Question 1 of 2');
    expect((await customer.get(token, { query: { lang: '"><script>' } })).body).not.toContain('<script>');
  });

  test('tells a program the same', async () => {
    const { orderNumber, token } = await heldWithOne();
    const { body, headers } = await customer.get(token, { headers: { accept: 'application/json' } });
    expect(headers?.['Content-Type']).toBe('application/json');
    expect(JSON.parse(body)).toMatchObject({
      orderNumber,
      status: 'ON_HOLD',
      paymentStatus: 'UNPAID',
      payableAmount: '18.00',
      questions: [
        {
          findingId: `${orderNumber}.1`,
          code: 'PRICE_MISMATCH',
          suggestion: '39.90',
          answers: ['ACCEPT', 'CONFIRM'],
        },
      ],
    });
  });

  test('changes nothing however often it is opened', async () => {
    const { token } = await heldWithOne();
    const before = await at.desk.db.send(new ScanCommand({ TableName: tables.orders }));
    for (let time = 0; time < 3; time++) await customer.get(token);
    expect((await at.desk.db.send(new ScanCommand({ TableName: tables.orders }))).Items).toEqual(
      before.Items,
    );
  });

  test('is kept from caches, frames, scripts, other sites and search engines, and leads nowhere else', async () => {
    const { token } = await heldWithOne();
    const answers = [
      await customer.get(token),
      await customer.get('x'.repeat(43)),
      await customer.form(token, {}),
      await customer.form(token, { 'answer-1': 'ACCEPT' }),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 404, 422, 200]);
    for (const { headers, body } of answers) {
      expect(headers).toMatchObject({
        'Content-Type': 'text/html; charset=utf-8',
        'Cache-Control': 'no-store',
        'Referrer-Policy': 'no-referrer',
        'X-Content-Type-Options': 'nosniff',
        'X-Frame-Options': 'DENY',
        'X-Robots-Tag': 'noindex, nofollow',
      });
      expect(headers?.['Content-Security-Policy']).toMatch(
        /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
      );
      expect(headers).not.toHaveProperty('Location');
      expect(body).not.toMatch(/<script|https?:\/\/|\son\w+=|style="/);
    }
  });

  test('to take our price and correct the rest wakes the order, which all checks then pass', async () => {
    const { orderNumber, taskToken, token } = await heldWithTwo();
    const spec = await orders.find(orderNumber, 'SPEC_MISMATCH');
    const price = await orders.find(orderNumber, 'PRICE_MISMATCH');
    const answer = await customer.form(token, {
      [`answer-${spec.number}`]: 'CORRECT',
      [`value-${spec.number}`]: '350ml 蓝色',
      [`answer-${price.number}`]: 'ACCEPT',
      [`note-${price.number}`]: 'of no matter here',
    });
    expect(answer.statusCode).toBe(200);
    expect(at.desk.answered.get(taskToken)).toEqual({ result: 'success' });
    const { content, events } = await at.desk.read(orderNumber);
    expect(content.lines[0]).toMatchObject({ unitPrice: '39.90', specification: '350ml 蓝色' });
    expect(events.at(-1)).toMatchObject({
      type: 'order.answered',
      actor: 'customer',
      data: {
        answers: [
          { findingId: `${orderNumber}.${spec.number}`, answer: 'CORRECT', value: '350ml 蓝色' },
          { findingId: `${orderNumber}.${price.number}`, answer: 'ACCEPT' },
        ],
        changes: expect.arrayContaining([
          { field: '#/lines/0/specification', before: '500ml 红色', after: '350ml 蓝色' },
        ]),
      },
    });
    expect(await orders.auditAgain(orderNumber)).toMatchObject({ outcome: 'awaiting-payment' });
  });

  test('to keep a price leaves the decision to sales, with what was said, and the desk is told', async () => {
    const { orderNumber, taskToken, token } = await heldWithOne();
    await customer.form(token, { 'answer-1': 'CONFIRM', 'note-1': 'Promised by\r\nMs Li' });
    expect(at.desk.answered.has(taskToken)).toBe(false);
    expect(await orders.find(orderNumber, 'PRICE_MISMATCH')).toMatchObject({
      open: true,
      askedOf: 'sales',
      customerNote: 'Promised by\r\nMs Li',
    });
    expect(await at.desk.mailsOf(orderNumber)).toContain('clarification desk@example.com');
    expect(await at.desk.reserve({ orderNumber })).toMatchObject({ outcome: 'held' });
  });

  test('answered wrongly says what is wrong beside the question, keeps what was given, and stores nothing', async () => {
    const { orderNumber, token } = await orders
      .held(mall, 'AN-1', { lines: [aSubmittedLine({ sku: 'AN-1', quantity: 5000 })] })
      .then(async (held) => ({ ...held, token: await customer.issue(held.orderNumber) }));
    const before = await at.desk.read(orderNumber);
    const cases: { fields: Record<string, string>; message: string }[] = [
      { fields: {}, message: 'Choose one of the answers.' },
      { fields: { 'answer-1': 'CORRECT', 'value-1': '-3' }, message: 'The value is of the wrong type' },
      { fields: { 'answer-1': 'CORRECT', 'value-1': '' }, message: 'A required value is missing' },
      { fields: { 'answer-1': 'CORRECT', 'value-1': '0.5' }, message: 'whole number in this unit' },
      { fields: { 'answer-1': 'ACCEPT' }, message: 'This is not one of the possible values' },
      {
        fields: { 'answer-1': 'CONFIRM', 'note-1': '\u0007' },
        message: 'The value is not written in the right form',
      },
    ];
    for (const { fields, message } of cases) {
      const { statusCode, body } = await customer.form(token, { lang: 'en', ...fields });
      expect([fields, statusCode]).toEqual([fields, 422]);
      expect(body).toContain('<title>Error: ');
      expect(body).toContain('<a href="#question-1">');
      expect(body).toContain(message);
    }
    const { body } = await customer.form(token, { lang: 'en', 'answer-1': 'CORRECT', 'value-1': '"><b>7' });
    expect(body).toContain('value="&quot;&gt;&lt;b&gt;7"');
    expect(body).toMatch(/value="CORRECT" required checked/);
    expect(await at.desk.read(orderNumber)).toEqual(before);
  });

  test('cancels the whole order', async () => {
    const { orderNumber, taskToken, token } = await heldWithOne();
    expect((await customer.form(token, { cancel: 'yes' })).statusCode).toBe(200);
    expect(at.desk.answered.get(taskToken)).toEqual({ result: 'failure', error: 'OrderCancelled' });
    await createCancelOrder(at.desk)({ orderNumber, reasonCode: 'REQUESTED' });
    expect((await at.desk.read(orderNumber)).state).toMatchObject({
      status: 'CANCELLED',
      cancellation: { reasonCode: 'CUSTOMER_CANCELLED', requestedBy: 'customer' },
    });
    expect((await customer.get(token)).statusCode).toBe(404);
  });

  test('is answered by a program as by the page, all questions at once', async () => {
    const { orderNumber, token } = await heldWithTwo();
    const answers = [1, 2].map((number) => ({ findingId: `${orderNumber}.${number}`, answer: 'ACCEPT' }));
    expect((await customer.json(token, { answers: answers.slice(1) })).statusCode).toBe(422);
    expect((await customer.json(token, { answers: [{ ...answers[0], more: 1 }] })).statusCode).toBe(422);
    expect((await customer.json(token, { answers })).statusCode).toBe(200);
    const { token: other } = await heldWithOne();
    expect((await customer.json(other, { cancel: true })).statusCode).toBe(200);
  });

  test.for(['text/plain', 'multipart/form-data; boundary=x', ''])(
    'takes no answer of type %j',
    async (type) => {
      const { orderNumber, token } = await heldWithOne();
      const { statusCode } = await customer.form(
        token,
        { 'answer-1': 'ACCEPT' },
        { headers: { 'content-type': type } },
      );
      expect(statusCode).toBe(400);
      expect(await eventTypes(orderNumber)).not.toContain('order.answered');
    },
  );
});

describe('refused with one and the same answer is a link', () => {
  const refusals = async (token: string) => {
    const page = await customer.get(token, { headers: { 'accept-language': 'en' } });
    const form = await customer.form(
      token,
      { 'answer-1': 'ACCEPT' },
      { headers: { 'accept-language': 'en' } },
    );
    const json = await customer.json(token, { cancel: true });
    return [page, form, json].map(({ statusCode, body, headers }) => ({ statusCode, body, headers }));
  };
  let forged: Awaited<ReturnType<typeof refusals>>;
  beforeAll(async () => {
    forged = await refusals(randomBytes(32).toString('base64url'));
    expect(forged.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
  });

  test.for(['', 'short', '../../v1/orders', `${'x'.repeat(42)}!`, 'x'.repeat(5000), '%00', 'null'])(
    'that is no token: %j',
    async (token) => {
      expect(await refusals(token)).toEqual(forged);
    },
  );

  test('that is one character off', async () => {
    const { orderNumber, token } = await heldWithOne();
    const off = `${token.startsWith('A') ? 'B' : 'A'}${token.slice(1)}`;
    expect(await refusals(off)).toEqual(forged);
    expect(await eventTypes(orderNumber)).not.toContain('order.answered');
  });

  test('that has expired, though its order still waits', async () => {
    const { orderNumber } = await heldWithOne();
    const token = await customer.issue(orderNumber, 1);
    later(1);
    expect(await refusals(token)).toEqual(forged);
    expect((await at.desk.read(orderNumber)).state).toMatchObject({ status: 'ON_HOLD', openFindings: 1 });
  });

  test('that was used, whether it settled the question, passed it on, or cancelled', async () => {
    const used: Record<string, string>[] = [
      { 'answer-1': 'ACCEPT' },
      { 'answer-1': 'CONFIRM' },
      { cancel: 'yes' },
    ];
    for (const fields of used) {
      const { orderNumber, token } = await heldWithOne();
      await customer.form(token, fields);
      const after = await at.desk.read(orderNumber);
      expect(await refusals(token)).toEqual(forged);
      expect(await at.desk.read(orderNumber)).toEqual(after);
    }
  });

  test('whose question staff have settled, or asked anew in another mail', async () => {
    const resolve = (orderNumber: string, action: string) =>
      createResolveFinding({ ...at.desk, editOrder: orders.editOrder })(
        aRequest({
          principal: asStaff('manager'),
          path: { findingId: `${orderNumber}.1` },
          body: { action, reason: 'r' },
        }),
      );
    for (const action of ['ACCEPT_THEIRS', 'ASK_CUSTOMER']) {
      const { orderNumber, token } = await heldWithOne();
      later(1);
      await resolve(orderNumber, action);
      expect(await refusals(token)).toEqual(forged);
      if (action === 'ASK_CUSTOMER') {
        const again = await customer.issue(orderNumber);
        expect((await customer.get(again)).statusCode).toBe(200);
      }
      at.desk.clock.now = orderDay;
    }
  });

  test('that answers a question of another order', async () => {
    const { token } = await heldWithOne();
    const { orderNumber: foreign } = await heldWithOne();
    const answers = [{ findingId: `${foreign}.1`, answer: 'ACCEPT' }];
    const { statusCode, body } = await customer.json(token, { answers });
    expect({ statusCode, body }).toEqual({ statusCode: 404, body: forged[2]?.body });
    expect(await eventTypes(foreign)).not.toContain('order.answered');
  });

  test('when it is sent twice at once: one answer counts', async () => {
    const { orderNumber, token } = await heldWithOne();
    const both = await Promise.all([
      customer.form(token, { 'answer-1': 'ACCEPT' }),
      customer.form(token, { 'answer-1': 'CONFIRM' }),
    ]);
    expect(both.map(({ statusCode }) => statusCode).sort()).toEqual([200, 404]);
    expect((await eventTypes(orderNumber)).filter((type) => type === 'order.answered')).toHaveLength(1);
  });
});

test('a token stands in no row and in no log line', async () => {
  const written: string[] = [];
  for (const level of ['info', 'warn', 'error'] as const)
    vi.spyOn(logger, level).mockImplementation((...line) => void written.push(JSON.stringify(line)));
  const { orderNumber, token } = await heldWithOne();
  await customer.get(token);
  await customer.form(token, {});
  await customer.form(token, { 'answer-1': 'ACCEPT' });
  await customer.get(token);
  vi.restoreAllMocks();
  const { Items = [] } = await at.desk.db.send(new ScanCommand({ TableName: tables.orders }));
  expect(written.length).toBeGreaterThan(3);
  expect(`${written.join('\n')}${JSON.stringify(Items)}`).not.toContain(token);
  expect(JSON.stringify(Items)).toContain(orderNumber);
});

describe('a mail that asks', () => {
  const linked = async (
    orderNumber: string,
    template: 'clarification' | 'order-confirmed' = 'clarification',
  ) => {
    const record = await at.desk.read(orderNumber);
    const intent = record.mails.find(({ recipient }) => recipient === record.content.customerEmail);
    if (!intent) throw new Error('no mail');
    return answerUrl(
      { links: customer.links, linkBase: () => 'https://api.example.com/live/t/' },
      { ...intent, template },
      { kind: 'order', record, company: aCompany },
      at.desk.now(),
    );
  };

  test('has a link that opens what it asks until its deadline, made anew each time it is sent', async () => {
    const { orderNumber } = await heldWithOne();
    const urls = [await linked(orderNumber), await linked(orderNumber)];
    const tokens = urls.map(
      (url = '') => /^https:\/\/api\.example\.com\/live\/t\/([\w-]{43})$/.exec(url)?.[1] ?? '',
    );
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect((await customer.get(token)).statusCode).toBe(200);
    const { dueAt = '' } = await orders.find(orderNumber, 'PRICE_MISMATCH');
    at.desk.clock.now = new Date(Date.parse(dueAt) + 1000);
    for (const token of tokens) expect((await customer.get(token)).statusCode).toBe(404);
  });

  test('has none when nothing is asked any more, and no other mail has one', async () => {
    const { orderNumber, token } = await heldWithOne();
    expect(await linked(orderNumber, 'order-confirmed')).toBeUndefined();
    await customer.form(token, { 'answer-1': 'ACCEPT' });
    expect(await linked(orderNumber)).toBeUndefined();
  });
});

describe('a partner', () => {
  test('answers questions of its own orders, some now and some later', async () => {
    const { orderNumber, taskToken } = await heldWithTwo();
    const first = await partnerAnswers(orderNumber, [{ findingId: `${orderNumber}.1`, answer: 'ACCEPT' }]);
    expect(first).toMatchObject({ status: 200, body: { status: 'ON_HOLD' } });
    expect(at.desk.answered.has(taskToken)).toBe(false);
    await partnerAnswers(orderNumber, [{ findingId: `${orderNumber}.2`, answer: 'ACCEPT' }]);
    expect(at.desk.answered.get(taskToken)).toEqual({ result: 'success' });
    await expect(
      partnerAnswers(orderNumber, [{ findingId: `${orderNumber}.2`, answer: 'ACCEPT' }]),
    ).rejects.toMatchObject({ type: 'conflict' });
  });

  test('finds no order of another partner, and staff decide instead of answering', async () => {
    const { orderNumber } = await heldWithOne();
    const answers = [{ findingId: `${orderNumber}.1`, answer: 'ACCEPT' }];
    await expect(partnerAnswers(orderNumber, answers, asPartner('example-shop'))).rejects.toMatchObject({
      type: 'not-found',
    });
    await expect(partnerAnswers(orderNumber, answers, asStaff('manager'))).rejects.toMatchObject({
      type: 'forbidden',
    });
    const { orderNumber: other } = await heldWithOne();
    await expect(
      partnerAnswers(other, [{ findingId: `${orderNumber}.1`, answer: 'ACCEPT' }]),
    ).rejects.toMatchObject({ type: 'conflict' });
  });
});

describe('at half the time and after it', () => {
  const remind = (orderNumber: string) =>
    createHoldOrder(at.desk)({ orderNumber, taskToken: crypto.randomUUID(), reason: 'HALF_TIME' });
  const expire = (orderNumber: string) =>
    createCancelOrder(at.desk)({ orderNumber, reasonCode: 'CLARIFICATION_TIMEOUT' });

  test('the customer is reminded once, however often the step runs', async () => {
    const { orderNumber } = await heldWithOne();
    later(36);
    for (let time = 0; time < 3; time++) await remind(orderNumber);
    const mails = await at.desk.mailsOf(orderNumber);
    expect(mails.filter((mail) => mail.startsWith('clarification-reminder'))).toEqual([
      'clarification-reminder wang@example.com',
    ]);
  });

  test('an order that its customer left unanswered is cancelled, and the desk is told', async () => {
    const { orderNumber, token } = await heldWithOne();
    later(72);
    expect(await expire(orderNumber)).toEqual({ outcome: 'cancelled' });
    expect(await at.desk.mailsOf(orderNumber)).toContain('clarification-expired desk@example.com');
    expect((await customer.get(token)).statusCode).toBe(404);
  });

  test('one that waits for us is put to the desk once, and goes on waiting', async () => {
    const { orderNumber, token } = await heldWithOne();
    await customer.form(token, { 'answer-1': 'CONFIRM' });
    later(36);
    await remind(orderNumber);
    expect(await at.desk.mailsOf(orderNumber)).toContain('clarification-reminder desk@example.com');
    later(72);
    for (let time = 0; time < 3; time++) expect(await expire(orderNumber)).toEqual({ outcome: 'overtaken' });
    const { state, events } = await at.desk.read(orderNumber);
    expect(state).toMatchObject({ status: 'ON_HOLD', openFindings: 1 });
    expect(events.filter(({ type }) => type === 'order.escalated')).toHaveLength(1);
    expect(await orders.find(orderNumber, 'PRICE_MISMATCH')).toMatchObject({
      dueAt: new Date(orderDay.getTime() + 144 * 3_600_000).toISOString(),
    });
  });

  test('an answer that came in the last moment wins', async () => {
    const { orderNumber, token } = await heldWithOne();
    later(71);
    await customer.form(token, { 'answer-1': 'ACCEPT' });
    later(72);
    await remind(orderNumber);
    expect(await expire(orderNumber)).toEqual({ outcome: 'overtaken' });
    expect(
      z
        .array(z.string())
        .parse(await eventTypes(orderNumber))
        .at(-1),
    ).toBe('order.answered');
  });
});
