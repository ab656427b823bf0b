import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import * as z from 'zod';
import { actorName, mayLoadCatalogue, type Principal } from '../../domain/permissions.ts';
import { ruleNames } from '../../domain/rules/rules.ts';
import * as listRules from '../../functions/api/list-rules.ts';
import * as loadRules from '../../functions/api/load-rules.ts';
import { createPlaceOrderHandler } from '../../functions/api/place-order.ts';
import * as readRules from '../../functions/api/read-rules.ts';
import { createValidateOrder } from '../../functions/api/validate-order.ts';
import { loadPriceTable } from '../../functions/master-data/load-prices.ts';
import { loadProductTable } from '../../functions/master-data/load-products.ts';
import { createCheckOrder } from '../../functions/shared/check-order.ts';
import type { HttpAnswer } from '../../functions/shared/http-handler.ts';
import { createLoadTable } from '../../functions/shared/load-table.ts';
import { HttpProblem } from '../../functions/shared/problem.ts';
import { type RuleVersions, ruleVersions } from '../../functions/shared/rule-versions.ts';
import { aRequest, asPartner, asStaff } from '../builders/a-request.ts';
import { aSubmission, aSubmittedLine, orderDay } from '../builders/a-submission.ts';
import { useOrderDesk } from '../builders/an-order-desk.ts';
import { tables } from '../builders/dynamodb.ts';

vi.useFakeTimers({ toFake: ['Date'], now: orderDay });
afterAll(() => {
  vi.useRealTimers();
});

const at = useOrderDesk();
const minuteMs = 60_000;
const today = '2026-03-02';

const deps = () => ({ ...at.desk, rules: ruleVersions(at.desk.db, () => tables.catalogue) });

const catalogue = () => ({
  dynamodb: at.desk.db,
  tables: { catalogue: tables.catalogue },
  operator: 'staff:li.lei',
  now: at.desk.now,
});

const list = async (principal: Principal = asStaff('desk')) =>
  listRules.answerSchema.parse((await listRules.createListRules(deps())(aRequest({ principal }))).body);

const read = async (
  ruleName: string,
  query: Record<string, string> = {},
  principal: Principal = asStaff('desk'),
) => {
  const request = aRequest({ principal, path: { ruleName }, query });
  const { body, headers } = await readRules.createReadRules(deps())(request);
  return { ...readRules.answerSchema.parse(body), etag: headers?.ETag };
};

type Load = {
  ifMatch?: string | undefined;
  query?: Record<string, string>;
  principal?: Principal;
  rules?: RuleVersions;
  file?: Buffer;
};

const load = (
  ruleName: string,
  body: unknown,
  { ifMatch = '*', query = {}, principal = asStaff('manager'), rules = deps().rules, file }: Load = {},
): Promise<HttpAnswer> =>
  loadRules.createLoadRules({ ...deps(), rules, catalogue: catalogue() })(
    aRequest({
      principal,
      path: { ruleName },
      query,
      body,
      file,
      headers: ifMatch === '' ? {} : { 'if-match': ifMatch },
    }),
  );

const problemOf = async (answer: Promise<unknown>): Promise<HttpProblem> => {
  const thrown: unknown = await answer.catch((error: unknown) => error);
  if (thrown instanceof HttpProblem) return thrown;
  throw new Error(`expected a problem, got ${JSON.stringify(thrown)}`);
};

const discounts = (gold: number) => ({
  maximumPercent: { STANDARD: 5, SILVER: 8, GOLD: gold, WHOLESALE: 15 },
});
const promotion = (changes: object = {}) => ({
  code: 'SPRING',
  name: { 'zh-CN': '春', en: 'Spring' },
  validFrom: '2026-03-01',
  benefit: { type: 'PERCENT', value: '10' },
  combinable: false,
  ...changes,
});
const served = { countryCode: 'CN', served: true };

