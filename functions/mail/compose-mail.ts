import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailIntent } from '../../domain/mail.ts';
import type { RenderedMail } from './render-mail.ts';

export type Envelope = {
  /** The verified address that mails are sent from. */
  sender: string;
  /** The name that stands before it. */
  senderName: string;
  replyTo: string;
  /** The Message-ID of the mail that this one answers. */
  answers?: string | undefined;
};

export type AttachedFile = { fileName: string; contentType: string; content: Buffer };

/** Controls end headers early; bidirectional overrides make a text read as another one. */
const oneLine = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();

/**
 * The same mail has the same id however often it is composed. SES puts a Message-ID of its own in its place;
 * X-Entity-Ref-ID carries it to the recipient, by which a repeat can be told from a second mail.
 */
const messageId = (parts: readonly string[], sender: string): string => {
  const digest = createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32);
  return `<${digest}@${sender.slice(sender.lastIndexOf('@') + 1)}>`;
};

/** The raw bytes (RFC 5322) of one mail to one recipient. */
export const composeMail = async (
  intent: MailIntent,
  { subject, html, text }: RenderedMail,
  files: readonly AttachedFile[],
  { sender, senderName, replyTo, answers }: Envelope,
  date: Date,
): Promise<Buffer> => {
  const id = messageId([intent.subject, intent.template, intent.event, intent.recipient], sender);
  const composer = new MailComposer({
    from: { name: oneLine(senderName), address: sender },
    to: { name: '', address: intent.recipient },
    replyTo: { name: '', address: replyTo },
    subject: oneLine(subject),
    html,
    text,
    messageId: id,
    // One conversation for all mails about an order, and with the mail that is answered.
    references: answers ?? messageId([intent.subject], sender),
    ...(answers && { inReplyTo: answers }),
    date,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'Content-Language': intent.language,
      'X-Entity-Ref-ID': id,
    },
    attachments: files.map(({ fileName, contentType, content }) => ({
      filename: oneLine(fileName),
      contentType,
      content,
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return composer.compile().build();
};
