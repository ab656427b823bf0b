import * as z from 'zod';
import { contactMarkSchema } from './customers/contacts.ts';
import { languages } from './values/languages.ts';

export const mailTemplates = [
  'order-received',
  'order-confirmed',
  'payment-instructions',
  'payment-received',
  'payment-mismatch',
  'warehouse-pick',
  'slip-mismatch',
  'shipped',
  'delivery-exception',
  'invoice-issued',
  'completed',
  'order-cancelled',
  'order-rejected',
  'clarification',
  'clarification-reminder',
  'clarification-expired',
  'stuck-order',
  'contact-bounced',
  'upload-result',
  'mail-refused',
] as const;
export type MailTemplate = (typeof mailTemplates)[number];

/** One mail to one recipient about one event. Its key makes it unique; the mailer claims it before and marks it after sending. */
export const mailIntentSchema = z.object({
  /** The order number, the upload id for upload-result, or the id of the mail for mail-refused. */
  subject: z.string(),
  template: z.enum(mailTemplates),
  /** Which happening it tells of, such as `EVENT-000003` or a shipment id; a repeat of the step makes the same one. */
  event: z.string(),
  recipient: z.email(),
  language: z.enum(languages),
  /** Ids the template needs beside the order: shipmentId, paymentId, slipId, reason. */
  data: z.record(z.string(), z.string()).default({}),
  state: z.enum(['PENDING', 'SENDING', 'SENT']),
  createdAt: z.iso.datetime(),
  claimedAt: z.iso.datetime().optional(),
  sentAt: z.iso.datetime().optional(),
  messageId: z.string().optional(),
  /** What came back of it, and when. */
  feedback: contactMarkSchema.omit({ subject: true }).optional(),
});
export type MailIntent = z.infer<typeof mailIntentSchema>;
