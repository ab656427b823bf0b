import type { Clock } from '../clock.ts';
import { ServiceError } from '../http/service-error.ts';
import { hasAftermath } from './aftermath.ts';
import {
  type ConfigurationSet,
  findConfigurationSet,
  type Identity,
  identityOf,
} from './configuration-set.ts';
import { decideFates, outgoing } from './deliver-mail.ts';
import { headerValue, type Message } from './header-section.ts';
import type { Mail, MailStore } from './mail-store.ts';
import { newMessageId } from './message-id.ts';
import { checkRecipients, checkSize, readMessageTags } from './message-rules.ts';
import { addressesOf, parseHeaders, parseMail, toAddress } from './parse-mail.ts';
import type { SuppressionList } from './suppression-list.ts';

/** A message that somebody asks to send. */
export type Submission = {
  raw: Buffer;
  message: Message;
  /** The sender as the request names him; the From header's where it does not. */
  source?: string | undefined;
  returnPath?: string | undefined;
  recipients: readonly string[];
  configurationSetName?: string | undefined;
  tags: readonly [string, string][];
};

export type SenderOptions = {
  store: MailStore;
  suppression: SuppressionList;
  clock: Clock;
  region: string;
  /** Who may send; everyone when absent. */
  identities: ReadonlyMap<string, Identity> | undefined;
  configurationSets: readonly ConfigurationSet[];
  /** What follows from a mail that is on disk. */
  settle: (mail: Mail) => Promise<void>;
};

/** Sends: throws ServiceError for what is not to be sent; otherwise the mail is on disk. */
export const createSender = (options: SenderOptions) => {
  const { store, suppression, clock, region, identities, configurationSets, settle } = options;

  const checkSenders = (addresses: readonly string[]) => {
    if (!identities) return;
    const failed = [...new Set(addresses)].filter((address) => !identityOf(identities.values(), address));
    if (failed.length === 0) return;
    throw new ServiceError(
      'MessageRejected',
      `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${failed.join(', ')}`,
    );
  };

  /** The envelope's sender; every address that the message names as one must be verified. */
  const readSource = async ({ message, source: asked, returnPath }: Submission): Promise<string> => {
    const from = addressesOf((await parseHeaders(message)).from);
    const source = toAddress(asked ?? from[0] ?? '');
    const { headers } = message;
    const others = [headerValue(headers, 'sender'), returnPath ?? headerValue(headers, 'return-path')];
    checkSenders([source, ...from, ...others.flatMap((text) => text || []).map(toAddress)]);
    return source;
  };

  const readSet = ({ message, configurationSetName }: Submission, source: string) => {
    const identity = identities && identityOf(identities.values(), source);
    const named = configurationSetName ?? headerValue(message.headers, 'x-ses-configuration-set');
    return findConfigurationSet(configurationSets, named ?? identity?.configurationSet);
  };

  return async (submission: Submission): Promise<Mail> => {
    const { raw, message } = submission;
    checkSize(raw);
    const recipients = checkRecipients(submission.recipients);
    const source = await readSource(submission);
    const set = readSet(submission, source);
    const tags = readMessageTags(submission.tags, message);
    const parsed = await parseMail(raw);
    const contents = parsed.attachments.map(({ content }) => content);
    const fates = decideFates(recipients, contents, set, suppression);
    const now = clock.now();
    const id = newMessageId(now);
    const isToBeTold = hasAftermath(fates, set);
    const mail = await store.add({
      id,
      raw: outgoing(message, { id, region, sentAtMs: now }),
      parsed,
      receivedAtMs: now,
      source,
      to: recipients,
      configurationSet: set?.name,
      tags,
      fates: Object.fromEntries(fates),
      isToBeTold,
    });
    if (isToBeTold) await settle(mail);
    return mail;
  };
};
