import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import type { MailIntent } from '../../domain/mail.ts';
import { type AnswerLinks, answerLinks } from '../shared/answer-links.ts';
import { company } from '../shared/company.ts';
import { type DocumentsBucket, documentsBucket } from '../shared/documents.ts';
import { env } from '../shared/env.ts';
import { inboundMailsTable } from '../shared/inbound-mails-table.ts';
import { logger } from '../shared/logger.ts';
import { type MailKey, type MailOutbox, mailOutbox } from '../shared/mail-outbox.ts';
import { ordersTable } from '../shared/orders-table.ts';
import { partnersTable } from '../shared/partners-table.ts';
import { uploadsTable } from '../shared/uploads-table.ts';
import { answerUrl } from './answer-url.ts';
import { composeMail } from './compose-mail.ts';
import { answeredMessage } from './mail-model.ts';
import { type Mailer, MailRefused, sesMailer } from './mailer.ts';
import { type ModelSources, readModel } from './read-model.ts';
import { isOnFile } from './recipients.ts';
import { renderMail } from './render-mail.ts';

const text = z.object({ S: z.string() });
const eventSchema = z.object({
  Records: z.array(
    z.object({
      dynamodb: z.object({
        SequenceNumber: z.string(),
        Keys: z.object({ pk: text, sk: text }),
        NewImage: z.object({ entity: text, state: text }).partial().optional(),
      }),
    }),
  ),
});

type Deps = Omit<ModelSources, 'documents'> & {
  outbox: Pick<MailOutbox, 'claim' | 'release' | 'markSent' | 'markRefused'>;
  documents: Pick<DocumentsBucket, 'get' | 'link'>;
  mailer: () => Mailer;
  /** The verified address that mails are sent from. */
  sender: () => string;
  links: Pick<AnswerLinks, 'issue'>;
  /** What stands before the token in a customer's link. */
  linkBase: () => string;
  now?: () => Date;
};

const compose = async (deps: Deps, intent: MailIntent, now: Date): Promise<Buffer> => {
  const model = await readModel(deps, intent, now);
  if (!isOnFile(intent.recipient, model)) throw new MailRefused('RecipientNotOnFile');
  const url = await answerUrl(deps, intent, model, now);
  const rendered = renderMail(intent, url && model.kind === 'order' ? { ...model, answerUrl: url } : model);
  const files = await Promise.all(
    rendered.attachments.map(async ({ documentKey, ...file }) => ({
      ...file,
      content: await deps.documents.get(documentKey),
    })),
  );
  const { name, deskEmail } = model.company;
  const envelope = {
    sender: deps.sender(),
    senderName: name,
    replyTo: deskEmail,
    answers: answeredMessage(model),
  };
  return composeMail(intent, rendered, files, envelope, now);
};

/** Names only: the messages of services quote addresses. */
const faultOf = (error: unknown) => ({
  fault: error instanceof Error ? error.name : 'unknown',
  cause: error instanceof Error && error.cause instanceof Error ? error.cause.name : undefined,
});

const markPausesMs = [100, 500, 2_000];

/** Nobody else knows that a mail has left, and a lost mark costs its reader a second one: so it is not given up at once. */
const markSent = async ({ outbox }: Deps, key: MailKey, messageId: string, now: Date): Promise<void> => {
  for (const pauseMs of markPausesMs) {
    try {
      return await outbox.markSent(key, messageId, now);
    } catch (error) {
      logger.warn('mark not written', { subject: key.pk, ...faultOf(error), messageId });
      await sleep(pauseMs);
    }
  }
  await outbox.markSent(key, messageId, now);
};

/** Claims, renders, sends, marks. A mail that is sent, refused or claimed by another is left alone; the sweeper sees to it. */
const deliver = async (deps: Deps, key: MailKey, now: Date): Promise<void> => {
  const intent = await deps.outbox.claim(key, now);
  if (!intent) return;
  const { subject, template, event, recipient } = intent;
  let messageId: string;
  try {
    const raw = await compose(deps, intent, now);
    ({ messageId } = await deps.mailer().send(raw, recipient, intent));
  } catch (error) {
    if (!(error instanceof MailRefused)) {
      await deps.outbox.release(key, now);
      throw error;
    }
    await deps.outbox.markRefused(key, error.code);
    logger.error('mail refused', { subject, template, event, code: error.code });
    return;
  }
  await markSent(deps, key, messageId, now);
  logger.info('mail sent', { subject, template, event, messageId });
};

/**
 * Sends the mails that a batch of the Orders stream asks for: new rows and re-queued ones, both PENDING. Names the
 * records that failed, so that they come again; a mail sent before them is not sent again.
 */
export const createSendMail = (deps: Deps) => async (streamEvent: unknown) => {
  const { now = () => new Date() } = deps;
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { dynamodb } of eventSchema.parse(streamEvent).Records) {
    const { Keys, NewImage, SequenceNumber } = dynamodb;
    if (NewImage?.entity?.S !== 'MAIL' || NewImage.state?.S !== 'PENDING') continue;
    try {
      await deliver(deps, { pk: Keys.pk.S, sk: Keys.sk.S }, now());
    } catch (error) {
      logger.error('mail not sent', {
        subject: Keys.pk.S,
        sequenceNumber: SequenceNumber,
        ...faultOf(error),
      });
      batchItemFailures.push({ itemIdentifier: SequenceNumber });
    }
  }
  return { batchItemFailures };
};

const mailEnv = env({
  MAIL_SENDER: z.email(),
  MAIL_CONFIGURATION_SET: z.string(),
  /** Where to transfer money to, in the words customers read; may have several lines. */
  COMPANY_BANK_ACCOUNT: z.string().optional(),
  /** Where the links of customers lead: the API's own address. */
  LINK_BASE_URL: z.url(),
});

export const handler = createSendMail({
  outbox: mailOutbox(),
  orders: ordersTable(),
  uploads: uploadsTable(),
  inboundMails: inboundMailsTable(),
  partners: partnersTable(),
  documents: documentsBucket(),
  company: () => ({ ...company(), bankAccount: mailEnv().COMPANY_BANK_ACCOUNT }),
  mailer: () =>
    sesMailer({ sender: mailEnv().MAIL_SENDER, configurationSet: mailEnv().MAIL_CONFIGURATION_SET }),
  sender: () => mailEnv().MAIL_SENDER,
  links: answerLinks(),
  linkBase: () => mailEnv().LINK_BASE_URL,
});
