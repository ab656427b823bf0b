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
  test('keeps the message byte for byte, with its attachments told', async () => {
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
      },
    ]);
    const [file = ''] = await readdir(mailDir);
    expect((await readFile(join(mailDir, file))).equals(raw)).toBe(true);
    const eml = await fetch(`${inboxUrl}/messages/${MessageId}.eml`);
    expect(Buffer.from(await eml.arrayBuffer()).equals(raw)).toBe(true);
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
      says: "Duplicate header 'from'",
    },
    {
      name: 'with a line that is no header',
      raw: 'From: a@example.com\r\nnonsense\r\n\r\nx',
      says: 'Malformed header',
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

  test.for(['nobody', 'a b@example.net', 'x@exa mple.net', 'ü@example.net'])(
    'refuses the recipient %s',
    async (recipient) => {
      const { client } = await startSes();
      await expect(client.send(sendRaw(await compose(), [recipient]))).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    },
  );

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
      name: 'MessageRejected',
    });
  });
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
  const { client } = await startSes({ verified: ['example.org'] });
  const raw = await compose();
  await expect(client.send(sendRaw(raw))).rejects.toMatchObject({
    name: 'MessageRejected',
    message: expect.stringContaining('not verified'),
  });
  await client.send(sendRaw(await compose({ from: 'any@example.org' })));
  await client.send(new VerifyEmailIdentityCommand({ EmailAddress: 'orders@example.com' }));
  await client.send(sendRaw(raw));
  await expect(client.send(new GetSendQuotaCommand({}))).resolves.toMatchObject({ SentLast24Hours: 2 });
});

test('mail to the mailbox simulator tells of a bounce or a complaint', async () => {
  const seen: string[] = [];
  const { client } = await startSes({
    onFeedback: async (kind, mail) => {
      seen.push(`${kind} ${mail.to.join()}`);
    },
  });
  for (const name of ['bounce', 'complaint+order1', 'success']) {
    await client.send(sendRaw(await compose(), [`${name}@simulator.amazonses.com`]));
  }
  expect(seen).toEqual([
    'bounce bounce@simulator.amazonses.com',
    'complaint complaint+order1@simulator.amazonses.com',
  ]);
});

test('a hook that fails does not fail the mail', async () => {
  const errors: unknown[] = [];
  const { client, inboxUrl } = await startSes({
    onFeedback: () => Promise.reject(new Error('not now')),
    onError: (error) => errors.push(error),
  });
  await client.send(sendRaw(await compose(), ['bounce@simulator.amazonses.com']));
  expect(await listMails(inboxUrl)).toHaveLength(1);
  expect(errors).toHaveLength(1);
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
