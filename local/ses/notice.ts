import MailComposer from 'nodemailer/lib/mail-composer/index.js';

/** A mail of plain text that nobody's request sends: it comes from a service, or answers by itself. */
export type Notice = {
  from: string | { name: string; address: string };
  to: string;
  subject: string;
  text: string;
  /** The message that it answers. */
  inReplyTo?: string;
  headers?: Record<string, string>;
};

export const composeNotice = ({ inReplyTo, ...notice }: Notice, date: Date): Promise<Buffer> => {
  const reply = inReplyTo === undefined ? {} : { inReplyTo, references: inReplyTo };
  return new MailComposer({ ...notice, ...reply, date }).compile().build();
};

/** The automatic answer (RFC 3834) of somebody who is out of the office. */
export const outOfOfficeReply = (asked: {
  from: string;
  to: string;
  subject: string;
  messageId: string;
}): Notice => ({
  from: asked.from,
  to: asked.to,
  subject: `Auto: ${asked.subject}`,
  text: 'I am out of the office and will read your message when I am back.',
  inReplyTo: asked.messageId,
  headers: { 'Auto-Submitted': 'auto-replied' },
});
