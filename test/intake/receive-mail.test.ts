import { PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type Mail from 'nodemailer/lib/mailer';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { mailIntentSchema } from '../../domain/mail.ts';
import type { AttachedFile } from '../../functions/intake/mail-in/attached-files.ts';
import type { StoredMail } from '../../functions/intake/mail-in/mail-bucket.ts';
import { createReceiveMail } from '../../functions/intake/receive-mail.ts';
import { inboundMailsTable } from '../../functions/shared/inbound-mails-table.ts';
import { partnersTable } from '../../functions/shared/partners-table.ts';
import { useLocalTarget } from '../admin/local-target.ts';
import { aMail, aStampedMail, mailId, type StampChanges, sesHeaders } from '../builders/a-mail.ts';
import { aPartner } from '../builders/a-partner.ts';

const local = useLocalTarget();

const csv = { filename: 'orders.csv', content: 'A-1,2\r\n' };
const arrived = { bucket: 'inbox', key: `mail/${mailId}`, versionId: 'v1' };
const receivedAt = '2026-03-02T08:00:01.000Z';

/** A mail room over a local database and a bucket in memory; example-mall orders from buyer@mall.example.com. */
const aMailRoom = async (changes: Parameters<typeof aPartner>[0] = {}) => {
  const { dynamodb, tables } = local.target;
  const partner = aPartner({ orderSenders: ['buyer@mall.example.com'], ...changes });
  const put = (Item: Record<string, unknown>) =>
    dynamodb.send(new PutCommand({ TableName: tables.partners, Item }));
  const savePartner = (more: Partial<typeof partner> = {}) =>
    put({ pk: `PARTNER#${partner.partnerId}`, sk: 'PROFILE', ...partner, ...more });
  await savePartner();
  for (const address of partner.orderSenders)
    await put({ pk: `SENDER#${address}`, sk: 'SENDER', partnerId: partner.partnerId });

  const mails = new Map<string, StoredMail>();
  const inbox = new Map<string, AttachedFile & { metadata: Record<string, string> }>();
  const marked: string[] = [];
  let puts = 0;
  const faults: { afterPuts?: number } = {};
  const table = inboundMailsTable(dynamodb, () => tables.orders);
  const receive = createReceiveMail({
    bucket: {
      read: async ({ key }) => mails.get(key),
      handIn: async (_bucket, key, file, metadata) => {
        if (puts === faults.afterPuts) throw new Error('killed');
        if (!inbox.has(key)) inbox.set(key, { ...file, metadata });
        puts++;
      },
      markRefused: async ({ key }) => {
        marked.push(key);
      },
    },
    mails: table,
    partners: partnersTable(dynamodb, () => tables.partners),
    now: () => new Date(receivedAt),
  });
  return {
    inbox,
    marked,
    faults,
    savePartner,
    read: () => table.read(mailId),

    /** Takes a mail as it lies in the bucket. */
    take: (bytes: Buffer, sizeBytes = bytes.length) => {
      mails.set(arrived.key, { bytes, sizeBytes });
      return receive(arrived);
    },
    again: () => receive(arrived),
    receive,
    /** The mails that answer, by recipient. */
    answers: async () => {
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: tables.orders }));
      return z.array(mailIntentSchema).parse(Items.filter(({ entity }) => entity === 'MAIL'));
    },
  };
};

const withCsv: Mail.Options = { attachments: [csv] };