describe('before anything is loaded', () => {
  test('every document is built in, which is its version 0', async () => {
    const builtIn = (name: string) => ({ name, latest: 0, inForce: { version: 0 }, planned: [] });
    expect((await list()).rules).toEqual(ruleNames.map(builtIn));
    expect(await read('areas')).toEqual({
      name: 'areas',
      version: 0,
      latest: 0,
      etag: '"0"',
      content: [{ countryCode: '*', served: true }],
    });
  });

  test('the first version is made to version 0', async () => {
    const { body, headers } = await load('areas', [served], { ifMatch: '"0"' });
    expect(body).toEqual({ name: 'areas', version: 1, from: today, outcome: 'stored' });
    expect(headers).toEqual({ ETag: '"1"' });
  });
});

describe('a version', () => {
  test('tells who loaded it, when and why, and stays on file after the next', async () => {
    await load('discounts', discounts(11), {
      principal: asStaff('finance'),
      query: { note: '=HYPERLINK("x") 三月' },
    });
    at.desk.clock.now = new Date(orderDay.getTime() + minuteMs);
    await load('discounts', discounts(12));
    at.desk.clock.now = orderDay;
    const { latest } = await read('discounts');
    const first = await read('discounts', { version: String(latest - 1) });
    expect(first).toEqual({
      name: 'discounts',
      version: latest - 1,
      latest,
      from: today,
      loadedAt: orderDay.toISOString(),
      loadedBy: 'staff:li.lei',
      note: '=HYPERLINK("x") 三月',
      etag: `"${latest - 1}"`,
      content: discounts(11),
    });
    expect((await read('discounts')).content).toEqual(discounts(12));
    const listed = (await list()).rules.find(({ name }) => name === 'discounts');
    expect(listed).toEqual({
      name: 'discounts',
      latest,
      inForce: {
        version: latest,
        from: today,
        loadedAt: new Date(orderDay.getTime() + minuteMs).toISOString(),
        loadedBy: 'staff:li.lei',
      },
      planned: [],
    });
  });

  test('of a later day is planned, and holds nothing until then', async () => {
    await load('promotions', { promotions: [] });
    const { body } = await load(
      'promotions',
      { promotions: [promotion()] },
      { query: { from: '2026-04-01' } },
    );
    expect(body).toMatchObject({ version: 2, from: '2026-04-01', outcome: 'stored' });
    const listed = async () => (await list()).rules.find(({ name }) => name === 'promotions');
    expect(await listed()).toMatchObject({
      latest: 2,
      inForce: { version: 1 },
      planned: [{ version: 2, from: '2026-04-01', loadedBy: 'staff:li.lei' }],
    });
    at.desk.clock.now = new Date('2026-03-31T16:00:00Z');
    expect(await listed()).toMatchObject({ inForce: { version: 2 }, planned: [] });
    at.desk.clock.now = orderDay;
  });

  test('that says the same as the last is none', async () => {
    const { version } = Object((await load('orderTypes', (await read('orderTypes')).content)).body);
    const again = await load('orderTypes', (await read('orderTypes')).content, { ifMatch: `"${version}"` });
    expect(again.body).toEqual({ name: 'orderTypes', version, from: today, outcome: 'unchanged' });
  });

  test.for<[what: string, query: Record<string, string>, name: string]>([
    ['from a past day', { from: '2026-03-01' }, 'from'],
    ['from no day', { from: 'tomorrow' }, 'from'],
    ['with a note of two lines', { note: 'a\r\nBcc: x@example.com' }, 'note'],
    ['with an unknown parameter', { until: '2026-04-01' }, 'until'],
  ])('is not loaded %s', async ([, query, name]) => {
    const problem = await problemOf(load('discounts', discounts(13), { query }));
    expect(problem).toMatchObject({ type: 'invalid-parameter', members: { parameters: [{ name }] } });
  });

  test.for(['prizes', '', '__proto__', 'INDEX'])('of "%s" there is none', async (name) => {
    expect((await problemOf(read(name))).type).toBe('not-found');
    expect((await problemOf(load(name, {}))).type).toBe('not-found');
  });

  test('that was never loaded is not there', async () => {
    expect((await problemOf(read('areas', { version: '99' }))).type).toBe('not-found');
    expect((await problemOf(read('areas', { version: '-1' }))).type).toBe('invalid-parameter');
  });

  test('has a size', async () => {
    const many = Array.from({ length: 9000 }, (_, n) => ({ ...served, region: `R${n}`.padEnd(10, 'x') }));
    expect(await problemOf(load('areas', many))).toMatchObject({
      type: 'too-large',
      members: { limitBytes: 350_000 },
    });
  });
});

