import * as z from 'zod';
import type { MailIntent } from '../../domain/mail.ts';
import type { OrderRecord } from '../../domain/orders/order.ts';
import type { Partner } from '../../domain/partner.ts';
import type { InboundMail } from '../../domain/uploads/inbound-mail.ts';
import type { Upload } from '../../domain/uploads/upload.ts';
import { Fatal } from '../shared/classify-error.ts';
import type { DocumentsBucket } from '../shared/documents.ts';
import { type MailCompany, type MailModel, type ResultLinks, uploadMailFindingSchema } from './mail-model.ts';

export type ModelSources = {
  orders: { read(orderNumber: string): Promise<OrderRecord | undefined> };
  uploads: { read(uploadId: string): Promise<Upload | undefined> };
  inboundMails: { read(mailId: string): Promise<InboundMail | undefined> };
  partners: { readPartner(partnerId: string): Promise<Partner | undefined> };
  documents: Pick<DocumentsBucket, 'link'>;
  company: () => MailCompany;
};

/** A presigned link cannot outlive the credentials of the role that signed it, which is a matter of hours. */
const linkSeconds = 6 * 3600;

const findingsSchema = z.array(uploadMailFindingSchema);

/** What a mail tells of, as it stands now. Throws Fatal when the order, upload, mail or partner is not there. */
export const readModel = async (
  { orders, uploads, inboundMails, partners, documents, company }: ModelSources,
  intent: MailIntent,
  now: Date,
): Promise<MailModel> => {
  const linksOf = async ({ resultKeys, fileName }: Upload): Promise<ResultLinks | undefined> => {
    if (!resultKeys) return undefined;
    const name = fileName.replace(/\.[^.]*$/, '');
    const [xlsx, json] = await Promise.all([
      documents.link(resultKeys.xlsx, linkSeconds, `${name}-result.xlsx`),
      documents.link(resultKeys.json, linkSeconds, `${name}-result.json`),
    ]);
    const csv = resultKeys.csv && (await documents.link(resultKeys.csv, linkSeconds, `${name}-result.csv`));
    return { xlsx, ...(csv && { csv }), json, expiresAt: new Date(now.getTime() + linkSeconds * 1000) };
  };

  if (intent.template === 'upload-result') {
    const upload = await uploads.read(intent.subject);
    if (!upload) throw new Fatal(`no upload ${intent.subject}`);
    const [partner, links] = await Promise.all([partners.readPartner(upload.partnerId), linksOf(upload)]);
    if (!partner) throw new Fatal(`no partner ${upload.partnerId}`);
    const findings = findingsSchema.parse(JSON.parse(intent.data.findings ?? '[]'));
    const findingsInAll = z.coerce.number().parse(intent.data.findingsInAll ?? findings.length);
    return { kind: 'upload', upload, partner, company: company(), findings, findingsInAll, links };
  }
  if (intent.template === 'mail-refused') {
    const mail = await inboundMails.read(intent.subject);
    const partner = mail?.partnerId && (await partners.readPartner(mail.partnerId));
    if (!mail || !partner) throw new Fatal(`no mail ${intent.subject} of a partner`);
    return { kind: 'inbound-mail', mail, partner, company: company() };
  }
  const record = await orders.read(intent.subject);
  if (!record) throw new Fatal(`no order ${intent.subject}`);
  return { kind: 'order', record, company: company() };
};
