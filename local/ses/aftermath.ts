import type { Clock } from '../clock.ts';
import { type ConfigurationSet, type Identity, identityOf } from './configuration-set.ts';
import { suppress } from './deliver-mail.ts';
import { headerValue, readMessage } from './header-section.ts';
import { type EventMail, feedbackEvent, mailEvents } from './mail-events.ts';
import type { Mail, MailStore } from './mail-store.ts';
import { type Fate, isOutOfOffice, isSuppressible } from './mailbox-simulator.ts';
import { type Notice, outOfOfficeReply } from './notice.ts';
import { isPublished, type Publication, publishEvents } from './publish-events.ts';
import type { SuppressionList } from './suppression-list.ts';

export type AftermathOptions = {
  store: MailStore;
  suppression: SuppressionList;
  clock: Clock;
  region: string;
  accountId: string;
  /** Who may send; everyone when absent. */
  identities: ReadonlyMap<string, Identity> | undefined;
  configurationSets: readonly ConfigurationSet[];
  publication: Publication;
  keep: (notice: Notice) => Promise<void>;
  onError: (error: unknown) => void;
};

/** Whether anything follows from a mail once it is on disk. */
export const hasAftermath = (fates: ReadonlyMap<string, Fate>, set: ConfigurationSet | undefined): boolean =>
  isPublished(set) || [...fates].some(([address, fate]) => fate !== 'delivered' || isOutOfOffice(address));

/** What follows from mails: events, suppressed addresses, answers. */
export const createAftermath = (options: AftermathOptions) => {
  const { store, suppression, clock, region, accountId, identities, configurationSets, publication } =
    options;
  const arnOf = (resource: string) => `arn:aws:ses:${region}:${accountId}:${resource}`;
  const setOf = ({ configurationSet }: Mail): ConfigurationSet | undefined =>
    configurationSets.find(({ name }) => name === configurationSet);

  const describe = async (mail: Mail): Promise<EventMail> => {
    const { headers } = readMessage(await store.raw(mail));
    const { source, configurationSet, tags } = mail;
    const identity = identities && identityOf(identities.values(), source);
    return {
      id: mail.id,
      sentAt: mail.receivedAt,
      source: headerValue(headers, 'from') ?? source,
      sourceArn: arnOf(`identity/${identity?.name ?? source}`),
      accountId,
      destination: mail.to,
      headers,
      tags: {
        ...(configurationSet === undefined ? {} : { 'ses:configuration-set': [configurationSet] }),
        'ses:source-ip': ['127.0.0.1'],
        'ses:from-domain': [source.split('@')[1] ?? ''],
        ...tags,
      },
    };
  };

  const answerForAbsent = async (mail: Mail) => {
    const messageId = headerValue(readMessage(await store.raw(mail)).headers, 'message-id') ?? '';
    const { source: to, subject } = mail;
    for (const from of mail.to.filter(isOutOfOffice)) {
      await options.keep(outOfOfficeReply({ from, to, subject, messageId }));
    }
  };

  const settle = async (mail: Mail) => {
    const set = setOf(mail);
    const fates = new Map(Object.entries(mail.fates));
    await suppress(fates, set, suppression);
    if (isPublished(set)) {
      const events = mailEvents(await describe(mail), fates, clock.now());
      await publishEvents(events, set, { ...publication, arnOf });
    }
    await answerForAbsent(mail);
    await store.markTold(mail.id);
  };

  // The mail is accepted: a sender that were told otherwise would send it again.
  const settleQuietly = (mail: Mail) => settle(mail).catch(options.onError);

  return {
    /** Never rejects; begun again by resume() at the next start when it did not come to its end. */
    settle: settleQuietly,
    /** Tells of a bounce or a complaint that comes after the mail was delivered. */
    async report(kind: 'Bounce' | 'Complaint', mail: Mail, addresses: readonly string[]): Promise<void> {
      const set = setOf(mail);
      const fate: Fate = kind === 'Bounce' ? 'bounced' : 'complained';
      const reported = addresses.filter(isSuppressible);
      await suppress(new Map(reported.map((address) => [address, fate])), set, suppression);
      if (!isPublished(set)) return;
      const event = feedbackEvent(kind, await describe(mail), addresses, clock.now());
      await publishEvents([event], set, { ...publication, arnOf });
    },
    async resume(): Promise<void> {
      for (const mail of store.untold()) await settleQuietly(mail);
    },
  };
};
