import * as z from 'zod';
import type { InboundMail } from '../../domain/uploads/inbound-mail.ts';
import { type InboundMailsTable, inboundMailsTable } from '../shared/inbound-mails-table.ts';
import { logger } from '../shared/logger.ts';
import { partnersTable } from '../shared/partners-table.ts';
import { stepHandler } from '../shared/step-handler.ts';
import {
  type AttachedFile,
  attachedFiles,
  type MailContent,
  refusedContent,
} from './mail-in/attached-files.ts';
import { judgeSender, type SenderLookup } from './mail-in/judge-sender.ts';
import { type MailBucket, mailBucket, maxHeadBytes, type StoredMail } from './mail-in/mail-bucket.ts';
import { readMailHead } from './mail-in/read-mail.ts';

/** What the rule that sees mails arrive passes on. */
export const arrivedMailSchema = z.object({
  bucket: z.string().min(1),
  key: z.string().min(1),
  versionId: z.string().default(''),
});
export type ArrivedMail = z.infer<typeof arrivedMailSchema>;

type Deps = {
  bucket: MailBucket;
  mails: Pick<InboundMailsTable, 'read' | 'store'>;
  partners: SenderLookup;
  now?: () => Date;
};

/** The id that SES gave a mail ends its key; beside mails SES puts a note there that it may write, which has another form. */
const mailIdOf = (key: string): string | undefined => /^mail\/([a-z0-9]{20,64})$/.exec(key)?.[1];

type Decided = { mail: InboundMail; files: readonly AttachedFile[] };

const contentOf = async ({ sizeBytes, bytes }: StoredMail): Promise<MailContent> =>
  sizeBytes > bytes.length ? refusedContent('MAIL_TOO_LARGE') : attachedFiles(bytes);

/**
 * Takes a mail to the order address: proves who sent it, keeps what was decided, and hands its spreadsheets to the intake.
 * The same mail again, whole or half done, has the same outcome once.
 */
export const createReceiveMail = ({ bucket, mails, partners, now = () => new Date() }: Deps) => {
  const decide = async (arrived: ArrivedMail, mailId: string, stored: StoredMail): Promise<Decided> => {
    const { stamp, subject, messageId, ...head } = readMailHead(
      stored.bytes.subarray(0, maxHeadBytes),
      mailId,
    );
    const { address, partner, mayAnswer, ...judged } = await judgeSender({ stamp, ...head }, partners);
    const { files, ignored, refusal } = judged.refusal
      ? refusedContent(judged.refusal)
      : await contentOf(stored);
    const mail = await mails.store(
      {
        mailId,
        objectKey: arrived.key,
        versionId: arrived.versionId,
        sizeBytes: stored.sizeBytes,
        sender: address,
        subject,
        ...(messageId && { messageId }),
        ...(stamp && { verdicts: stamp.verdicts }),
        ...(partner && { partnerId: partner.partnerId }),
        status: refusal ? 'REFUSED' : 'ACCEPTED',
        ...(refusal && { refusal }),
        files: files.map(({ name }) => name),
        ignored,
        receivedAt: now().toISOString(),
      },
      refusal && mayAnswer && partner ? { recipient: address, language: partner.language } : undefined,
    );
    return { mail, files };
  };

  /** What was decided when the mail came first stays decided, whoever may send by now. */
  const decidedBefore = async (mailId: string, stored: StoredMail): Promise<Decided | undefined> => {
    const mail = await mails.read(mailId);
    if (mail?.status !== 'ACCEPTED') return mail && { mail, files: [] };
    return { mail, files: (await contentOf(stored)).files };
  };

  return async (arrived: ArrivedMail) => {
    const { bucket: bucketName, key, versionId } = arrived;
    const mailId = mailIdOf(key);
    if (!mailId) return { outcome: 'not-a-mail' as const };
    const stored = await bucket.read(arrived);
    if (!stored) return { outcome: 'gone' as const, mailId };
    const { mail, files } = (await decidedBefore(mailId, stored)) ?? (await decide(arrived, mailId, stored));
    const { partnerId, refusal, sender } = mail;
    if (refusal) {
      await bucket.markRefused(arrived);
      logger.info('mail refused', { mailId, refusal, partnerId });
      return { outcome: 'refused' as const, mailId, refusal };
    }
    const metadata = { 'mail-sender': sender, 'mail-key': key, 'mail-version': versionId };
    for (const file of files)
      await bucket.handIn(bucketName, `inbox/${partnerId}/mail/${mailId}/${file.name}`, file, metadata);
    return { outcome: 'accepted' as const, mailId, files: files.length };
  };
};

export const handler = stepHandler(arrivedMailSchema, (arrived) =>
  createReceiveMail({ bucket: mailBucket(), mails: inboundMailsTable(), partners: partnersTable() })(arrived),
);
