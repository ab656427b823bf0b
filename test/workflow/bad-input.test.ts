import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problemName, problemOf, type RawAnswer } from './raw-client.ts';
import { numberOf, openRawDesk, type RawDesk, type RawPost } from './raw-desk.ts';
import { mugs, sampleOrder } from './test-desk.ts';

let desk: RawDesk;
beforeAll(async () => {
  desk = await openRawDesk();
});
afterAll(() => desk.close());

const post: RawPost = (...args) => desk.post(...args);

const errorsOf = (answer: RawAnswer): [pointer: string, code: string][] =>
  (problemOf(answer).errors ?? []).map(({ pointer, code }) => [pointer, code]);

/** An order as JSON text with one piece of it replaced by what JSON.stringify would not write. */
const spoilt = (reference: string, piece: string | RegExp, by: string): string =>
  JSON.stringify(sampleOrder(reference)).replace(piece, by);

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

/** A valid order padded with blanks to so many bytes. */
const padded = (reference: string, bytes: number): Buffer => {
  const body = Buffer.alloc(bytes, ' ');
  body.write(JSON.stringify(sampleOrder(reference)));
  return body;
};

const maxBytes = 200 * 1024;

describe('a body that is no order', () => {
  test.for<[what: string, body: () => string | Buffer, problem: string]>([
    ['broken off', () => '{"customerOrderReference":', 'malformed-json'],
    ['empty', () => '', 'malformed-json'],
    ['of single quotes', () => "{'a': 1}", 'malformed-json'],
    ['two documents', () => '{}{}', 'malformed-json'],
    ['a name in GBK', () => Buffer.from('7b226e616d65223a22cac0bde7227d', 'hex'), 'malformed-json'],
    ['UTF-16', () => Buffer.from(JSON.stringify(sampleOrder('UTF-16')), 'utf16le'), 'malformed-json'],
    ['with half a surrogate pair', () => spoilt('HALF', '示例咖啡馆', '\\ud83d'), 'malformed-json'],
    [
      'with a number beyond a double',
      () => spoilt('BIG', '"quantity":2', '"quantity":1e999'),
      'malformed-json',
    ],
    ['one byte over 200 KiB', () => padded('OVER', maxBytes + 1), 'too-large'],
    ['5 MB', () => Buffer.alloc(5_000_000, ' '), 'too-large'],
    ['more than the gateway takes', () => Buffer.alloc(11_000_000, ' '), 'too-large'],
  ])('%s: %s', async ([, body, problem]) => {
    expect(problemName(await post(body()))).toBe(problem);
  });

  test.for(['[]', 'null', '"order"', '7', 'true'])('%s is refused whole', async (body) => {
    expect(errorsOf(await post(body))).toEqual([
      ['#', body === 'null' ? 'REQUIRED_MISSING' : 'TYPE_INVALID'],
    ]);
  });

  test('exactly 200 KiB is no fault', async () => {
    expect((await post(padded('EXACT', maxBytes))).status).toBe(202);
  });

  test.for([11, 90_000])('is not followed down %i levels', async (depth) => {
    const answer = await post(`{"metadata":${nested(depth)}}`);
    expect(errorsOf(answer)).toEqual([['#', 'TYPE_INVALID']]);
  });

  test.for<[string, Record<string, string | undefined>, string]>([
    ['text/plain', { 'Content-Type': 'text/plain' }, 'unsupported-media-type'],
    ['no media type', { 'Content-Type': undefined }, 'unsupported-media-type'],
    ['a form', { 'Content-Type': 'application/x-www-form-urlencoded' }, 'unsupported-media-type'],
    ['no key', { 'Idempotency-Key': undefined }, 'idempotency-key-missing'],
    ['an empty key', { 'Idempotency-Key': '' }, 'idempotency-key-missing'],
    ['a blank within the key', { 'Idempotency-Key': 'a b' }, 'idempotency-key-missing'],
    ['256 characters of key', { 'Idempotency-Key': 'k'.repeat(256) }, 'idempotency-key-missing'],
    ['a key outside ASCII', { 'Idempotency-Key': 'cl\u00e9' }, 'idempotency-key-missing'],
  ])('under the wrong header, %s: %s', async ([, headers, problem]) => {
    expect(problemName(await post(sampleOrder('HEADER'), headers))).toBe(problem);
  });
});

