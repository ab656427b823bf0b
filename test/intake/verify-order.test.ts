import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OrderRecord } from '../../domain/orders/order.ts';
import { aPartner } from '../builders/a-partner.ts';
import { aProduct } from '../builders/a-product.ts';
import { aSubmission } from '../builders/a-submission.ts';
import { aProvenanceDesk } from './a-provenance-desk.ts';
import { anXlsx, textRows } from './an-xlsx.ts';
import { fileOrder, postedOrder } from './random-orders.ts';
import { aLine, columnsOf, csvOf, type Line, now, table } from './sample-orders.ts';

const openDesk = () =>
  aProvenanceDesk({
    now,
    products: [aProduct(), aProduct({ sku: 'TEA', taxRate: '0.06' })],
    otherNames: { 'OUR-CUP': 'CUP-350-BL', '6901234567892': 'TEA' },
  });
type Desk = ReturnType<typeof openDesk>;

const verifyAll = async (desk: Desk) => {
  const verify = desk.verifier();
  const verified = [];
  for (const order of desk.orders()) verified.push(await verify(order));
  return verified;
};

const differencesOf = (verified: Awaited<ReturnType<typeof verifyAll>>) =>
  verified.filter(({ differences }) => differences.length > 0);

describe('of 1,000 random orders every field is proven equal to its original', () => {
  test('500 as posted, in any form that JSON has', async () => {
    const desk = openDesk();
    for (const body of fc.sample(postedOrder, { numRuns: 500, seed: 20_251_014 })) await desk.post(body);
    const verified = await verifyAll(desk);
    expect(differencesOf(verified)).toEqual([]);
    expect(verified).toHaveLength(500);
  });

  test('500 in workbooks and files of delimited text', async () => {
    const desk = openDesk();
    for (let file = 0; file < 50; file++) {
      const orders = Array.from({ length: 10 }, (_, index) => fileOrder(`PO-${file}-${index}`));
      const [lines = []] = fc.sample(
        fc.tuple(...orders).map((groups): Line[] => groups.flat()),
        { numRuns: 1, seed: file },
      );
      const [header = [], ...rows] = table(lines, columnsOf(lines));
      const withShop = [[...header, '门店'], ...rows.map((row, index) => [...row, index % 2 ? '一店' : ''])];
      const objectKey = `inbox/example-mall/${file}`;
      const bytes =
        file % 2 === 0
          ? Buffer.from(csvOf(withShop, file % 4 ? ';' : ','))
          : await anXlsx(textRows(withShop));
      await desk.send(bytes, { objectKey });
    }
    const verified = await verifyAll(desk);
    expect(differencesOf(verified)).toEqual([]);
    expect(verified).toHaveLength(500);
  });
});

const body = aSubmission({
  buyer: { name: '示例客户', contact: { telephone: '+8613800138000', email: 'wang@example.com' } },
  delivery: { ...aSubmission().delivery, requestedDate: '2025-11-20' },
});
const text = JSON.stringify(body).replace('"quantity":24', '"quantity":24.0');

type Tamper = (order: OrderRecord, desk: Desk) => void;

const firstData = ({ events: [received] }: OrderRecord) => {
  if (!received) throw new Error('an order has its first event');
  return received.data;
};
const firstLine = ({ content }: OrderRecord) => {
  const [line] = content.lines;
  if (!line) throw new Error('an order has a line');
  return line;
};

/** What verification finds once somebody has laid hands on the order or on what is kept of it. */
const found = async (desk: Desk, orderNumber: string, tamper: Tamper) => {
  expect((await desk.verifier()(desk.order(orderNumber))).differences).toEqual([]);
  const order = structuredClone(desk.order(orderNumber));
  tamper(order, desk);
  return (await desk.verifier()(order)).differences;
};

