import type { MailIntent } from '../../domain/mail.ts';
import type { Language } from '../../domain/values/languages.ts';
import { Fatal } from '../shared/classify-error.ts';
import { layOut } from './layout.ts';
import type { Attachment, MailContent } from './mail-content.ts';
import {
  type InboundMailModel,
  isForStaff,
  type MailBody,
  type MailModel,
  type OrderModel,
  type UploadModel,
} from './mail-model.ts';
import { plainText } from './plain-text.ts';
import { clarification } from './templates/clarification.ts';
import { clarificationExpired } from './templates/clarification-expired.ts';
import { completed } from './templates/completed.ts';
import { contactBounced } from './templates/contact-bounced.ts';
import { deliveryException } from './templates/delivery-exception.ts';
import { invoiceIssued } from './templates/invoice-issued.ts';
import { mailRefused } from './templates/mail-refused.ts';
import { orderCancelled } from './templates/order-cancelled.ts';
import { orderConfirmed } from './templates/order-confirmed.ts';
import { orderReceived } from './templates/order-received.ts';
import { orderRejected } from './templates/order-rejected.ts';
import { paymentInstructions } from './templates/payment-instructions.ts';
import { paymentMismatch } from './templates/payment-mismatch.ts';
import { paymentReceived } from './templates/payment-received.ts';
import { shipped } from './templates/shipped.ts';
import { slipMismatch } from './templates/slip-mismatch.ts';
import { stuckOrder } from './templates/stuck-order.ts';
import { uploadResult } from './templates/upload-result.ts';
import { warehousePick } from './templates/warehouse-pick.ts';

export type RenderedMail = { subject: string; html: string; text: string; attachments: Attachment[] };

const orderModel = (model: MailModel): OrderModel => {
  if (model.kind !== 'order') throw new Fatal('the mail tells of an order');
  return model;
};

const uploadModel = (model: MailModel): UploadModel => {
  if (model.kind !== 'upload') throw new Fatal('the mail tells of an upload');
  return model;
};

const inboundMailModel = (model: MailModel): InboundMailModel => {
  if (model.kind !== 'inbound-mail') throw new Fatal('the mail tells of a mail');
  return model;
};

const bodyOf = (intent: MailIntent, model: MailModel): MailBody => {
  if (intent.template === 'upload-result') return uploadResult({ ...uploadModel(model), intent });
  if (intent.template === 'mail-refused') return mailRefused({ ...inboundMailModel(model), intent });
  const mail = { ...orderModel(model), intent };
  switch (intent.template) {
    case 'order-received':
      return orderReceived(mail);
    case 'order-confirmed':
      return orderConfirmed(mail);
    case 'payment-instructions':
      return paymentInstructions(mail);
    case 'payment-received':
      return paymentReceived(mail);
    case 'payment-mismatch':
      return paymentMismatch(mail);
    case 'warehouse-pick':
      return warehousePick(mail);
    case 'slip-mismatch':
      return slipMismatch(mail);
    case 'shipped':
      return shipped(mail);
    case 'delivery-exception':
      return deliveryException(mail);
    case 'invoice-issued':
      return invoiceIssued(mail);
    case 'completed':
      return completed(mail);
    case 'order-cancelled':
      return orderCancelled(mail);
    case 'order-rejected':
      return orderRejected(mail);
    case 'clarification':
    case 'clarification-reminder':
      return clarification(mail, intent.template);
    case 'clarification-expired':
      return clarificationExpired(mail);
    case 'stuck-order':
      return stuckOrder(mail);
    case 'contact-bounced':
      return contactBounced(mail);
    default:
      return intent.template satisfies never;
  }
};

type Wording = {
  test: string;
  subject: (title: string, number: string, reference: string) => string;
  greeting: (name: string) => string;
  help: (number: string) => string;
  automatic: string;
};

const wording: Readonly<Record<Language, Wording>> = {
  'zh-CN': {
    test: '【测试】',
    subject: (title, number, reference) => `${title}：${number}${reference && `（${reference}）`}`,
    greeting: (name) => `${name}，您好：`,
    help: (number) => `如有疑问，请直接回复本邮件，由订单服务台处理；来信请注明 ${number}。`,
    automatic: '此邮件由订单系统自动发出。',
  },
  en: {
    test: '[Test] ',
    subject: (title, number, reference) => `${title}: ${number}${reference && ` (${reference})`}`,
    greeting: (name) => `Dear ${name},`,
    help: (number) => `Questions? Reply to this mail; it reaches our order desk. Please quote ${number}.`,
    automatic: 'The order system sent this mail by itself.',
  },
};

type Head = { number: string; reference: string; name?: string | undefined; isTest: boolean };

/** The number a mail is about, what its reader calls it, and whom to greet: copies and staff mails greet nobody. */
const headOf = (model: MailModel, recipient: string): Head => {
  if (model.kind === 'upload')
    return { number: model.upload.uploadId, reference: model.upload.fileName, isTest: false };
  if (model.kind === 'inbound-mail')
    return { number: model.mail.mailId, reference: model.mail.subject, isTest: false };
  const { state, content } = model.record;
  const { buyer, customerEmail } = content;
  return {
    number: state.orderNumber,
    reference: state.customerOrderReference,
    name: recipient === customerEmail ? (buyer.contact.name ?? buyer.name) : undefined,
    isTest: state.test,
  };
};

/** Renders a mail in its intent's language, as HTML and as text. Throws Fatal when the model lacks what the mail tells of. */
export const renderMail = (intent: MailIntent, model: MailModel): RenderedMail => {
  const { title, blocks, attachments = [] } = bodyOf(intent, model);
  const { number, reference, name, isTest } = headOf(model, intent.recipient);
  const words = wording[intent.language];
  const isStaff = isForStaff({ intent, company: model.company });
  const content: MailContent = {
    language: intent.language,
    subject: `${isTest ? words.test : ''}${words.subject(title, number, reference)}`,
    title,
    greeting: name && !isStaff ? words.greeting(name) : undefined,
    blocks,
    closing: isStaff ? words.automatic : words.help(number),
    sender: model.company.name,
    attachments,
  };
  return { subject: content.subject, html: layOut(content), text: plainText(content), attachments };
};
