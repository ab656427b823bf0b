import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../json.ts';
import { type Message, newHeader, readMessage, writeMessage } from './header-section.ts';
import { addressesOf, parseHeaders } from './parse-mail.ts';
import { describeArrival, describeReceipt } from './receipt-event.ts';
import { type ReceiptAction, type ReceiptRule, recipientsOf } from './receipt-rule.ts';
import { type Arrival, receivedHeaders, type Verdicts } from './receipt-verdicts.ts';

/** Who sends to whom, as SMTP's MAIL FROM and RCPT TO say. */
type Envelope = { from: string; to: string[] };

type ReceivedMail = {
  /** As S3 keys end in it. */
  messageId: string;
  /** Set where a rule sends the mail back. */
  bounce?: { smtpReplyCode: string; statusCode?: string | undefined; message: string; sender: string };
};

/** Takes a mail from outside by the receipt rules. Throws MailRefused where SES would refuse it at the door. */
export type ReceiveMail = (raw: Buffer, envelope: Envelope, verdicts?: Verdicts) => Promise<ReceivedMail>;

/** What a sending mail server is told; the message begins with the SMTP codes. */
export class MailRefused extends Error {
  override name = 'MailRefused';
}

export type ReceiverOptions = {
  /** In the order of the rule set; disabled ones left out. */
  rules: readonly ReceiptRule[];
  clock: Clock;
  region: string;
  /** Stores an object as ses.amazonaws.com. */
  putObject(bucket: string, key: string, body: Buffer): Promise<unknown>;
  /** Calls a function and answers its result as JSON text. */
  invoke(
    functionArn: string,
    payload: string,
  ): Promise<{ payload: string; functionError?: string | undefined }>;
  invokeAsync(functionArn: string, payload: string): Promise<void>;
  publish(topicArn: string, message: { subject: string; text: string }): Promise<unknown>;
};

const largestMailBytes = 40 * 1024 * 1024;
const largestPublishedBytes = 150 * 1024;

const newMessageId = (): string => Array.from(randomBytes(40), (byte) => (byte % 32).toString(32)).join('');

const dispositionSchema = z.object({ disposition: z.enum(['CONTINUE', 'STOP_RULE', 'STOP_RULE_SET']) });

type Course = 'continue' | 'stop rule' | 'stop rule set';
const courses: Record<string, Course> = { STOP_RULE: 'stop rule', STOP_RULE_SET: 'stop rule set' };

/** Receives mail by the rules: each that is about one of its recipients does its actions, in order. */
export const createReceiver = (options: ReceiverOptions): ReceiveMail => {
  const { rules, clock, region } = options;

  const receiptOf = (passage: Passage, action: ReceiptAction) => {
    const { arrival, recipients, verdicts } = passage;
    const mail = describeArrival(arrival, passage.message.headers);
    const receipt = describeReceipt(arrival, { recipients, verdicts, action, nowMs: clock.now() });
    return { mail, receipt };
  };

  const publishContent = async (passage: Passage, action: ReceiptAction & { kind: 'sns' }) => {
    const raw = writeMessage(passage.message);
    if (raw.length > largestPublishedBytes)
      throw new Error(`The mail is too large for the topic ${action.topicArn}.`);
    const content = raw.toString(action.encoding === 'Base64' ? 'base64' : 'utf8');
    const text = JSON.stringify({ notificationType: 'Received', ...receiptOf(passage, action), content });
    await options.publish(action.topicArn, { subject: 'Amazon SES Email Receipt Notification', text });
  };

  const callFunction = async (
    passage: Passage,
    action: ReceiptAction & { kind: 'lambda' },
  ): Promise<Course> => {
    const ses: JsonValue = receiptOf(passage, action);
    const payload = JSON.stringify({ Records: [{ eventSource: 'aws:ses', eventVersion: '1.0', ses }] });
    if (!action.isAwaited) {
      await options.invokeAsync(action.functionArn, payload);
      return 'continue';
    }
    const result = await options.invoke(action.functionArn, payload);
    const answer = result.functionError
      ? undefined
      : dispositionSchema.safeParse(JSON.parse(result.payload)).data;
    return courses[answer?.disposition ?? ''] ?? 'continue';
  };

  const act = async (passage: Passage, action: ReceiptAction): Promise<Course> => {
    switch (action.kind) {
      case 's3': {
        const key = `${action.prefix}${passage.arrival.messageId}`;
        await options.putObject(action.bucketName, key, writeMessage(passage.message));
        return 'continue';
      }
      case 'lambda':
        return callFunction(passage, action);
      case 'sns':
        await publishContent(passage, action);
        return 'continue';
      case 'addHeader':
        passage.message.headers.push(newHeader(action.name, action.value));
        return 'continue';
      case 'bounce':
        passage.bounce = action;
        return 'stop rule set';
      case 'stop':
        return 'stop rule set';
    }
  };

  const follow = async (passage: Passage, rule: ReceiptRule): Promise<Course> => {
    for (const action of rule.actions) {
      const course = await act(passage, action);
      if (action.kind !== 'sns' && action.topicArn !== undefined) {
        const text = JSON.stringify({ notificationType: 'Received', ...receiptOf(passage, action) });
        await options.publish(action.topicArn, { subject: 'Amazon SES Email Receipt Notification', text });
      }
      if (course !== 'continue') return course;
    }
    return 'continue';
  };

  return async (raw, { from, to }, told = {}) => {
    if (raw.length > largestMailBytes) throw new MailRefused('552 5.3.4 Message too big for system');
    const fitting = rules.filter((rule) => recipientsOf(rule, to).length > 0);
    if (fitting.length === 0) {
      throw new MailRefused('550 5.1.1 Requested action not taken: mailbox unavailable');
    }
    const message = readMessage(raw);
    const headerFrom = addressesOf((await parseHeaders(message)).from)[0] ?? from;
    const arrival: Arrival = {
      messageId: newMessageId(),
      from,
      to,
      headerFrom,
      receivedAtMs: clock.now(),
      region,
      eol: message.eol,
    };
    let bounce: Passage['bounce'];
    for (const rule of fitting) {
      const passage = passageOf(rule, { arrival, message, told });
      const course = await follow(passage, rule);
      bounce ??= passage.bounce;
      if (course === 'stop rule set') break;
    }
    if (bounce === undefined) return { messageId: arrival.messageId };
    const { smtpReplyCode, statusCode, message: text, sender } = bounce;
    return { messageId: arrival.messageId, bounce: { smtpReplyCode, statusCode, message: text, sender } };
  };
};

/** A mail as one rule sees it: what the rule adds to its headers, later rules do not see. */
type Passage = {
  arrival: Arrival;
  message: Message;
  recipients: string[];
  verdicts: Required<Verdicts>;
  bounce?: ReceivedMail['bounce'];
};

const passageOf = (
  rule: ReceiptRule,
  { arrival, message, told }: { arrival: Arrival; message: Message; told: Verdicts },
): Passage => {
  const scanned = rule.isScanning ? 'PASS' : 'DISABLED';
  const verdicts = {
    spam: scanned,
    virus: scanned,
    spf: 'PASS',
    dkim: 'PASS',
    dmarc: 'PASS',
    ...told,
  } as const;
  const headers = [...receivedHeaders(arrival, verdicts), ...message.headers];
  return { arrival, message: { ...message, headers }, recipients: recipientsOf(rule, arrival.to), verdicts };
};
