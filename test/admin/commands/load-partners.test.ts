import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, test } from 'vitest';
import { issueKey } from '../../../admin/commands/api-keys.ts';
import { loadAliases } from '../../../admin/commands/load-aliases.ts';
import { loadCustomers } from '../../../admin/commands/load-customers.ts';
import { loadPartners } from '../../../admin/commands/load-partners.ts';
import { buyerOf } from '../../../domain/customers/customer-match.ts';
import { partnersTable } from '../../../functions/shared/partners-table.ts';
import { mockApiGateway } from '../api-gateway.ts';
import { useLocalTarget } from '../local-target.ts';

const local = useLocalTarget();

const nothing = { outcome: 'loaded', created: 0, changed: 0 };

const partners = 'partnerId,name,language,currencies,pricesIncludeTax,notifyEmail';

test('a partner loaded again keeps what other commands stored with it', async () => {
  await loadPartners(
    local.target,
    await local.file(partners, 'shop,Example Shop,en,USD;EUR,no,orders@example.com'),
  );
  mockApiGateway(local.target);
  await issueKey(local.target, 'shop');
  const changed = await loadPartners(
    local.target,
    await local.file(partners, 'shop,Example Shop,en,USD,no,'),
  );
  expect(changed).toEqual({ outcome: 'loaded', created: 0, changed: 1, unchanged: 0 });
  const { Item } = await local.target.dynamodb.send(
    new GetCommand({ TableName: local.target.tables.partners, Key: { pk: 'PARTNER#shop', sk: 'PROFILE' } }),
  );
  expect(Item).toEqual({
    pk: 'PARTNER#shop',
    sk: 'PROFILE',
    entity: 'PROFILE',
    partnerId: 'shop',
    name: 'Example Shop',
    active: true,
    language: 'en',
    currencies: ['USD'],
    pricesIncludeTax: false,
    orderSenders: [],
    toleranceMinor: 0,
    suspectedDuplicates: 'WARN',
    paymentDueMinutes: 1440,
    autoCompleteDays: 7,
    clarificationHours: 72,
    roles: [],
    usageKey: expect.stringMatching(/^usage-[0-9a-f]{32}$/),
    keysVersion: 1,
  });
});

test('a tolerance in per cent is taken with the amount that it stays under, and goes when it is blank', async () => {
  const header = 'partnerId,name,language,currencies,pricesIncludeTax,toleranceMinor,tolerancePercent';
  const load = async (...rows: string[]) => loadPartners(local.target, await local.file(header, ...rows));
  const read = () =>
    partnersTable(local.target.dynamodb, () => local.target.tables.partners).readPartner('cents');
  expect(await load('cents,Example,en,USD,no,,2', 'most,Example,en,USD,no,5,100.5')).toMatchObject({
    outcome: 'refused',
    problems: [
      { row: 2, column: 'tolerancePercent', value: '2' },
      { row: 3, column: 'tolerancePercent', message: 'must not be more than 100' },
    ],
  });
  await load('cents,Example,en,USD,no,500,0.5');
  expect(await read()).toMatchObject({ toleranceMinor: 500, tolerancePercent: 0.5 });
  await load('cents,Example,en,USD,no,500,');
  expect(await read()).not.toHaveProperty('tolerancePercent');
});

test('what finance may write off is taken, and goes when it is blank', async () => {
  const header = 'partnerId,name,language,currencies,pricesIncludeTax,writeOffMinor';
  const load = async (row: string) => loadPartners(local.target, await local.file(header, row));
  const read = () =>
    partnersTable(local.target.dynamodb, () => local.target.tables.partners).readPartner('rest');
  await load('rest,Example,en,USD,no,100');
  expect(await read()).toMatchObject({ writeOffMinor: 100 });
  await load('rest,Example,en,USD,no,');
  expect(await read()).not.toHaveProperty('writeOffMinor');
});

const senders = Array.from({ length: 20 }, (_, index) => `buyer${index}@shop.example.com`);

