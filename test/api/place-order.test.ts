import { randomUUID } from 'node:crypto';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createPlaceOrderHandler } from '../../functions/api/place-order.ts';
import type { HttpAnswer } from '../../functions/shared/http-handler.ts';
import { HttpProblem } from '../../functions/shared/problem.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();
let mall: Partner;
let other: Partner;

beforeAll(async () => {
  mall = await at.desk.addPartner();
  other = await at.desk.addPartner({ partnerId: 'example-shop' });
  await at.desk.addProduct('CUP-350-BL', 1000);
});
beforeEach(() => {
  at.desk.clock.now = orderDay;
  at.desk.executions.failures = 0;
});

const anyOrder = (changes: Partial<SubmissionInput> = {}): SubmissionInput => {
  const { customerId, ...buyer } = aSubmission().buyer;
  return aSubmission({ customerOrderReference: randomUUID(), buyer, ...changes });
};

const post = (body: unknown, key: string | undefined = randomUUID(), partner = mall): Promise<HttpAnswer> => {
  const { placeOrder, orders, partners, now } = at.desk;
  return createPlaceOrderHandler({ placeOrder, orders, partners, now })(
    aRequest({
      principal: asPartner(partner.partnerId),
      body,
      headers: key === undefined ? {} : { 'idempotency-key': key },
    }),
  );
};

const problemOf = async (answer: Promise<HttpAnswer>): Promise<HttpProblem> => {
  const thrown: unknown = await answer.catch((error: unknown) => error);
  if (thrown instanceof HttpProblem) return thrown;
  throw new Error(`expected a problem, got ${JSON.stringify(thrown)}`);
};

/** Order numbers on file under a reference, counted in the table itself. */
const ordersWith = async (reference: string): Promise<string[]> => {
  const { Items = [] } = await at.desk.db.send(new ScanCommand({ TableName: tables.orders }));
  return Items.filter((item) => item.entity === 'ORDER' && item.customerOrderReference === reference).map(
    (item) => String(item.orderNumber),
  );
};

test('a good order is answered 202 with its number, and its execution is started', async () => {
  const body = anyOrder();
  const answer = await post(body);
  expect(answer).toMatchObject({
    status: 202,
    body: {
      orderNumber: expect.stringMatching(/^SO-20260302-\d{6}-[0-6]$/),
      status: 'RECEIVED',
      paymentStatus: 'UNPAID',
      customerOrderReference: body.customerOrderReference,
      totals: { payableAmount: '909.72', taxAmount: '104.66' },
      findings: [],
      version: 1,
    },
  });
  const [orderNumber = ''] = await ordersWith(body.customerOrderReference);
  expect(answer.headers).toEqual({ Location: `/v1/orders/${orderNumber}` });
  expect(at.desk.executions.started).toContain(orderNumber);
  const order = await at.desk.read(orderNumber);
  expect(order.events).toMatchObject([{ sequence: 1, type: 'order.received', to: 'RECEIVED' }]);
  expect(JSON.parse(at.desk.archive.get(`orders/${orderNumber}/original.json`) ?? '')).toEqual(body);
});

test('a sales form’s customer is told that the order came, once', async () => {
  const body = anyOrder({ sourceChannel: 'SALES_FORM' });
  await post(body);
  await post(body);
  const [orderNumber = ''] = await ordersWith(body.customerOrderReference);
  expect(await at.desk.mailsOf(orderNumber)).toEqual(['order-received wang@example.com']);
});