describe('two who load', () => {
  beforeEach(async () => {
    await load('discounts', discounts(10));
  });

  test('the second is told that there is a version it does not know', async () => {
    const { etag = '', version } = await read('discounts');
    expect((await load('discounts', discounts(20), { ifMatch: etag })).status).toBe(200);
    expect(await problemOf(load('discounts', discounts(30), { ifMatch: etag }))).toMatchObject({
      type: 'precondition-failed',
      status: 412,
      members: { currentVersion: version + 1 },
    });
    expect((await read('discounts')).content).toEqual(discounts(20));
  });

  test('at the same moment: one version is stored, whoever it is', async () => {
    const { etag = '', version } = await read('discounts');
    const loads = await Promise.allSettled(
      [21, 22, 23, 24].map((gold) => load('discounts', discounts(gold), { ifMatch: etag })),
    );
    expect(loads.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const one of loads)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ type: 'precondition-failed' });
    expect((await read('discounts')).version).toBe(version + 1);
  });

  test('different rules at the same moment, and both are stored', async () => {
    const areas = (await read('areas')).version;
    const { version } = await read('discounts');
    await Promise.all([
      load('discounts', discounts(25)),
      load('areas', [served, { ...served, city: '北京市' }]),
    ]);
    expect([(await read('discounts')).version, (await read('areas')).version]).toEqual([
      version + 1,
      areas + 1,
    ]);
  });

  test.for([
    ['', 'precondition-required', 428],
    ['"999"', 'precondition-failed', 412],
    ['W/"1"', 'precondition-failed', 412],
    ['1', 'precondition-failed', 412],
  ] as const)('name no version by If-Match: %s', async ([ifMatch, type, status]) => {
    expect(await problemOf(load('discounts', discounts(26), { ifMatch }))).toMatchObject({ type, status });
  });
});

