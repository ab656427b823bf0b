import { join } from 'node:path';
import type { CallPort } from '../calls/call-port.ts';
import type { Clock } from '../clock.ts';
import { awsQueryHandler, listOf, type QueryOperation } from '../http/aws-query.ts';
import type { Guard } from '../http/guard.ts';
import type { HttpHandler } from '../http/serve.ts';
import { createAftermath } from './aftermath.ts';
import { composeMail, formRecipients } from './compose-mail.ts';
import type { ConfigurationSet, Identity } from './configuration-set.ts';
import { readMessage } from './header-section.ts';
import { inboxHandler } from './inbox.ts';
import { openMailStore } from './mail-store.ts';
import { isSimulated } from './mailbox-simulator.ts';
import { newMessageId } from './message-id.ts';
import { checkHeaders, checkSize } from './message-rules.ts';
import { composeNotice, type Notice } from './notice.ts';
import { addressesOf, parseHeaders, parseMail } from './parse-mail.ts';
import type { Publication } from './publish-events.ts';
import { createSender } from './sender.ts';
import { openSuppressionList, type Suppression } from './suppression-list.ts';

export type Ses = {
  /** The query protocol of SES, answered in XML. */
  handler: HttpHandler;
  /** A page to read the mail, and /messages.json for tests. */
  inboxHandler: HttpHandler;
  /** Tells of a bounce or a complaint after delivery, as a mail server far away would; throws for an unknown mail. */
  reportFeedback(kind: 'Bounce' | 'Complaint', messageId: string, addresses: string[]): Promise<void>;
  /** Keeps a mail that another service sends by itself. */
  keep(notice: Notice): Promise<void>;
  /** The addresses that mail is not sent to. */
  suppressed(): Suppression[];
  unsuppress(address: string): Promise<void>;
  close(): Promise<void>;
};

export type SesOptions = Publication & {
  stateDir: string;
  /** Where each message becomes an .eml file. */
  mailDir: string;
  clock: Clock;
  region?: string;
  accountId?: string;
  /** Who may send; everyone may when absent. */
  identities?: Identity[] | undefined;
  configurationSets?: ConfigurationSet[];
  guard?: Guard<URLSearchParams>;
  reach?: CallPort['reach'] | undefined;
  onError?: (error: unknown) => void;
};

const dayMs = 86_400_000;

const readTags = (form: URLSearchParams): [string, string][] => {
  const tags: [string, string][] = [];
  for (let number = 1; form.has(`Tags.member.${number}.Name`); number += 1) {
    const [name, value] = ['Name', 'Value'].map((field) => form.get(`Tags.member.${number}.${field}`) ?? '');
    tags.push([name ?? '', value ?? '']);
  }
  return tags;
};

/** SES as a sink: every message is on disk before it is acknowledged, and none leaves the machine. */
export const createSes = async (options: SesOptions): Promise<Ses> => {
  const { stateDir, mailDir, clock, reach } = options;
  const { region = 'us-east-1', accountId = '000000000000', configurationSets = [] } = options;
  const logFile = join(stateDir, 'ses', 'mail.jsonl');
  const store = await openMailStore({ logFile, mailDir, reach });
  const file = join(stateDir, 'ses', 'suppression.jsonl');
  const suppression = await openSuppressionList({ file, clock, reach });
  const identities =
    options.identities && new Map(options.identities.map((one) => [one.name.toLowerCase(), one]));
  const keep: Ses['keep'] = async (notice) => {
    const now = clock.now();
    const raw = await composeNotice(notice, new Date(now));
    const { from, to } = notice;
    await store.add({
      id: newMessageId(now),
      raw,
      parsed: await parseMail(raw),
      receivedAtMs: now,
      source: typeof from === 'string' ? from : from.address,
      to: [to],
      tags: {},
      fates: { [to]: 'delivered' },
      isToBeTold: false,
    });
  };
  const common = { store, suppression, clock, region, identities, configurationSets };
  const onError = options.onError ?? console.error;
  const aftermath = createAftermath({ ...common, accountId, publication: options, keep, onError });
  const send = createSender({ ...common, settle: aftermath.settle });
  await aftermath.resume();

  const sendForm = async (form: URLSearchParams, raw: Buffer, recipients: string[]) => {
    const mail = await send({
      raw,
      message: readMessage(raw),
      source: form.get('Source') ?? undefined,
      returnPath: form.get('ReturnPath') ?? undefined,
      recipients,
      configurationSetName: form.get('ConfigurationSetName') ?? undefined,
      tags: readTags(form),
    });
    return { MessageId: mail.id };
  };

  const sentOfLastDay = (): number =>
    store
      .list()
      .filter(({ receivedAt }) => Date.parse(receivedAt) > clock.now() - dayMs)
      .reduce((total, { to }) => total + to.filter((address) => !isSimulated(address)).length, 0);

  const operations: Record<string, QueryOperation> = {
    SendEmail: async (form) => sendForm(form, await composeMail(form), formRecipients(form)),
    SendRawEmail: async (form) => {
      const raw = Buffer.from(form.get('RawMessage.Data') ?? '', 'base64');
      checkSize(raw);
      const message = readMessage(raw);
      checkHeaders(message);
      const named = listOf(form, 'Destinations.member');
      const { to, cc, bcc } = await parseHeaders(message);
      return sendForm(form, raw, named.length > 0 ? named : [to, cc, bcc].flatMap(addressesOf));
    },
    GetSendQuota: async () => ({
      Max24HourSend: 50_000,
      MaxSendRate: 14,
      SentLast24Hours: sentOfLastDay(),
    }),
    VerifyEmailIdentity: async (form) => {
      const name = form.get('EmailAddress') ?? '';
      identities?.set(name.toLowerCase(), { name });
      return {};
    },
  };
  return {
    handler: awsQueryHandler(operations, 'http://ses.amazonaws.com/doc/2010-12-01/', options.guard),
    inboxHandler: inboxHandler(store, suppression),
    reportFeedback: async (kind, messageId, addresses) => {
      const mail = store.find(messageId);
      if (!mail) throw new Error(`There is no mail ${messageId}.`);
      await aftermath.report(kind, mail, addresses);
    },
    keep,
    suppressed: suppression.list,
    unsuppress: suppression.remove,
    close: async () => {
      await store.close();
      await suppression.close();
    },
  };
};
