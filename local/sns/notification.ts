import type { JsonValue } from '../json.ts';
import type { Message } from './message.ts';
import type { Subscription, TopicSpec } from './topic-spec.ts';

// Nothing here is signed: a receiver that checks signatures refuses what comes from here.
const signature = { SignatureVersion: '1', Signature: 'unsigned' };

const regionOf = (arn: string): string => arn.split(':')[3] ?? '';

const certificateUrl = (arn: string) =>
  `https://sns.${regionOf(arn)}.amazonaws.com/SimpleNotificationService-local.pem`;
const unsubscribeUrl = ({ arn }: Subscription) =>
  `https://sns.${regionOf(arn)}.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${arn}`;

const textFor = ({ byProtocol, text }: Message, { protocol }: Subscription): string =>
  byProtocol[protocol] ?? text;

const attributesOf = ({ attributes }: Message): { [name: string]: JsonValue } =>
  Object.fromEntries(Object.entries(attributes).map(([name, { Type, Value }]) => [name, { Type, Value }]));

const queueNotification = (message: Message, subscription: Subscription): JsonValue => {
  const attributes = attributesOf(message);
  return {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: message.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: textFor(message, subscription),
    Timestamp: message.publishedAt,
    ...signature,
    SigningCertURL: certificateUrl(message.topicArn),
    UnsubscribeURL: unsubscribeUrl(subscription),
    ...(Object.keys(attributes).length === 0 ? {} : { MessageAttributes: attributes }),
  };
};

const functionEvent = (message: Message, subscription: Subscription): JsonValue => ({
  Records: [
    {
      EventSource: 'aws:sns',
      EventVersion: '1.0',
      EventSubscriptionArn: subscription.arn,
      Sns: {
        Type: 'Notification',
        MessageId: message.id,
        TopicArn: message.topicArn,
        Subject: message.subject ?? null,
        Message: textFor(message, subscription),
        Timestamp: message.publishedAt,
        ...signature,
        SigningCertUrl: certificateUrl(message.topicArn),
        UnsubscribeUrl: unsubscribeUrl(subscription),
        MessageAttributes: attributesOf(message),
      },
    },
  ],
});

const footer = (subscription: Subscription) =>
  [
    '--',
    'If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:',
    unsubscribeUrl(subscription),
    '',
    'Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at https://aws.amazon.com/support',
    '',
  ].join('\n');

/** What a subscription is handed: a mail as its text, anything else as JSON or as the raw message. */
export const notificationFor = (message: Message, subscription: Subscription): JsonValue => {
  switch (subscription.protocol) {
    case 'lambda':
      return functionEvent(message, subscription);
    case 'sqs':
      return subscription.isRaw ? textFor(message, subscription) : queueNotification(message, subscription);
    case 'email-json':
      return `${JSON.stringify(queueNotification(message, subscription))}\n`;
    case 'email':
      return `${textFor(message, subscription)}\n\n${footer(subscription)}`;
  }
};

/** The attributes that a queue's message carries itself: those of a raw one. */
export const rawAttributes = ({ attributes }: Message, { isRaw }: Subscription): Record<string, string> =>
  isRaw ? Object.fromEntries(Object.entries(attributes).map(([name, { Value }]) => [name, Value])) : {};

/** As whom, and under which subject, a topic writes mails. */
export const mailHead = (
  { subject }: Pick<Message, 'subject'>,
  { displayName }: Pick<TopicSpec, 'displayName'>,
) => ({
  from: { name: displayName ?? 'AWS Notifications', address: 'no-reply@sns.amazonaws.com' },
  subject: subject ?? 'AWS Notification Message',
});