test.for<[name: string, body: unknown, problems: object[]]>([
  [
    'discounts',
    { maximumPercent: { STANDARD: 5, SILVER: '8', GOLD: 101, BRONZE: 3 }, more: 1 },
    [
      { pointer: '#/maximumPercent/SILVER', code: 'TYPE_INVALID', value: '8' },
      { pointer: '#/maximumPercent/GOLD', code: 'FORMAT_INVALID', value: '101' },
      { pointer: '#/maximumPercent/WHOLESALE', code: 'REQUIRED_MISSING' },
      { pointer: '#/maximumPercent/BRONZE', code: 'UNKNOWN_FIELD' },
      { pointer: '#/more', code: 'UNKNOWN_FIELD' },
    ],
  ],
  [
    'areas',
    [
      { countryCode: 'CM', served: 'yes' },
      { countryCode: 'CX1', served: true },
    ],
    [
      { pointer: '#/0/served', code: 'TYPE_INVALID', value: 'yes' },
      { pointer: '#/1/countryCode', code: 'ENUM_UNKNOWN', value: 'CX1' },
    ],
  ],
  [
    'orderTypes',
    { STANDARD: { refusedMethods: ['CASH'] }, CUSTOM: { refusedMethods: [] } },
    [
      { pointer: '#/STANDARD/refusedMethods/0', code: 'ENUM_UNKNOWN', value: 'CASH' },
      { pointer: '#/WHOLESALE', code: 'REQUIRED_MISSING' },
    ],
  ],
  [
    'promotions',
    {
      promotions: [
        promotion({ benefit: { type: 'UNIT_AMOUNT', value: '5' } }),
        promotion({ validTo: '2026-02-01' }),
      ],
    },
    [
      { pointer: '#/promotions/0/currency', code: 'REQUIRED_MISSING' },
      { pointer: '#/promotions/1/code', code: 'FORMAT_INVALID', value: 'SPRING' },
      { pointer: '#/promotions/1/validTo', code: 'FORMAT_INVALID', value: '2026-02-01' },
    ],
  ],
  ['promotions', [], [{ pointer: '#', code: 'TYPE_INVALID' }]],
  ['areas', null, [{ pointer: '#', code: 'REQUIRED_MISSING' }]],
])('%s with faults are refused, each named where it stands: %j', async ([name, body, problems]) => {
  const before = (await read(name)).version;
  const problem = await problemOf(load(name, body));
  expect(problem.type).toBe('validation-failed');
  const byPointer = (a: { pointer?: string }, b: { pointer?: string }) =>
    String(a.pointer).localeCompare(String(b.pointer));
  expect([...problem.problems].sort(byPointer)).toMatchObject([...problems].sort(byPointer));
  expect(problem.problems).toHaveLength(problems.length);
  expect((await read(name)).version).toBe(before);
});

const csv = (...lines: string[]): Buffer => Buffer.from(`${lines.join('\n')}\n`);