test.for([
  { list: 'unquoted', delimiter: ',', cell: senders.join(';') },
  { list: 'quoted', delimiter: ',', cell: `"${senders.join('; ')}"` },
  { list: 'quoted', delimiter: ';', cell: `"${senders.join(';')}"` },
  { list: 'unquoted', delimiter: '\t', cell: senders.join(';') },
])(
  'a $list list longer than the header stays one cell, in a file of $delimiter',
  async ({ delimiter, cell }) => {
    const header = ['partnerId', 'name', 'language', 'currencies', 'pricesIncludeTax', 'orderSenders'];
    const row = ['shop', '"Shop, Inc., Example, of Us"', 'en', 'USD', 'no', cell];
    const path = await local.file(header.join(delimiter), '', row.join(delimiter));
    expect(await loadPartners(local.target, path)).toMatchObject({ outcome: 'loaded', created: 1 });
    const partner = await partnersTable(
      local.target.dynamodb,
      () => local.target.tables.partners,
    ).readPartner('shop');
    expect(partner).toMatchObject({ name: 'Shop, Inc., Example, of Us', orderSenders: senders });
  },
);

test('problems in lists are named by their column', async () => {
  const path = await local.file(
    partners,
    'Shop,Example Shop,fr,USD;EURO,no,nobody',
    'shop,Example Shop,en,;,no,',
  );
  expect(await loadPartners(local.target, path)).toMatchObject({
    outcome: 'refused',
    problems: [
      { row: 2, column: 'partnerId' },
      { row: 2, column: 'language', message: 'must be one of zh-CN, en' },
      { row: 2, column: 'currencies', value: 'USD;EURO', message: 'is not known; did you mean EUR?' },
      { row: 2, column: 'notifyEmail' },
      { row: 3, column: 'currencies', message: 'must name at least one currency' },
    ],
  });
  expect(await local.rowCount('partners')).toBe(0);
});

test('customers and aliases need a partner and an article on file', async () => {
  const customers = await local.file(
    'partnerId,customerId,name,qualifications',
    'shop,C1,Example,FOOD/1/2030-01-01',
    'shop,C2,Example,FOOD 1',
  );
  expect(await loadCustomers(local.target, customers)).toMatchObject({
    outcome: 'refused',
    problems: [
      { row: 2, column: 'partnerId', message: 'is not a partner on file' },
      { row: 3, column: 'qualifications', value: 'FOOD 1' },
    ],
  });
  expect(
    await loadAliases(local.target, await local.file('partnerId,buyerItemId,sku', 'shop,X,TEA')),
  ).toMatchObject({
    outcome: 'refused',
    problems: [
      { row: 2, column: 'partnerId' },
      { row: 2, column: 'sku' },
    ],
  });
  expect(await local.rowCount('partners')).toBe(0);
});

test('a customer gains a tier and loses a licence', async () => {
  await loadPartners(local.target, await local.file(partners, 'shop,Example Shop,en,USD,no,'));
  const header = 'partnerId,customerId,name,tier,qualifications';
  await loadCustomers(
    local.target,
    await local.file(header, 'shop,C1,Example,,FOOD/1/2030-01-01;ALCOHOL/2/2031-01-01'),
  );
  const second = await local.file(header, 'shop,C1,Example,GOLD,FOOD/1/2030-01-01');
  expect(await loadCustomers(local.target, second)).toEqual({
    outcome: 'loaded',
    created: 0,
    changed: 1,
    unchanged: 0,
  });
  expect(await loadCustomers(local.target, second)).toEqual({ ...nothing, unchanged: 1 });
  const { Item } = await local.target.dynamodb.send(
    new GetCommand({
      TableName: local.target.tables.partners,
      Key: { pk: 'PARTNER#shop', sk: 'CUSTOMER#C1' },
    }),
  );
  expect(Item).toMatchObject({
    tier: 'GOLD',
    qualifications: [{ type: 'FOOD', number: '1', validUntil: '2030-01-01' }],
  });
});

