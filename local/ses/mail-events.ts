import type { JsonValue } from '../json.ts';
import type { MailEventType } from './configuration-set.ts';
import { addressList, type Header } from './header-section.ts';
import type { Fate } from './mailbox-simulator.ts';
import { newMessageId } from './message-id.ts';

/** What events tell of a mail. */
export type EventMail = {
  id: string;
  /** ISO 8601. */
  sentAt: string;
  /** The sender as he is named. */
  source: string;
  /** ARN of the identity that it was sent by. */
  sourceArn: string;
  accountId: string;
  destination: readonly string[];
  headers: readonly Header[];
  /** As $.mail.tags has them, those that SES adds included. */
  tags: Record<string, string[]>;
};

export type MailEvent = { type: MailEventType; detail: JsonValue };

/** What EventBridge calls each. */
export const detailTypes: Record<MailEventType, string> = {
  Send: 'Email Sent',
  Reject: 'Email Rejected',
  Delivery: 'Email Delivered',
  Bounce: 'Email Bounced',
  Complaint: 'Email Complaint Received',
};

const commonHeaders = ({ id, headers }: EventMail) => {
  const value = (name: string) => headers.find((header) => header.name.toLowerCase() === name)?.value;
  const [from, to, cc, replyTo, date, subject] = ['from', 'to', 'cc', 'reply-to', 'date', 'subject'].map(
    value,
  );
  return {
    ...(from === undefined ? {} : { from: addressList(from) }),
    ...(replyTo === undefined ? {} : { replyTo: addressList(replyTo) }),
    ...(date === undefined ? {} : { date }),
    ...(to === undefined ? {} : { to: addressList(to) }),
    ...(cc === undefined ? {} : { cc: addressList(cc) }),
    messageId: id,
    ...(subject === undefined ? {} : { subject }),
  };
};

const describeMail = (mail: EventMail): JsonValue => ({
  timestamp: mail.sentAt,
  source: mail.source,
  sourceArn: mail.sourceArn,
  sendingAccountId: mail.accountId,
  messageId: mail.id,
  destination: [...mail.destination],
  headersTruncated: false,
  headers: mail.headers.map(({ name, value }) => ({ name, value })),
  commonHeaders: commonHeaders(mail),
  tags: mail.tags,
});

const bounceOf = (addresses: readonly string[], nowMs: number, isSuppressed: boolean): JsonValue => ({
  feedbackId: newMessageId(nowMs),
  bounceType: 'Permanent',
  bounceSubType: isSuppressed ? 'OnAccountSuppressionList' : 'General',
  bouncedRecipients: addresses.map((emailAddress) => ({
    emailAddress,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode: isSuppressed
      ? 'Amazon SES did not send the message to this address because it is on the suppression list for your account. For more information about removing addresses from the suppression list, see the Amazon SES Developer Guide at https://docs.aws.amazon.com/ses/latest/DeveloperGuide/sending-email-suppression-list.html'
      : 'smtp; 550 5.1.1 user unknown',
  })),
  timestamp: new Date(nowMs).toISOString(),
  ...(isSuppressed ? {} : { reportingMTA: 'dns; localhost' }),
});

const complaintOf = (addresses: readonly string[], nowMs: number): JsonValue => ({
  feedbackId: newMessageId(nowMs),
  complaintSubType: null,
  complainedRecipients: addresses.map((emailAddress) => ({ emailAddress })),
  timestamp: new Date(nowMs).toISOString(),
  userAgent: 'Amazon SES Mailbox Simulator',
  complaintFeedbackType: 'abuse',
  arrivalDate: new Date(nowMs).toISOString(),
});

const deliveryOf = (addresses: readonly string[], mail: EventMail, nowMs: number): JsonValue => ({
  timestamp: new Date(nowMs).toISOString(),
  processingTimeMillis: nowMs - Date.parse(mail.sentAt),
  recipients: [...addresses],
  smtpResponse: '250 2.6.0 Message received',
  remoteMtaIp: '127.0.0.1',
  reportingMTA: 'localhost',
});

/** The events of a mail, in order: that it was sent, and what became of it at its addresses, gathered by fate. */
export const mailEvents = (mail: EventMail, fates: ReadonlyMap<string, Fate>, nowMs: number): MailEvent[] => {
  const described = describeMail(mail);
  const event = (type: MailEventType, member: string, content: JsonValue): MailEvent => ({
    type,
    detail: { eventType: type, mail: described, [member]: content },
  });
  const having = (...wanted: Fate[]) =>
    [...fates].filter(([, fate]) => wanted.includes(fate)).map(([address]) => address);
  const [delivered, bounced] = [having('delivered', 'complained'), having('bounced')];
  const [suppressed, complained, rejected] = [having('suppressed'), having('complained'), having('rejected')];
  return [
    event('Send', 'send', {}),
    ...(rejected.length > 0 ? [event('Reject', 'reject', { reason: 'Bad content' })] : []),
    ...(suppressed.length > 0 ? [event('Bounce', 'bounce', bounceOf(suppressed, nowMs, true))] : []),
    ...(bounced.length > 0 ? [event('Bounce', 'bounce', bounceOf(bounced, nowMs, false))] : []),
    ...(delivered.length > 0 ? [event('Delivery', 'delivery', deliveryOf(delivered, mail, nowMs))] : []),
    ...(complained.length > 0 ? [event('Complaint', 'complaint', complaintOf(complained, nowMs))] : []),
  ];
};

/** The event of a bounce or a complaint that comes later than the mail. */
export const feedbackEvent = (
  kind: 'Bounce' | 'Complaint',
  mail: EventMail,
  addresses: readonly string[],
  nowMs: number,
): MailEvent => ({
  type: kind,
  detail:
    kind === 'Bounce'
      ? { eventType: kind, mail: describeMail(mail), bounce: bounceOf(addresses, nowMs, false) }
      : { eventType: kind, mail: describeMail(mail), complaint: complaintOf(addresses, nowMs) },
});