describe('rules as a table', () => {
  test('are what the same document says as JSON', async () => {
    const file = csv('tier,maximumPercent', 'STANDARD,5', 'SILVER,8', 'GOLD,33.5', 'WHOLESALE,15');
    expect((await load('discounts', undefined, { file })).body).toMatchObject({ outcome: 'stored' });
    expect((await read('discounts')).content).toEqual(discounts(33.5));
    expect((await load('discounts', discounts(33.5))).body).toMatchObject({ outcome: 'unchanged' });
  });

  test('in GB18030 and as a workbook are read too', async () => {
    const areas = csv('countryCode,region,city,served', '*,,,no', 'CN,CN-SH,上海市,yes');
    const gb18030 = Buffer.concat([
      areas.subarray(0, areas.indexOf('上')),
      Buffer.from('c9cfbaa3cad0', 'hex'),
      areas.subarray(areas.indexOf(',yes')),
    ]);
    await load('areas', undefined, { file: gb18030 });
    const content = [
      { countryCode: '*', served: false },
      { countryCode: 'CN', region: 'CN-SH', city: '上海市', served: true },
    ];
    expect((await read('areas')).content).toEqual(content);
    const workbook = await writeXlsxFile([
      ['tier', 'maximumPercent'],
      ['STANDARD', 5],
      ['SILVER', { value: 0.085, type: Number, format: '0.0%' }],
      ['GOLD', 10],
      ['WHOLESALE', 15],
    ]).toBuffer();
    await load('discounts', undefined, { file: workbook });
    expect((await read('discounts')).content).toEqual({
      maximumPercent: { STANDARD: 5, SILVER: 8.5, GOLD: 10, WHOLESALE: 15 },
    });
  });

  test.for<[name: string, lines: string[], errors: object[]]>([
    [
      'discounts',
      ['tier,maximumPercent', 'STANDARD,5', 'GOLD,lots'],
      [
        {
          pointer: '#/3/maximumPercent',
          cell: 'B3',
          code: 'FORMAT_INVALID',
          value: 'lots',
          detail: 'maximumPercent must be a number such as 7.5',
        },
      ],
    ],
    [
      'discounts',
      ['tier,maximumPercnt', 'STANDARD,5'],
      [
        { pointer: '#/1/maximumPercnt', cell: 'B1', code: 'UNKNOWN_COLUMN', suggestion: 'maximumPercent' },
        { pointer: '#/1/maximumPercent', code: 'REQUIRED_MISSING' },
      ],
    ],
    [
      'areas',
      ['countryCode,served', 'CN,yes', 'CN,no', 'XX,yes'],
      [
        { pointer: '#/3/countryCode', cell: 'A3', code: 'DUPLICATE_ROW' },
        { pointer: '#/4/countryCode', cell: 'A4', code: 'ENUM_UNKNOWN', value: 'XX' },
      ],
    ],
    ['areas', ['countryCode,served'], [{ pointer: '#/1', code: 'ROWS_MISSING' }]],
    [
      'promotions',
      ['code,nameZh,nameEn,benefit,value,validFrom,skus', 'X,甲,X,PERCENT,5,2026-03-01,123'],
      [{ pointer: '#/2/skus', cell: 'G2', code: 'LEADING_ZERO_LOST', value: '123', suggestion: '00123' }],
    ],
  ])('%s with faults are refused, each at its cell: %j', async ([name, lines, errors]) => {
    await at.desk.addProduct('00123', 1);
    const problem = await problemOf(load(name, undefined, { file: csv(...lines) }));
    expect(problem.type).toBe('validation-failed');
    const told = z.array(z.object({ pointer: z.string() })).parse(problem.members.errors);
    expect(problem.members.errors).toMatchObject(errors);
    expect(told).toHaveLength(errors.length);
  });

  test.for<[what: string, file: Buffer, code: string]>([
    ['empty', Buffer.alloc(0), 'FILE_EMPTY'],
    ['a picture', Buffer.from('89504e470d0a1a0a', 'hex'), 'FILE_TYPE_UNSUPPORTED'],
    ['a broken workbook', Buffer.from('504b030414000000', 'hex'), 'FILE_DAMAGED'],
    [
      'longer than 5,000 rows',
      csv('tier,maximumPercent', ...Array(5001).fill('GOLD,1')),
      'FILE_TOO_MANY_ROWS',
    ],
  ])('that are %s are refused', async ([, file, code]) => {
    expect((await problemOf(load('discounts', undefined, { file }))).problems).toMatchObject([{ code }]);
  });

  test('are not what order types are', async () => {
    const file = csv('orderType', 'STANDARD');
    expect((await problemOf(load('orderTypes', undefined, { file }))).type).toBe('unsupported-media-type');
  });
});

