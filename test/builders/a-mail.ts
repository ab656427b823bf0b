import MailComposer from 'nodemailer/lib/mail-composer';
import type Mail from 'nodemailer/lib/mailer';

/** A mail as its sender's server hands it over: from a buyer of example-mall, with what is told. */
export const aMail = (changes: Mail.Options = {}): Promise<Buffer> =>
  new MailComposer({
    from: 'Example Buyer <buyer@mall.example.com>',
    to: 'orders-in@example.com',
    subject: '三月订单 March order',
    messageId: '<march-order@mall.example.com>',
    date: new Date('2026-03-02T07:59:00Z'),
    text: 'See the attachment.',
    ...changes,
  })
    .compile()
    .build();

export const mailId = 'kc0tmpm4frplmhrfo6e9ocp9ppkv1k8p9o7e5r81';

export type StampChanges = {
  mailId?: string;
  envelopeFrom?: string;
  spam?: string;
  virus?: string;
  spf?: string;
  /** Behind `dkim=`, one for each signature. */
  dkim?: string[];
  /** Behind `dmarc=`. */
  dmarc?: string;
  helo?: string;
};

/** The headers that SES puts on top of a mail, as observed; everything passes unless told. */
export const sesHeaders = (changes: StampChanges = {}): string => {
  const { envelopeFrom = 'buyer@mall.example.com', spf = 'pass', helo = 'mx.mall.example.com' } = changes;
  const { dkim = ['pass header.i=@mall.example.com'], dmarc = 'pass header.from=mall.example.com' } = changes;
  const domain = envelopeFrom.split('@').at(-1) ?? '';
  const check = `${spf} (spfCheck: domain of ${domain} designates 192.0.2.7 as permitted sender) client-ip=192.0.2.7; envelope-from=${envelopeFrom}; helo=${helo};`;
  return [
    `Return-Path: <${envelopeFrom}>`,
    `Received: from ${helo} (${helo} [192.0.2.7])`,
    ` by inbound-smtp.us-east-1.amazonaws.com with SMTP id ${changes.mailId ?? mailId}`,
    ' for orders-in@example.com;',
    ' Mon, 02 Mar 2026 08:00:00 +0000 (UTC)',
    ...(changes.spam === '' ? [] : [`X-SES-Spam-Verdict: ${changes.spam ?? 'PASS'}`]),
    ...(changes.virus === '' ? [] : [`X-SES-Virus-Verdict: ${changes.virus ?? 'PASS'}`]),
    `Received-SPF: ${check}`,
    'Authentication-Results: amazonses.com;',
    ` spf=${check}`,
    ...dkim.map((result) => ` dkim=${result};`),
    ` dmarc=${dmarc};`,
    'X-SES-RECEIPT: AEFBQUFBQUFBQUFHZXhhbXBsZQ==',
    'X-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b=ZXhhbXBsZQ==; c=relaxed/simple; d=amazonses.com; v=1;',
    '',
  ].join('\r\n');
};

/** A mail as it lies in the bucket. */
export const aStampedMail = async (stamp: StampChanges = {}, changes: Mail.Options = {}): Promise<Buffer> =>
  Buffer.concat([Buffer.from(sesHeaders(stamp)), await aMail(changes)]);
