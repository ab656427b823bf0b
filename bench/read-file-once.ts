import { createReadStream } from 'node:fs';
import type { Partner } from '../domain/partner.ts';
import { readOrderFile } from '../functions/intake/read-order-file.ts';

const partner: Partner = {
  partnerId: 'example-mall',
  name: 'Example Mall',
  active: true,
  language: 'zh-CN',
  currencies: ['CNY'],
  pricesIncludeTax: true,
  orderSenders: [],
  toleranceMinor: 0,
  paymentDueMinutes: 1440,
  autoCompleteDays: 7,
  clarificationHours: 72,
  roles: [],
};

const [, , file = ''] = process.argv;
const started = performance.now();
const { orders } = await readOrderFile(createReadStream(file), {
  partner,
  now: new Date(),
  timeZone: 'Asia/Shanghai',
});
const bad = orders.filter(({ findings }) => findings.some(({ severity }) => severity === 'ERROR'));
if (bad.length > 0)
  throw new Error(`the bench's own file has bad orders: ${JSON.stringify(bad[0]?.findings)}`);
console.log(
  JSON.stringify({
    orders: orders.length,
    milliseconds: performance.now() - started,
    peakMegabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
