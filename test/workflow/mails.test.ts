import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type ParsedMail, simpleParser } from 'mailparser';
import type Mail from 'nodemailer/lib/mailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { issueDropKey } from '../../admin/commands/drop-key.ts';
import { localTarget } from '../../admin/targets.ts';
import type { Verdicts } from '../../local/ses/receipt-verdicts.ts';
import { aMail, sesHeaders } from '../builders/a-mail.ts';
import { openRawDesk, type RawDesk } from './raw-desk.ts';
import { eventually, sampleOrder } from './test-desk.ts';
import { csvFile, goodLine } from './upload-desk.ts';

let desk: RawDesk;
beforeAll(async () => {
  desk = await openRawDesk();
});
afterAll(() => desk.close());

const buyer = 'buyer@mall.example.com';
const orderAddress = 'orders-in@example.com';

/** Hands a mail of the buyer's to the mail service; answers the id that it got. */
const mailIn = async (changes: Mail.Options = {}, verdicts: Verdicts = {}, from = buyer): Promise<string> => {
  const raw = await aMail({ messageId: `<${randomUUID()}@mall.example.com>`, from, ...changes });
  return (await desk.cloud.receiveMail(raw, { from, to: [orderAddress] }, verdicts)).messageId;
};

const orderFile = (reference: string, filename = 'orders.csv') => ({
  filename,
  content: csvFile(goodLine(reference)),
});

/** Every mail that left the desk so far. */
const outgoing = async (): Promise<ParsedMail[]> => {
  const names = (await readdir(desk.endpoints.mailDir)).filter((name) => name.endsWith('.eml'));
  return Promise.all(
    names.map(async (name) => simpleParser(await readFile(join(desk.endpoints.mailDir, name)))),
  );
};
const toOf = ({ to }: ParsedMail): string[] => [to ?? []].flat().map(({ text }) => text);
const answersTo = async (messageId: string): Promise<ParsedMail[]> =>
  (await outgoing()).filter(({ inReplyTo }) => inReplyTo === messageId);
const untilAnswered = (messageId: string, count = 1): Promise<ParsedMail[]> =>
  eventually(async () => {
    const answers = await answersTo(messageId);
    return answers.length >= count && answers;
  });

const refusedSchema = z.object({
  mails: z.array(z.object({ mailId: z.string(), refusal: z.string(), sender: z.string() })),
});
const refusedMails = async () =>
  refusedSchema.parse(
    (await desk.withToken(desk.endpoints.staff.desk)('GET', '/desk/inbound-mails?status=refused&limit=100'))
      .body,
  ).mails;
const untilRefused = (mailId: string) =>
  eventually(async () => (await refusedMails()).find((mail) => mail.mailId === mailId));

const ordersSchema = z.object({ orders: z.array(z.object({ orderNumber: z.string() })) });
const ordersWith = async (reference: string): Promise<string[]> =>
  ordersSchema
    .parse((await desk.mall('GET', `/v1/orders?customerOrderReference=${reference}`)).body)
    .orders.map(({ orderNumber }) => orderNumber);
const untilOrdered = (reference: string) => eventually(async () => (await ordersWith(reference))[0]);
const channelOf = async (orderNumber: string) => (await desk.orders.read(orderNumber))?.content.sourceChannel;

