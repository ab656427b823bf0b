import type { JsonValue } from '../json.ts';
import { addressList, type Header, headerValue } from './header-section.ts';
import type { ReceiptAction } from './receipt-rule.ts';
import type { Arrival, Verdicts } from './receipt-verdicts.ts';

const mostHeaderBytes = 10 * 1024;

const describeHeaders = (headers: readonly Header[]) => {
  let left = mostHeaderBytes;
  const kept = headers.filter(({ text }) => {
    left -= text.length;
    return left >= 0;
  });
  return {
    headersTruncated: kept.length < headers.length,
    headers: kept.map(({ name, value }) => ({ name, value })),
  };
};

/** $.mail of what SES tells of a mail that came in. */
export const describeArrival = (arrival: Arrival, headers: readonly Header[]): JsonValue => {
  const value = (name: string) => headerValue(headers, name);
  const lists = Object.entries({ from: 'from', to: 'to', cc: 'cc', bcc: 'bcc', replyTo: 'reply-to' });
  const texts = Object.entries({
    date: 'date',
    messageId: 'message-id',
    subject: 'subject',
    sender: 'sender',
  });
  return {
    timestamp: new Date(arrival.receivedAtMs).toISOString(),
    source: arrival.from,
    messageId: arrival.messageId,
    destination: [...arrival.to],
    ...describeHeaders(headers),
    commonHeaders: {
      returnPath: arrival.from,
      ...Object.fromEntries(
        lists.flatMap(([field, name]) => (value(name) ? [[field, addressList(value(name) ?? '')]] : [])),
      ),
      ...Object.fromEntries(texts.flatMap(([field, name]) => (value(name) ? [[field, value(name)]] : []))),
    },
  };
};

const optional = (name: string, value: string | undefined): Record<string, string> =>
  value === undefined ? {} : { [name]: value };

const describeAction = (action: ReceiptAction, { messageId }: Arrival): JsonValue => {
  const topic = optional('topicArn', action.topicArn);
  switch (action.kind) {
    case 's3': {
      const { bucketName, prefix } = action;
      return {
        type: 'S3',
        ...topic,
        bucketName,
        objectKeyPrefix: prefix,
        objectKey: `${prefix}${messageId}`,
      };
    }
    case 'lambda': {
      const invocationType = action.isAwaited ? 'RequestResponse' : 'Event';
      return { type: 'Lambda', ...topic, functionArn: action.functionArn, invocationType };
    }
    case 'sns':
      return { type: 'SNS', ...topic, encoding: action.encoding === 'Base64' ? 'BASE64' : 'UTF8' };
    case 'bounce': {
      const { smtpReplyCode, statusCode, message, sender } = action;
      return {
        type: 'Bounce',
        ...topic,
        smtpReplyCode,
        ...optional('statusCode', statusCode),
        message,
        sender,
      };
    }
    case 'addHeader':
      return { type: 'AddHeader', ...topic };
    case 'stop':
      return { type: 'Stop', ...topic };
  }
};

/** $.receipt: what SES found, and the action that tells of it. */
export const describeReceipt = (
  arrival: Arrival,
  about: {
    recipients: readonly string[];
    verdicts: Required<Verdicts>;
    action: ReceiptAction;
    nowMs: number;
  },
): JsonValue => {
  const { recipients, verdicts, action, nowMs } = about;
  return {
    timestamp: new Date(arrival.receivedAtMs).toISOString(),
    processingTimeMillis: nowMs - arrival.receivedAtMs,
    recipients: [...recipients],
    spamVerdict: { status: verdicts.spam },
    virusVerdict: { status: verdicts.virus },
    spfVerdict: { status: verdicts.spf },
    dkimVerdict: { status: verdicts.dkim },
    dmarcVerdict: { status: verdicts.dmarc },
    action: describeAction(action, arrival),
  };
};