describe('addresses that a partner orders from', () => {
  const ordering = 'partnerId,name,language,currencies,pricesIncludeTax,orderSenders';
  const load = async (...rows: string[]) =>
    loadPartners(
      local.target,
      await local.file(ordering, ...rows.map((row) => row.replace(',', ',Example Shop,en,USD,no,'))),
    );
  const whose = async (address: string) =>
    (await partnersTable(local.target.dynamodb, () => local.target.tables.partners).findSender(address))
      ?.partnerId;

  test('lead to it, whatever their case, and others to nobody', async () => {
    await load('shop,Buyer@Shop.example.com; sales@shop.example.com;buyer@shop.example.com', 'mill,');
    expect(await whose('buyer@shop.example.com')).toBe('shop');
    expect(await whose('sales@shop.example.com')).toBe('shop');
    expect(await whose('boss@shop.example.com')).toBeUndefined();
    expect(await local.rowCount('partners')).toBe(4);
  });

  test('end when they are left out, and may then be another partner’s', async () => {
    await load('shop,buyer@example.com', 'mill,');
    expect(await load('mill,buyer@example.com')).toEqual({
      outcome: 'refused',
      problems: [{ row: 2, column: 'orderSenders', value: 'buyer@example.com', message: 'belongs to shop' }],
    });
    await load('shop,');
    expect(await whose('buyer@example.com')).toBeUndefined();
    await load('mill,buyer@example.com');
    expect(await whose('buyer@example.com')).toBe('mill');
  });

  test('loaded again change nothing', async () => {
    await load('shop,a@example.com;b@example.com');
    expect(await load('shop,a@example.com;b@example.com')).toEqual({ ...nothing, unchanged: 1 });
  });

  test.for([
    [['shop,buyer'], { row: 2, column: 'orderSenders' }],
    [['shop,a@example.com', 'mill,a@example.com'], { row: 3, message: 'stands in row 2 already' }],
    [
      [`shop,${Array.from({ length: 41 }, (_, index) => `a${index}@example.com`).join('；')}`],
      { row: 2, message: 'must not be more than 40 addresses' },
    ],
  ] as const)('are refused (%#)', async ([rows, problem]) => {
    expect(await load(...rows)).toMatchObject({ outcome: 'refused', problems: [problem] });
    expect(await local.rowCount('partners')).toBe(0);
  });
});

test('a partner has headers of its own, by any name of our columns', async () => {
  const columns = `${partners},headerAliases`;
  const aliases = 'Menge=quantity;Preis = Unit Price；客户料号(旧)=客户料号';
  await loadPartners(local.target, await local.file(columns, `shop,Example Shop,en,USD,no,,${aliases}`));
  const { Item } = await local.target.dynamodb.send(
    new GetCommand({ TableName: local.target.tables.partners, Key: { pk: 'PARTNER#shop', sk: 'PROFILE' } }),
  );
  expect(Item?.headerAliases).toEqual({
    Menge: 'quantity',
    Preis: 'unitPrice',
    '客户料号(旧)': 'buyerItemCode',
  });
  const again = await loadPartners(
    local.target,
    await local.file(columns, `shop,Example Shop,en,USD,no,,${aliases}`),
  );
  expect(again).toMatchObject({ unchanged: 1 });
  const bad = await loadPartners(
    local.target,
    await local.file(columns, 'shop,Example Shop,en,USD,no,,Menge=Amount;x'),
  );
  expect(bad).toMatchObject({
    outcome: 'refused',
    problems: [{ column: 'headerAliases' }, { column: 'headerAliases' }],
  });
});

describe('what customers are found by', () => {
  const header = 'partnerId,customerId,name,email,telephone,taxId';
  const load = async (...rows: string[]) => loadCustomers(local.target, await local.file(header, ...rows));
  const find = async (email: string, telephone?: string) => {
    const { dynamodb, tables } = local.target;
    const { findCustomer } = partnersTable(dynamodb, () => tables.partners);
    const buyer = buyerOf({ buyer: { name: 'Nobody', contact: { email, telephone } } });
    return (await findCustomer('shop', buyer)).customer?.customerId;
  };

  test('follows each load, and leads to nobody any more when it was given up', async () => {
    await loadPartners(local.target, await local.file(partners, 'shop,Example Shop,en,USD,no,'));
    await load('shop,C1,Example,a@example.com,+12025550101,TAX01', 'shop,C2,Sample,b@example.com,,');
    expect([await find('a@example.com'), await find('b@example.com')]).toEqual(['C1', 'C2']);
    await load('shop,C1,Example,c@example.com,,TAX02');
    expect([await find('a@example.com'), await find('c@example.com')]).toEqual([undefined, 'C1']);
    expect(await find('nobody@example.com', '+12025550101')).toBeUndefined();
    await load('shop,C2,Sample,a@example.com,,');
    expect(await find('a@example.com')).toBe('C2');
  });

  test('is written once: the same file again changes nothing', async () => {
    await loadPartners(local.target, await local.file(partners, 'shop,Example Shop,en,USD,no,'));
    await load('shop,C1,Example,a@example.com,,');
    const rows = await local.rowCount('partners');
    expect(await load('shop,C1,Example,a@example.com,,')).toEqual({ ...nothing, unchanged: 1 });
    await load('shop,C1,Example Ltd,a@example.com,,');
    expect(await local.rowCount('partners')).toBe(rows);
  });
});