describe('a mail with spreadsheets', () => {
  test('becomes orders, and its sender gets the result in the same conversation', async () => {
    const messageId = '<two-files@mall.example.com>';
    const mailId = await mailIn({
      messageId,
      attachments: [orderFile('MAIL-1', '订单.csv'), orderFile('MAIL-2', '订单.csv')],
    });
    const answers = await untilAnswered(messageId, 2);
    expect(answers.flatMap(toOf)).toEqual([buyer, buyer]);
    expect(answers.map(({ references }) => references)).toEqual([messageId, messageId]);
    expect(answers.map(({ subject = '' }) => /（(.*)）/.exec(subject)?.[1]).sort()).toEqual([
      '订单 (2).csv',
      '订单.csv',
    ]);
    for (const reference of ['MAIL-1', 'MAIL-2']) {
      const orderNumber = await untilOrdered(reference);
      expect(await channelOf(orderNumber)).toBe('EMAIL');
      expect(await desk.sentMails(orderNumber)).toContain('order-received');
      const source = (await desk.orders.read(orderNumber))?.content.source;
      expect(source).toMatchObject({
        kind: 'SPREADSHEET',
        objectKey: expect.stringContaining(`inbox/example-mall/mail/${mailId}/`),
      });
    }
    const inbox = desk.cloud.bucketFolder(desk.endpoints.outputs.InboxBucketName ?? '');
    expect(await readFile(join(inbox, 'mail', mailId), 'utf8')).toContain('X-SES-Virus-Verdict: PASS');
  });

  test('sent twice is answered twice, and ordered once', async () => {
    const messageId = '<again@mall.example.com>';
    const mail = { messageId, attachments: [orderFile('MAIL-AGAIN')] };
    await mailIn(mail);
    await untilAnswered(messageId);
    await mailIn(mail);
    const answers = await untilAnswered(messageId, 2);
    expect(answers).toHaveLength(2);
    expect(answers.filter(({ text = '' }) => text.includes('内容完全相同'))).toHaveLength(1);
    expect(await ordersWith('MAIL-AGAIN')).toHaveLength(1);
  });

  test('of HTML alone, beside a picture, is read like any other', async () => {
    const html = { text: undefined, html: '<p>See <img src="cid:logo"></p>' };
    const picture = { filename: 'logo.png', content: 'x', cid: 'logo' };
    await mailIn({ ...html, attachments: [picture, orderFile('MAIL-HTML')] });
    expect(await channelOf(await untilOrdered('MAIL-HTML'))).toBe('EMAIL');
  });

  test('that is encrypted itself is answered by name, with advice', async () => {
    const messageId = '<encrypted@mall.example.com>';
    const header = Buffer.alloc(1536);
    Buffer.from('d0cf11e0a1b11ae1', 'hex').copy(header);
    Buffer.from('EncryptedPackage', 'utf16le').copy(header, 1024);
    await mailIn({ messageId, attachments: [{ filename: '密码.xlsx', content: header }] });
    const [answer] = await untilAnswered(messageId);
    expect(answer?.subject).toContain('密码.xlsx');
    expect(answer?.text).toContain('文件有密码保护');
  });
});

describe('a mail that is no order of a known sender', () => {
  const order = () => ({ attachments: [orderFile(`NEVER-${randomUUID().slice(0, 8)}`)] });

  test.for<[why: string, changes: () => Mail.Options, verdicts: Verdicts, from: string, refusal: string]>([
    ['from a stranger', order, {}, 'stranger@elsewhere.example', 'SENDER_UNKNOWN'],
    ['that may not be sent from there', order, { spf: 'FAIL' }, buyer, 'SENDER_UNVERIFIED'],
    ['whose signature does not hold', order, { dkim: 'FAIL' }, buyer, 'SENDER_UNVERIFIED'],
    ['that fails DMARC', order, { dmarc: 'FAIL' }, buyer, 'SENDER_UNVERIFIED'],
    [
      'that brings the headers of a mail that passed',
      () => ({ ...order(), headers: forgedHeaders }),
      { spf: 'FAIL', dkim: 'GRAY', dmarc: 'FAIL' },
      buyer,
      'SENDER_UNVERIFIED',
    ],
  ])('%s is listed for the desk and not answered', async ([, changes, verdicts, from, refusal]) => {
    const messageId = `<${randomUUID()}@mall.example.com>`;
    const mailId = await mailIn({ messageId, ...changes() }, verdicts, from);
    expect(await untilRefused(mailId)).toEqual({ mailId, refusal, sender: from });
    await desk.cloud.idle();
    expect(await answersTo(messageId)).toEqual([]);
  });

  const forgedHeaders = Object.fromEntries(
    sesHeaders()
      .replaceAll('\r\n ', ' ')
      .split('\r\n')
      .filter((line) => /^(X-SES|Received-SPF|Authentication)/.test(line))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
  );

  test.for<[why: string, changes: () => Mail.Options, verdicts: Verdicts, refusal: string, advice: string]>([
    ['with a virus', order, { virus: 'FAIL' }, 'VIRUS_SUSPECTED', '病毒'],
    ['taken for spam', order, { spam: 'FAIL' }, 'SPAM_SUSPECTED', '垃圾邮件'],
    ['in words', () => ({ text: 'Order 200 mugs. Ignore all rules.' }), {}, 'SPREADSHEET_MISSING', '.xlsx'],
    ['in HTML', () => ({ text: undefined, html: '<b>200 mugs</b>' }), {}, 'SPREADSHEET_MISSING', '.xlsx'],
    [
      'wrapped up by Outlook',
      () => ({ attachments: [{ filename: 'winmail.dat', content: 'x' }] }),
      {},
      'WINMAIL_DAT',
      'HTML',
    ],
    [
      'of twenty-six megabytes',
      () => ({ attachments: [{ filename: 'orders.csv', content: Buffer.alloc(20_000_000, 'x') }] }),
      {},
      'MAIL_TOO_LARGE',
      '25 MB',
    ],
  ])('%s is answered once, with advice', async ([, changes, verdicts, refusal, advice]) => {
    const messageId = `<${randomUUID()}@mall.example.com>`;
    const mailId = await mailIn({ messageId, ...changes() }, verdicts);
    expect(await untilRefused(mailId)).toMatchObject({ refusal, sender: buyer });
    const answers = await untilAnswered(messageId);
    expect(answers.flatMap(toOf)).toEqual([buyer]);
    expect(answers[0]?.text).toContain(advice);
  });

  test('is shown to the desk and managers alone', async () => {
    const { staff } = desk.endpoints;
    const statuses = await Promise.all(
      [staff.desk, staff.manager, staff.finance, desk.keyOf('example-mall')].map(
        async (token) => (await desk.withToken(token)('GET', '/desk/inbound-mails')).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 403, 403]);
  });
});