describe('the same key', () => {
  test('and body, posted ten times, is one order and one answer', async () => {
    const [body, key] = [anyOrder(), randomUUID()];
    const first = await post(body, key);
    for (let time = 2; time <= 10; time++)
      expect(await post(body, key)).toEqual({
        ...first,
        body: JSON.parse(JSON.stringify(first.body)),
        headers: { ...first.headers, 'Idempotent-Replayed': 'true' },
      });
    expect(await ordersWith(body.customerOrderReference)).toHaveLength(1);
  });

  test('and body, posted twenty times at once, is one order and one answer', async () => {
    const [body, key] = [anyOrder(), randomUUID()];
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(body, key)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1);
    expect(answers.filter(({ headers }) => !headers?.['Idempotent-Replayed'])).toHaveLength(1);
    expect(await ordersWith(body.customerOrderReference)).toHaveLength(1);
  });

  test('is the same with or without its quotes, and for content written in another way', async () => {
    const [body, key] = [anyOrder(), randomUUID()];
    await post(body, `"${key}"`);
    const again = await post(Object.fromEntries(Object.entries(body).toReversed()), key);
    expect(again.headers).toMatchObject({ 'Idempotent-Replayed': 'true' });
  });

  test('with another body is refused', async () => {
    const key = randomUUID();
    await post(anyOrder(), key);
    expect(await problemOf(post(anyOrder(), key))).toMatchObject({
      type: 'idempotency-key-reused',
      status: 422,
    });
  });

  test('of another partner is another key', async () => {
    const [body, key] = [anyOrder(), randomUUID()];
    const [first, second] = [await post(body, key), await post(body, key, other)];
    expect(second.headers).not.toHaveProperty('Idempotent-Replayed');
    expect(second.headers?.Location).not.toBe(first.headers?.Location);
    expect(await ordersWith(body.customerOrderReference)).toHaveLength(2);
  });

  test('is kept for seven days', async () => {
    const [body, key] = [anyOrder(), randomUUID()];
    await post(body, key);
    at.desk.clock.now = new Date(orderDay.getTime() + 7 * 86_400_000 - 60_000);
    expect((await post(body, key)).headers).toHaveProperty('Idempotent-Replayed');
    at.desk.clock.now = new Date(orderDay.getTime() + 7 * 86_400_000 + 60_000);
    expect(await post(anyOrder(), key)).toMatchObject({ status: 202 });
  });

  test('may be used again for the corrected order after a refusal', async () => {
    const [body, key] = [anyOrder(), randomUUID()];
    expect(await problemOf(post({ ...body, currency: undefined }, key))).toMatchObject({ status: 422 });
    expect(await post(body, key)).toMatchObject({ status: 202 });
  });
});

describe('the same reference under another key', () => {
  test('with equal content is the order that exists', async () => {
    const body = anyOrder();
    const first = await post(body);
    expect(await post(body)).toMatchObject({ status: 200, headers: first.headers });
    expect(await ordersWith(body.customerOrderReference)).toHaveLength(1);
  });

  test('with other content is refused, and names the order that has it', async () => {
    const body = anyOrder();
    await post(body);
    const [existingOrderNumber] = await ordersWith(body.customerOrderReference);
    expect(await problemOf(post({ ...body, notes: 'changed' }))).toMatchObject({
      type: 'duplicate-order-reference',
      members: { existingOrderNumber },
    });
  });

  test('posted ten times at once under ten keys is one order', async () => {
    const body = anyOrder();
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(body)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(9);
    expect(await ordersWith(body.customerOrderReference)).toHaveLength(1);
  });

  test('posted at once with different content is one order and refusals', async () => {
    const body = anyOrder();
    const posts = Array.from({ length: 6 }, (_, index) => post({ ...body, notes: `copy ${index}` }));
    const settled = await Promise.allSettled(posts);
    expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of settled)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ type: 'duplicate-order-reference' });
  });
});

describe('a start that fails', () => {
  test('does not fail the order, which is on file for the sweeper', async () => {
    at.desk.executions.failures = 1;
    const body = anyOrder();
    const answer = await post(body);
    expect(answer.status).toBe(202);
    const [orderNumber = ''] = await ordersWith(body.customerOrderReference);
    expect(at.desk.executions.started).not.toContain(orderNumber);
    expect(await at.desk.orders.readState(orderNumber)).toMatchObject({ status: 'RECEIVED' });
  });
});

