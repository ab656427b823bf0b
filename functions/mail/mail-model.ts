import * as z from 'zod';
import type { Company } from '../../domain/findings/decision.ts';
import type { MailIntent } from '../../domain/mail.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { InboundMail } from '../../domain/uploads/inbound-mail.ts';
import { cellFindingSchema, type Upload } from '../../domain/uploads/upload.ts';
import type { Attachment, Block } from './mail-content.ts';

/** The company that sends; `bankAccount` is the text that tells customers where to transfer money to. */
export type MailCompany = Company & { bankAccount?: string | undefined };

/** A finding of an uploaded file with its place, as the intent of upload-result carries it in `data.findings` (JSON). */
export const uploadMailFindingSchema = cellFindingSchema.extend({ row: z.int(), orderReference: z.string() });
export type UploadMailFinding = z.infer<typeof uploadMailFindingSchema>;

export type ResultLinks = { xlsx: string; csv?: string; json: string; expiresAt: Date };

export type OrderModel = {
  kind: 'order';
  record: OrderRecord;
  company: MailCompany;
  /** The one-time link that the customer answers by; made as the mail is sent, and on file only as a hash. */
  answerUrl?: string | undefined;
};
export type UploadModel = {
  kind: 'upload';
  upload: Upload;
  partner: Partner;
  company: MailCompany;
  /** The first of the file's findings, the worst first; the result file has them all. */
  findings: UploadMailFinding[];
  findingsInAll: number;
  links?: ResultLinks | undefined;
};

export type InboundMailModel = {
  kind: 'inbound-mail';
  mail: InboundMail;
  partner: Partner;
  company: MailCompany;
};

/** What a mail tells of, read when it is sent. */
export type MailModel = OrderModel | UploadModel | InboundMailModel;

export type OrderMail = OrderModel & { intent: MailIntent };
export type UploadMail = UploadModel & { intent: MailIntent };
export type InboundMailMail = InboundMailModel & { intent: MailIntent };

/** What a template makes: the layout adds numbers to the subject, greeting and closing. */
export type MailBody = { title: string; blocks: Block[]; attachments?: Attachment[] };

/** True for mail to one of our own departments. */
export const isForStaff = ({ intent, company }: Pick<OrderMail, 'intent' | 'company'>): boolean =>
  [company.deskEmail, company.warehouseEmail, company.financeEmail].includes(intent.recipient);

/** The Message-ID of the mail that a mail answers, if it answers one. */
export const answeredMessage = (model: MailModel): string | undefined => {
  switch (model.kind) {
    case 'upload':
      return model.upload.mail?.messageId;
    case 'inbound-mail':
      return model.mail.messageId;
    case 'order':
      return undefined;
    default:
      return model satisfies never;
  }
};
