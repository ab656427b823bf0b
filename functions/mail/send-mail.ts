import * as z from 'zod';
import type { MailIntent } from '../../domain/mail.ts';
import { documentsBucket } from '../shared/documents.ts';
import { companyEnv, env } from '../shared/env.ts';
import { logger } from '../shared/logger.ts';
import { type MailKey, type MailOutbox, mailOutbox } from '../shared/mail-outbox.ts';
import { ordersTable } from '../shared/orders-table.ts';
import { partnersTable } from '../shared/partners-table.ts';
import { uploadsTable } from '../shared/uploads-table.ts';
import { composeMail } from './compose-mail.ts';
import type { Company } from './mail-model.ts';
import { type Mailer, MailRefused, sesMailer } from './mailer.ts';
import { type ModelSources, readModel } from './read-model.ts';
import { isOnFile } from './recipients.ts';
import { renderMail } from './render-mail.ts';

/** New intents and re-queued ones: rows of the Orders table's stream that are MAIL and PENDING. */
const recordSchema = z.object({
  dynamodb: z.object({
    SequenceNumber: z.string(),
    Keys: z.object({ pk: z.object({ S: z.string() }), sk: z.object({ S: z.string() }) }),
    NewImage: z
      .looseObject({ entity: z.object({ S: z.string() }), state: z.object({ S: z.string() }).optional() })
      .optional(),
  }),
});
const eventSchema = z.object({ Records: z.array(recordSchema) });

type Deps = Omit<ModelSources, 'documents'> & {
  outbox: MailOutbox;
  documents: Pick<ReturnType<typeof documentsBucket>, 'get' | 'link'>;
  mailer: () => Mailer;
  sender: () => string;
  now: () => Date;
};

const compose = async (deps: Deps, intent: MailIntent, now: Date): Promise<Buffer> => {
  const model = await readModel(deps, intent, now);
  const content = model.kind === 'order' ? model.record.content : undefined;
  if (!isOnFile(intent.recipient, { ...model, content }))
    throw new MailRefused('RecipientNotOnFile', undefined);
  const rendered = renderMail(intent, model);
  const files = await Promise.all(
    rendered.attachments.map(async ({ documentKey, ...file }) => ({
      ...file,
      content: await deps.documents.get(documentKey),
    })),
  );
  const { name, deskEmail } = model.company;
  return composeMail(
    intent,
    rendered,
    files,
    { sender: deps.sender(), senderName: name, replyTo: deskEmail },
    now,
  );
};

/** Claims, renders, sends, marks. A mail that is sent, refused or claimed by another is left alone. */
const deliver = async (deps: Deps, key: MailKey): Promise<void> => {
  const now = deps.now();
  const intent = await deps.outbox.claim(key, now);
  if (!intent) return;
  const { subject, template, event } = intent;
  let messageId: string;
  try {
    ({ messageId } = await deps.mailer().send(await compose(deps, intent, now), intent.recipient));
  } catch (error) {
    if (!(error instanceof MailRefused)) {
      await deps.outbox.release(key, now.toISOString());
      throw error;
    }
    await deps.outbox.markRefused(key, error.code);
    logger.error('mail refused', { subject, template, event, code: error.code });
    return;
  }
  await deps.outbox.markSent(key, messageId, deps.now());
  logger.info('mail sent', { subject, template, event, messageId });
};

/** Sends the mails of a batch of stream records; those that failed are named, so that only they come again. */
export const createSendMail = (deps: Deps) => async (streamEvent: unknown) => {
  const batchItemFailures: { itemIdentifier: string }[] = [];
  for (const { dynamodb } of eventSchema.parse(streamEvent).Records) {
    const { Keys, NewImage, SequenceNumber } = dynamodb;
    if (NewImage?.entity.S !== 'MAIL' || NewImage.state?.S !== 'PENDING') continue;
    try {
      await deliver(deps, { pk: Keys.pk.S, sk: Keys.sk.S });
    } catch (error) {
      logger.error('mail not sent', {
        subject: Keys.pk.S,
        sequenceNumber: SequenceNumber,
        fault: String(error),
      });
      batchItemFailures.push({ itemIdentifier: SequenceNumber });
    }
  }
  return { batchItemFailures };
};

const mailEnv = env({
  MAIL_SENDER: z.email(),
  MAIL_CONFIGURATION_SET: z.string(),
  /** Where to transfer money to, as customers read it; several lines. */
  COMPANY_BANK_ACCOUNT: z.string().optional(),
});

const company = (): Company => {
  const values = companyEnv();
  return {
    name: values.COMPANY_NAME,
    taxId: values.COMPANY_TAX_ID,
    timeZone: values.COMPANY_TIME_ZONE,
    deskEmail: values.DESK_EMAIL,
    warehouseEmail: values.WAREHOUSE_EMAIL,
    financeEmail: values.FINANCE_EMAIL,
    bankAccount: mailEnv().COMPANY_BANK_ACCOUNT,
  };
};

export const handler = createSendMail({
  outbox: mailOutbox(),
  orders: ordersTable(),
  uploads: uploadsTable(),
  partners: partnersTable(),
  documents: documentsBucket(),
  company,
  mailer: () =>
    sesMailer({ sender: mailEnv().MAIL_SENDER, configurationSet: mailEnv().MAIL_CONFIGURATION_SET }),
  sender: () => mailEnv().MAIL_SENDER,
  now: () => new Date(),
});