describe('prices and articles as a table', () => {
  const post = (
    load: 'prices' | 'products',
    file: Buffer | undefined,
    principal: Principal = asStaff('manager'),
  ) =>
    createLoadTable({
      catalogueOf: (one) => ({ ...catalogue(), operator: actorName(one) }),
      may: (one) => mayLoadCatalogue(one, load),
      load: { prices: loadPriceTable, products: loadProductTable }[load],
    })(aRequest({ principal, file, query: { note: 'spring list' } }));
  const products = 'sku,gtin,nameZh,nameEn,taxRate,pricesIncludeTax';
  const prices = 'sku,currency,unitPrice,validFrom';

  test('hold at once, each version kept with who, when and why', async () => {
    expect((await post('products', csv(products, 'T-1,,茶,Tea,0.13,yes'))).body).toEqual({
      outcome: 'loaded',
      created: 1,
      changed: 0,
      unchanged: 0,
    });
    await post('prices', csv(prices, 'T-1,CNY,9.90,2026-01-01'));
    await post('prices', csv(prices, 'T-1,CNY,8.80,2026-01-01'), asStaff('finance'));
    const product = (await at.desk.catalogue.readProducts(['T-1'])).get('T-1');
    expect(product).toMatchObject({ priceVersion: 2, prices: [{ unitPrice: '8.80' }] });
    const { Item } = await at.desk.db.send(
      new GetCommand({ TableName: tables.catalogue, Key: { pk: 'SKU#T-1', sk: 'PRICES#V#000001' } }),
    );
    expect(Item).toMatchObject({
      prices: [{ unitPrice: '9.90' }],
      loadedBy: 'staff:li.lei',
      loadedAt: orderDay.toISOString(),
      note: 'spring list',
    });
  });

  test.for<[what: string, load: 'prices' | 'products', line: string, error: object]>([
    [
      'an article number without its zeros',
      'prices',
      '123,CNY,1.00,2026-01-01',
      { cell: 'A2', code: 'LEADING_ZERO_LOST', suggestion: '00123' },
    ],
    [
      'an article number without its zeros, as a new article',
      'products',
      '123,,茶,Tea,0.13,yes',
      { cell: 'A2', code: 'LEADING_ZERO_LOST', suggestion: '00123' },
    ],
    ['an unknown article', 'prices', 'NONE,CNY,1.00,2026-01-01', { cell: 'A2', code: 'SKU_UNKNOWN' }],
    [
      'a bar code without its zero',
      'products',
      'T-2,12345678905,茶,Tea,0.13,yes',
      { cell: 'B2', code: 'LEADING_ZERO_LOST', suggestion: '012345678905' },
    ],
    [
      'a bar code cut short',
      'products',
      'T-2,6.90123E+12,茶,Tea,0.13,yes',
      { cell: 'B2', code: 'NUMBER_PRECISION_LOST' },
    ],
    [
      'a bar code with a digit missing',
      'products',
      'T-2,690123456789,茶,Tea,0.13,yes',
      { cell: 'B2', code: 'GTIN_CHECK_DIGIT' },
    ],
    [
      'an article number cut short',
      'products',
      '1.23E+10,,茶,Tea,0.13,yes',
      { cell: 'A2', code: 'NUMBER_PRECISION_LOST' },
    ],
    [
      'an error of the spreadsheet',
      'prices',
      '00123,CNY,#N/A,2026-01-01',
      { cell: 'C2', code: 'FORMAT_INVALID' },
    ],
    [
      'text of another encoding',
      'products',
      'T-2,,èŒ¶,Tea,0.13,yes',
      { cell: 'C2', code: 'ENCODING_UNREADABLE', suggestion: '茶' },
    ],
  ])('with %s are refused at that cell, and change nothing', async ([, load, line, error]) => {
    await at.desk.addProduct('00123', 1);
    const before = await at.desk.catalogue.readProducts(['00123', '123', 'T-2', '1.23E+10']);
    const problem = await problemOf(post(load, csv(load === 'prices' ? prices : products, line)));
    expect(problem.type).toBe('validation-failed');
    expect(problem.members.errors).toMatchObject([error]);
    expect(await at.desk.catalogue.readProducts(['00123', '123', 'T-2', '1.23E+10'])).toEqual(before);
  });

  test('keep a formula as the text that it is', async () => {
    await post('products', csv(products, 'T-3,,"=HYPERLINK(""http://x"")",@SUM(A1),0.13,yes'));
    const product = (await at.desk.catalogue.readProducts(['T-3'])).get('T-3');
    expect(product?.name).toEqual({ 'zh-CN': '=HYPERLINK("http://x")', en: '@SUM(A1)' });
  });

  test('are loaded by finance and purchasing, by nobody else, and never as JSON', async () => {
    for (const principal of [asPartner(), asStaff(), asStaff('desk', 'warehouse', 'logistics')])
      for (const what of ['prices', 'products'] as const)
        expect((await problemOf(post(what, csv('x'), principal))).type).toBe('forbidden');
    expect((await problemOf(post('prices', csv('x'), asStaff('purchasing')))).type).toBe('forbidden');
    expect((await problemOf(post('products', csv('x'), asStaff('finance')))).type).toBe('forbidden');
    expect((await problemOf(post('prices', undefined))).type).toBe('unsupported-media-type');
  });
});

