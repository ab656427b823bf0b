import { randomUUID } from 'node:crypto';
import type { JsonValue } from '../json.ts';

type FeedbackMail = { id: string; from: string; to: string[] };

const isSimulator = (address: string) => /@simulator\.amazonses\.com$/i.test(address);

const bounceOf = (addresses: string[], timestamp: string): JsonValue => ({
  bounceType: 'Permanent',
  bounceSubType: 'General',
  bouncedRecipients: addresses.map((emailAddress) => ({
    emailAddress,
    action: 'failed',
    status: '5.1.1',
    diagnosticCode: 'smtp; 550 5.1.1 user unknown',
  })),
  timestamp,
  feedbackId: randomUUID(),
  reportingMTA: 'dns; localhost',
});

const complaintOf = (addresses: string[], timestamp: string): JsonValue => ({
  complainedRecipients: addresses.map((emailAddress) => ({ emailAddress })),
  complaintFeedbackType: 'abuse',
  timestamp,
  feedbackId: randomUUID(),
});

/** The event that SES puts on the bus when a mail bounces or is complained about. */
export const mailFeedbackEvent = (kind: 'bounce' | 'complaint', mail: FeedbackMail, nowMs: number) => {
  const timestamp = new Date(nowMs).toISOString();
  const addresses = mail.to.filter(isSimulator);
  const common = { timestamp, source: mail.from, messageId: mail.id, destination: mail.to };
  const detail: JsonValue =
    kind === 'bounce'
      ? { eventType: 'Bounce', mail: common, bounce: bounceOf(addresses, timestamp) }
      : { eventType: 'Complaint', mail: common, complaint: complaintOf(addresses, timestamp) };
  return {
    source: 'aws.ses',
    detailType: kind === 'bounce' ? 'Email Bounced' : 'Email Complaint Received',
    detail,
  };
};