describe('what is found in an order that was posted', () => {
  const at = (pointer: string) => ({
    kind: 'JSON',
    objectKey: expect.stringMatching(/original\.json$/),
    pointer,
  });
  const cases: [name: string, tamper: Tamper, ...differences: object[]][] = [
    [
      'a field that was changed',
      (order) => {
        firstLine(order).quantity = 25;
      },
      {
        kind: 'VALUE',
        field: '#/lines/0/quantity',
        stored: '25',
        original: '24',
        locator: at('#/lines/0/quantity'),
      },
    ],
    [
      'a field that was added',
      ({ content }) => {
        content.notes = 'deliver elsewhere';
      },
      { kind: 'VALUE', field: '#/notes', stored: '"deliver elsewhere"' },
      { kind: 'NO_ORIGIN', field: '#/notes', stored: 'deliver elsewhere' },
    ],
    [
      'a field that was taken away',
      ({ content }) => {
        delete content.delivery.address.district;
      },
      { kind: 'VALUE', field: '#/delivery/address/district', original: '"浦东新区"' },
    ],
    [
      'an amount that was changed',
      ({ content }) => {
        content.amounts.taxAmount += 1;
      },
      { kind: 'VALUE', field: '#/amounts/taxAmount', locator: { kind: 'DERIVED', rule: 'order-arithmetic' } },
    ],
    [
      'a term that was changed',
      ({ content }) => {
        content.terms.toleranceMinor = 10_000;
      },
      { kind: 'VALUE', field: '#/terms/toleranceMinor', stored: '10000', original: '0' },
    ],
    [
      'a tax rate of the catalogue that was changed',
      (order) => {
        firstLine(order).taxRate = '0';
      },
      {
        kind: 'VALUE',
        field: '#/lines/0/taxRate',
        original: '"0.13"',
        locator: { rule: 'catalogue-tax-rate', from: ['#/lines/0/sku'] },
      },
    ],
    [
      'a sum in its state that was changed',
      ({ state }) => {
        state.payableAmount = 1;
      },
      { kind: 'VALUE', field: 'state#/payableAmount', stored: '1', original: '90972' },
    ],
    [
      'another original',
      ({ state }, { archive }) => {
        archive.set(`orders/${state.orderNumber}/original.json`, Buffer.from(text.replace('39.90', '29.90')));
      },
      { kind: 'ORIGINAL_CHANGED', field: '#' },
      { kind: 'VALUE', field: '#/lines/0/unitPrice', stored: '"39.90"', original: '"29.90"' },
      ...Array.from({ length: 7 }, () => ({ kind: 'VALUE' })),
    ],
    [
      'another way to write the original, even of the same value',
      ({ state }, { archive }) => {
        archive.set(`orders/${state.orderNumber}/original.json`, Buffer.from(JSON.stringify(body)));
      },
      { kind: 'ORIGINAL_CHANGED', field: '#' },
    ],
    [
      'an original that is gone',
      ({ state }, { archive }) => {
        archive.delete(`orders/${state.orderNumber}/original.json`);
      },
      { kind: 'ORIGINAL_MISSING', field: '#' },
    ],
    [
      'an original that is no JSON',
      ({ state }, { archive }) => {
        archive.set(`orders/${state.orderNumber}/original.json`, Buffer.from('{'));
      },
      { kind: 'ORIGINAL_UNREADABLE', field: '#' },
    ],
    [
      'a first event that does not name the original',
      (order) => {
        delete firstData(order).source;
      },
      { kind: 'NO_PROVENANCE', field: '#' },
    ],
  ];
  test.for(cases)('%s', async ([, tamper, ...differences]) => {
    const desk = openDesk();
    expect(await found(desk, await desk.post(text), tamper)).toMatchObject(differences);
  });
});

