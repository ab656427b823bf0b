import { simpleParser } from 'mailparser';
import { expect, test } from 'vitest';
import { type AttachedFile, composeMail } from '../../functions/mail/compose-mail.ts';
import { renderMail } from '../../functions/mail/render-mail.ts';
import { aCompany, anOrder } from './an-order.ts';
import { aModel, anIntent, mailCases } from './mail-cases.ts';

const envelope = { sender: 'orders@example.com', senderName: aCompany.name, replyTo: aCompany.deskEmail };
const date = new Date('2025-10-14T02:00:05.000Z');
const rendered = { subject: '订单已确认', html: '<p>保温杯</p>', text: '保温杯\n', attachments: [] };

const compose = async (more: {
  subject?: string;
  senderName?: string;
  files?: AttachedFile[];
  intent?: ReturnType<typeof anIntent>;
}) => {
  const { subject = rendered.subject, senderName = envelope.senderName, files = [] } = more;
  const intent = more.intent ?? anIntent('order-confirmed', 'zh-CN');
  return composeMail(intent, { ...rendered, subject }, files, { ...envelope, senderName }, date);
};

const headerNames = (raw: Buffer): string[] =>
  raw
    .toString('latin1')
    .split('\r\n\r\n')[0]
    ?.split('\r\n')
    .filter((line) => !/^[ \t]/.test(line))
    .map((line) => line.split(':')[0]?.toLowerCase() ?? '') ?? [];

const plainHeaders = [
  'from',
  'to',
  'reply-to',
  'subject',
  'message-id',
  'references',
  'date',
  'auto-submitted',
  'content-language',
  'x-entity-ref-id',
  'mime-version',
  'content-type',
];

const breaks = ['\r\n', '\n', '\r', '\r\n ', '\u2028', '\u0085', '\0\r\n', '\v\r\n'];
const injected = [
  'Bcc: evil@example.com',
  'X-Evil: 1',
  '\r\n<script>',
  'To: evil@example.com',
  'Content-Type: text/html',
];
/** Line breaks that only show once a reader has decoded the header. */
const encoded = [
  '=?utf-8?Q?Innocent=0D=0ABcc=3A_evil=40example.com?=',
  `=?utf-8?B?${btoa('Innocent\r\nBcc: evil@example.com')}?=`,
  '=?utf-8?Q?=22?= <evil@example.com>, ',
];
const payloads = [
  ...breaks.flatMap((lineBreak) => injected.map((header) => `Innocent${lineBreak}${header}`)),
  ...encoded,
];

test('forty ways to end a header early are tried, and three to do it in disguise', () => {
  expect(payloads).toHaveLength(43);
});

test.for(payloads.map((payload) => ({ payload: JSON.stringify(payload) })))(
  '$payload as the Message-ID that is answered adds no header and no recipient',
  async ({ payload }) => {
    const answers: string = JSON.parse(payload);
    const intent = anIntent('order-confirmed', 'zh-CN');
    const raw = await composeMail(intent, rendered, [], { ...envelope, answers }, date);
    expect(headerNames(raw).toSorted()).toEqual([...plainHeaders, 'in-reply-to'].toSorted());
    const mail = await simpleParser(raw);
    expect(mail.to).toMatchObject({ value: [{ address: 'wang@example.com' }] });
    expect([mail.cc, mail.bcc]).toEqual([undefined, undefined]);
  },
);

const fields = ['subject', 'senderName', 'fileName', 'orderReference', 'contactName'] as const;

test.for(fields.flatMap((field) => payloads.map((payload) => ({ field, payload: JSON.stringify(payload) }))))(
  '$payload as $field adds no header and no recipient',
  async ({ field, payload }) => {
    const text: string = JSON.parse(payload);
    const files = [{ fileName: text, contentType: 'application/pdf', content: Buffer.from('%PDF') }];
    const record = anOrder({
      content: { buyer: { name: text, contact: { name: text, email: 'wang@example.com' } } },
      state: { customerOrderReference: text },
    });
    const intent = anIntent('order-confirmed', 'zh-CN');
    const raw =
      field === 'orderReference' || field === 'contactName'
        ? await composeMail(
            intent,
            renderMail(intent, { kind: 'order', record, company: aCompany }),
            [],
            envelope,
            date,
          )
        : await compose(field === 'fileName' ? { files } : { [field]: text });
    expect(headerNames(raw).toSorted()).toEqual(plainHeaders.toSorted());
    const mail = await simpleParser(raw);
    expect(mail.to).toMatchObject({ value: [{ address: 'wang@example.com' }] });
    expect(mail.cc).toBeUndefined();
    expect(mail.bcc).toBeUndefined();
    expect(mail.from?.value.map(({ address }) => address)).toEqual(['orders@example.com']);
  },
);

test('a text that would read backwards loses its direction marks', async () => {
  const mail = await simpleParser(await compose({ subject: 'Invoice \u202efdp.exe' }));
  expect(mail.subject).toBe('Invoice  fdp.exe');
});

test('says that it was sent by a machine, in which language, and where answers go', async () => {
  const { headers, replyTo, date: sent } = await simpleParser(await compose({}));
  expect(headers.get('auto-submitted')).toBe('auto-generated');
  expect(headers.get('content-language')).toBe('zh-CN');
  expect(replyTo?.text).toBe('desk@example.com');
  expect(sent).toEqual(date);
});

test('the same mail has the same Message-ID, another mail another', async () => {
  const [first, again] = await Promise.all(
    [compose({}), compose({ subject: 'changed' })].map(async (raw) => simpleParser(await raw)),
  );
  const other = await simpleParser(
    await compose({ intent: anIntent('order-confirmed', 'zh-CN', { event: 'EVENT-000004' }) }),
  );
  expect(first?.messageId).toMatch(/^<[0-9a-f]{32}@example\.com>$/);
  expect(again?.messageId).toBe(first?.messageId);
  expect(other.messageId).not.toBe(first?.messageId);
  expect(other.references).toEqual(first?.references);
});

test('an attachment arrives whole, with its Chinese name', async () => {
  const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
  const raw = await compose({
    files: [{ fileName: '销售单据.pdf', contentType: 'application/pdf', content }],
  });
  const [attachment] = (await simpleParser(raw)).attachments;
  expect(attachment).toMatchObject({ filename: '销售单据.pdf', contentType: 'application/pdf' });
  expect(attachment?.content.equals(content)).toBe(true);
});

test.for(mailCases)(
  '$template in $language keeps to the line length of RFC 5322',
  async ({ template, language }) => {
    const intent = anIntent(template, language);
    const raw = await composeMail(intent, renderMail(intent, aModel(template, language)), [], envelope, date);
    const longest = Math.max(
      ...raw
        .toString('latin1')
        .split('\r\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(998);
    const { html, text, subject } = await simpleParser(raw);
    const expected = renderMail(intent, aModel(template, language));
    expect(subject).toBe(expected.subject);
    expect(text?.trim()).toBe(expected.text.trim());
    expect(String(html).trim()).toBe(expected.html.trim());
  },
);
