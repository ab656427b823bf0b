import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  GetSendQuotaCommand,
  SendEmailCommand,
  SendRawEmailCommand,
  VerifyEmailIdentityCommand,
} from '@aws-sdk/client-ses';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createVirtualClock } from '../../../local/clock.ts';
import { headerValue, readMessage, withoutHeaders } from '../../../local/ses/header-section.ts';
import { startSes } from './ses-fixture.ts';

const Source = 'Orders <orders@example.com>';

const compose = (mail: ConstructorParameters<typeof MailComposer>[0] = {}) =>
  new MailComposer({
    from: Source,
    to: 'Li Wei <li.wei@example.net>',
    cc: 'copy@example.net',
    subject: '订单 1001 received',
    text: 'Thank you.',
    ...mail,
  })
    .compile()
    .build();

const sendRaw = (raw: string | Buffer, Destinations?: string[]) =>
  new SendRawEmailCommand({ RawMessage: { Data: Buffer.from(raw) }, Destinations });

const listMails = async (inboxUrl: string, query = '') =>
  (await fetch(`${inboxUrl}/messages.json${query}`)).json();

describe('SendRawEmail', () => {
  test('keeps the message as its recipients get it, with its attachments told', async () => {
    const { client, inboxUrl, mailDir } = await startSes();
    const attachments = [
      { filename: '装箱单.pdf', content: Buffer.from('%PDF-1.7'), contentType: 'application/pdf' },
    ];
    const raw = await compose({ attachments, html: '<p>Thank you.</p>' });
    const { MessageId } = await client.send(sendRaw(raw));
    expect(await listMails(inboxUrl)).toEqual([
      {
        id: MessageId,
        receivedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        from: 'orders@example.com',
        to: ['li.wei@example.net', 'copy@example.net'],
        subject: '订单 1001 received',
        attachments: [{ fileName: '装箱单.pdf', contentType: 'application/pdf', size: 8 }],
        text: expect.stringContaining('Thank you.'),
        source: 'orders@example.com',
        tags: {},
        fates: { 'li.wei@example.net': 'delivered', 'copy@example.net': 'delivered' },
      },
    ]);
    const [file = ''] = await readdir(mailDir);
    const kept = await readFile(join(mailDir, file));
    const eml = await fetch(`${inboxUrl}/messages/${MessageId}.eml`);
    expect(Buffer.from(await eml.arrayBuffer()).equals(kept)).toBe(true);
    const [sent, got] = [raw, kept].map((bytes) => readMessage(bytes));
    const others = (message = sent) =>
      withoutHeaders(message?.headers ?? [], ['message-id', 'date']).map(({ text }) => text);
    expect(others(got)).toEqual(others(sent));
    expect(got?.rest).toEqual(sent?.rest);
    expect(headerValue(got?.headers ?? [], 'Message-ID')).toBe(`<${MessageId}@email.amazonses.com>`);
  });

  test('sets id and date, and takes away blind copies and what is meant for SES alone', async () => {
    const clock = createVirtualClock(Date.parse('2026-03-09T08:05:01Z'));
    const { client, inboxUrl } = await startSes({
      clock,
      configurationSets: [{ name: 'desk', isSendingEnabled: true, destinations: [] }],
    });
    const raw = [
      'From: orders@example.com',
      'Bcc: hidden@example.net,',
      ' other@example.net',
      'X-SES-CONFIGURATION-SET: desk',
      'X-SES-MESSAGE-TAGS: order=1001, kind=invoice',
      'Subject: =?utf-8?B?6K6i5Y2V?=',
      'Message-ID: <own@example.com>',
      'Date: Thu, 01 Jan 1970 00:00:00 +0000',
      'X-Own: a',
      '\tb',
      '',
      'x\n\r\n.y',
    ].join('\r\n');
    const { MessageId } = await client.send(sendRaw(raw));
    const eml = await (await fetch(`${inboxUrl}/messages/${MessageId}.eml`)).text();
    expect(eml).toBe(
      [
        'From: orders@example.com',
        'Subject: =?utf-8?B?6K6i5Y2V?=',
        `Message-ID: <${MessageId}@email.amazonses.com>`,
        'Date: Mon, 09 Mar 2026 08:05:01 +0000',
        'X-Own: a',
        '\tb',
        '',
        'x\n\r\n.y',
      ].join('\r\n'),
    );
    expect(await listMails(inboxUrl)).toMatchObject([
      {
        to: ['hidden@example.net', 'other@example.net'],
        configurationSet: 'desk',
        tags: { order: ['1001'], kind: ['invoice'] },
      },
    ]);
  });

  test('goes to the envelope’s recipients when there are some', async () => {
    const { client, inboxUrl } = await startSes();
    await client.send(sendRaw(await compose(), ['only@example.net']));
    expect(await listMails(inboxUrl)).toMatchObject([{ to: ['only@example.net'] }]);
  });

  test.for([
    { name: 'without a sender', raw: 'To: a@example.net\r\n\r\nx', says: "Missing required header 'From'." },
    { name: 'without a recipient', raw: 'From: a@example.com\r\n\r\nx', says: 'Missing final recipient' },
    {
      name: 'with two senders',
      raw: 'From: a@example.com\r\nFrom: b@example.com\r\n\r\nx',
      says: "Duplicate header 'From'",
    },
    {
      name: 'with a line that is no header',
      raw: 'From: a@example.com\r\nnonsense\r\n\r\nx',
      says: 'Malformed header',
    },
    {
      name: 'with two content types',
      raw: 'From: a@example.com\r\nContent-Type: text/plain\r\nContent-Type: text/html\r\n\r\nx',
      says: "Duplicate header 'Content-Type'",
    },
    { name: 'that is empty', raw: '\r\n', says: 'Malformed header' },
  ])('refuses a message $name', async ({ raw, says }) => {
    const { client, inboxUrl } = await startSes();
    await expect(client.send(sendRaw(raw))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: expect.stringContaining(says),
    });
    expect(await listMails(inboxUrl)).toEqual([]);
  });

  test.for([
    'nobody',
    'a b@example.net',
    'x@exa mple.net',
    'ü@example.net',
    'a@example.net\r\nBcc: b@example.net',
    'A\nB <a@example.net>',
  ])('refuses the recipient %j', async (recipient) => {
    const { client } = await startSes();
    await expect(client.send(sendRaw(await compose(), [recipient]))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('refuses more than ten megabytes, and takes just as much', async () => {
    const { client } = await startSes();
    const head = 'From: a@example.com\r\nTo: b@example.net\r\n\r\n';
    const fill = (bytes: number) => head + 'x'.repeat(bytes - head.length);
    await client.send(sendRaw(fill(10 * 1024 * 1024)));
    await expect(client.send(sendRaw(fill(10 * 1024 * 1024 + 1)))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });

  test('refuses more than fifty recipients', async () => {
    const { client } = await startSes();
    const many = Array.from({ length: 51 }, (_, index) => `to${index}@example.net`);
    await expect(client.send(sendRaw(await compose(), many))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: 'Recipient count exceeds 50.',
    });
  });

  test.for([
    { name: 'a sign no tag may have', tag: { Name: 'a b', Value: '1' } },
    { name: 'an empty value', tag: { Name: 'a', Value: '' } },
    { name: 'a value that is too long', tag: { Name: 'a', Value: 'x'.repeat(257) } },
  ])('refuses $name', async ({ tag }) => {
    const { client } = await startSes();
    const RawMessage = { Data: await compose() };
    await expect(client.send(new SendRawEmailCommand({ RawMessage, Tags: [tag] }))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

test.for([
  { name: 'subject', input: { subject: 'Order\r\nBcc: victim@example.net' } },
  { name: 'sender', input: { source: 'Orders\r\nBcc: victim@example.net <orders@example.com>' } },
  { name: 'recipient', input: { to: 'a@example.net\nBcc: victim@example.net' } },
  { name: 'reply address', input: { replyTo: 'a@example.net\r\nX-Other: 1' } },
])('SendEmail refuses a $name that would begin another header', async ({ input }) => {
  const { client, inboxUrl } = await startSes();
  const {
    subject = 'Order',
    source = 'orders@example.com',
    to = 'a@example.net',
    replyTo,
  } = {
    replyTo: 'desk@example.com',
    ...input,
  };
  const send = new SendEmailCommand({
    Source: source,
    Destination: { ToAddresses: [to] },
    ReplyToAddresses: [replyTo],
    Message: { Subject: { Data: subject }, Body: { Text: { Data: 'x' } } },
  });
  await expect(client.send(send)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
  expect(await listMails(inboxUrl)).toEqual([]);
});

test('SendEmail becomes a message with both parts, to every kind of recipient', async () => {
  const { client, inboxUrl } = await startSes();
  const { MessageId } = await client.send(
    new SendEmailCommand({
      Source,
      Destination: {
        ToAddresses: ['to@example.net'],
        CcAddresses: ['cc@example.net'],
        BccAddresses: ['bcc@example.net'],
      },
      ReplyToAddresses: ['desk@example.com'],
      Message: {
        Subject: { Data: '发货 & more' },
        Body: { Text: { Data: 'shipped: 100 %' }, Html: { Data: '<b>shipped</b>' } },
      },
    }),
  );
  expect(await listMails(inboxUrl)).toMatchObject([
    { id: MessageId, to: ['to@example.net', 'cc@example.net', 'bcc@example.net'], subject: '发货 & more' },
  ]);
  const eml = await (await fetch(`${inboxUrl}/messages/${MessageId}.eml`)).text();
  expect(eml).toContain('multipart/alternative');
  expect(eml).toContain('Reply-To: desk@example.com');
  expect(eml).not.toContain('bcc@example.net');
});

test('an unverified sender is refused until it is verified', async () => {
  const { client } = await startSes({ identities: [{ name: 'example.org' }] });
  const raw = await compose();
  await expect(client.send(sendRaw(raw))).rejects.toMatchObject({
    name: 'MessageRejected',
    message:
      'Email address is not verified. The following identities failed the check in region US-EAST-1: orders@example.com',
  });
  await client.send(sendRaw(await compose({ from: 'any@desk.example.org' })));
  for (const mail of [{ from: 'a@notexample.org' }, { from: 'a@example.org', sender: 'b@example.com' }]) {
    await expect(client.send(sendRaw(await compose(mail)))).rejects.toMatchObject({
      name: 'MessageRejected',
    });
  }
  const returning = new SendRawEmailCommand({
    RawMessage: {
      Data: await compose({ from: 'a@example.org', headers: { 'Return-Path': 'b@example.com' } }),
    },
  });
  await expect(client.send(returning)).rejects.toMatchObject({ name: 'MessageRejected' });
  await client.send(new VerifyEmailIdentityCommand({ EmailAddress: 'orders@example.com' }));
  await client.send(sendRaw(raw));
  await expect(client.send(new GetSendQuotaCommand({}))).resolves.toMatchObject({ SentLast24Hours: 4 });
});

test('acknowledged mail survives a crash', async () => {
  const crashing = await startSes();
  const { MessageId } = await crashing.client.send(sendRaw(await compose()));
  const stateDir = await mkdtemp(join(tmpdir(), 'rudan-ses-'));
  onTestFinished(() => rm(stateDir, { recursive: true, force: true }));
  await cp(crashing.stateDir, stateDir, { recursive: true });
  const { inboxUrl } = await startSes({ stateDir });
  expect(await listMails(inboxUrl)).toMatchObject([{ id: MessageId }]);
  expect((await fetch(`${inboxUrl}/messages/${MessageId}.eml`)).status).toBe(200);
});