describe('who may', () => {
  test.for(ruleNames)('see and load %s', async (name) => {
    for (const principal of [asPartner('example-mall', ['WAREHOUSE']), asStaff(), asStaff('warehouse')]) {
      expect((await problemOf(list(principal))).type).toBe('forbidden');
      expect((await problemOf(read(name, {}, principal))).type).toBe('forbidden');
      expect((await problemOf(read('prizes', {}, principal))).type).toBe('forbidden');
      expect((await problemOf(load(name, {}, { principal }))).type).toBe('forbidden');
    }
    const clerk = asStaff('desk', 'purchasing');
    expect((await problemOf(load(name, {}, { principal: clerk, ifMatch: '' }))).type).toBe('forbidden');
    expect((await read(name, {}, clerk)).name).toBe(name);
  });
});

describe('an order', () => {
  const body = () =>
    aSubmission({
      customerOrderReference: crypto.randomUUID(),
      buyer: { ...aSubmission().buyer, customerId: undefined },
      lines: [aSubmittedLine({ sku: 'RULE-1', discount: { type: 'PERCENT', value: '5' } })],
      totals: undefined,
    });
  const allowing = (standard: number) => ({
    maximumPercent: { STANDARD: standard, SILVER: 8, GOLD: 10, WHOLESALE: 15 },
  });
  const pass = (milliseconds: number) => vi.setSystemTime(Date.now() + milliseconds);

  test('that was validated before a version came into force is told that the rules changed, within a minute', async () => {
    const { desk } = at;
    const partner = await desk.addPartner({ usageKey: 'usage-mall' });
    await desk.addProduct('RULE-1', 100);
    await load('discounts', allowing(5));
    pass(minuteMs);
    const { check } = createCheckOrder(desk);
    const principal = asPartner(partner.partnerId);
    const order = body();
    const validated = await createValidateOrder({ ...desk, check })(aRequest({ principal, body: order }));
    expect(validated.body).toMatchObject({ valid: true });
    const { validationToken } = Object(validated.body);
    const post = (more: object) =>
      createPlaceOrderHandler(desk)(
        aRequest({
          principal,
          body: { ...order, ...more },
          headers: { 'idempotency-key': crypto.randomUUID() },
        }),
      );
    await load('discounts', allowing(1));
    pass(minuteMs - 1);
    pass(1);
    expect(await problemOf(post({ validationToken }))).toMatchObject({
      type: 'validation-outdated',
      members: { changed: ['rules'], appeared: [{ code: 'DISCOUNT_NOT_ALLOWED' }], gone: [] },
    });
  });

  test('names the version that held it, and keeps that name when another is loaded', async () => {
    const { desk } = at;
    const partner = await desk.addPartner();
    await desk.addProduct('RULE-2', 100);
    const { version } = Object((await load('discounts', allowing(2))).body);
    pass(minuteMs);
    const number = await desk.place(partner, 'RULE-2', {
      lines: [aSubmittedLine({ sku: 'RULE-2', discount: { type: 'PERCENT', value: '5' } })],
    });
    await desk.audit({ orderNumber: number });
    await load('discounts', allowing(50));
    pass(minuteMs);
    const { events, findings } = await desk.read(number);
    expect(findings).toMatchObject([
      {
        code: 'DISCOUNT_NOT_ALLOWED',
        expected: '<= 2%',
        evidence: [{ source: 'RULE', id: 'discounts', version }],
      },
    ]);
    expect(events.at(0)?.data).toMatchObject({ auditedWith: { rules: { discounts: version } } });
    await desk.audit({ orderNumber: number });
    const after = await desk.read(number);
    expect(after.events.at(-1)?.data).toMatchObject({ auditedWith: { rules: { discounts: version + 1 } } });
  });
});
