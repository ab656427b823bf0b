import { createReadStream } from 'node:fs';
import type { Partner } from '../../domain/partner.ts';
import { mostUploadRows } from '../../domain/uploads/upload-limits.ts';
import { openOrderFile } from '../../functions/intake/read-order-file.ts';
import { report } from './report.ts';

const partner: Partner = {
  partnerId: 'example-mall',
  name: 'Example Mall',
  active: true,
  language: 'zh-CN',
  currencies: ['CNY'],
  pricesIncludeTax: true,
  orderSenders: [],
  toleranceMinor: 0,
  suspectedDuplicates: 'WARN',
  paymentDueMinutes: 1440,
  autoCompleteDays: 7,
  clarificationHours: 72,
  roles: [],
};

const [, , file = ''] = process.argv;
const started = performance.now();
const { orderCount, orders } = await openOrderFile(createReadStream(file), {
  partner,
  now: new Date(),
  timeZone: 'Asia/Shanghai',
  maxRows: mostUploadRows,
});
let rows = 0;
for (const order of orders) {
  rows += order.rows.length;
  // As it is staged for the machine: read, checked and gone.
  JSON.stringify(order);
  if (order.findings.some(({ severity }) => severity === 'ERROR'))
    throw new Error(`the bench's own file has bad orders: ${JSON.stringify(order.findings)}`);
}
report(started, { rows, orders: orderCount });
