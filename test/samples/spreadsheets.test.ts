import { beforeAll, expect, test } from 'vitest';
import { readOrderFile } from '../../functions/intake/read-order-file.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { loadMasterData } from '../../samples/load-master-data.ts';
import { encodeGb18030 } from '../../samples/spreadsheets/encode-gb18030.ts';
import { makeSampleSpreadsheets } from '../../samples/spreadsheets/make-spreadsheets.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { dryRunOrder } from './dry-run-order.ts';

const timeZone = 'Asia/Shanghai';
const now = new Date();
const samples = await makeSampleSpreadsheets(now, timeZone);

const local = useLocalTarget({ empties: false });
beforeAll(async () => {
  await loadMasterData(local.target);
});

const read = async (partnerId: string, bytes: Buffer) => {
  const { dynamodb, tables } = local.target;
  const partner = await partnersTable(dynamodb, () => tables.partners).readPartner(partnerId);
  if (!partner) throw new Error(`no partner ${partnerId}`);
  return readOrderFile(bytes, { partner, now, timeZone });
};

test.for(samples)('$name gives what it promises', async ({ partnerId, bytes, expected }) => {
  const { orders, examples } = await read(partnerId, bytes);
  const isRefused = ({ findings }: (typeof orders)[number]) =>
    findings.some(({ severity }) => severity === 'ERROR');
  const taken = orders.filter((order) => !isRefused(order));
  const results = await Promise.all(
    taken.map(({ body }) => dryRunOrder(local.target, partnerId, body, now, timeZone)),
  );
  expect(results.map(({ outcome }) => outcome)).toEqual(taken.map(() => 'valid'));
  const held = results.filter(
    (result) => result.outcome === 'valid' && result.findings.some(({ severity }) => severity !== 'WARNING'),
  );
  expect({
    rows: [...orders, ...examples].flatMap(({ rows }) => rows).length,
    orders: orders.length + examples.length,
    created: taken.length - held.length,
    onHold: held.length,
    rejected: orders.length - taken.length,
    example: examples.length,
  }).toEqual(expected);
});

test('each damage of the damaged file is found where it is', async () => {
  const damaged = samples.find(({ name }) => name === 'orders-damaged.xlsx');
  const { orders } = await read('example-mall', damaged?.bytes ?? Buffer.alloc(0));
  const errors = orders.flatMap(
    ({ findings }) => findings.find(({ severity }) => severity === 'ERROR') ?? [],
  );
  expect(errors.map(({ code, column }) => [code, column])).toEqual([
    ['NUMBER_PRECISION_LOST', '税号'],
    ['CELL_ERROR', '含税单价'],
    ['QUANTITY_MISSING', '数量'],
    ['FORMAT_INVALID', '交付日期'],
    ['PHONE_INVALID', '联系电话'],
    ['ORDER_FIELD_CONFLICT', '客户名称'],
    ['FORMULA_NO_VALUE', '数量'],
  ]);
});

test('no order reference stands in two files, or in two orders of one', async () => {
  const files = await Promise.all(samples.map(({ partnerId, bytes }) => read(partnerId, bytes)));
  const references = files.flatMap(({ orders }) => orders.map(({ reference }) => reference));
  expect(references.length).toBe(21);
  expect(new Set(references).size).toBe(references.length);
});

test('the files have the same bytes all day and others the next', async () => {
  const [morning, evening, tomorrow] = await Promise.all(
    ['2026-03-01T17:00:00Z', '2026-03-02T15:00:00Z', '2026-03-02T17:00:00Z'].map((instant) =>
      makeSampleSpreadsheets(new Date(instant), timeZone),
    ),
  );
  expect(evening).toEqual(morning);
  expect(
    tomorrow?.map(({ bytes }, index) => bytes.equals(morning?.[index]?.bytes ?? Buffer.alloc(0))),
  ).toEqual([false, false, false]);
});

test('GB18030 text is read back as it was, and no character is silently lost', () => {
  const text = '订单号,“急” 米白 38×42cm,ABC 123\n';
  expect(new TextDecoder('gb18030', { fatal: true }).decode(encodeGb18030(text))).toBe(text);
  expect(() => new TextDecoder('utf-8', { fatal: true }).decode(encodeGb18030(text))).toThrow();
  expect(() => encodeGb18030('😀')).toThrow(RangeError);
});
