import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import { awsQueryHandler, listOf, type QueryOperation } from '../http/aws-query.ts';
import type { HttpHandler } from '../http/serve.ts';
import { ServiceError } from '../http/service-error.ts';
import { composeMail, formRecipients } from './compose-mail.ts';
import { inboxHandler } from './inbox.ts';
import { type Mail, openMailStore } from './mail-store.ts';
import { addressesOf, checkHeaders, parseMail, toAddress } from './parse-mail.ts';

type Feedback = 'bounce' | 'complaint';

export type Ses = {
  /** The query protocol of SES, answered in XML. */
  handler: HttpHandler;
  /** A page to read the mail, and /messages.json for tests. */
  inboxHandler: HttpHandler;
  close(): Promise<void>;
};

export type SesOptions = {
  stateDir: string;
  /** Where each message becomes an .eml file. */
  mailDir: string;
  clock: Clock;
  /** Addresses or domains that may send; everyone may when absent. */
  verified?: string[];
  /** What SES would tell of mail to its mailbox simulator. */
  onFeedback?: (kind: Feedback, mail: Mail) => Promise<void>;
  onError?: (error: unknown) => void;
};

const largestMessageBytes = 10 * 1024 * 1024;
const mostRecipients = 50;

const feedbackOf = (recipient: string): Feedback[] => {
  const kind = /^(bounce|complaint)(?:\+[^@]*)?@simulator\.amazonses\.com$/i.exec(recipient)?.[1];
  if (kind?.toLowerCase() === 'bounce') return ['bounce'];
  return kind === undefined ? [] : ['complaint'];
};

const checkSize = (raw: Buffer) => {
  if (raw.length > largestMessageBytes) {
    const message = `Message length is more than ${largestMessageBytes} bytes long: '${raw.length}'.`;
    throw new ServiceError('InvalidParameterValue', message);
  }
};

const checkRecipients = (recipients: string[]): string[] => {
  if (recipients.length === 0) throw new ServiceError('InvalidParameterValue', 'Missing final recipient.');
  if (recipients.length > mostRecipients) {
    throw new ServiceError('MessageRejected', `Recipient count exceeds ${mostRecipients}.`);
  }
  return recipients.map(toAddress);
};

const headerRecipients = async (raw: Buffer): Promise<string[]> => {
  const { to, cc, bcc } = await parseMail(raw);
  return [to, cc, bcc].flatMap(addressesOf);
};

/** SES as a sink: every message is on disk before it is acknowledged, and none leaves the machine. */
export const createSes = async (options: SesOptions): Promise<Ses> => {
  const { stateDir, mailDir, clock, onFeedback } = options;
  const onError = options.onError ?? console.error;
  const store = await openMailStore({ logFile: join(stateDir, 'ses', 'mail.jsonl'), mailDir, clock });
  const verified = options.verified && new Set(options.verified.map((identity) => identity.toLowerCase()));

  const checkSender = (source: string) => {
    const address = toAddress(source).toLowerCase();
    const domain = address.split('@')[1] ?? '';
    if (!verified || verified.has(address) || verified.has(domain)) return;
    throw new ServiceError(
      'MessageRejected',
      `Email address is not verified. The following identities failed the check: ${address}`,
    );
  };

  const accept = async (raw: Buffer, source: string, recipients: string[]) => {
    checkSize(raw);
    checkSender(source);
    const mail = await store.add(raw, checkRecipients(recipients));
    // The mail is accepted: a sender that were told otherwise would send it again.
    for (const kind of mail.to.flatMap(feedbackOf)) await onFeedback?.(kind, mail).catch(onError);
    return { MessageId: mail.id };
  };

  const operations: Record<string, QueryOperation> = {
    SendEmail: async (form) => {
      const raw = await composeMail(form, new Date(clock.now()));
      return accept(raw, form.get('Source') ?? '', formRecipients(form));
    },
    SendRawEmail: async (form) => {
      const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64');
      checkSize(raw);
      checkHeaders(raw);
      const named = listOf(form, 'Destinations.member');
      const source = form.get('Source') ?? addressesOf((await parseMail(raw)).from)[0] ?? '';
      return accept(raw, source, named.length > 0 ? named : await headerRecipients(raw));
    },
    GetSendQuota: async () => ({
      Max24HourSend: 50_000,
      MaxSendRate: 14,
      SentLast24Hours: store.list().filter(({ receivedAt }) => isOfLastDay(receivedAt, clock.now())).length,
    }),
    VerifyEmailIdentity: async (form) => {
      verified?.add((form.get('EmailAddress') ?? '').toLowerCase());
      return {};
    },
  };
  return {
    handler: awsQueryHandler(operations, 'http://ses.amazonaws.com/doc/2010-12-01/'),
    inboxHandler: inboxHandler(store),
    close: store.close,
  };
};

const isOfLastDay = (receivedAt: string, nowMs: number) => Date.parse(receivedAt) > nowMs - 86_400_000;
