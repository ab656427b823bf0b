import { Fatal } from '../../shared/classify-error.ts';
import type { MailBody, OrderMail } from '../mail-model.ts';
import { numbersBlock } from '../order-blocks.ts';
import { showAmount } from '../wording/amounts.ts';
import { showInstant } from '../wording/dates.ts';

const texts = {
  'zh-CN': {
    title: (number: string) => `销售单据 ${number}`,
    opening: '您订单的销售单据见附件（PDF），金额与订单一致。',
    number: '单据号',
    at: '开具时间',
    amount: '金额',
    billedTo: '抬头',
    taxpayerId: '税号',
  },
  en: {
    title: (number: string) => `Invoice ${number}`,
    opening: 'The invoice for your order is attached as a PDF. Its amounts are those of the order.',
    number: 'Invoice number',
    at: 'Issued',
    amount: 'Amount',
    billedTo: 'Billed to',
    taxpayerId: 'Taxpayer number',
  },
};

/** To the invoice address, with the stored PDF. */
export const invoiceIssued = (mail: OrderMail): MailBody => {
  const { company, intent, record } = mail;
  const { language } = intent;
  const { invoice, payableAmount, currency, orderNumber } = record.state;
  if (!invoice) throw new Fatal(`order ${orderNumber} has no invoice`);
  const text = texts[language];
  const { invoiceRequest, buyer } = record.content;
  return {
    title: text.title(invoice.invoiceNumber),
    blocks: [
      { kind: 'paragraph', text: text.opening },
      numbersBlock(
        mail,
        { label: text.number, value: invoice.invoiceNumber },
        { label: text.at, value: showInstant(invoice.issuedAt, company.timeZone, language) },
        { label: text.amount, value: showAmount(payableAmount, currency, language) },
        { label: text.billedTo, value: invoiceRequest?.title ?? buyer.name },
        ...(invoiceRequest?.taxpayerId ? [{ label: text.taxpayerId, value: invoiceRequest.taxpayerId }] : []),
      ),
    ],
    attachments: [
      {
        fileName: `${invoice.invoiceNumber}.pdf`,
        contentType: 'application/pdf',
        documentKey: invoice.documentKey,
      },
    ],
  };
};
