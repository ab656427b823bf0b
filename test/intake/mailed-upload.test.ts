import { describe, expect, test } from 'vitest';
import { inboundMailsTable } from '../../functions/shared/inbound-mails-table.ts';
import { ordersTable } from '../../functions/shared/orders-table.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { anUploadDesk } from './an-upload-desk.ts';
import { aLine, csvOf, table } from './sample-orders.ts';

const local = useLocalTarget();
const fileOf = (orderReference: string): Buffer => Buffer.from(csvOf(table([aLine({ orderReference })])));
const sender = 'buyer@mall.example.com';

const aDesk = async () => {
  const desk = await anUploadDesk(local.target, { orderSenders: [sender] });
  const { dynamodb, tables } = local.target;
  const mails = inboundMailsTable(dynamodb, () => tables.orders);
  const orders = ordersTable(dynamodb, () => tables.orders);
  return {
    ...desk,
    keepMail: (mailId: string, partnerId = desk.partnerId) =>
      mails.store({
        mailId,
        objectKey: `mail/${mailId}`,
        versionId: 'v1',
        sizeBytes: 1,
        sender,
        subject: 'Order',
        messageId: '<1@mall.example.com>',
        partnerId,
        status: 'ACCEPTED',
        files: ['orders.csv'],
        ignored: [],
        receivedAt: '2026-03-02T08:00:00.000Z',
      }),
    channelOf: async (orderNumber: string) => (await orders.read(orderNumber))?.content.sourceChannel,
  };
};

describe('a file that a mail brought', () => {
  test('is answered to the mail’s sender, and its orders came by mail', async () => {
    const desk = await aDesk();
    await desk.keepMail('m1');
    await desk.run(desk.drop(fileOf('A'), { key: `inbox/${desk.partnerId}/mail/m1/orders.csv` }));
    expect(await desk.uploadRows()).toMatchObject([
      { fileName: 'orders.csv', mail: { mailId: 'm1', sender, messageId: '<1@mall.example.com>' } },
    ]);
    const mails = await desk.mails();
    const byTemplate = Object.fromEntries(mails.map(({ template, recipient }) => [template, recipient]));
    expect(byTemplate).toMatchObject({ 'upload-result': sender, 'order-received': expect.any(String) });
    const [orderNumber = ''] = await desk.orderNumbers();
    expect(await desk.channelOf(orderNumber)).toBe('EMAIL');
  });

  test('and brings again is answered again, with no second order', async () => {
    const desk = await aDesk();
    for (const mailId of ['m1', 'm2']) {
      await desk.keepMail(mailId);
      await desk.run(desk.drop(fileOf('A'), { key: `inbox/${desk.partnerId}/mail/${mailId}/orders.csv` }));
    }
    const results = (await desk.mails()).filter(({ template }) => template === 'upload-result');
    expect(results.map(({ recipient }) => recipient)).toEqual([sender, sender]);
    expect(await desk.orderNumbers()).toHaveLength(1);
  });

  test('and that cannot be read is answered too', async () => {
    const desk = await aDesk();
    await desk.keepMail('m1');
    await desk.run(desk.drop(Buffer.from('nonsense'), { key: `inbox/${desk.partnerId}/mail/m1/orders.csv` }));
    expect(await desk.mails()).toMatchObject([{ template: 'upload-result', recipient: sender }]);
  });

  test('and on which we fail is answered too', async () => {
    const desk = await aDesk();
    await desk.keepMail('m1');
    const event = desk.drop(fileOf('A'), { key: `inbox/${desk.partnerId}/mail/m1/orders.csv` });
    await desk.run(event, (step) => {
      if (step === 'SubmitBatch') throw new Error('a bug');
    });
    expect(await desk.mails()).toMatchObject([{ template: 'upload-result', recipient: sender }]);
    expect(await desk.uploadRows()).toMatchObject([{ status: 'FAILED', mail: { sender } }]);
  });
});

test.for([
  ['no mail', 'm9', undefined],
  ['a mail of another partner', 'm1', 'another-partner'],
] as const)('a file that claims to come by %s is answered to the partner', async ([, mailId, owner]) => {
  const desk = await aDesk();
  if (owner) await desk.keepMail(mailId, owner);
  await desk.run(desk.drop(fileOf('A'), { key: `inbox/${desk.partnerId}/mail/${mailId}/orders.csv` }));
  const [upload] = await desk.uploadRows();
  expect(upload?.mail).toBeUndefined();
  const results = (await desk.mails()).filter(({ template }) => template === 'upload-result');
  expect(results.map(({ recipient }) => recipient)).toEqual(['orders@mall.example.com']);
});

test.for([
  ['pos/2026-03-02.csv', 'POS'],
  ['sales-form/orders.csv', 'SALES_FORM'],
  ['orders.csv', 'SPREADSHEET'],
] as const)('the orders of %s come by %s', async ([name, channel]) => {
  const desk = await aDesk();
  await desk.run(desk.drop(fileOf('A'), { key: `inbox/${desk.partnerId}/${name}` }));
  const [orderNumber = ''] = await desk.orderNumbers();
  expect(await desk.channelOf(orderNumber)).toBe(channel);
});
