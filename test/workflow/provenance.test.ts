import { afterAll, beforeAll, expect, test } from 'vitest';
import * as z from 'zod';
import { verifyProvenance } from '../../admin/commands/verify-provenance.ts';
import { localTarget } from '../../admin/targets.ts';
import { dayIn, plusDays } from '../../domain/values/calendar.ts';
import { aMail } from '../builders/a-mail.ts';
import { aLine, csvOf, table } from '../intake/sample-orders.ts';
import { eventually, openTestDesk, sampleOrder, type TestDesk } from './test-desk.ts';

let desk: TestDesk;
beforeAll(async () => {
  desk = await openTestDesk();
});
afterAll(() => desk.close());

const formSchema = z.object({ url: z.url(), fields: z.record(z.string(), z.string()) });
const listSchema = z.object({ orders: z.array(z.object({ orderNumber: z.string() })) });
const eventsSchema = z.object({
  events: z.array(z.looseObject({ data: z.looseObject({}) })),
  provenance: z.array(z.looseObject({ field: z.string() })),
});

const fileOf = (orderReference: string): string =>
  csvOf(
    table([
      aLine({
        orderReference,
        requestedDate: plusDays(dayIn('Asia/Shanghai', new Date()), 7),
        sku: 'MUG-300-WH',
        itemName: '马克杯',
        specification: '300ml 白色',
        quantity: '2',
        unitPrice: '¥19.90',
      }),
    ]),
  );

const numberOf = (reference: string): Promise<string> =>
  eventually(async () => {
    const { body } = await desk.partner.get(`/v1/orders?customerOrderReference=${reference}`);
    return listSchema.parse(body).orders[0]?.orderNumber;
  });

test('orders that were posted, uploaded and mailed tell where each field comes from, and are proven', async () => {
  const posted = await desk.place(sampleOrder('PROOF-POST'));

  const { url, fields } = formSchema.parse(
    (await desk.partner.post('/v1/uploads', { fileName: 'orders.csv' })).body,
  );
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([fileOf('PROOF-FILE')]), 'orders.csv');
  await fetch(url, { method: 'POST', body: form });

  const attachments = [{ filename: 'mailed.csv', content: fileOf('PROOF-MAIL') }];
  await desk.cloud.receiveMail(await aMail({ attachments }), {
    from: 'buyer@mall.example.com',
    to: ['orders-in@example.com'],
  });

  const uploaded = await numberOf('PROOF-FILE');
  const mailed = await numberOf('PROOF-MAIL');
  expect(await verifyProvenance(await localTarget(desk.stateDir), [posted, uploaded, mailed])).toMatchObject({
    orders: 3,
    differences: 0,
  });

  const { events, provenance } = eventsSchema.parse(
    (await desk.partner.get(`/v1/orders/${mailed}/events?include=provenance`)).body,
  );
  expect(events[0]?.data.source).toMatchObject({
    kind: 'SPREADSHEET',
    objectKey: expect.stringMatching(/^inbox\/example-mall\/mail\/[^/]+\/mailed\.csv$/),
    provenanceKey: `orders/${mailed}/provenance.json`,
    mail: { kind: 'MAIL', objectKey: expect.stringMatching(/^mail\//), part: 'mailed.csv' },
  });
  expect(provenance.find(({ field }) => field === '#/lines/0/unitPrice')).toMatchObject({
    raw: '¥19.90',
    locator: { kind: 'CELL', versionId: expect.stringMatching(/./), cell: expect.stringMatching(/^[A-Z]2$/) },
  });
});
