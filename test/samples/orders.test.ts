import { beforeAll, describe, expect, test } from 'vitest';
import { readSubmission } from '../../domain/submissions/read-submission.ts';
import { catalogueTable } from '../../functions/shared/catalogue-table.ts';
import { stockTable } from '../../functions/shared/stock-table.ts';
import { loadMasterData } from '../../samples/load-master-data.ts';
import { readSampleOrders } from '../../samples/read-samples.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { dryRunOrder } from './dry-run-order.ts';

const timeZone = 'Asia/Shanghai';
const now = new Date();
const samples = await readSampleOrders(now, timeZone);

const local = useLocalTarget({ empties: false });
beforeAll(async () => {
  await loadMasterData(local.target);
});

test('there are twenty sample orders, each with a reference of its own', () => {
  expect(new Set(samples.map(({ body }) => body.customerOrderReference)).size).toBe(20);
});

test.for(samples)(
  '$file is taken in, and held for nothing but what it shows',
  async ({ partnerId, body, expected }) => {
    const result = await dryRunOrder(local.target, partnerId, body, now, timeZone);
    expect(result).toEqual({ outcome: 'valid', findings: expect.any(Array) });
    const blocking =
      result.outcome === 'valid' ? result.findings.filter(({ severity }) => severity !== 'WARNING') : [];
    expect(blocking.map(({ code }) => code).toSorted()).toEqual(expected.findings.toSorted());
  },
);

test.for(samples)(
  '$file tells an end that fits its story',
  ({ next, expected: { status, mails, findings } }) => {
    expect(status === 'ON_HOLD').toBe(findings.length > 0);
    expect(status === 'COMPLETED').toBe(next.startsWith('deliver'));
    expect(mails.includes('completed')).toBe(status === 'COMPLETED');
    expect(mails.includes('order-cancelled')).toBe(status === 'CANCELLED');
    expect(mails.includes('payment-received')).toBe(
      status === 'COMPLETED' && mails.includes('payment-instructions'),
    );
  },
);

const findingsOf = async (partnerId: string, body: unknown) => {
  const result = await dryRunOrder(local.target, partnerId, body, now, timeZone);
  if (result.outcome !== 'valid') throw new Error(JSON.stringify(result));
  return result.findings;
};

test('a price of last year is recognised as one', async () => {
  const sample = samples.find(({ file }) => file.startsWith('13'));
  expect(await findingsOf(sample?.partnerId ?? '', sample?.body)).toMatchObject([
    { code: 'PRICE_MISMATCH', value: '7.90', cause: 'OLD_PRICE_LIST' },
  ]);
});

test.for([
  ['with its promotion', [], []],
  [
    'with another that does not go with it',
    ['LESS-30'],
    [
      'PROMOTION_NOT_COMBINABLE #/lines/0/discount/promotionCode',
      'DISCOUNT_ABOVE_TIER #/lines/0/discount/value',
    ],
  ],
  ['with one that is over', ['NEW-YEAR-2026'], ['PROMOTION_EXPIRED #/promotionCodes/0']],
] as const)('cups at ten percent off, %s', async ([, promotionCodes, expected]) => {
  const sample = samples.find(({ file }) => file.startsWith('02'));
  const discount = { type: 'PERCENT', value: '10', promotionCode: 'CUPS-10' };
  const [{ lineId = '1' } = {}] = readSubmission(sample?.body).submission?.lines ?? [];
  const cups = {
    lineId,
    sku: 'CUP-350-BL',
    name: '保温杯',
    specification: '350ml 蓝色',
    quantity: 10,
    unitPrice: '39.90',
    discount,
  };
  const allowanceCharges = promotionCodes.some((code) => code === 'LESS-30')
    ? [{ isCharge: false, amount: '30' }]
    : [];
  const body = { ...sample?.body, lines: [cups], totals: undefined, promotionCodes, allowanceCharges };
  const found = await findingsOf(sample?.partnerId ?? '', JSON.parse(JSON.stringify(body)));
  expect(found.map(({ cause, pointer }) => `${cause} ${pointer}`).sort()).toEqual([...expected].sort());
});

test('there is stock for all orders that are delivered, one after the other', async () => {
  const { dynamodb, tables } = local.target;
  const catalogue = catalogueTable(dynamodb, () => tables.catalogue);
  const wanted = new Map<string, number>();
  for (const { partnerId, body } of samples.filter(({ next }) => next.startsWith('deliver'))) {
    const lines = readSubmission(body).submission?.lines ?? [];
    const skus = await catalogue.resolveSkus(partnerId, lines);
    lines.forEach(({ quantity }, index) => {
      const sku = skus[index] ?? '';
      wanted.set(sku, (wanted.get(sku) ?? 0) + quantity);
    });
  }
  const levels = await stockTable(dynamodb, () => tables.stock).readLevels([...wanted.keys()]);
  const short = [...wanted].filter(([sku, quantity]) => quantity > (levels.get(sku)?.available ?? 0));
  expect(wanted.size).toBeGreaterThan(50);
  expect(short).toEqual([]);
});

describe('dates', () => {
  test('follow the company day, also where the world is a day behind', async () => {
    const [first] = await readSampleOrders(new Date('2026-12-31T17:00:00Z'), timeZone);
    expect(first?.body).toMatchObject({
      customerOrderReference: 'MALL-2027-01-01-01',
      delivery: { requestedDate: '2027-01-08' },
    });
  });

  test('are the same all day, so that a repeated post is the same order', async () => {
    const [morning, evening] = await Promise.all(
      ['2026-03-01T17:00:00Z', '2026-03-02T15:00:00Z'].map((instant) =>
        readSampleOrders(new Date(instant), timeZone),
      ),
    );
    expect(morning).toEqual(evening);
  });
});