describe('what is found in an order out of a file', () => {
  const file = (quantity: string) => Buffer.from(csvOf(table([aLine({ quantity })])));
  const objectKey = 'inbox/example-mall/orders.csv';
  const recorded = (desk: Desk, { state }: OrderRecord, change: (stored: string) => string): void => {
    const key = `orders/${state.orderNumber}/provenance.json`;
    const kept = desk.archive.get(key)?.toString() ?? '';
    const changed = change(kept);
    if (changed === kept) throw new Error(`nothing to change in ${kept}`);
    desk.archive.set(key, Buffer.from(changed));
  };
  const cases: [name: string, tamper: Tamper, ...differences: object[]][] = [
    [
      'a field that was changed, with its cell',
      (order) => {
        firstLine(order).quantity = 25;
      },
      {
        kind: 'VALUE',
        field: '#/lines/0/quantity',
        stored: '25',
        original: '24',
        locator: { kind: 'CELL', objectKey, versionId: 'v1', cell: 'N2' },
      },
    ],
    [
      'a recorded text that was changed',
      (order, desk) => recorded(desk, order, (kept) => kept.replace('"24"', '"25"')),
      { kind: 'RAW', field: '#/lines/0/quantity', stored: '25', original: '24', locator: { cell: 'N2' } },
    ],
    [
      'a recorded cell that was changed',
      (order, desk) => recorded(desk, order, (kept) => kept.replace('"N2"', '"N3"')),
      { kind: 'RAW', field: '#/lines/0/quantity', original: '24', locator: { cell: 'N2' } },
      { kind: 'RAW', field: '#/lines/0/quantity', stored: '24', locator: { cell: 'N3' } },
    ],
    [
      'rows that are not in the file',
      (order, desk) => recorded(desk, order, (kept) => kept.replace('"rows":[2]', '"rows":[7]')),
      { kind: 'ORIGINAL_UNREADABLE', field: '#' },
    ],
    [
      'a record of its cells that is gone',
      ({ state }, { archive }) => {
        archive.delete(`orders/${state.orderNumber}/provenance.json`);
      },
      { kind: 'NO_PROVENANCE', field: '#' },
    ],
    [
      'another version named in the order',
      ({ content }) => {
        Object.assign(content.source, { versionId: 'v2' });
      },
      { kind: 'VALUE', field: '#/source/versionId', stored: '"v2"', original: '"v1"' },
    ],
    [
      'another version named in its first event',
      (order, { files }) => {
        files.set(`${objectKey}?v2`, file('25'));
        Object.assign(Object(firstData(order).source), { versionId: 'v2' });
      },
      { kind: 'RAW', field: '#/lines/0/quantity', stored: '24', original: '25' },
      { kind: 'VALUE', field: '#/lines/0/quantity', stored: '24', original: '25' },
      { kind: 'VALUE', field: '#/lines/0/lineAmountMinor' },
      ...Array.from({ length: 5 }, () => ({ kind: 'VALUE' })),
      { kind: 'VALUE', field: '#/source/versionId', stored: '"v1"', original: '"v2"' },
      { kind: 'VALUE', field: 'state#/payableAmount' },
    ],
    [
      'a version that is gone',
      (_order, { files }) => {
        files.delete(`${objectKey}?v1`);
      },
      { kind: 'ORIGINAL_MISSING', field: '#', stored: `${objectKey}?versionId=v1` },
    ],
    [
      'a version that is no file of orders',
      (_order, { files }) => {
        files.set(`${objectKey}?v1`, Buffer.from('not a table'));
      },
      { kind: 'ORIGINAL_UNREADABLE', field: '#' },
    ],
  ];
  test.for(cases)('%s', async ([, tamper, ...differences]) => {
    const desk = openDesk();
    const [orderNumber = ''] = await desk.send(file('24'), { objectKey });
    expect(await found(desk, orderNumber, tamper)).toMatchObject(differences);
  });
});

test('a file that was read by the headers of its partner is read by them again', async () => {
  const desk = aProvenanceDesk({
    now,
    partner: aPartner({ headerAliases: { 我方货号: 'sku' }, currencies: ['USD', 'CNY'], language: 'en' }),
  });
  const [header = [], ...rows] = table([aLine({ shippingFee: '10' })]);
  const renamed = header.map((name) => (name === '商品编码' ? '我方货号' : name));
  const [orderNumber = ''] = await desk.send(Buffer.from(csvOf([renamed, ...rows])));
  expect((await desk.verifier()(desk.order(orderNumber))).differences).toEqual([]);
});
