import { randomUUID } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Partner } from '../../domain/partner.ts';
import type { SubmissionInput } from '../../domain/submissions/read-submission.ts';
import { createPlaceOrderHandler } from '../../functions/api/place-order.ts';
import { createValidateOrder } from '../../functions/api/validate-order.ts';
import { createCheckOrder } from '../../functions/shared/check-order.ts';
import type { HttpAnswer } from '../../functions/shared/http-handler.ts';
import { HttpProblem } from '../../functions/shared/problem.ts';
import { aPrice } from '../builders/a-product.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

const at = useOrderDesk();
let mall: Partner;
let shop: Partner;

beforeAll(async () => {
  mall = await at.desk.addPartner({ usageKey: 'usage-mall' });
  shop = await at.desk.addPartner({ partnerId: 'example-shop', usageKey: 'usage-shop' });
});
beforeEach(async () => {
  at.desk.clock.now = orderDay;
  await at.desk.addProduct('CUP-350-BL', 1000);
});

const anOrder = (changes: Partial<SubmissionInput> = {}): SubmissionInput => {
  const { customerId, ...buyer } = aSubmission().buyer;
  return aSubmission({
    customerOrderReference: randomUUID(),
    buyer,
    lines: [aSubmittedLine()],
    totals: undefined,
    ...changes,
  });
};

const answerSchema = z.object({
  valid: z.boolean(),
  findings: z.array(z.looseObject({ severity: z.string(), code: z.string(), pointer: z.string() })),
  validationToken: z.string().optional(),
  existingOrderNumber: z.string().optional(),
});

const validate = async (body: unknown, partner = mall) => {
  const { partners, now } = at.desk;
  const { check } = createCheckOrder(at.desk);
  const principal = asPartner(partner.partnerId);
  const answer = await createValidateOrder({ check, partners, now })(aRequest({ principal, body }));
  expect(answer.status).toBe(200);
  return answerSchema.parse(answer.body);
};

const post = (body: unknown, partner = mall, key = randomUUID()): Promise<HttpAnswer> => {
  const { placeOrder, orders, partners, now } = at.desk;
  const principal = asPartner(partner.partnerId);
  return createPlaceOrderHandler({ placeOrder, orders, partners, now })(
    aRequest({ principal, body, headers: { 'idempotency-key': key } }),
  );
};

const problemOf = async (answer: Promise<HttpAnswer>): Promise<HttpProblem> => {
  const thrown: unknown = await answer.catch((error: unknown) => error);
  if (thrown instanceof HttpProblem) return thrown;
  throw new Error(`expected a problem, got ${JSON.stringify(thrown)}`);
};

/** A body with the token that it is validated with. */
const validated = async (body: SubmissionInput): Promise<SubmissionInput> => {
  const { validationToken } = await validate(body);
  if (!validationToken) throw new Error('refused');
  return { ...body, validationToken };
};

const later = (minutes: number): void => {
  at.desk.clock.now = new Date(orderDay.getTime() + minutes * 60_000);
};

describe('validating', () => {
  test('a good order finds nothing and leaves no trace', async () => {
    const rows = async () =>
      (await at.desk.db.send(new ScanCommand({ TableName: tables.orders, Select: 'COUNT' }))).Count;
    const before = await rows();
    const [archived, started] = [at.desk.archive.size, at.desk.executions.started.length];
    expect(await validate(anOrder())).toEqual({
      valid: true,
      findings: [],
      validationToken: expect.stringMatching(/^v1\.example-mall\.[\w-]+\.[\w-]{22}$/),
    });
    expect(await rows()).toBe(before);
    expect([at.desk.archive.size, at.desk.executions.started.length]).toEqual([archived, started]);
  });

  test('an order that would be held says why, and may be submitted all the same', async () => {
    const body = await validated(anOrder({ lines: [aSubmittedLine({ unitPrice: '35.00' })] }));
    const { valid, findings } = await validate(body);
    expect({ valid, findings }).toMatchObject({
      valid: false,
      findings: [
        { severity: 'HOLD', code: 'PRICE_MISMATCH', pointer: '#/lines/0/unitPrice', expected: '39.90' },
      ],
    });
    expect((await post(body)).status).toBe(202);
  });

  test('an order of wrong structure names every problem and gets no token', async () => {
    const { validationToken, ...answer } = await validate({ ...anOrder(), currency: 'RMB', status: 'PAID' });
    expect(validationToken).toBeUndefined();
    expect(answer).toMatchObject({
      valid: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ severity: 'ERROR', code: 'ENUM_UNKNOWN', pointer: '#/currency' }),
        expect.objectContaining({ severity: 'ERROR', code: 'UNKNOWN_FIELD', pointer: '#/status' }),
      ]),
    });
  });

  test('an order that was placed names it; other content under its reference is an error', async () => {
    const body = anOrder();
    await post(body);
    const { valid, existingOrderNumber = '' } = await validate(body);
    expect([valid, existingOrderNumber]).toEqual([true, expect.stringMatching(/^SO-/)]);
    expect(await validate({ ...body, notes: 'other' })).toMatchObject({
      valid: false,
      findings: [{ severity: 'ERROR', code: 'DUPLICATE_REFERENCE', expected: existingOrderNumber }],
      existingOrderNumber,
    });
  });

  test('is for partners', async () => {
    const { check } = createCheckOrder(at.desk);
    const asked = createValidateOrder({ check, partners: at.desk.partners })(
      aRequest({ principal: asStaff('desk'), body: anOrder() }),
    );
    expect((await problemOf(asked)).type).toBe('forbidden');
  });
});

