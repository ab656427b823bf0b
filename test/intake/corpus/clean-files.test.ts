import { expect, test } from 'vitest';
import { readOrderFile } from '../../../functions/intake/read-order-file.ts';
import { aPartner } from '../../builders/a-partner.ts';
import { now, timeZone } from '../sample-orders.ts';
import { cleanCases } from './clean-files.ts';
import { intendedBody } from './intended-body.ts';

const count = process.env.NIGHTLY ? 4000 : 222;

test.for(cleanCases(count, 1))('nothing is said of $name', async ({ file }) => {
  const { bytes, orders: meant } = await file();
  const { orders, findings } = await readOrderFile(bytes, { partner: aPartner(), now, timeZone });
  expect([...findings, ...orders.flatMap((order) => order.findings)]).toEqual([]);
  expect(orders.map(({ body }) => JSON.parse(JSON.stringify(body)))).toEqual(meant.map(intendedBody));
});