describe('a mail with spreadsheets', () => {
  test('from an address on file goes into the partner’s inbox, and stays where it is', async () => {
    const room = await aMailRoom();
    const second = { filename: 'more.xlsx', content: 'PK' };
    const mail = await aStampedMail(
      {},
      { attachments: [csv, { filename: 'logo.png', content: 'x' }, second] },
    );
    expect(await room.take(mail)).toEqual({ outcome: 'accepted', mailId, files: 2 });
    const metadata = {
      'mail-sender': 'buyer@mall.example.com',
      'mail-key': arrived.key,
      'mail-version': 'v1',
    };
    expect([...room.inbox]).toEqual([
      [
        `inbox/example-mall/mail/${mailId}/orders.csv`,
        { name: 'orders.csv', bytes: Buffer.from(csv.content), metadata },
      ],
      [
        `inbox/example-mall/mail/${mailId}/more.xlsx`,
        { name: 'more.xlsx', bytes: Buffer.from('PK'), metadata },
      ],
    ]);
    expect(await room.read()).toEqual({
      mailId,
      objectKey: arrived.key,
      versionId: 'v1',
      sizeBytes: mail.length,
      sender: 'buyer@mall.example.com',
      subject: '三月订单 March order',
      messageId: '<march-order@mall.example.com>',
      verdicts: { spam: 'PASS', virus: 'PASS', spf: 'pass', dkim: 'pass', dmarc: 'pass' },
      partnerId: 'example-mall',
      status: 'ACCEPTED',
      files: ['orders.csv', 'more.xlsx'],
      ignored: ['logo.png'],
      receivedAt,
    });
    expect([room.marked, await room.answers()]).toEqual([[], []]);
  });

  test.for<[name: string, stamp: StampChanges, changes: Mail.Options]>([
    ['in capitals', {}, { from: 'BUYER@Mall.Example.com' }],
    ['sent by a program', {}, { headers: { 'Auto-Submitted': 'auto-generated' } }],
    ['whose spam scanner is not sure', { spam: 'GRAY' }, {}],
    ['of an address that the envelope alone has', {}, { from: 'erp@mall.example.com' }],
    ['by way of a mail provider', { envelopeFrom: 'bounce-17@provider.example' }, {}],
  ])('%s is taken', async ([, stamp, changes]) => {
    const room = await aMailRoom();
    expect(await room.take(await aStampedMail(stamp, { ...withCsv, ...changes }))).toMatchObject({
      outcome: 'accepted',
    });
    expect(await room.read()).toMatchObject({ sender: 'buyer@mall.example.com' });
  });

  test('told of twice, or after a crash at any file, is handed in once', async () => {
    const room = await aMailRoom();
    const three = { attachments: ['a.csv', 'b.csv', 'c.csv'].map((filename) => ({ ...csv, filename })) };
    const mail = await aStampedMail({}, three);
    for (const afterPuts of [0, 1, 3]) {
      room.faults.afterPuts = afterPuts;
      await expect(room.take(mail)).rejects.toThrow('killed');
    }
    room.faults.afterPuts = -1;
    expect(await room.again()).toEqual({ outcome: 'accepted', mailId, files: 3 });
    expect(room.inbox.size).toBe(3);
  });

  test('half handed in stays accepted when its sender may no longer order', async () => {
    const room = await aMailRoom();
    room.faults.afterPuts = 0;
    await expect(room.take(await aStampedMail({}, withCsv))).rejects.toThrow('killed');
    await room.savePartner({ orderSenders: [] });
    room.faults.afterPuts = -1;
    expect(await room.again()).toMatchObject({ outcome: 'accepted', files: 1 });
    expect(await room.answers()).toEqual([]);
  });
});

/** None of these people is answered: they are unknown, unproven, or programs. */
describe('a mail that is refused without a word', () => {
  test.for<[why: string, stamp: StampChanges, changes: Mail.Options, refusal: string]>([
    [
      'from an unknown sender',
      { dkim: [], envelopeFrom: 'stranger@elsewhere.example', dmarc: 'pass header.from=elsewhere.example' },
      { from: 'stranger@elsewhere.example' },
      'SENDER_UNKNOWN',
    ],
    [
      'from a colleague of a known one',
      { envelopeFrom: 'boss@mall.example.com' },
      { from: 'boss@mall.example.com' },
      'SENDER_UNKNOWN',
    ],
    ['from a known sender whose domain says otherwise', { spf: 'fail' }, {}, 'SENDER_UNVERIFIED'],
    ['changed on its way', { dkim: ['fail header.i=@mall.example.com'] }, {}, 'SENDER_UNVERIFIED'],
    ['that fails DMARC', { dmarc: 'fail header.from=mall.example.com' }, {}, 'SENDER_UNVERIFIED'],
    [
      'that proves nothing',
      { spf: 'none', dkim: [], dmarc: 'none header.from=mall.example.com' },
      {},
      'SENDER_UNVERIFIED',
    ],
    [
      'proven for another domain than its From’s',
      {
        envelopeFrom: 'x@elsewhere.example',
        dkim: ['pass header.i=@elsewhere.example'],
        dmarc: 'none header.from=mall.example.com',
      },
      {},
      'SENDER_UNVERIFIED',
    ],
    [
      'in the name of two',
      { envelopeFrom: 'x@elsewhere.example' },
      { from: ['buyer@mall.example.com', 'boss@mall.example.com'] },
      'SENDER_UNKNOWN',
    ],
    [
      'that says the sender is away',
      {},
      { headers: { 'Auto-Submitted': 'auto-replied' } },
      'AUTOMATIC_REPLY',
    ],
    [
      'of a program, with nothing attached',
      {},
      { headers: { 'Auto-Submitted': 'auto-generated' }, attachments: [] },
      'SPREADSHEET_MISSING',
    ],
    [
      'of a list, with nothing attached',
      {},
      { headers: { Precedence: 'bulk' }, attachments: [] },
      'SPREADSHEET_MISSING',
    ],
  ])('%s', async ([, stamp, changes, refusal]) => {
    const room = await aMailRoom();
    const mail = await aStampedMail(stamp, { ...withCsv, ...changes });
    expect(await room.take(mail)).toEqual({ outcome: 'refused', mailId, refusal });
    expect(await room.read()).toMatchObject({ status: 'REFUSED', refusal, files: [] });
    expect([room.inbox.size, room.marked, await room.answers()]).toEqual([0, [arrived.key], []]);
  });

  test('with headers of SES that its sender forged', async () => {
    const room = await aMailRoom();
    const forged = await aStampedMail({ mailId: 'z'.repeat(40) }, withCsv);
    const failing = { spf: 'fail', dkim: [], dmarc: 'fail header.from=mall.example.com', virus: 'FAIL' };
    const stamped = Buffer.concat([Buffer.from(sesHeaders(failing)), forged]);
    expect(await room.take(stamped)).toMatchObject({ refusal: 'VIRUS_SUSPECTED' });
    expect(await room.answers()).toEqual([]);
  });

  test('without any header of SES', async () => {
    const room = await aMailRoom();
    expect(await room.take(await aMail(withCsv))).toMatchObject({ refusal: 'SENDER_UNVERIFIED' });
  });

  test('of a report on another mail', async () => {
    const room = await aMailRoom();
    const report = await aStampedMail({ envelopeFrom: '' }, withCsv);
    expect(await room.take(report)).toMatchObject({ refusal: 'AUTOMATIC_REPLY' });
    expect(await room.answers()).toEqual([]);
  });

  test('whose headers never end', async () => {
    const room = await aMailRoom();
    const endless = Buffer.from(`${sesHeaders()}X-Long: ${'x'.repeat(300_000)}\r\n\r\nx`);
    expect(await room.take(endless)).toMatchObject({ refusal: 'SENDER_UNVERIFIED' });
  });

  test('of a partner that is not active', async () => {
    const room = await aMailRoom({ active: false });
    expect(await room.take(await aStampedMail({}, withCsv))).toMatchObject({ refusal: 'PARTNER_INACTIVE' });
    expect(await room.answers()).toEqual([]);
  });

  test('of an address that its partner gave up', async () => {
    const room = await aMailRoom();
    await room.savePartner({ orderSenders: [] });
    expect(await room.take(await aStampedMail({}, withCsv))).toMatchObject({ refusal: 'SENDER_UNKNOWN' });
  });
});