describe('an order with faults', () => {
  test('names ten of them at once, each at its place', async () => {
    const answer = await post({
      ...sampleOrder('TEN FAULTS'),
      currency: 'RMB',
      curency: 'CNY',
      buyer: { name: '', contact: { email: 'nobody', telephone: '138' } },
      delivery: {
        address: { line1: 'x', city: 'y', region: 'CN-SH', countryCode: 'CN', postalCode: '20' },
        requestedDate: '2020-01-01',
      },
      lines: [mugs(-2, { unitPrice: 19.9 })],
    });
    expect(answer.status).toBe(422);
    expect(errorsOf(answer).sort()).toEqual([
      ['#/buyer/contact/email', 'EMAIL_INVALID'],
      ['#/buyer/contact/telephone', 'PHONE_INVALID'],
      ['#/buyer/name', 'CUSTOMER_NAME_MISSING'],
      ['#/curency', 'UNKNOWN_FIELD'],
      ['#/currency', 'ENUM_UNKNOWN'],
      ['#/customerOrderReference', 'FORMAT_INVALID'],
      ['#/delivery/address/postalCode', 'POSTCODE_FORMAT'],
      ['#/delivery/requestedDate', 'DATE_PAST'],
      ['#/lines/0/quantity', 'QUANTITY_NOT_POSITIVE'],
      ['#/lines/0/unitPrice', 'TYPE_INVALID'],
    ]);
  });

  test.for<[pointer: string, changes: Record<string, unknown>]>([
    ['#/customerOrderReference', { customerOrderReference: 7 }],
    ['#/buyer', { buyer: [] }],
    ['#/buyer/contact', { buyer: { name: 'x', contact: 'c@example.com' } }],
    ['#/delivery/address', { delivery: { address: true, requestedDate: '2099-01-01' } }],
    ['#/payment/method', { payment: { method: ['CARD'] } }],
    ['#/lines', { lines: { 0: mugs(1) } }],
    ['#/lines/0', { lines: ['MUG-300-WH'] }],
    ['#/lines/0/quantity', { lines: [mugs(1, { quantity: '1' })] }],
    ['#/lines/0/discount', { lines: [mugs(1, { discount: 5 })] }],
    ['#/allowanceCharges/0/isCharge', { allowanceCharges: [{ isCharge: 'yes', amount: '1.00' }] }],
    ['#/totals/payableAmount', { totals: { payableAmount: 39.8 } }],
    ['#/metadata/origin', { metadata: { origin: { shop: 1 } } }],
    ['#/test', { test: 'false' }],
  ])('of a wrong type at %s names that place', async ([pointer, changes]) => {
    expect(errorsOf(await post(sampleOrder('TYPES', changes)))).toContainEqual([pointer, 'TYPE_INVALID']);
  });

  test.for<[name: string, meant: string, changes: Record<string, unknown>]>([
    ['#/notse', 'notes', { notse: 'x' }],
    ['#/shortage_policy', 'shortagePolicy', { shortage_policy: 'WAIT' }],
    ['#/payment/metod', 'method', { payment: { method: 'ON_ACCOUNT', metod: 'CARD' } }],
    ['#/lines/0/unitPrise', 'unitPrice', { lines: [mugs(1, { unitPrise: '1.00' })] }],
  ])('misspelt %s is told %s', async ([pointer, meant, changes]) => {
    const { errors } = problemOf(await post(sampleOrder('NAMES', changes)));
    expect(errors).toMatchObject([{ pointer, code: 'UNKNOWN_FIELD' }]);
    expect(errors?.[0]?.suggestion).toContain(meant);
  });

  test.for(['status', 'orderNumber', 'customerTier', 'partnerId', 'paymentStatus', 'promisedDate'])(
    'cannot set %s, which is ours',
    async (name) => {
      expect(errorsOf(await post(sampleOrder('OURS', { [name]: 'PAID' })))).toEqual([
        [`#/${name}`, 'UNKNOWN_FIELD'],
      ]);
    },
  );

  test.for<[where: string, body: () => string]>([
    ['#/__proto__', () => spoilt('PROTO-1', '{', '{"__proto__":{"status":"PAID"},')],
    [
      '#/buyer/__proto__',
      () => spoilt('PROTO-2', '"buyer":{', '"buyer":{"__proto__":{"customerId":"C10086"},'),
    ],
    ['#/metadata/__proto__', () => spoilt('PROTO-3', '{', '{"metadata":{"__proto__":"x"},')],
    ['#/metadata/constructor', () => spoilt('PROTO-4', '{', '{"metadata":{"constructor":"x"},')],
    [
      '#/lines/0/customization/a/constructor',
      () => spoilt('PROTO-5', '"sku"', '"customization":{"a":{"constructor":{"name":"Set"}}},"sku"'),
    ],
  ])('cannot smuggle in %s', async ([pointer, body]) => {
    expect(errorsOf(await post(body()))).toEqual([[pointer, 'UNKNOWN_FIELD']]);
  });

  test('may name its metadata like a method of every object', async () => {
    const metadata = { toString: 'a', valueOf: 'b', toJSON: 'c', hasOwnProperty: 'd', length: '-1' };
    const answer = await post(sampleOrder('METHODS', { metadata }));
    expect(answer.status).toBe(202);
    expect((await desk.mall('GET', `/v1/orders/${numberOf(answer)}`)).body).toMatchObject({ metadata });
  });

  test.for<[string, string, Record<string, unknown>]>([
    ['NUL', '#/buyer/name', { buyer: { name: 'a\0b', contact: { email: 'c@example.com' } } }],
    [
      'a line break',
      '#/buyer/name',
      { buyer: { name: 'a\r\nBcc: spam@example.com', contact: { email: 'c@example.com' } } },
    ],
    [
      'a line break',
      '#/buyer/contact/name',
      { buyer: { name: 'a', contact: { name: 'a\nb', email: 'c@example.com' } } },
    ],
    ['an escape', '#/notes', { notes: 'a\u001b[2J' }],
    ['a next-line', '#/lines/0/note', { lines: [mugs(1, { note: 'a\u0085b' })] }],
    ['a tab', '#/lines/0/name', { lines: [mugs(1, { name: 'a\tb' })] }],
  ])('with %s in %s is refused there', async ([, pointer, changes]) => {
    expect(errorsOf(await post(sampleOrder('CONTROL', changes)))).toEqual([[pointer, 'FORMAT_INVALID']]);
  });

  test.for([
    'c@example.com\r\nBcc: d@example.com',
    'c@example.com, d@example.com',
    '"c" <c@example.com>',
    'c@example',
  ])('cannot send mail to %j', async (email) => {
    const buyer = { name: 'a', contact: { email } };
    expect(errorsOf(await post(sampleOrder('MAIL', { buyer })))).toEqual([
      ['#/buyer/contact/email', 'EMAIL_INVALID'],
    ]);
  });

  test('leaves nothing behind: the reference is free afterwards', async () => {
    const key = { 'Idempotency-Key': 'refused-then-good' };
    expect((await post(sampleOrder('FREE-AGAIN', { currency: 'XXX' }), key)).status).toBe(422);
    expect((await post(sampleOrder('FREE-AGAIN'), key)).status).toBe(202);
  });

  test('is told in the language that the caller reads', async () => {
    const details = async (language: string) =>
      problemOf(await post(sampleOrder('LANGUAGE', { currency: 1 }), { 'Accept-Language': language }))
        .errors?.[0]?.detail;
    expect(await details('zh-CN,zh;q=0.9')).toMatch(/\p{Script=Han}/u);
    expect(await details('en-GB')).toMatch(/^[\x20-\x7e]+$/);
  });
});