describe('an order with its token', () => {
  test('is accepted within 15 minutes, and is the order without it', async () => {
    const body = anOrder();
    const withToken = await validated(body);
    later(14.9);
    const [first, key] = [await post(withToken), randomUUID()];
    expect(first.status).toBe(202);
    const again = await post(body, mall, key);
    expect([again.status, again.body]).toMatchObject([
      200,
      { customerOrderReference: body.customerOrderReference },
    ]);
  });

  test('is the same request whatever token it carries', async () => {
    const [body, key] = [anOrder(), randomUUID()];
    await post(await validated(body), mall, key);
    const again = await post(body, mall, key);
    expect([again.status, again.headers?.['Idempotent-Replayed']]).toEqual([202, 'true']);
  });

  test('is accepted while stock and prices move without mattering to it', async () => {
    const body = await validated(anOrder());
    await at.desk.addProduct('CUP-350-BL', 30, { prices: [aPrice(), aPrice({ tier: 'GOLD' })] });
    expect((await post(body)).status).toBe(202);
  });

  test('is accepted when what was found then is found no more', async () => {
    await at.desk.addProduct('CUP-350-BL', 2);
    const body = await validated(anOrder());
    await at.desk.addProduct('CUP-350-BL', 1000);
    expect((await post(body)).status).toBe(202);
  });

  test.for<[part: string, change: () => unknown, appeared: Record<string, unknown>[]]>([
    [
      'stock',
      () => at.desk.addProduct('CUP-350-BL', 5),
      [{ code: 'STOCK_SHORT', pointer: '#/lines/0/quantity', value: '24', expected: '5' }],
    ],
    [
      'catalogue',
      () => at.desk.addProduct('CUP-350-BL', 1000, { prices: [aPrice({ unitPrice: '42.00' })] }),
      [{ code: 'PRICE_MISMATCH', pointer: '#/lines/0/unitPrice', value: '39.90', expected: '42.00' }],
    ],
  ])('is refused once %s is against it, with exactly what changed', async ([part, change, appeared]) => {
    const body = await validated(anOrder());
    await change();
    const { type, status, members } = await problemOf(post(body));
    expect([type, status]).toEqual(['validation-outdated', 409]);
    expect(members).toMatchObject({ changed: [part], appeared, gone: [] });
    const { validationToken, ...without } = body;
    expect((await post(without)).status).toBe(202);
  });

  test('is refused once mail to its customer came back, as the audit would hold it', async () => {
    const buyer = { name: '王敏', contact: { email: 'came-back@example.com' } };
    const body = await validated(anOrder({ buyer }));
    const mark = { reason: 'BOUNCED', at: at.desk.now().toISOString() } as const;
    await at.desk.orders.markContact('came-back@example.com', mark);
    const appeared = { severity: 'HOLD', code: 'CONTACT_BOUNCED', pointer: '#/buyer/contact/email' };
    const { members } = await problemOf(post(body));
    expect(members).toMatchObject({ changed: ['customer'], appeared: [appeared], gone: [] });
    expect(JSON.stringify(members)).not.toContain('came-back');
    expect((await validate(anOrder({ buyer }))).findings).toMatchObject([appeared]);
    const orderNumber = await at.desk.place(mall, 'CUP-350-BL', { buyer });
    await at.desk.audit({ orderNumber });
    expect((await at.desk.read(orderNumber)).findings).toMatchObject([appeared]);
  });

  test('names a finding whose values changed as gone and as appeared', async () => {
    await at.desk.addProduct('CUP-350-BL', 10);
    const body = await validated(anOrder());
    await at.desk.addProduct('CUP-350-BL', 7);
    expect((await problemOf(post(body))).members).toMatchObject({
      changed: ['stock'],
      appeared: [{ code: 'STOCK_SHORT', expected: '7' }],
      gone: [{ code: 'STOCK_SHORT', pointer: '#/lines/0/quantity' }],
    });
  });

  test('is refused past midnight when its day has passed', async () => {
    at.desk.clock.now = new Date('2026-03-02T15:55:00Z');
    const body = await validated(
      anOrder({ delivery: { ...aSubmission().delivery, requestedDate: '2026-03-02' } }),
    );
    at.desk.clock.now = new Date('2026-03-02T16:01:00Z');
    expect((await problemOf(post(body))).members).toMatchObject({
      changed: ['date'],
      appeared: [{ severity: 'ERROR', code: 'DATE_PAST', pointer: '#/delivery/requestedDate' }],
    });
  });

  test('is refused when the catalogue’s tax rate no longer gives its totals', async () => {
    const body = await validated(anOrder({ totals: { taxAmount: '110.17' } }));
    await at.desk.addProduct('CUP-350-BL', 1000, { taxRate: '0.06' });
    expect((await problemOf(post(body))).members).toMatchObject({
      changed: ['catalogue'],
      appeared: [
        { severity: 'ERROR', code: 'TOTAL_MISMATCH', pointer: '#/totals/taxAmount', value: '110.17' },
      ],
    });
  });

  test('expires', async () => {
    const body = await validated(anOrder());
    later(15);
    const { type, status } = await problemOf(post(body));
    expect([type, status]).toEqual(['validation-token-expired', 422]);
  });

  test('is answered as the order that it is when it was placed before, however old its token', async () => {
    const body = await validated(anOrder());
    await post(body);
    later(60);
    expect((await post(body)).status).toBe(200);
  });

  test('is refused when its content is another than was validated', async () => {
    const body = await validated(anOrder());
    expect((await problemOf(post({ ...body, notes: 'other' }))).type).toBe('validation-token-mismatch');
  });

  test('of another partner is refused', async () => {
    const body = await validated(anOrder());
    expect((await problemOf(post(body, shop))).type).toBe('validation-token-foreign');
    const renamed = {
      ...body,
      validationToken: body.validationToken?.replace('example-mall', 'example-shop'),
    };
    expect((await problemOf(post(renamed, shop))).type).toBe('validation-token-invalid');
  });

  test.for<[what: string, spoil: (token: string) => unknown, type: string]>([
    ['empty', () => '', 'validation-token-invalid'],
    ['some text', () => 'please', 'validation-token-invalid'],
    ['cut short', (token) => token.slice(0, -1), 'validation-token-invalid'],
    ['too long', (token) => `${token}.x`, 'validation-token-invalid'],
    [
      'changed',
      (token) => token.replace(/(?<=mall\.)./, (one) => (one === 'A' ? 'B' : 'A')),
      'validation-token-invalid',
    ],
    ['of another version', (token) => token.replace('v1', 'v2'), 'validation-token-invalid'],
    ['a number', () => 7, 'validation-failed'],
  ])('that is %s is refused', async ([, spoil, type]) => {
    const body = await validated(anOrder());
    const spoilt = { ...body, validationToken: spoil(body.validationToken ?? '') };
    expect((await problemOf(post(spoilt))).type).toBe(type);
  });

  test('holds what the partner was told, and no word of what it was not', async () => {
    const body = await validated(anOrder({ lines: [aSubmittedLine({ unitPrice: '1.00' })] }));
    const [, , packed = ''] = body.validationToken?.split('.') ?? [];
    const text = inflateRawSync(Buffer.from(packed, 'base64url')).toString();
    expect(text).toContain('PRICE_MISMATCH');
    expect(text).not.toMatch(/usage|39\.9|wang|1000\b/);
  });

  test('of 500 lines with three findings each still fits its field', async () => {
    const lines = Array.from({ length: 500 }, (_, index) =>
      aSubmittedLine({ lineId: `L${index}`, unitPrice: '1.00', specification: 'other', unitCode: 'XBX' }),
    );
    const body = await validated(anOrder({ lines }));
    expect(body.validationToken?.length).toBeLessThan(40_000);
    expect((await post(body)).status).toBe(202);
  });
});

test('of more than can be asked at once as much is told as the order itself is asked, with the number of what waits', async () => {
  const lines = Array.from({ length: 400 }, (_, index) =>
    aSubmittedLine({
      lineId: String(index + 1),
      specification: 'red',
      quantity: 1,
      unitCode: 'XBX',
      unitPrice: '1',
      taxRate: '0.06',
    }),
  );
  const body = anOrder({ orderType: 'STANDARD', lines });
  const { valid, findings } = await validate(body);
  expect(valid).toBe(false);
  expect(findings).toHaveLength(501);
  expect(findings.at(-1)).toMatchObject({ severity: 'WARNING', code: 'MORE_FINDINGS', value: '1100' });
  const { status, body: placed } = await post(body);
  expect(status).toBe(202);
  const { orderNumber } = z.object({ orderNumber: z.string() }).parse(placed);
  await at.desk.audit({ orderNumber });
  const { findings: asked } = await at.desk.read(orderNumber);
  const told = ({ code, pointer, value }: { code: string; pointer: string; value?: unknown }) => [
    code,
    pointer,
    value,
  ];
  expect(asked.map(told)).toEqual(findings.map(told));
});