describe('a known sender is told once, in the partner’s language, of a mail', () => {
  test.for<[why: string, stamp: StampChanges, changes: Mail.Options, refusal: string]>([
    ['with a virus', { virus: 'FAIL' }, {}, 'VIRUS_SUSPECTED'],
    ['that could not be scanned', { virus: 'PROCESSING_FAILED' }, {}, 'VIRUS_SUSPECTED'],
    ['that nobody scanned', { virus: '' }, {}, 'VIRUS_SUSPECTED'],
    ['taken for spam', { spam: 'FAIL' }, {}, 'SPAM_SUSPECTED'],
    ['with nothing attached', {}, { attachments: [] }, 'SPREADSHEET_MISSING'],
    [
      'wrapped up by Outlook',
      {},
      { attachments: [{ filename: 'winmail.dat', content: 'x' }] },
      'WINMAIL_DAT',
    ],
  ])('%s', async ([, stamp, changes, refusal]) => {
    const room = await aMailRoom();
    await room.take(await aStampedMail(stamp, { ...withCsv, ...changes }));
    expect(await room.again()).toEqual({ outcome: 'refused', mailId, refusal });
    expect(room.inbox.size).toBe(0);
    expect(await room.answers()).toMatchObject([
      { template: 'mail-refused', subject: mailId, recipient: 'buyer@mall.example.com', language: 'zh-CN' },
    ]);
  });

  test('that is too large, of which only the beginning was read', async () => {
    const room = await aMailRoom();
    const mail = await aStampedMail({}, withCsv);
    expect(await room.take(mail, 26 * 1024 * 1024)).toMatchObject({ refusal: 'MAIL_TOO_LARGE' });
    expect(await room.answers()).toHaveLength(1);
  });

  test('at the address on file, whatever address the mail asks to be answered at', async () => {
    const room = await aMailRoom();
    await room.take(await aStampedMail({}, { attachments: [], replyTo: 'victim@elsewhere.example' }));
    expect(await room.answers()).toMatchObject([{ recipient: 'buyer@mall.example.com' }]);
  });
});

describe('what is no mail', () => {
  test.for(['mail/AMAZON_SES_SETUP_NOTIFICATION', 'mail/', `mail/${mailId}/x`, `inbox/${mailId}`])(
    '%s is left alone',
    async (key) => {
      const room = await aMailRoom();
      expect(await room.receive({ ...arrived, key })).toEqual({ outcome: 'not-a-mail' });
    },
  );

  test('and what is gone by now, too', async () => {
    expect(await (await aMailRoom()).again()).toEqual({ outcome: 'gone', mailId });
  });
});