test('an archive that fails fails the post and leaves no order', async () => {
  const { documents } = at.desk;
  const body = anyOrder();
  const original = documents.put;
  documents.put = async () => {
    throw new Error('S3 is away');
  };
  await expect(post(body)).rejects.toThrow('S3 is away');
  documents.put = original;
  expect(await ordersWith(body.customerOrderReference)).toEqual([]);
  expect(await post(body)).toMatchObject({ status: 202 });
});

describe('refused is', () => {
  test.for([undefined, '', '""', 'two words', 'ключ', 'x'.repeat(256), '"unfinished'])(
    'an idempotency key %j',
    async (key) => {
      const { placeOrder, orders, partners } = at.desk;
      const handle = createPlaceOrderHandler({ placeOrder, orders, partners });
      const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
      expect(await problemOf(handle(aRequest({ body: anyOrder(), headers })))).toMatchObject({
        type: 'idempotency-key-missing',
        status: 400,
      });
    },
  );

  test('a post of staff, who are no partner', async () => {
    const { placeOrder, orders, partners } = at.desk;
    const handle = createPlaceOrderHandler({ placeOrder, orders, partners });
    const request = aRequest({
      principal: asStaff('desk'),
      body: anyOrder(),
      headers: { 'idempotency-key': 'k' },
    });
    expect(await problemOf(handle(request))).toMatchObject({ type: 'forbidden', status: 403 });
  });

  test('a post of a partner without a profile', async () => {
    const unknown = { ...mall, partnerId: 'nobody' };
    expect(await problemOf(post(anyOrder(), 'k', unknown))).toMatchObject({ type: 'forbidden' });
  });

  test.for(['{"notes":"\\ud800"}', '{"lines":[1e999]}'])('what is no I-JSON: %s', async (text) => {
    expect(await problemOf(post(JSON.parse(text)))).toMatchObject({ type: 'malformed-json', status: 400 });
  });

  test('a body nested without end', async () => {
    let deep: unknown = 'bottom';
    for (let level = 0; level < 50_000; level++) deep = [deep];
    const { placeOrder, orders, partners } = at.desk;
    const request = {
      ...aRequest({ headers: { 'idempotency-key': 'k' } }),
      json: () => ({ value: { lines: deep }, text: '' }),
    };
    expect(await problemOf(createPlaceOrderHandler({ placeOrder, orders, partners })(request))).toMatchObject(
      {
        type: 'validation-failed',
        problems: [{ code: 'TYPE_INVALID', pointer: '#' }],
      },
    );
  });

  test('an order whose problems are all told at once, its total among them', async () => {
    const { delivery } = aSubmission();
    const body = anyOrder({
      delivery: { ...delivery, requestedDate: '2020-01-01' },
      totals: { payableAmount: '900.00' },
    });
    const { problems } = await problemOf(post(body));
    expect(problems.map(({ code }) => code)).toEqual(['DATE_PAST', 'TOTAL_MISMATCH']);
  });

  test('an amount that no number can hold', async () => {
    const lines = [aSubmittedLine({ unitPrice: '999999999999', quantity: 1_000_000 })];
    const { problems } = await problemOf(post(anyOrder({ lines, totals: undefined })));
    expect(problems.map(({ code }) => code)).toEqual(['QUANTITY_TOO_LARGE']);
  });
});

test('an order of five hundred lines is stored whole and read whole', async () => {
  const lines = Array.from({ length: 500 }, (_, index) =>
    aSubmittedLine({ lineId: String(index + 1), quantity: 1, note: '备注'.repeat(40) }),
  );
  const body = anyOrder({ lines, totals: undefined });
  await post(body);
  const [orderNumber = ''] = await ordersWith(body.customerOrderReference);
  const { content } = await at.desk.read(orderNumber);
  expect(content.lines.map(({ lineId }) => lineId)).toEqual(lines.map(({ lineId }) => lineId));
  expect(content.lines.at(-1)?.note).toBe('备注'.repeat(40));
});
