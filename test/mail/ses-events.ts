/** Events as SES sends them to EventBridge, with whatever a test changes. */

type Told = {
  recipient: string;
  subject: string;
  template?: string;
  event?: string;
  at?: string;
  /** Where the mail was forwarded to, or how the mailbox's server writes the address. */
  reported?: string;
};

const aMailOf = ({ recipient, subject, template = 'order-confirmed', event = 'EVENT-000002' }: Told) => ({
  timestamp: '2026-03-02T08:00:02.012Z',
  source: '"Example Trading" <orders@example.com>',
  sourceArn: 'arn:aws:ses:us-east-1:123456789012:identity/orders@example.com',
  sendingAccountId: '123456789012',
  messageId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
  destination: [recipient],
  headersTruncated: false,
  headers: [
    { name: 'From', value: '"Example Trading" <orders@example.com>' },
    { name: 'To', value: recipient },
  ],
  commonHeaders: { from: ['"Example Trading" <orders@example.com>'], to: [recipient], subject: 'Order' },
  tags: {
    'ses:configuration-set': ['mails'],
    'ses:source-ip': ['192.0.2.0'],
    'ses:from-domain': ['example.com'],
    'ses:caller-identity': ['send-mail'],
    ...(subject !== '' && { subject: [subject], template: [template], event: [event] }),
  },
});

const anEvent = (detailType: string, detail: object) => ({
  version: '0',
  id: '12345678-90ab-cdef-1234-567890abcdef',
  'detail-type': detailType,
  source: 'aws.ses',
  account: '123456789012',
  time: '2026-03-02T08:00:05Z',
  region: 'us-east-1',
  resources: ['arn:aws:ses:us-east-1:123456789012:configuration-set/mails'],
  detail,
});

export const aBounceEvent = (told: Told, bounceType = 'Permanent', bounceSubType = 'General') =>
  anEvent('Email Bounced', {
    eventType: 'Bounce',
    bounce: {
      feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
      bounceType,
      bounceSubType,
      bouncedRecipients: [
        {
          emailAddress: told.reported ?? told.recipient,
          action: 'failed',
          status: '5.1.1',
          diagnosticCode: 'smtp; 550 5.1.1 user unknown',
        },
      ],
      timestamp: told.at ?? '2026-03-02T08:00:04.000Z',
      reportingMTA: 'dns; mta.example.com',
    },
    mail: aMailOf(told),
  });

export const aComplaintEvent = (told: Told, complaintFeedbackType: string | null = 'abuse') =>
  anEvent('Email Complaint Received', {
    eventType: 'Complaint',
    complaint: {
      feedbackId: '01000157c44f053b-61b59c11-9236-11e6-8f96-7be8aexample-000000',
      complaintSubType: null,
      complainedRecipients: [{ emailAddress: told.recipient }],
      timestamp: told.at ?? '2026-03-02T08:00:04.000Z',
      userAgent: 'Example Feedback Loop',
      ...(complaintFeedbackType !== null && { complaintFeedbackType }),
      arrivalDate: '2026-03-02T08:00:03.000Z',
    },
    mail: aMailOf(told),
  });