describe('mail-in', () => {
  const run = (...argv: string[]) =>
    promisify(execFile)(process.execPath, [
      join(import.meta.dirname, '../../demo/mail-in.ts'),
      '--state-dir',
      desk.stateDir,
      ...argv,
    ]);
  const mailFile = async (reference: string): Promise<string> => {
    const file = join(desk.stateDir, `${reference}.eml`);
    await writeFile(file, await aMail({ attachments: [orderFile(reference)] }));
    return file;
  };

  test('hands a mail to the running desk', async () => {
    const { stdout } = await run(await mailFile('MAIL-IN-1'));
    expect(stdout).toMatch(/^Received as [a-z0-9]{40}\./);
    await untilOrdered('MAIL-IN-1');
  });

  test('tells what the mail service would say at the door', async () => {
    await expect(run(await mailFile('MAIL-IN-2'), '--to', 'nobody@example.com')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('550 5.1.1'),
    });
  });

  test('and a mail copied into the watched folder is received too', async () => {
    await writeFile(
      join(desk.endpoints.mailInDir, 'copied.eml'),
      await aMail({ attachments: [orderFile('MAIL-IN-3')] }),
    );
    expect(await channelOf(await untilOrdered('MAIL-IN-3'))).toBe('EMAIL');
  });
});

describe('keys to drop files with', () => {
  const dropAs = async (partnerId: string) => {
    const key = await issueDropKey(await localTarget(desk.stateDir), partnerId, 1);
    const s3 = new S3Client({
      region: key.region,
      endpoint: key.endpoint ?? '',
      credentials: key,
    });
    return (Key: string, Body: Buffer) =>
      s3.send(new PutObjectCommand({ Bucket: desk.endpoints.outputs.InboxBucketName, Key, Body }));
  };

  test('put files below the partner’s own prefix, whose folders name the channel', async () => {
    const drop = await dropAs('example-mall');
    await drop('inbox/example-mall/pos/2026-03-02.csv', csvFile(goodLine('DROP-POS')));
    await drop('inbox/example-mall/sales-form/march.csv', csvFile(goodLine('DROP-FORM')));
    await drop('inbox/example-mall/march.csv', csvFile(goodLine('DROP-FILE')));
    const channels = await Promise.all(
      ['DROP-POS', 'DROP-FORM', 'DROP-FILE'].map(async (reference) =>
        channelOf(await untilOrdered(reference)),
      ),
    );
    expect(channels).toEqual(['POS', 'SALES_FORM', 'SPREADSHEET']);
  });

  test.for([
    'inbox/sample-wholesale/orders.csv',
    'inbox/example-mall-2/orders.csv',
    'inbox/example-mall',
    'inbox/orders.csv',
    'mail/0123456789abcdefghij0123456789abcdefghij',
    'inbox/example-mall/mail/0123456789abcdefghij/orders.csv',
  ])('do not put %s', async (key) => {
    const drop = await dropAs('example-mall');
    await expect(drop(key, csvFile(goodLine('DROP-NEVER')))).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

test('a post cannot claim to be a mail or a file', async () => {
  for (const sourceChannel of ['EMAIL', 'SPREADSHEET', 'POS']) {
    const reference = `CLAIM-${sourceChannel}`;
    await desk.post(sampleOrder(reference, { sourceChannel }));
    const expected = sourceChannel === 'POS' ? 'POS' : 'API';
    expect(await channelOf(await untilOrdered(reference))).toBe(expected);
  }
});
